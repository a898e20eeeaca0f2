import { chmodSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { loadCourse, withDeadline } from '../../course/course';
import { differencesFrom, manifestOf } from '../../course/released';
import type { Deadline, RubricFile } from '../../rubric/file.schema';
import { rubricOf } from '../../rubric/rubric';
import { listFiles, readText } from '../../system/files';
import { classOf, gradeClass, releasedCourse, rosterOf, runClass, toldOf, work } from '../../testing/classes';
import { class30, moodleFiles, zip } from '../../testing/downloads';
import { fileOf, newCourse, newFolder, writeFiles } from '../../testing/folders';
import { full } from '../../testing/history-cases';
import { twoTablesYaml } from '../../testing/two-tables';
import {
  answersOf,
  blankAnswers,
  courseFiles,
  notesOf,
  partly,
  rightAnswers,
  rubricYaml,
} from '../../testing/worksheet';
import { decisionsScript } from '../pages/decision-rows';
import { dueOf, latenessOf } from './deadline';
import resultSchema from './student-result.schema.json';
import { questionsIn } from './to-decide';

const newOut = () => path.join(newFolder(), 'out');
const course = releasedCourse();
const strict = releasedCourse({ no_submission: 'zero' });

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
    'fruit-lea': { 'README.md': 'x' },
    'fruit-zoe': work(rightAnswers),
    '.hidden': {},
  });
  symlinkSync(outside, path.join(root, 'fruit-fay'), 'junction');
  symlinkSync(path.join(outside, 'work/boxes.ts'), path.join(root, 'fruit-ida/work/boxes.ts'), 'file');
  writeFiles(root, { 'notes.txt': '' });
  const logins = ['cyd', 'dan', 'eve', 'fay', 'gil', 'hal', 'ida', 'lea'];
  const list = rosterOf(
    'login,name,email',
    'Ada,"Ada, Countess",ada@x.org',
    'ben,=1+1,ben@x.org',
    ...logins.map((login) => `${login},,${login}@x.org`),
    ',Mia,',
  );
  let result: Awaited<ReturnType<typeof gradeClass>>;
  beforeAll(async () => {
    result = await gradeClass(course, root, { roster: list });
  });

  test('has a row for each student and each folder, and what cannot be read or is not there is no zero', () => {
    expect(toldOf(result.rows)).toEqual({
      '(mia)': 'no submission',
      '(submission fruit-zoe)': 'unmatched class/ambiguous',
      ada: '10',
      ben: '10 class/twice',
      cyd: '0',
      dan: '0 class/slip reflection/encoding',
      eve: 'not readable class/failed',
      fay: 'not readable file/link',
      gil: 'no submission',
      hal: '6 class/slip',
      ida: '6 file/link',
      lea: 'no submission file/missing file/missing',
    });
    expect(JSON.stringify(result.row('hal').notes)).toContain('A typo in work/boxes.ts (line 2) makes');
    expect(result.stdout).toContain('Files in fruit-submissions that belong to nobody and were not read: ');
    // No count includes a submission that belongs to nobody.
    expect(result.stdout).toContain('11 students: ');
    expect(result.run).toMatchObject({ students: 11, unmatched: 1 });
  });

  test('leaves nobody out of a file, all files say the same, and there is no gradebook of a host that is not in use', () => {
    const { rows, students, records, page, run, out } = result;
    const validate = new Ajv({ strict: true }).compile(resultSchema);
    for (const line of readFileSync(path.join(out, 'results.jsonl'), 'utf8').trimEnd().split('\n')) {
      validate(JSON.parse(line));
      expect(validate.errors).toBeNull();
    }
    const grades = records('grades.csv').map(({ points }) => points);
    expect(grades).toEqual(rows.map(({ points }) => String(points ?? '')));
    expect(readdirSync(out)).not.toContain('gradebooks');
    for (const row of students)
      for (const { code } of questionsIn(row)) expect(run.needsReview[code]).toContain(row.key);
    expect(page).not.toMatch(/undefined|NaN|<script/);
  });

  test('is kept to its owner, and can be told as JSON without being written again', async () => {
    const { run, out } = result;
    const modes = ['.', 'results.jsonl'].map((file) => statSync(path.join(out, file)).mode & 0o777);
    if (process.platform !== 'win32') expect(modes).toEqual([0o700, 0o600]);
    const { stdout } = await runClass(course.root, root, '--roster', list, '--out', out, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ written: false, moves: [], run: { statuses: run.statuses } });
  });

  test('has a zero with its reason for who handed in nothing only where the rubric says so', async () => {
    const waiting = await gradeClass(strict, root, { roster: list });
    expect(waiting.students.flatMap(({ adjustments }) => adjustments)).toEqual([]);
    expect(waiting.stdout).toContain(
      'No zero yet for 3 students without work that counts, while a submission is not matched to a student.',
    );
    const tables = { 'matches.csv': 'submission,login\nfruit-zoe,-\n' };
    const { students, stdout, page } = await gradeClass(strict, root, { roster: list, tables });
    const zeros = students.filter(({ adjustments }) =>
      adjustments.some(({ kind }) => kind === 'no submission'),
    );
    expect(zeros.map(({ key, points }) => `${key} ${points}`)).toEqual(['(mia) 0', 'gil 0', 'lea 0']);
    const reason = '0 points for “no submission”, as rubric.yaml says (no_submission: zero)';
    expect(zeros[0]?.adjustments).toEqual([{ kind: 'no submission', before: null, after: 0, reason }]);
    expect(stdout).toContain('A zero for missing work (rubric.yaml: no_submission: zero): Mia, gil, lea.');
    expect(page).toContain('3 with 0 points because no work counts');
    expect(zeros.map(({ key }) => result.row(key).points)).toEqual([null, null, null]);
  });
});

// Windows has no such file permissions.
const testRights = process.platform === 'win32' ? test.skip : test;

testRights('what the system does not let be read is no zero, and stops nobody else', async () => {
  const root = classOf({ ada: full, ben: full, cyd: full });
  const out = path.join(newFolder('results'), 'out');
  chmodSync(path.dirname(out), 0o777);
  for (const folder of [path.dirname(root), root, strict.root]) chmodSync(folder, 0o755);
  const closed = [path.join(root, 'ben', 'work', 'boxes.ts'), path.join(root, 'cyd')];
  for (const place of closed) chmodSync(place, 0);
  // Root may read everything, so do this as another user.
  const user = process.geteuid?.();
  if (user === 0) process.seteuid?.(65_534);
  try {
    const { rows, row } = await gradeClass(strict, root, { out });
    expect(rows.map(({ status, points }) => points ?? status)).toEqual([10, 'not readable', 'not readable']);
    expect(JSON.stringify(row('ben').notes)).toContain('could not be read (EACCES)');
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
  const list = rosterOf('login,name,email', `ada,${name},${email}`, 'bob,=1,bob@example.org');
  const inMoodle = fileOf('moodle.zip', zip(moodleFiles(class30.slice(0, 1))));
  const { out, stdout, table } = await gradeClass(course, [root, inMoodle], { feedback: true, roster: list });
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
    // The page with names has its own script.
    expect(textIn(file).replace(`<script>${decisionsScript}</script>`, '')).not.toMatch(/<script|<img/);
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
    'overrides.csv': ['login,total,adjust,reason,was', ...lines, ''].join('\n'),
  });

  test('a class shows whose grade differs and why, replaces nothing unasked, and keeps what it replaces', async () => {
    const [place, list] = [newFolder(), rosterOf('login,name', 'ada,Ada Byron', 'ben,', 'cyd,')];
    const out = path.join(place, 'out');
    const rerun = (given: Parameters<typeof gradeClass>[2] = {}) =>
      gradeClass(course, root, { out, roster: list, ...given });
    const results = (folder = out) => readFileSync(path.join(folder, 'results.jsonl'), 'utf8');
    expect((await rerun()).stdout).not.toContain('earlier run');
    expect(readFileSync(path.join(out, 'overrides.csv'), 'utf8')).toBe('login,total,adjust,reason,was\n');
    const before = results();
    expect((await rerun()).stdout).toContain('Grades that differ from the earlier run: none.');

    writeFiles(root, { 'ben/work/boxes.ts': rightAnswers });
    rmSync(path.join(root, 'cyd'), { recursive: true });
    const tables = overrides('ada,9,,Came by', 'Ben,,+4,"Bonus, twice"');
    const { stdout } = await rerun({ feedback: true, tables });
    for (const said of [
      'Nothing is replaced, and no feedback is written',
      'overrides.csv, line 2, gives ada 9 points, but the grader computes 10.',
      'Grades that differ from the earlier run: 3.',
      'Ada Byron (login ada): 10 to 9: lateness or points set by hand changed',
      'ben (login ben): 6 to 11: the answers or their marks changed, lateness or points set by hand changed',
      'cyd (login cyd): 0 to -: the status changed',
      'Add --apply to put this one in its place',
    ])
      expect(stdout).toContain(said);
    expect(results()).toBe(before);

    const { row, records, run, page, ...applied } = await rerun({ apply: true });
    const [, kept = ''] = /^The earlier run is kept in (.*)\.$/m.exec(applied.stdout) ?? [];
    expect(results(kept)).toBe(before);
    expect(readdirSync(place).sort()).toEqual(['out', path.basename(kept)].sort());
    expect(row('ada')).toMatchObject({
      ...{ points: 9, override: { line: 2 } },
      adjustments: [{ kind: 'override', reason: 'Came by', before: 10, after: 9 }],
    });
    const note = 'overrides.csv gives Ben 11 of 10 points.';
    expect([applied.stdout, run.notes.join()]).toEqual(Array(2).fill(expect.stringContaining(note)));
    // The page for the lecture names nobody.
    expect(page).not.toMatch(/Ben|Byron/);
    expect(page).toContain('2 overridden by hand');
    const adjusted = { adjustments: 'Bonus, twice (7 to 11)', override: 'yes' };
    expect(records('grades.csv')[1]).toMatchObject(adjusted);
    expect(readFileSync(path.join(out, 'overrides.csv'), 'utf8')).toContain('Came by');

    const file = rubricYaml.replace('points: 3', 'points: 2');
    const other = releasedCourse({}, { 'rubric.yaml': file });
    expect((await gradeClass(other, root, { out })).stdout).toContain('the rubric changed');
  });

  const extensible = withDeadline(course, {
    ...{ due: '2026-10-30T23:59Z', timezone: 'UTC' },
    late: { until: '2026-11-08T23:59Z' },
  });

  test.each<[file: string, lines: readonly string[], problems: readonly string[]]>([
    [
      'overrides.csv',
      [
        'login,total,adjust,reason',
        'ada,8,,',
        'zoe,3,,Seen',
        'ben,4,+1,Both',
        'ben,,2,Sign',
        'ada,3.5,,Half',
        ',1,,Who',
        'ben,,,None',
      ],
      [
        'has 9 problems',
        'line 2: reason is empty',
        'line 4: write either total or adjust.',
        'line 5: ben is in line 4 already.',
        'line 5: adjust is “2”; write a whole number with its sign',
        'line 6: ada is in line 2 already.',
        'line 6: total is “3.5”',
        'line 7: login is empty',
        'line 8: ben is in line 5 already.',
        'line 8: write either total or adjust.',
      ],
    ],
    [
      'overrides.csv',
      ['login,points,reason', 'ada,3,Old'],
      ['unknown column points; the columns are login,total,adjust'],
    ],
    [
      'comments.csv',
      ['login,text', 'ada,Well done, Ada'],
      ['line 2: there are 3 cells, but 2 headings; put quotes'],
    ],
    [
      'extensions.csv',
      [
        'who,due',
        'ada,2026-11-02T12:00Z',
        'zoe,2026-11-02T12:00Z',
        'ADA,2026-11-03T12:00Z',
        'ben,2026-11-31T12:00Z',
        'ben,2026-09-01T12:00Z',
      ],
      [
        'line 4: ADA is in line 2 already.',
        'line 5: due is “2026-11-31T12:00Z”',
        'line 6: ben is in line 5 already.',
        'line 6: due is “2026-09-01T12:00Z”',
      ],
    ],
  ])('a line of %s that cannot be used stops the run, with all problems at once: %j', async (...row) => {
    const [file, lines, problems] = row;
    const out = newOut();
    const stopped = gradeClass(extensible, root, { out, apply: true, tables: { [file]: lines.join('\n') } });
    await expect(stopped).rejects.toMatchObject({ code: 'table-problems' });
    for (const problem of problems) await expect(stopped).rejects.toThrow(problem);
    expect(listFiles(out)).toEqual([file]);
  });

  test('a line about somebody who is not in this run is kept and named, and extends no secret', async () => {
    const tables = {
      'overrides.csv': 'login,total,adjust,reason\nzoe,3,,Seen\n',
      'comments.csv': 'login,text\nzoe,Hello\n',
      'extensions.csv': 'who,due\nzoe,2120-11-02T12:00Z\n',
    };
    const open = { ...extensible, file: { ...extensible.file, solution: 'after_due' as const } };
    const { stdout, out } = await gradeClass(open, root, { tables, feedback: true });
    for (const [name, text] of Object.entries(tables)) {
      expect(stdout).toContain(`${name}, line 2: nobody in this class has the login zoe. The line is kept`);
      expect(readText(out, name)).toBe(text);
    }
    expect(stdout).toContain('without the answers');
    const later = await gradeClass(open, root, {
      ...{ out, apply: true, feedback: true },
      tables: { 'extensions.csv': 'who,due\n' },
    });
    expect(later.stdout).toContain('because of an extension of zoe in an earlier run');
    // If a student of the class has a line, only that line counts, whatever an earlier run knew.
    const extended = (due: string) => ({ 'extensions.csv': `who,due\nada,${due}\n` });
    const first = await gradeClass(open, root, { tables: extended('2120-11-02T12:00Z'), feedback: true });
    expect(first.stdout).toContain('without the answers');
    const again = { out: first.out, apply: true, feedback: true, tables: extended('2026-10-30T23:59Z') };
    expect((await gradeClass(open, root, again)).stdout).toContain(' with the answers');
  });

  test('a zero by hand in place of no points lowers none, and no deadline can be extended where there is none', async () => {
    const graded = (tables: Readonly<Record<string, string>>) =>
      gradeClass(course, root, { roster: rosterOf('login', 'ada', 'gil'), tables });
    const none = await graded(overrides('gil,0,,Copied'));
    expect([none.row('gil').points, none.stdout]).toEqual([0, expect.not.stringContaining('computes')]);
    await expect(graded({ 'extensions.csv': 'who,due\nada,2026-10-02T12:00Z\n' })).rejects.toThrow(
      'there is no deadline to extend',
    );
  });

  test('a run of another version is not replaced, and what was written by hand there counts in a new run', async () => {
    const run = { 'run.json': '{"version":1}', 'results.jsonl': '{"login":"ada"}\n' };
    const tables = { ...run, ...overrides('ada,7,,Came by') };
    const out = newOut();
    await expect(gradeClass(course, root, { out, apply: true, tables })).rejects.toMatchObject({
      code: 'run-unreadable',
    });
    for (const [file, text] of Object.entries(tables))
      expect(readFileSync(path.join(out, file), 'utf8')).toBe(text);
    for (const file of Object.keys(run)) rmSync(path.join(out, file));
    expect((await gradeClass(course, root, { out })).row('ada').points).toBe(7);
  });
});

describe('an answer key or rubric other than the released', () => {
  const answerKey = courseFiles['solution/index.ts'] ?? '';
  const yaml = `${twoTablesYaml}deadline: { due: 2026-12-01T12:00Z, timezone: UTC }\n`;
  const load = (rubric: string, key: string) =>
    loadCourse(newCourse({ ...courseFiles, 'rubric.yaml': rubric, 'solution/index.ts': key }), false);
  const key = `
    export const derive = () => ({ basket: { down: 7, across: 11 }, crate: { down: 7, across: 13 }, sack: { down: 12, across: 16 }, pouch: { down: 12, across: 18 } });
    export const measure = derive;
    export const misconceptions = () => [];
  `;
  const released = load(yaml, key);
  const manifest = manifestOf(released, newFolder());

  test.each<['grades' | 'words', ...string[]]>([
    ['grades', 'points', 'label: Crate }', 'label: Crate, points: 2 }', 'The row crate of boxes differs.'],
    ['grades', 'a question', 'Which fruit was the sourest?', 'Sour?', 'The reflection differs.'],
    ['grades', 'how many responses count', 'choose: 2', 'choose: 1', 'The reflection differs.'],
    ['grades', 'the export', 'export: boxes', 'export: b', 'The row crate of b is not in the release.'],
    ['words', 'a label', 'label: Crate }', 'label: Big crate }', 'The text of the worksheet differs.'],
    [
      'grades',
      'a row of another table',
      '    - { id: sack, label: Sack }\n',
      '',
      'The row sack of bags is only in the release.',
    ],
  ])('of what changes %s is known by %s', (kind, _what, from = '', to = '', says = '') => {
    const file = parse(yaml.replaceAll(from, to)) as RubricFile;
    expect(differencesFrom(manifest, { ...released, file, rubric: rubricOf(file) })[kind]).toContain(says);
  });

  test('grades nobody before it is asked to, and that is said, without a value', async () => {
    const other = load(rubricYaml, answerKey.replaceAll('across: 13', 'across: 17'));
    const root = classOf({ ada: full });
    const release = path.join(course.root, 'dist');
    const refused = gradeClass(other, root, { release });
    await expect(refused).rejects.toMatchObject({ code: 'other-than-released' });
    await expect(refused).rejects.toThrow('The expected values of Crate (crate).');
    await expect(refused).rejects.not.toThrow(/\b(?:11|13|17)\b/);
    const { stdout, run, page } = await gradeClass(other, root, { release, keyChanged: true });
    const note = 'Graded with an answer key or rubric other than the released one (--key-changed)';
    expect([stdout, run.notes[0], page]).toEqual(Array(3).fill(expect.stringContaining(note)));
    // The output begins with the note on anything that may make all grades wrong.
    expect(stdout.startsWith(note)).toBe(true);
    expect(page.indexOf(note)).toBeLessThan(page.indexOf('<main>'));
    const moved = withDeadline(course, { due: '2026-12-03T12:00Z', timezone: 'UTC' });
    expect((await gradeClass(moved, root)).run.notes).toContain(
      'Students’ copies show something else: The due date differs.',
    );
    expect((await gradeClass(course, root)).run.notes).toEqual([]);
  });
});

test('a run refuses what cannot be meant, says which it is, and leaves everything as it was', async () => {
  const root = classOf({ ada: full });
  const place = newFolder();
  writeFiles(place, { file: '', 'other/essay.md': 'Mine.', 'old/release.json': '{"version":4}' });
  const at = (name: string) => path.join(place, name);
  const before = listFiles(place);
  for (const [code, given] of [
    ['out-unwritable', { out: at('file') }],
    ['out-holds-other-files', { out: at('other') }],
    ['out-in-submissions', { out: path.join(root, 'out') }],
    ['no-release', { release: place }],
    ['release-manifest-foreign', { release: at('old'), keyChanged: true }],
  ] as const)
    await expect(gradeClass(course, root, given)).rejects.toMatchObject({ code });
  const late = { per_day: 1, until: '2026-10-03T12:00Z' };
  const limited = withDeadline(course, { due: '2026-10-01T12:00Z', timezone: 'UTC', late });
  for (const [due, says] of [
    ['2026-10-01', 'The due date 2026-10-01 is not '],
    ['2026-10-04T12:00Z', 'The due date 2026-10-04T12:00Z is after late.until'],
  ] as const)
    await expect(gradeClass(limited, root, { due })).rejects.toThrow(says);
  const two = (courseFiles['solution/index.ts'] ?? '').replace(
    'measure = () => table',
    'measure = () => ({ ...table, crate: { down: 7, across: 14 } })',
  );
  const unlike = loadCourse(newCourse({ ...courseFiles, 'solution/index.ts': two }), false);
  await expect(gradeClass(unlike, root)).rejects.toMatchObject({ code: 'solution-faults' });
  expect(readdirSync(course.root)).not.toContain('out');
  expect(listFiles(place)).toEqual(before);
  expect(readdirSync(root)).toEqual(['ada']);
});

// Clocks in New York go back an hour in the night to 1 November 2026: -04:00 before, -05:00 after.
const newYork: Deadline = { due: '2026-10-30T23:59', timezone: 'America/New_York', grace_minutes: 15 };

test.each([
  ['the clock time of the due date, a day later', '2026-10-31T23:59:59-04:00', 1],
  ['a minute after that', '2026-11-01T00:00-04:00', 2],
  ['two days later, of which one has 25 hours', '2026-11-01T23:59-05:00', 2],
])('a deadline makes work late by days of the clock: %s', (_name, handedIn, days) => {
  expect(latenessOf(dueOf(newYork), Date.parse(handedIn), 16)).toMatchObject({ days });
});

test('an extension moves the cutoff as far as the due date by the clock, though a night has 25 hours', () => {
  const late = { until: '2026-11-05T23:59' };
  const { closesAt } = dueOf({ ...newYork, late }, Date.parse('2026-11-02T23:59:59.999-05:00'));
  expect(closesAt).toBe(Date.parse('2026-11-08T23:59:59.999-05:00'));
});

test('a deadline never closes within the grace', () => {
  const { graceEndsAt, closesAt } = dueOf({ ...newYork, late: { until: newYork.due } });
  expect(closesAt).toBe(graceEndsAt);
});
