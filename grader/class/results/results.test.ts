import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { changesSince, manifestOf } from '../../authoring/release/release-json';
import { loadCourse } from '../../course';
import type { Deadline } from '../../rubric/file.schema';
import { momentOf } from '../../rubric/moment';
import { listFiles, resolvePath } from '../../system/files';
import { classOf, graded, outputsIn, partly, roster, runClass, runMerge, work } from '../../testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import {
  answersOf,
  blankAnswers,
  courseFiles,
  notesOf,
  rightAnswers,
  rubricYaml,
} from '../../testing/worksheet';
import { dueOf, latenessOf } from '../histories/deadline';
import { runVersion } from '../outputs';
import type { StudentResult } from './student-result.schema';

afterAll(removeFolders);

const full = work(rightAnswers, 'Pears', 'Lemons');
const newOut = () => path.join(newFolder(), 'out');

/** A course with some files changed, and with what it released in its place. */
function courseWith(files: Readonly<Record<string, string>> = {}): string {
  const root = newCourse({ ...courseFiles, ...files });
  const manifest = manifestOf(loadCourse(root, false), newFolder());
  writeFiles(root, { 'dist/release.json': JSON.stringify(manifest) });
  return root;
}
const withLines = (lines: string) => courseWith({ 'rubric.yaml': `${rubricYaml}${lines}\n` });

const course = courseWith();

/** `ada 9 found/elsewhere`: the points, or why there are none, and the codes of all remarks. */
const toldOf = (rows: readonly StudentResult[]) =>
  rows.map(({ key, points, status, warnings }) =>
    [key, points ?? status, ...warnings.map(({ code }) => code)].join(' '),
  );

describe('a small class', () => {
  const outside = newFolder('outside');
  writeFiles(outside, full);
  const root = classOf({
    'fruit-ada': full,
    'fruit-ben': work(partly, 'Pears'),
    ben: full,
    'fruit-cyd': work(blankAnswers),
    'fruit-dan': { 'work/boxes.ts': 'export const boxes = {', 'work/notes.md': Buffer.from([0xff, 0xfe, 0]) },
    'fruit-eve': {},
    'fruit-hal': work(rightAnswers.replace('7, across', '7 across'), 'a', 'b'),
    'fruit-ida': { 'work/notes.md': notesOf('a', 'b') },
    'fruit-jon': { 'work/boxes.ts/x': '', 'work/notes.md': notesOf() },
    'fruit-kim': { ...full, 'work/boxes.ts': 'x'.repeat(70_000), 'work/notes.md': notesOf() },
    'fruit-lea': { 'README.md': 'x' },
    'fruit-zoe': work(rightAnswers),
    '.hidden': {},
  });
  symlinkSync(outside, path.join(root, 'fruit-fay'), 'junction');
  symlinkSync(path.join(outside, 'work/boxes.ts'), path.join(root, 'fruit-ida/work/boxes.ts'), 'file');
  writeFiles(root, { 'notes.txt': '' });
  const names = ['Ada,"Ada, Countess"', 'ben,=1+1', 'cyd,', 'dan,', 'eve,', 'fay,', 'gil,', 'hal,', 'ida,'];
  const list = roster(
    ...[...names, 'jon,', 'kim,', 'lea,'].map((who) => `${who},${who.slice(0, 3).toLowerCase()}@x.org`),
    ',Mia,',
  );
  let result: Awaited<ReturnType<typeof graded>>;
  beforeAll(async () => {
    result = await graded(course, root, '--roster', list);
  });

  test('has a row for each student and each folder, and what cannot be read or is not there is no zero', () => {
    expect(toldOf(result.rows)).toEqual([
      '(mia) no login class/no-login',
      '(submission fruit-zoe) 4 class/unknown',
      'ada 10',
      'ben 10 class/twice',
      'cyd 0',
      'dan 0 class/slip reflection/encoding',
      'eve failed class/failed',
      'fay failed file/link',
      'gil no submission',
      'hal 6 class/slip',
      'ida 6 file/link',
      'jon 0 file/missing',
      'kim failed file/too-large',
      'lea no submission file/missing file/missing',
    ]);
    expect(JSON.stringify(result.row('hal').warnings)).toContain('A typo in work/boxes.ts (line 2) makes');
    expect(result.stdout).toContain('Nobody’s in fruit-submissions, and not read: ');
    expect(result.page).toContain('1 not on the roster');
  });

  test('has every grade in each host’s gradebook, leaves out whom that host cannot find, and names them', () => {
    const { table, stdout } = result;
    expect(
      table('grades.csv')
        .slice(0, 5)
        .map((cells) => cells.slice(0, 9).join()),
    ).toEqual([
      'login,name,email,section,status,points,possible,worksheet,reflection',
      'mia,Mia,,,no login,,10,,',
      'fruit-zoe,,,,graded,4,10,4,0',
      'Ada,Ada, Countess,ada@x.org,,graded,10,10,4,6',
      "ben,'=1+1,ben@x.org,,graded,10,10,4,6",
    ]);
    expect(table('gradebooks/canvas.csv').slice(0, 3)).toEqual([
      ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'Fruit in boxes'],
      ['    Points Possible', '', '', '', '', '10'],
      ['Ada, Countess', '', '', 'ada@x.org', '', '10'],
    ]);
    expect(table('gradebooks/classroom50.csv')[1]).toEqual([
      ...['Ada', '', '', 'ada@x.org', '', '10', '10', '', '', '', '', 'false', ''],
    ]);
    const moodle = table('gradebooks/moodle.csv').map((cells) => cells.join());
    expect(moodle.slice(0, 2)).toEqual(['useremail,grade,feedback', 'ada@x.org,10,']);
    expect(moodle).toEqual(expect.arrayContaining(['eve@x.org,-,', 'gil@x.org,-,']));
    expect(moodle).toHaveLength(13);
    expect(stdout).toContain('gradebooks/moodle.csv leaves out mia:');
  });

  test('says what its grades come from, is kept to its owner, and can be told as JSON without being written again', async () => {
    const { run } = result;
    expect(run).toMatchObject({ version: runVersion, node: process.version, students: result.rows.length });
    expect([run.rubric, run.key].join()).toMatch(/^[0-9a-f]{64},plain:[0-9a-f]{64}$/);
    if (process.platform !== 'win32')
      expect(
        ['.', 'results.jsonl'].map((file) => statSync(path.join(result.out, file)).mode & 0o777),
      ).toEqual([0o700, 0o600]);
    const { stdout } = await runClass(course, root, '--roster', list, '--out', result.out, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ written: false, moves: [], run: { statuses: run.statuses } });
  });

  test('is the same when it is graded in parts that are joined, and unlike parts are not joined', async () => {
    const part = async (shard: string, ...args: string[]) => {
      const out = newOut();
      expect(await runClass(course, root, '--out', out, '--shard', shard, ...args)).toMatchObject({
        stderr: '',
      });
      return out;
    };
    const [one, two, alone] = [
      await part('1/2', '--roster', list),
      await part('2/2', '--roster', list),
      await part('2/2'),
    ];
    const joined = newOut();
    expect(await runMerge(course, one, two, '--roster', list, '--out', joined)).toMatchObject({ stderr: '' });
    expect(listFiles(joined)).toEqual(listFiles(result.out));
    const textIn = (folder: string, file: string) =>
      readFileSync(resolvePath(folder, file), 'utf8').replace(/"(?:started|ended)": "[^"]*"/g, '');
    for (const file of listFiles(joined)) expect(textIn(joined, file)).toBe(textIn(result.out, file));

    const short = newOut();
    cpSync(two, short, { recursive: true });
    const lines = readFileSync(path.join(two, 'results.jsonl'), 'utf8').split('\n');
    writeFiles(short, { 'results.jsonl': `${lines.slice(0, -2).join('\n')}\n` });
    for (const [code, ...parts] of [
      ['parts-unlike', one, '--roster', list],
      ['parts-unlike', one, one, '--roster', list],
      ['parts-unlike', one, alone, '--roster', list],
      ['parts-unlike', one, two],
      ['parts-unlike', one, two, '--roster', roster('ada,,', 'ben,,')],
      ['run-unreadable', one, short, '--roster', list],
    ] as const)
      expect(await runMerge(course, ...parts, '--out', newOut())).toMatchObject({
        status: 2,
        stdout: '',
        code,
      });
    writeFiles(joined, { 'overrides.csv': 'login,total,adjust,reason\nben,3,,Seen\n' });
    const again = await runMerge(course, one, two, '--roster', list, '--out', joined);
    expect(again.stdout).toContain('ben: 10 to 3: lateness or points set by hand changed');
  });

  test('has a zero with its reason for who handed in nothing only where the rubric says so', async () => {
    const { rows, stdout, page } = await graded(withLines('no_submission: zero'), root, '--roster', list);
    const zeros = rows.filter(({ adjustments }) => adjustments.some(({ kind }) => kind === 'no submission'));
    expect(zeros.map(({ key, points }) => [key, points])).toEqual([
      ['(mia)', 0],
      ['gil', 0],
      ['lea', 0],
    ]);
    expect(zeros[1]?.adjustments).toEqual([
      {
        ...{ kind: 'no submission', before: null, after: 0 },
        reason: '0 points for “no submission”, as rubric.yaml says (no_submission: zero)',
      },
    ]);
    expect(stdout).toContain(
      'A zero for work that is not there (rubric.yaml: no_submission: zero): (mia), gil, lea.',
    );
    expect(page).toContain('3 with 0 points because no work counts');
    const points = result.rows
      .filter(({ key }) => zeros.some((zero) => zero.key === key))
      .map((row) => row.points);
    expect(points).toEqual([null, null, null]);
  });
});

// Windows has no such file permissions.
const testRights = process.platform === 'win32' ? test.skip : test;

testRights('what the system does not let be read is no zero, and stops nobody else', async () => {
  const strict = withLines('no_submission: zero');
  const root = classOf({ ada: full, ben: full, cyd: full });
  const out = path.join(newFolder('results'), 'out');
  chmodSync(path.dirname(out), 0o777);
  for (const folder of [path.dirname(root), root, strict]) chmodSync(folder, 0o755);
  const closed = [path.join(root, 'ben', 'work', 'boxes.ts'), path.join(root, 'cyd')];
  for (const place of closed) chmodSync(place, 0);
  // Root may read everything, so do this as another user.
  const user = process.geteuid?.();
  if (user === 0) process.seteuid?.(65_534);
  try {
    expect(await runClass(strict, root, '--out', out)).toMatchObject({ status: 0, stderr: '' });
    const { rows, row } = outputsIn(out);
    expect(rows.map(({ status, points }) => points ?? status)).toEqual([10, 'failed', 'failed']);
    expect(JSON.stringify(row('ben').warnings)).toContain('could not be read (EACCES)');
  } finally {
    if (user === 0) process.seteuid?.(0);
    for (const place of closed) chmodSync(place, 0o755);
  }
});

test('nothing of a student or a roster reaches a file of a class as it is, but for what a gradebook has to match', async () => {
  /** Characters that a terminal, an editor, a browser or a spreadsheet could obey, hide or reverse. */
  const hidden = '\u001b[2J\u009b31m\u202e\u2066\u200b\u2028\u2029\ufeff\ud800';
  const formulas = ['=1+1', "a\n=cmd|' /C calc'!A0", 'a;=1', '“=1”', '＝1', 'a\t@SUM(1)'];
  const evil = (n: number) =>
    `${hidden}${formulas[n]} ::error::x ##[error]y 1:2 error z <script>alert(1)</script><img src=x onerror=y>`;
  const tidy = (text: string) => text.replaceAll('\n', ' ').replaceAll("'", '"');
  const inQuotes = (text: string) => `'${tidy(text).replace(/[\u2028\u2029]/g, '')}'`;
  const [root, email] = [
    classOf({
      ada: work(
        answersOf(`{ down: ${inQuotes(evil(0))}, across: 11 }`, `{ ${inQuotes(evil(1))}: 1 }`),
        ...[evil(1), evil(2)],
      ),
      bob: work(answersOf(`{ down: ${inQuotes(evil(4))} }`, 'null'), evil(3), evil(4)),
      [`=${hidden.replace('\ud800', '')}<b>`]: work(answersOf('null', 'null'), evil(5)),
    }),
    '-ada@example.org',
  ];
  const name = `"${tidy(evil(1)).replaceAll('"', '')}"`;
  const list = roster(`ada,${name},${email}`, 'bob,=1,bob@example.org');
  const { out, stdout, table } = await graded(course, root, '--feedback', '--roster', list);
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file));
  expect(files).toEqual(
    expect.arrayContaining(['results.jsonl', 'report.html', 'grades.csv', 'responses.csv']),
  );
  const textIn = (file: string) => readFileSync(path.join(out, file), 'utf8');
  for (const text of [stdout, ...files.map(textIn)]) {
    expect(text).not.toMatch(/(?!\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\r\n])\p{Cc}/u);
    expect(text).not.toMatch(/::error|##\[|1:2 error(?:\s|$)/m);
  }
  for (const file of files.filter((found) => found.endsWith('.html'))) {
    expect(textIn(file)).not.toMatch(/<script|<img/);
    expect(textIn(file)).toMatch(/alert\(1\)|Fruit/);
  }
  for (const file of files.filter((found) => found.endsWith('.csv')))
    for (const cell of table(file).slice(1).flat())
      if (cell !== '-' && cell !== email) expect(cell).not.toMatch(/(?:^|[\n;"“])\s*[=+\-@＝]/m);
  expect(table('gradebooks/moodle.csv').flat()).toContain(email);
  expect(table('grades.csv').flat()).toContain(`'${email}`);
});

describe('graded again', () => {
  const root = classOf({ ada: full, ben: work(partly, 'Pears'), cyd: work(blankAnswers) });
  const overrides = (...lines: string[]) => ({
    'overrides.csv': ['login,total,adjust,reason', ...lines, ''].join('\n'),
  });

  test('a class shows whose grade differs and why, replaces nothing unasked, and keeps what it replaces', async () => {
    const place = newFolder();
    const out = path.join(place, 'out');
    const again = (...args: string[]) => runClass(course, root, '--out', out, ...args);
    const results = (folder = out) => readFileSync(path.join(folder, 'results.jsonl'), 'utf8');
    expect((await again()).stderr).toBe('');
    expect(readFileSync(path.join(out, 'overrides.csv'), 'utf8')).toBe('login,total,adjust,reason,was\n');
    const before = results();
    expect((await again()).stdout).toContain('Grades that differ from the earlier run: none.');

    writeFiles(root, { 'ben/work/boxes.ts': rightAnswers });
    rmSync(path.join(root, 'cyd'), { recursive: true });
    writeFiles(out, overrides('ada,9,,Came by', 'Ben,,+4,"Bonus, twice"'));
    const { stdout } = await again();
    for (const said of [
      'Grades that differ from the earlier run: 3.',
      'ada: 10 to 9: lateness or points set by hand changed',
      'ben: 6 to 11: the answers or their marks changed, lateness or points set by hand changed',
      'cyd: 0 to -: is no longer in the class',
      'Add --apply to put this one in its place',
    ])
      expect(stdout).toContain(said);
    expect(results()).toBe(before);

    const applied = await again('--apply');
    const [, kept = ''] = /^The earlier run is kept in (.*)\.$/m.exec(applied.stdout) ?? [];
    expect(results(kept)).toBe(before);
    expect(readdirSync(place).sort()).toEqual(['out', path.basename(kept)].sort());
    const { row, table, run, page } = outputsIn(out);
    expect(row('ada')).toMatchObject({
      ...{ points: 9, overridden: true },
      adjustments: [{ kind: 'override', reason: 'Came by', before: 10, after: 9 }],
    });
    const note = 'overrides.csv gives Ben 11 of 10 points.';
    expect([applied.stdout, run.notes.join(), page]).toEqual(Array(3).fill(expect.stringContaining(note)));
    expect(page).toContain('2 overridden by hand');
    expect(table('grades.csv')[2]?.slice(9, 11)).toEqual(['Bonus, twice (7 to 11)', 'yes']);
    expect(readFileSync(path.join(out, 'overrides.csv'), 'utf8')).toContain('Came by');

    const other = courseWith({ 'rubric.yaml': rubricYaml.replace('points: 3', 'points: 2') });
    expect((await runClass(other, root, '--out', out)).stdout).toContain('the rubric changed');
  });

  const extensible = withLines(
    'deadline: { due: 2026-10-30T23:59Z, late: { until: 2026-11-08T23:59Z }, timezone: UTC }',
  );

  test.each([
    [
      'overrides.csv',
      'login,total,adjust,reason; ada,8,,; zoe,3,,Seen; ben,4,+1,Both; ben,,2,Sign; ada,3.5,,Half; ,1,,Who; ben,,,None',
      'line 5: adjust is “2”; write a whole number with its sign; line 2: reason is empty; line 3: nobody in this class has the login zoe.; line 4: write either total or adjust.; line 5: ben is in line 4 already.; line 6: ada is in line 2 already.; line 6: total is “3.5”; line 7: login is empty; line 8: ben is in line 5 already.; line 8: write either total or adjust.; has 10 problems',
    ],
    [
      'overrides.csv',
      'login,points,reason; ada,3,Old',
      'unknown column points; the columns are login,total,adjust',
    ],
    [
      'comments.csv',
      'login,text; ada,; zoe,Hello; ada,Again',
      'has 3 problems; line 2: text is empty; line 3: nobody in this class has the login zoe.; line 4: ada is in line 2 already.',
    ],
    [
      'extensions.csv',
      'who,due; ada,2026-11-02T12:00Z; zoe,2026-11-02T12:00Z; ADA,2026-11-03T12:00Z; ben,2026-11-31T12:00Z; ben,2026-09-01T12:00Z',
      'line 3: nobody in this class has the login zoe.; line 4: ADA is in line 2 already.; line 5: due is “2026-11-31T12:00Z”; line 6: ben is in line 5 already.; line 6: due is “2026-09-01T12:00Z”',
    ],
  ])(
    'a line of %s that cannot be used stops the run, with all problems at once: %s',
    async (file, lines, problems) => {
      const out = newOut();
      writeFiles(out, { [file]: lines.replaceAll('; ', '\n') });
      const { status, stderr, code } = await runClass(extensible, root, '--out', out, '--apply');
      expect({ status, code }).toEqual({ status: 2, code: 'table-problems' });
      for (const problem of problems.split('; ')) expect(stderr).toContain(problem);
      expect(listFiles(out)).toEqual([file]);
    },
  );

  test('points that are not there can be set and not adjusted, and no deadline can be extended where there is none', async () => {
    const graded = async (files: Readonly<Record<string, string>>) => {
      const out = newOut();
      writeFiles(out, files);
      return { out, ...(await runClass(course, root, '--roster', roster('ada,,', 'gil,,'), '--out', out)) };
    };
    const adjusted = await graded(overrides('gil,,+2,Paper'));
    expect(adjusted.stdout).toContain('overrides.csv, line 2, does not count');
    expect(outputsIn(adjusted.out).row('gil').points).toBeNull();
    expect(outputsIn((await graded(overrides('gil,2,,Paper'))).out).row('gil')).toMatchObject({
      ...{ status: 'no submission', points: 2 },
      adjustments: [{ before: null, after: 2 }],
    });
    const extended = await graded({ 'extensions.csv': 'who,due\nada,2026-10-02T12:00Z\n' });
    expect(extended.stderr).toContain('there is no deadline to extend');
  });

  test('a run of another version is not replaced, and what was written by hand there counts in a new run', async () => {
    const old = {
      'run.json': '{"version":1}',
      'results.jsonl': '{"login":"ada"}\n',
      ...overrides('ada,7,,Came by'),
    };
    const out = newOut();
    writeFiles(out, old);
    expect(await runClass(course, root, '--out', out, '--apply')).toMatchObject({
      status: 2,
      code: 'run-unreadable',
    });
    for (const [file, text] of Object.entries(old))
      expect(readFileSync(path.join(out, file), 'utf8')).toBe(text);
    for (const file of ['run.json', 'results.jsonl']) rmSync(path.join(out, file));
    expect((await runClass(course, root, '--out', out)).stderr).toBe('');
    expect(outputsIn(out).row('ada').points).toBe(7);
  });
});

describe('an answer key or rubric other than the released', () => {
  const answerKey = courseFiles['solution/index.ts'] ?? '';
  const due = `${rubricYaml}deadline: { due: 2026-12-01T12:00Z, timezone: UTC }\n`;
  const second =
    '- { export: again, repeats: boxes, rows: [basket], given: { apples: 4 }, marks: complete, points: 0 }\n';
  const again = rubricYaml.replace('reflection:\n', `${second}reflection:\n`);
  const solutionAgain = `
    export const derive = ({ apples }) => ({ basket: { down: apples, across: 11 }, crate: { down: apples, across: 13 } });
    export const measure = derive;
    export const misconceptions = () => [];
  `;

  const edits = `
    an expected value | key | across: 13 | across: 17 | The expected values of Crate (crate).
    points | rubric | label: Crate } | label: Crate, points: 2 } | The row crate of boxes differs.
    a question | rubric | Which fruit was the sourest? | Sour? | The reflection differs.
    how many responses count | rubric | choose: 2 | choose: 1 | The reflection differs.
    the export | rubric | export: boxes | export: b | The table b is not in the release.
    a label, which is only words | rubric | label: Crate } | label: Big crate } | The text of the worksheet differs.
    the due date, which is only words | due | 12-01 | 12-03 | The due date differs.
    other sizes | again | apples: 4 | apples: 5 | The expected values of Basket of fruit (again.basket).
    another name | again | apples: 4 | apples: 4, brand: Windy | The table again differs.
    a second row | again | [basket] | [basket, crate] | The row crate of again is not in the release.
    marks | again | marks: complete, | | The table again differs.
    a second table | again | ${second.trim()} | | The table again is only in the release.`;

  test.each(
    edits
      .trim()
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim())),
  )('is known by %s', (what = '', name = '', from = '', to = '', says = '') => {
    const text = { key: answerKey, rubric: rubricYaml, due, again }[name] ?? '';
    const load = (content: string) => {
      const key = name === 'key' ? content : name === 'again' ? solutionAgain : answerKey;
      const files = { 'rubric.yaml': name === 'key' ? rubricYaml : content, 'solution/index.ts': key };
      return loadCourse(newCourse({ ...courseFiles, ...files }), false);
    };
    const released = load(text);
    const manifest = manifestOf(released, newFolder());
    expect(changesSince(manifest, released)).toEqual({ grades: [], words: [] });
    const changes = changesSince(manifest, load(text.replaceAll(from, to)));
    expect(changes[what.endsWith('only words') ? 'words' : 'grades']).toContain(says);
  });

  test('grades nobody before it is asked to, and that is said, without a value', async () => {
    const other = newCourse({
      ...courseFiles,
      'solution/index.ts': answerKey.replaceAll('across: 13', 'across: 17'),
    });
    const root = classOf({ ada: full });
    const args = [root, '--release', path.join(course, 'dist')] as const;
    const refused = await runClass(other, ...args, '--out', newOut());
    expect(refused).toMatchObject({ status: 2, stdout: '', code: 'other-than-released' });
    expect(refused.stderr).toContain('The expected values of Crate (crate).');
    expect(refused.stderr).not.toMatch(/\b(?:11|13|17)\b/);
    const { stdout, run, page } = await graded(other, ...args, '--key-changed');
    const note = 'Graded with another answer key or rubric than the released one (--key-changed)';
    expect([stdout, run.notes[0], page]).toEqual(Array(3).fill(expect.stringContaining(note)));
    // The first thing that is said is what may make all grades wrong.
    expect(stdout.startsWith(note)).toBe(true);
    expect(page.indexOf(note)).toBeLessThan(page.indexOf('<main>'));
    const words = await graded(course, root, '--due', '2026-12-03T12:00Z');
    expect(words.run.notes).toContain('Students’ copies show something else: The due date differs.');
    expect((await graded(course, root)).run.notes).toEqual([]);
    const unreleased = await graded(newCourse(courseFiles), root);
    expect(unreleased.run.notes).toEqual([expect.stringContaining('there is no dist/release.json')]);
  });
});

test('a run refuses what cannot be meant, says which it is, and leaves everything as it was', async () => {
  const root = classOf({ ada: full });
  const place = newFolder();
  writeFiles(place, { file: '', 'other/essay.md': 'Mine.', 'old/release.json': '{"version":4}' });
  const at = (name: string) => path.join(place, name);
  const two = (courseFiles['solution/index.ts'] ?? '').replace(
    'measure = () => table',
    'measure = () => ({ ...table, crate: { down: 7, across: 14 } })',
  );
  const before = listFiles(place);
  for (const [code, args, of = course] of [
    ['out-unwritable', ['--out', at('file')]],
    ['out-holds-other-files', ['--out', at('other')]],
    ['out-in-submissions', ['--out', path.join(root, 'out')]],
    ['table-unreadable', ['--roster', at('none.csv')]],
    [undefined, ['--shard', '3/2']],
    [undefined, ['--from', 'blackboard']],
    ['no-release', ['--release', place]],
    ['no-release', ['--release', at('old/release.json')]],
    ['release-manifest-foreign', ['--release', at('old'), '--key-changed']],
    ['due-unusable', ['--due', 'tomorrow']],
    ['solution-faults', [], newCourse({ ...courseFiles, 'solution/index.ts': two })],
  ] as const) {
    const done = await runClass(of, root, ...args);
    expect({ status: done.status, code: done.code }).toEqual({ status: 2, code });
    expect(existsSync(path.join(of, 'out'))).toBe(false);
  }
  expect(listFiles(place)).toEqual(before);
  expect(readdirSync(root)).toEqual(['ada']);
});

describe('a deadline', () => {
  // Clocks in New York go back an hour in the night to 1 November 2026: -04:00 before, -05:00 after.
  const newYork: Deadline = {
    ...{ due: '2026-10-30T23:59', timezone: 'America/New_York', grace_minutes: 15 },
    late: { per_day: '10%', at_most: '30%', until: '2026-11-08T23:59' },
  };
  const timezone = 'UTC';
  const inPoints = {
    ...{ due: '2026-10-01T12:00-05:00', timezone },
    late: { per_day: 2, until: '2026-10-04T12:00-05:00' },
  };
  const open = (late?: Deadline['late']) => ({ due: '2026-10-01T12:00Z', timezone, ...(late && { late }) });

  /** The days and points of lateness, of 16 points in all; `on time` or `closed`. */
  function late(policy: Deadline, handedIn: string, extension: string): string {
    const due = dueOf(policy, momentOf(extension, policy.timezone));
    const time = Date.parse(handedIn);
    if (time > due.closesAt) return 'closed';
    const found = latenessOf(due, time, 16);
    return found ? `${found.days} days, ${found.cost} points` : 'on time';
  }

  const [endless, cheap] = [open({ per_day: 1 }), open({ at_most: 3 })];
  const limited = open({ per_day: '10%', at_most: 3 });
  const policies: Record<string, Deadline> = { newYork, inPoints, free: open(), endless, cheap, limited };
  const cases = `
    on time in the minute that is named | newYork | 2026-10-30T23:59:20-04:00 | on time
    on time at the last second of the grace | newYork | 2026-10-31T00:14:59-04:00 | on time
    late a minute after the grace | newYork | 2026-10-31T00:15:00-04:00 | 1 days, 1 points
    a day late until the clock time of the due date | newYork | 2026-10-31T23:59:59-04:00 | 1 days, 1 points
    two days late after that | newYork | 2026-11-01T00:00-04:00 | 2 days, 3 points
    so too where a day has 25 hours | newYork | 2026-11-01T23:59-05:00 | 2 days, 3 points
    late at most as much as the rubric says | newYork | 2026-11-08T23:59:59-05:00 | 9 days, 4 points
    not counted after the last minute | newYork | 2026-11-09T00:00-05:00 | closed
    a day of 24 hours late where no clock changes | inPoints | 2026-10-02T12:00:30-05:00 | 1 days, 2 points
    two such days late | inPoints | 2026-10-02T12:01-05:00 | 2 days, 4 points
    not counted after such a cutoff | inPoints | 2026-10-04T12:01-05:00 | closed
    late at no cost where the rubric names none | free | 2026-11-12T11:00Z | 42 days, 0 points
    late without a limit | endless | 2026-11-12T11:00Z | 42 days, 42 points
    late without a price | cheap | 2026-11-12T11:00Z | 42 days, 0 points
    late with a limit in points | limited | 2026-11-12T11:00Z | 42 days, 3 points
    on time by an extension | newYork | 2026-11-02T23:59-05:00 | on time | 2026-11-02T23:59
    late after one | newYork | 2026-11-11T22:59-05:00 | 9 days, 4 points | 2026-11-02T23:59
    not counted after one | newYork | 2026-11-12T01:00-05:00 | closed | 2026-11-02T23:59
    on time, whatever earlier date one names | newYork | 2026-10-30T12:00-04:00 | on time | 2026-10-01T12:00`;

  test.each(
    cases
      .trim()
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim())),
  )('finds work %s', (_name, policy = '', handedIn = '', expected = '', extension = '') => {
    expect(late(policies[policy] as Deadline, handedIn, extension)).toBe(expected);
  });

  test('never closes within the grace', () => {
    const { graceEndsAt, closesAt } = dueOf({ ...newYork, late: { until: newYork.due } });
    expect(closesAt).toBe(graceEndsAt);
  });

  test('needs a zone and a date that exists', () => {
    expect(momentOf('2026-10-01T12:00:00-05:00', timezone)).toBe(Date.parse('2026-10-01T17:00:00.999Z'));
    expect(momentOf('2026-07-01T12:00', 'Europe/Berlin')).toBe(Date.parse('2026-07-01T10:00:59.999Z'));
    expect(momentOf('2026-12-01T12:00', 'Europe/Berlin')).toBe(Date.parse('2026-12-01T11:00:59.999Z'));
  });
});
