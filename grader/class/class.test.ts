import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { listFiles, resolvePath } from '../system/files';
import { classOf, graded, outputsIn, partly, roster, runClass, runMerge, work } from '../testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { answersOf, blankAnswers, courseFiles, rightAnswers, rubricYaml } from '../testing/worksheet';
import { runVersion } from './results/run';
import schema from './results/student-result.schema.json';

afterAll(removeFolders);

const course = newCourse(courseFiles);

describe('a small class', () => {
  const outside = newFolder('outside');
  writeFiles(outside, work(rightAnswers, 'a', 'b'));
  const root = classOf({
    'fruit-ada': work(rightAnswers, 'Pears', 'Lemons'),
    'fruit-ben': work(partly, 'Pears'),
    'fruit-cyd': work(blankAnswers),
    'fruit-dan': { 'work/boxes.ts': 'export const boxes = {', 'work/notes.md': Buffer.from([0xff, 0xfe, 0]) },
    'fruit-eve': {},
    'fruit-zoe': work(rightAnswers),
    ben: work(rightAnswers, 'Pears', 'Lemons'),
    '.hidden': {},
  });
  symlinkSync(outside, path.join(root, 'fruit-fay'), 'junction');
  writeFiles(root, { 'notes.txt': '' });
  const list = roster(
    'Ada,"Ada, Countess",ada@example.org',
    'ben,=1+1,ben@example.org',
    'cyd,Cyd,',
    'dan,Dan,dan@example.org',
    'eve,Eve,eve@example.org',
    'fay,Fay,fay@example.org',
    'gil,Gil,gil@example.org',
  );
  let result: Awaited<ReturnType<typeof graded>>;
  beforeAll(async () => {
    result = await graded(course, root, '--roster', list);
  });

  test('has one row for each student of the roster and for each folder, whatever is in it', async () => {
    expect(result.rows.map(({ key, status, points }) => [key, status, points])).toEqual([
      ['(submission fruit-zoe)', 'graded', 4],
      ['ada', 'graded', 10],
      ['ben', 'graded', 10],
      ['cyd', 'not started', 0],
      ['dan', 'graded', 0],
      ['eve', 'failed', null],
      ['fay', 'failed', null],
      ['gil', 'no submission', null],
    ]);
  });

  test('says what is odd about a row', async () => {
    const told = (key: string) => result.row(key).warnings.map(({ code }) => code);
    expect(told('ada')).toEqual([]);
    expect(told('ben')).toEqual(['class/twice']);
    expect(told('eve')).toEqual(['class/failed']);
    expect(told('fay')).toEqual(['file/link']);
    expect(told('(submission fruit-zoe)')).toEqual(['class/unknown']);
    expect(result.stdout).toContain('Nobody’s in fruit-submissions, and not read: ');
    expect(result.page).toContain('1 not on the roster');
  });

  test('has rows that fit the published schema', async () => {
    const validate = new Ajv({ strict: true }).compile(schema);
    for (const row of result.rows) {
      validate(JSON.parse(JSON.stringify(row)));
      expect(validate.errors).toBeNull();
    }
  });

  test('is kept to its owner', async () => {
    if (process.platform !== 'win32') {
      expect(statSync(result.out).mode & 0o777).toBe(0o700);
      expect(statSync(path.join(result.out, 'results.jsonl')).mode & 0o777).toBe(0o600);
    }
  });

  test('has the gradebooks of each host, with names as the roster has them', async () => {
    expect(
      result
        .table('grades.csv')
        .slice(0, 4)
        .map((cells) => cells.slice(0, 9)),
    ).toEqual([
      ['login', 'name', 'email', 'section', 'status', 'points', 'possible', 'worksheet', 'reflection'],
      ['fruit-zoe', '', '', '', 'graded', '4', '10', '4', '0'],
      ['Ada', 'Ada, Countess', 'ada@example.org', '', 'graded', '10', '10', '4', '6'],
      ['ben', "'=1+1", 'ben@example.org', '', 'graded', '10', '10', '4', '6'],
    ]);
    expect(result.table('gradebooks/canvas.csv').slice(0, 3)).toEqual([
      ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'Fruit in boxes'],
      ['    Points Possible', '', '', '', '', '10'],
      ['Ada, Countess', '', '', 'ada@example.org', '', '10'],
    ]);
    expect(result.table('gradebooks/classroom50.csv')[1]).toEqual([
      ...['Ada', '', '', 'ada@example.org', '', '10', '10', '', '', '', '', 'false', ''],
    ]);
  });

  test('leaves out of Moodle’s file whom it could not find, and says who', async () => {
    const rows = result.table('gradebooks/moodle.csv');
    expect(rows.slice(0, 2)).toEqual([
      ['useremail', 'grade', 'feedback'],
      ['ada@example.org', '10', ''],
    ]);
    expect(rows.map(([user]) => user)).not.toContain('');
    expect(rows.find(([user]) => user === 'eve@example.org')?.[1]).toBe('-');
    expect(result.stdout).toContain('gradebooks/moodle.csv leaves out cyd:');
  });

  test('tells in run.json what the grades come from', async () => {
    const run = JSON.parse(readFileSync(path.join(result.out, 'run.json'), 'utf8'));
    expect(run).toMatchObject({
      version: runVersion,
      node: process.version,
      rubric: expect.stringMatching(/^[0-9a-f]{64}$/),
      key: expect.stringMatching(/^plain:[0-9a-f]{64}$/),
      students: 8,
      statuses: { graded: 4, 'not started': 1, 'no submission': 1, failed: 2 },
    });
  });

  test('can be printed as JSON and nothing else, and is not written again by that', async () => {
    const { status, stdout } = await runClass(course, root, '--roster', list, '--out', result.out, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ written: false, moves: [], run: { students: 8 } });
  });

  test('is the same when it is graded in parts and joined', async () => {
    const parts: string[] = [];
    for (const part of [1, 2, 3]) {
      const out = path.join(newFolder(), `part-${part}`);
      expect(
        (await runClass(course, root, '--roster', list, '--out', out, '--shard', `${part}/3`)).status,
      ).toBe(0);
      parts.push(out);
    }
    const joined = path.join(newFolder(), 'out');
    expect(await runMerge(course, ...parts, '--roster', list, '--out', joined)).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(listFiles(joined)).toEqual(listFiles(result.out));
    const timeless = (text: string) => text.replace(/"(?:started|ended)": "[^"]*"/g, '');
    for (const file of listFiles(joined)) {
      const [one, other] = [joined, result.out].map((folder) =>
        timeless(readFileSync(resolvePath(folder, file), 'utf8')),
      );
      expect({ file, text: one }).toEqual({ file, text: other });
    }

    const lost = await runMerge(
      course,
      parts[0] ?? '',
      parts[2] ?? '',
      '--out',
      path.join(newFolder(), 'out'),
    );
    expect(lost).toMatchObject({ status: 2, stdout: '' });
    expect(lost.code).toBe('parts-unlike');
    const twice = await runMerge(course, ...parts, parts[0] ?? '', '--out', path.join(newFolder(), 'out'));
    expect(twice.code).toBe('parts-unlike');

    const merge = (part: string) =>
      runMerge(course, parts[0] ?? '', part, parts[2] ?? '', '--out', path.join(newFolder(), 'out'));
    const stranger = path.join(newFolder(), 'part-2');
    expect((await runClass(course, root, '--out', stranger, '--shard', '2/3')).status).toBe(0);
    expect((await merge(stranger)).code).toBe('parts-unlike');
    const short = path.join(newFolder(), 'part-2');
    cpSync(parts[1] ?? '', short, { recursive: true });
    const lines = readFileSync(path.join(short, 'results.jsonl'), 'utf8').split('\n');
    writeFiles(short, { 'results.jsonl': `${lines.slice(0, -2).join('\n')}\n` });
    expect((await merge(short)).code).toBe('run-unreadable');

    writeFiles(joined, { 'overrides.csv': 'login,total,adjust,reason\nben,3,,Seen\n' });
    const again = await runMerge(course, ...parts, '--roster', list, '--out', joined);
    expect(again.stdout).toContain('ben: 10 to 3: lateness or points set by hand changed');
    expect((await runMerge(course, result.out)).code).toBe('parts-unlike');
  });
});

test('nothing that students write is a formula, a tag or a command anywhere', async () => {
  const evil = '=HYPERLINK("https://example.org")\n\n<script>alert(1)</script> ::error::x \u001b[2J\u202e';
  const name = '=cmd()-<b>';
  const root = classOf({
    [name]: work(answersOf(`{ down: "${'<img src=x>'}", across: "=1" }`, '{ down: 7 }'), evil, '@x'),
  });
  const { table, page, stdout, row } = await graded(course, root);
  expect(row(name).points).toBe(7);
  expect(page).not.toMatch(/<script|<img|<b>|style="|onerror=/);
  expect(page).toContain('alert(1)');
  for (const file of ['grades.csv', 'responses.csv', 'gradebooks/classroom50.csv']) {
    for (const cells of table(file)) for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  }
  expect(stdout).not.toContain('\u001b');
  expect(stdout).not.toMatch(/\u202e|::error::/);
});

describe('graded again', () => {
  const root = classOf({
    'fruit-ada': work(rightAnswers, 'Pears', 'Lemons'),
    'fruit-ben': work(partly, 'Pears'),
    'fruit-cyd': work(blankAnswers),
  });
  const place = newFolder();
  const out = path.join(place, 'out');
  const again = (...args: string[]) => runClass(course, root, '--out', out, ...args);

  test('it shows whose grade differs and why, replaces nothing before it is told to, and keeps what it replaces', async () => {
    expect((await again()).status).toBe(0);
    expect(readFileSync(path.join(out, 'overrides.csv'), 'utf8')).toBe('login,total,adjust,reason,was\n');
    const before = readFileSync(path.join(out, 'results.jsonl'), 'utf8');
    expect((await again()).stdout).toContain('Grades that differ from the earlier run: none.');

    writeFiles(root, { 'fruit-ben/work/boxes.ts': rightAnswers });
    rmSync(path.join(root, 'fruit-cyd'), { recursive: true });
    writeFiles(out, {
      'overrides.csv': 'login,total,adjust,reason\nada,9,,Came by\nBen,,+4,"Bonus, twice"\n',
    });
    const { stdout } = await again();
    expect(stdout).toContain('Grades that differ from the earlier run: 3.');
    expect(stdout).toContain('ada: 10 to 9: lateness or points set by hand changed');
    expect(stdout).toContain(
      'ben: 6 to 11: the answers or their marks changed, lateness or points set by hand changed',
    );
    expect(stdout).toContain('cyd: 0 to -: is no longer in the class');
    expect(stdout).toContain('Add --apply to put this one in its place');
    expect(readFileSync(path.join(out, 'results.jsonl'), 'utf8')).toBe(before);

    const applied = await again('--apply');
    const [, kept = ''] = /^The earlier run is kept in (.*)\.$/m.exec(applied.stdout) ?? [];
    expect(readFileSync(path.join(kept, 'results.jsonl'), 'utf8')).toBe(before);
    const { row, table, run, page } = outputsIn(out);
    expect(row('ada')).toMatchObject({
      points: 9,
      overridden: true,
      adjustments: [{ kind: 'override', reason: 'Came by', before: 10, after: 9 }],
    });
    expect(row('ben').adjustments).toEqual([
      { kind: 'override', reason: 'Bonus, twice', before: 7, after: 11 },
    ]);
    const note = 'overrides.csv gives Ben 11 of 10 points.';
    expect(applied.stdout).toContain(note);
    expect(run.notes).toContain(note);
    expect(page).toContain(note);
    expect(page).toContain('2 overridden by hand');
    expect(
      table('grades.csv')
        .find(([login]) => login === 'ben')
        ?.slice(9, 11),
    ).toEqual(['Bonus, twice (7 to 11)', 'yes']);
    expect(readFileSync(path.join(out, 'overrides.csv'), 'utf8')).toContain('Came by');
    expect(readdirSync(place).sort()).toEqual(['out', path.basename(kept)].sort());
  });

  test('an override that cannot be used stops the run, with all problems and their lines, with --apply as without', async () => {
    const before = readFileSync(path.join(out, 'results.jsonl'), 'utf8');
    const overrides = [
      'login,total,adjust,reason',
      'ada,8,,',
      'zoe,3,,Seen',
      'ben,4,+1,Both',
      'ben,,2,Sign',
      'ada,3.5,,Half',
      ',1,,Who',
      'ben,,,None',
    ].join('\n');
    writeFiles(out, { 'overrides.csv': overrides });
    for (const args of [[], ['--apply']]) {
      const { status, stderr } = await again(...args);
      expect(status).toBe(2);
      for (const said of [
        'overrides.csv has 10 problems:',
        'line 5: adjust is “2”; write a whole number with its sign',
        'line 2: reason is empty; write something.',
        'line 3: nobody in this class has the login zoe.',
        'line 4: write either total or adjust.',
        'line 5: ben is in line 4 already.',
        'line 6: ada is in line 2 already.',
        'line 6: total is “3.5”; write a whole number',
        'line 7: login is empty; write something.',
        'line 8: ben is in line 5 already.',
        'line 8: write either total or adjust.',
      ])
        expect(stderr).toContain(said);
    }
    writeFiles(out, { 'overrides.csv': 'login,points,reason\nada,3,Old\n' });
    expect((await again('--apply')).code).toBe('table-problems');
    expect(readFileSync(path.join(out, 'results.jsonl'), 'utf8')).toBe(before);
    expect(readFileSync(path.join(out, 'overrides.csv'), 'utf8')).toContain('ada,3,Old');
    writeFiles(out, { 'overrides.csv': 'login,total,adjust,reason\n' });
  });

  test('points that are not there cannot be adjusted, but set', async () => {
    const list = roster('ada,Ada,', 'gil,Gil,');
    const withGil = (overrides: string) => {
      const folder = path.join(newFolder(), 'out');
      writeFiles(folder, { 'overrides.csv': `login,total,adjust,reason\n${overrides}\n` });
      return { folder, done: runClass(course, root, '--roster', list, '--out', folder) };
    };
    const adjusted = withGil('gil,,+2,Paper');
    expect((await adjusted.done).stdout).toContain('overrides.csv, line 2, does not count');
    expect(outputsIn(adjusted.folder).row('gil').points).toBeNull();
    const { folder, done } = withGil('gil,2,,Paper');
    expect((await done).status).toBe(0);
    expect(outputsIn(folder).row('gil')).toMatchObject({
      status: 'no submission',
      points: 2,
      adjustments: [{ before: null, after: 2 }],
    });
  });

  test('another rubric is a reason of its own', async () => {
    const other = newCourse({
      ...courseFiles,
      'rubric.yaml': rubricYaml.replace('points: 3', 'points: 2'),
    });
    expect((await runClass(other, root, '--out', out)).stdout).toContain('the rubric changed');
  });

  test('a run of another version is not replaced, and what was written by hand there counts in a new run', async () => {
    const old = path.join(newFolder(), 'out');
    writeFiles(old, {
      'run.json': '{"version":1}',
      'results.jsonl': '{"login":"ada"}\n',
      'overrides.csv': 'login,total,adjust,reason\nada,7,,Came by\n',
    });
    const { status, code } = await runClass(course, root, '--out', old, '--apply');
    expect(status).toBe(2);
    expect(code).toBe('run-unreadable');
    expect(readFileSync(path.join(old, 'results.jsonl'), 'utf8')).toBe('{"login":"ada"}\n');
    expect((await runMerge(course, old)).code).toBe('run-unreadable');
    const next = path.join(newFolder(), 'out');
    writeFiles(next, { 'overrides.csv': readFileSync(path.join(old, 'overrides.csv'), 'utf8') });
    expect((await runClass(course, root, '--out', next)).status).toBe(0);
    expect(outputsIn(next).row('ada').points).toBe(7);
  });
});

describe('a run refuses, and leaves everything as it was', () => {
  const root = classOf({ ada: work(rightAnswers) });

  test.each([['a folder that no grading made', { 'essay.md': 'Mine.' }, 'out-holds-other-files']])(
    '%s',
    async (_name, files, expected) => {
      const out = newFolder();
      writeFiles(out, files);
      const { status, code } = await runClass(course, root, '--out', out);
      expect(status).toBe(2);
      expect(code).toBe(expected);
      expect(listFiles(out)).toEqual(Object.keys(files));
    },
  );

  test('an output folder that is a file, a missing roster, and a folder without students', async () => {
    const place = newFolder();
    writeFiles(place, { file: '' });
    for (const [args, expected] of [
      [[root, '--out', path.join(place, 'file')], 'out-unwritable'],
      [[root, '--roster', path.join(place, 'none.csv')], 'table-unreadable'],
      [[place], 'not-the-class'],
      [[root, '--shard', '3/2'], undefined],
      [[root, '--release', place], 'no-release'],
      [[root, '--release', path.join(place, 'release.json')], 'no-release'],
      [[root, '--out', path.join(root, 'out')], 'out-in-submissions'],
    ] as const) {
      const { status, code } = await runClass(course, ...args);
      expect({ status, code }).toEqual({ status: 2, code: expected });
    }
    expect(existsSync(path.join(course, 'out'))).toBe(false);
  });

  test('a key that contradicts itself', async () => {
    const broken = newCourse({
      ...courseFiles,
      'solution/index.ts': (courseFiles['solution/index.ts'] ?? '').replace(
        'measure = () => table',
        'measure = () => ({ ...table, crate: { down: 7, across: 14 } })',
      ),
    });
    const out = path.join(newFolder(), 'out');
    expect(await runClass(broken, root, '--out', out)).toMatchObject({
      status: 2,
      code: 'solution-faults',
    });
    expect(existsSync(out)).toBe(false);
  });
});
