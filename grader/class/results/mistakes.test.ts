import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { manifestOf } from '../../authoring/release/manifest';
import { loadCourse } from '../../course';
import { classOf, graded, outputsIn, partly, roster, runClass, runMerge, work } from '../../testing/classes';
import { zip } from '../../testing/downloads';
import { newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import {
  blankAnswers,
  courseFiles,
  notesOf,
  rightAnswers,
  rubricYaml,
  wholeCourse,
} from '../../testing/worksheet';

afterAll(removeFolders);

// Mistakes that an instructor can make without meaning to, and the messages about them.

const course = newCourse(courseFiles);
const full = work(rightAnswers, 'Pears', 'Lemons');

describe('an answer key that is not the released one', () => {
  const root = classOf({ ada: full });

  /** Releases the course as it is. Only the manifest matters here. */
  function releaseOf(folder: string): string {
    const out = newFolder('release');
    writeFiles(out, { 'student/README.md': 'x' });
    writeFiles(out, { 'release.json': JSON.stringify(manifestOf(loadCourse(folder, false), out)) });
    return out;
  }

  const release = releaseOf(course);
  const answerKey = courseFiles['solution/index.ts'] ?? '';
  const changed = (files: Readonly<Record<string, string>>) => newCourse({ ...courseFiles, ...files });

  test.each([
    [
      'one row’s expected values',
      { 'solution/index.ts': answerKey.replaceAll('across: 13', 'across: 17') },
      'The expected values of Crate (crate).',
    ],
    [
      'the points of a cell',
      {
        'rubric.yaml': rubricYaml.replace('label: Crate }', 'label: Crate, points: 2 }'),
      },
      'The row crate of boxes differs.',
    ],
    [
      'a question',
      { 'rubric.yaml': rubricYaml.replace('Which fruit was the sourest?', 'Which one was sour?') },
      'The reflection differs.',
    ],
    [
      'how many responses count',
      { 'rubric.yaml': rubricYaml.replace('choose: 2', 'choose: 1') },
      'The reflection differs.',
    ],
    [
      'the export',
      { 'rubric.yaml': rubricYaml.replace('export: boxes', 'export: crates') },
      'The table crates is not in the release.',
    ],
  ])('with another value for %s nothing is graded before it is asked for', async (_name, files, says) => {
    const other = changed(files);
    const out = path.join(newFolder(), 'out');
    const refused = await runClass(other, root, '--release', release, '--out', out);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain(says);
    expect(refused.code).toBe('other-than-released');
    expect(refused.stderr).not.toMatch(/\b(?:11|13|17)\b/);

    const { stdout, run, page } = await graded(other, root, '--release', release, '--key-changed');
    const note = 'Graded with another answer key or rubric than the released one (--key-changed)';
    expect(stdout).toContain(note);
    expect(run.notes[0]).toContain(note);
    expect(page).toContain(note);
  });

  test('another hint or label is only a note', async () => {
    const other = changed({
      'rubric.yaml': rubricYaml.replace('label: Crate }', 'label: Big crate }'),
      'solution/index.ts': answerKey.replaceAll('Nothing was sliced.', 'Nothing was cut.'),
    });
    const { run, row } = await graded(other, root, '--release', release);
    expect(row('ada').points).toBe(10);
    expect(run.notes.join(' ')).toContain(
      'Students’ copies show something else: The row crate of boxes differs.',
    );
  });

  test('another due date than the one that copies show is a note, wherever it comes from', async () => {
    const due = (text: string) => ({ 'rubric.yaml': `${rubricYaml}deadline: { due: ${text} }\n` });
    const before = changed(due('2026-12-01T12:00Z'));
    const releasedThen = releaseOf(before);
    const note = 'Students’ copies show something else: The due date differs.';
    const later = changed(due('2026-12-03T12:00Z'));
    expect((await graded(later, root, '--release', releasedThen)).run.notes).toContain(note);
    const withOption = await graded(before, root, '--release', releasedThen, '--due', '2026-12-03T12:00Z');
    expect(withOption.run.notes).toContain(note);
    const { run } = await graded(before, root, '--release', releasedThen);
    expect(run.notes.join(' ')).not.toContain('The due date');
    const notes = (await graded(later, root, '--release', release)).run.notes.join(' ');
    expect(notes).toContain('The due date differs.');
  });

  test('the same key says nothing, and no release is one note', async () => {
    expect((await graded(course, root, '--release', release)).run.notes).toEqual([]);
    expect((await graded(course, root)).run.notes).toEqual([
      expect.stringContaining('there is no release.json'),
    ]);
  });

  test('a release of another version is refused, with what to do', async () => {
    const manifest = JSON.parse(readFileSync(path.join(release, 'release.json'), 'utf8'));
    const old = newFolder('release');
    writeFiles(old, { 'release.json': JSON.stringify({ ...manifest, version: 4 }) });
    const refused = await runClass(course, root, '--release', old, '--key-changed');
    expect(refused).toMatchObject({ status: 2, code: 'release-manifest-foreign' });
    expect(refused.stderr).toContain('npm run release -- --out <folder>');
  });

  describe('to a second table, which asks again at other sizes', () => {
    const twice: Readonly<Record<string, string>> = {
      ...courseFiles,
      'rubric.yaml': rubricYaml.replace(
        'reflection:\n',
        `- export: again
  repeats: boxes
  rows: [basket]
  given: { apples: 4 }
  marks: complete
  points: 0
reflection:
`,
      ),
      'solution/index.ts': `
        export const derive = ({ apples }) => ({
          basket: { down: apples, across: 11 },
          crate: { down: apples, across: 13 },
        });
        export const measure = derive;
        export const misconceptions = () => [];
      `,
    };
    const yaml = twice['rubric.yaml'] ?? '';
    const released = releaseOf(newCourse(twice));

    test.each([
      ['sizes', 'apples: 4', 'apples: 5', 'The expected values of Basket of fruit (again.basket).'],
      ['sizes', 'apples: 4', 'apples: 5', 'The table again differs.'],
      ['a name that changes no answer', 'apples: 4', 'apples: 4, brand: Windy', 'The table again differs.'],
      ['rows', '[basket]', '[basket, crate]', 'The row crate of again is not in the release.'],
      ['marks', '  marks: complete\n', '', 'The table again differs.'],
      ['its existence', /- export: again[\s\S]*points: 0\n/, '', 'The table again is only in the release.'],
    ])('another value for its %s stops the grading', async (_name, from, to, says) => {
      const other = newCourse({ ...twice, 'rubric.yaml': yaml.replace(from, to) });
      const refused = await runClass(other, root, '--release', released);
      expect(refused).toMatchObject({ status: 2, stdout: '', code: 'other-than-released' });
      expect(refused.stderr).toContain(says);
      expect((await graded(newCourse(twice), root, '--release', released)).run.notes).toEqual([]);
    });
  });
});

describe('the wrong folder', () => {
  const place = newFolder();
  const root = path.join(place, 'fruit-submissions');
  writeFiles(root, {
    'fruit-ada/work/boxes.ts': rightAnswers,
    'fruit-ben/work/boxes.ts': partly,
  });
  writeFiles(path.join(place, 'salad-submissions'), { 'salad-ada/work/boxes.ts': rightAnswers });
  const odd = newFolder();
  writeFiles(odd, { 'Work/boxes.ts': rightAnswers });
  const list = roster('ada,Ada,', 'ben,Ben,');
  const others = roster('zoe,Zoe,', 'yan,Yan,');

  test.each([
    ['one level too low, with the folder in another spelling', odd],
    ['one level too high', place],
    ['one level too low: a single submission', path.join(root, 'fruit-ada')],
    ['two levels too low', path.join(root, 'fruit-ada', 'work')],
  ])('%s grades nobody, and what is wrong is said', async (_name, folder) => {
    for (const args of [[], ['--roster', list]]) {
      const out = path.join(newFolder(), 'out');
      const { status, stdout, stderr, code } = await runClass(course, folder, '--out', out, ...args);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(code).toBe('not-the-class');
      expect(stderr).toContain('Give the folder');
    }
  });

  test('a folder with nothing but the class in it is that class', async () => {
    const around = newFolder();
    writeFiles(around, { 'fruit-submissions/fruit-ada/work/boxes.ts': rightAnswers });
    const { rows } = await graded(course, around);
    expect(rows.map(({ key, points }) => [key, points])).toEqual([['ada', 4]]);
  });

  test('another class’s roster grades nobody', async () => {
    const { status, code } = await runClass(course, root, '--roster', others);
    expect(status).toBe(2);
    expect(code).toBe('roster-matches-nobody');
  });

  test('a class whose folders hold archives is graded by what is in them', async () => {
    const archives = newFolder();
    const packed = zip(work(rightAnswers, 'Pears', 'Lemons'));
    writeFiles(archives, { 'ada/submission.zip': packed, 'ben/submission.zip': packed });
    const { row } = await graded(course, archives);
    expect([row('ada').points, row('ben').points]).toEqual([10, 10]);
  });

  test('a class of which fewer than half have a folder is graded, and that is said first', async () => {
    const { stdout, page, run } = await graded(
      course,
      root,
      '--roster',
      roster('ada,Ada,', ...['x', 'y', 'z'].map((login) => `${login},${login},`)),
    );
    const note = 'Only 1 of the 4 students on the roster have a submission. Is this the right one?';
    expect(stdout.startsWith(note)).toBe(true);
    expect(run.notes[0]).toBe(note);
    expect(page.indexOf(note)).toBeGreaterThan(0);
    expect(page.indexOf(note)).toBeLessThan(page.indexOf('<main>'));
  });
});

describe('who handed in nothing', () => {
  const list = roster('ada,Ada,ada@x.y', 'ben,Ben,ben@x.y', ',Cyd,cyd@x.y', 'dan,Dan,dan@x.y');
  const root = classOf({ ada: full, dan: work(blankAnswers) });

  test('has no points anywhere', async () => {
    const { rows, table, stdout } = await graded(course, root, '--roster', list);
    expect(rows.map(({ key, status, points }) => [key, status, points])).toEqual([
      ['(cyd@x.y)', 'no login', null],
      ['ada', 'graded', 10],
      ['ben', 'no submission', null],
      ['dan', 'not started', 0],
    ]);
    const pointsOf = (file: string, name: string, column: string) => {
      const [head = [], ...cells] = table(file);
      return cells.find((row) => row.some((cell) => cell === name))?.[head.indexOf(column)];
    };
    for (const name of ['Cyd', 'Ben']) {
      expect(pointsOf('grades.csv', name, 'points')).toBe('');
      expect(pointsOf('gradebooks/canvas.csv', name, 'Fruit in boxes')).toBe('');
      expect(pointsOf('gradebooks/moodle.csv', `${name.toLowerCase()}@x.y`, 'grade')).toBe('-');
    }
    expect(pointsOf('gradebooks/classroom50.csv', 'ben', 'score')).toBe('');
    expect(stdout).toContain('1 no login');
    expect(stdout).not.toContain('zero');
  });

  test('has a zero with its reason where the rubric says so', async () => {
    const strict = newCourse({ ...courseFiles, 'rubric.yaml': `${rubricYaml}no_submission: zero\n` });
    const { rows, stdout, page } = await graded(strict, root, '--roster', list);
    expect(rows.map(({ key, points }) => [key, points])).toEqual([
      ['(cyd@x.y)', 0],
      ['ada', 10],
      ['ben', 0],
      ['dan', 0],
    ]);
    expect(rows[2]?.adjustments).toEqual([
      {
        kind: 'no submission',
        reason: '0 points for “no submission”, as rubric.yaml says (no_submission: zero)',
        before: null,
        after: 0,
      },
    ]);
    expect(stdout).toContain(
      'A zero for work that is not there (rubric.yaml: no_submission: zero): (cyd@x.y), ben.',
    );
    expect(page).toContain('2 with 0 points because no work counts');
  });
});

test('a file that is no plain file is never read, and all there is of it is no zero', async () => {
  const root = classOf({ ada: full, link: {}, folder: {}, large: {}, beside: work(rightAnswers, 'a', 'b') });
  const outside = newFolder();
  writeFiles(outside, full);
  mkdirSync(path.join(root, 'link', 'work'));
  for (const name of ['link', 'beside']) {
    rmSync(path.join(root, name, 'work', 'boxes.ts'), { force: true });
    symlinkSync(path.join(outside, 'work', 'boxes.ts'), path.join(root, name, 'work', 'boxes.ts'), 'file');
  }
  mkdirSync(path.join(root, 'folder', 'work', 'boxes.ts'), { recursive: true });
  writeFiles(path.join(root, 'large'), { 'work/boxes.ts': 'x'.repeat(70_000) });
  for (const name of ['link', 'folder', 'large'])
    writeFiles(path.join(root, name), { 'work/notes.md': notesOf() });
  const { rows, codes } = await graded(course, root);
  expect(rows.map(({ key, status, points }) => [key, status, points])).toEqual([
    ['ada', 'graded', 10],
    ['beside', 'graded', 6],
    ['folder', 'graded', 0],
    ['large', 'failed', null],
    ['link', 'failed', null],
  ]);
  expect([codes('beside'), codes('link'), codes('large')]).toEqual([
    ['file/link'],
    ['file/link'],
    ['file/too-large'],
  ]);
});

// Windows has no such file permissions.
const testRights = process.platform === 'win32' ? test.skip : test;

testRights('a file that the system does not let be read is no zero', async () => {
  const strict = newCourse({ ...courseFiles, 'rubric.yaml': `${rubricYaml}no_submission: zero\n` });
  const root = classOf({ ada: full, ben: full });
  for (const folder of [path.dirname(root), root, strict]) chmodSync(folder, 0o755);
  chmodSync(path.join(root, 'ben', 'work', 'boxes.ts'), 0);
  const out = path.join(newFolder('results'), 'out');
  chmodSync(path.dirname(out), 0o777);
  // Root may read everything, so do this as another user.
  const user = process.geteuid?.();
  if (user === 0) process.seteuid?.(65_534);
  try {
    expect((await runClass(strict, root, '--out', out)).stderr).toBe('');
    const { row } = outputsIn(out);
    expect(row('ada')).toMatchObject({ status: 'graded', points: 10 });
    expect(row('ben')).toMatchObject({ status: 'failed', points: null });
    expect(JSON.stringify(row('ben').warnings)).toContain('could not be read (EACCES)');
  } finally {
    if (user === 0) process.seteuid?.(0);
  }
});

describe('parts that are joined', () => {
  const root = classOf({ 'fruit-ada': full, 'fruit-ben': work(partly, 'Pears') });
  const list = roster('ada,Ada,ada@x.y', 'ben,Ben,ben@x.y', 'gil,Gil,gil@x.y', ',Cyd,cyd@x.y');
  const folders = [1, 2].map((part) => path.join(newFolder(), `part-${part}`));
  beforeAll(async () => {
    for (const [index, folder] of folders.entries())
      await graded_(root, '--roster', list, '--out', folder, '--shard', `${index + 1}/2`);
  });
  const graded_ = async (...args: string[]) =>
    expect(await runClass(course, ...args)).toMatchObject({ status: 0, stderr: '' });
  const merge = (...args: string[]) =>
    runMerge(course, ...folders, '--out', path.join(newFolder(), 'out'), ...args);

  test.each([
    ['no roster', []],
    ['another roster', ['--roster', roster('ada,Ada L,ada@x.y', 'ben,Ben,ben@x.y')]],
  ])('need the roster that they were graded with, and not %s', async (_name, args) => {
    expect(await merge(...args)).toMatchObject({ status: 2, code: 'parts-unlike' });
  });

  test('keep what the roster and the run had to say', async () => {
    const { status, stdout } = await merge('--roster', list);
    expect(status).toBe(0);
    expect(stdout).toContain('there is no release.json');
  });

  test('without a roster need none', async () => {
    const alone = [1, 2].map((part) => path.join(newFolder(), `part-${part}`));
    for (const [index, folder] of alone.entries())
      await graded_(root, '--out', folder, '--shard', `${index + 1}/2`);
    const run = (...args: string[]) =>
      runMerge(course, ...alone, '--out', path.join(newFolder(), 'out'), ...args);
    expect((await run()).status).toBe(0);
    expect((await run('--roster', list)).code).toBe('parts-unlike');
  });
});

test('a folder without anything of a submission has no points, and says so', async () => {
  const root = classOf({ ada: full, bob: { 'README.md': 'x' } });
  const { row, codes } = await graded(course, root);
  expect(row('bob')).toMatchObject({ status: 'no submission', points: null });
  expect(codes('bob')).toEqual(['file/missing', 'file/missing']);
});

testRights('a folder that cannot be looked into stops nobody else', async () => {
  const root = classOf({ ada: full, bob: full });
  for (const folder of [path.dirname(root), root]) chmodSync(folder, 0o755);
  chmodSync(path.join(root, 'bob'), 0);
  chmodSync(course, 0o755);
  const out = path.join(newFolder('results'), 'out');
  chmodSync(path.dirname(out), 0o777);
  const user = process.geteuid?.();
  if (user === 0) process.seteuid?.(65_534);
  try {
    const { status, stderr } = await runClass(course, root, '--out', out);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(outputsIn(out).row('bob')).toMatchObject({ status: 'failed', points: null });
    expect(outputsIn(out).row('ada')).toMatchObject({ points: 10 });
  } finally {
    if (user === 0) process.seteuid?.(0);
    chmodSync(path.join(root, 'bob'), 0o755);
  }
});

test('a released course is graded by its release without being asked for anything', async () => {
  const whole = newCourse(wholeCourse);
  const out = path.join(whole, 'dist');
  mkdirSync(out);
  cpSync(path.join(whole, 'rubric.yaml'), path.join(out, 'rubric.yaml'));
  writeFiles(out, { 'release.json': JSON.stringify(manifestOf(loadCourse(whole, false), out)) });
  const { run } = await graded(whole, classOf({ ada: full }));
  expect(run.notes).toEqual([]);
});

test('a slip that costs a student the whole table is named, for what is there may be right', async () => {
  const root = classOf({ ada: work(rightAnswers.replace('7, across', '7 across'), 'a', 'b') });
  const { row, codes } = await graded(newCourse(courseFiles), root);
  expect(row('ada').points).toBe(6);
  expect(codes('ada')).toContain('class/slip');
  expect(
    row('ada')
      .warnings.map(({ text }) => text)
      .join(),
  ).toContain('A typo in work/boxes.ts (line 2) makes');
});
