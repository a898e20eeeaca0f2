import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { classOf, graded, roster, runClass, runMerge, work } from '../../testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { answersOf, courseFiles, rubricYaml, solution } from '../../testing/worksheet';
import { fileNameOf } from './returns';

afterAll(removeFolders);

/** A course with extra lines in its rubric. */
const courseWith = (...lines: string[]) =>
  newCourse({ ...courseFiles, 'rubric.yaml': `${rubricYaml}${lines.join('\n')}\n` });

const past = 'deadline: { due: 2020-01-01T12:00Z, late: { until: 2020-01-02T12:00Z } }';
const future = 'deadline: { due: 2120-01-01T12:00Z, late: { until: 2120-01-01T12:00Z } }';
const partly = answersOf('{ down: 7, across: 24 }', '{ down: 3 * 4, across: null }');
const students = { ada: work(partly, 'Pears', 'Lemons'), bob: work(answersOf('null', 'null')) };

/** The feedback of students, and what the command prints about it. */
async function feedbackFor(course: string, ...args: string[]) {
  const { out, stdout } = await graded(course, classOf(students), '--feedback', ...args);
  return feedbackIn(out, stdout);
}

function feedbackIn(out: string, stdout: string) {
  const folder = path.join(out, 'feedback');
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort();
  const pages = files.map((file) => readFileSync(path.join(folder, file.replace('.txt', '.html')), 'utf8'));
  const texts = files.map((file) => readFileSync(path.join(folder, file), 'utf8'));
  return { files, texts, pages, said: stdout.slice(stdout.indexOf('The feedback:')).replaceAll(/\s+/g, ' ') };
}

const extension = 'who,due\nbob,2120-01-01T12:00Z\n';

const isTold = (text = '') => text.includes('The answers, and why');

test('without --feedback no such folder is made', async () => {
  const { out } = await graded(courseWith(past, 'solution: after_due'), classOf(students));
  expect(existsSync(path.join(out, 'feedback'))).toBe(false);
});

test('once every deadline has passed, each row is told: the answer, and why', async () => {
  const { files, texts, said } = await feedbackFor(courseWith(past, 'solution: after_due'));
  expect(files).toEqual(['ada.txt', 'bob.txt']);
  expect(said).toContain(
    'with the answers: rubric.yaml says solution: after_due, and work counts until 2020-01-02T12:00:59Z',
  );
  const [ada = '', bob = ''] = texts;
  expect(ada.slice(ada.indexOf('The answers')).trimEnd().split('\n')).toEqual([
    'The answers, and why:',
    'Basket of fruit: down 7, across 11.',
    'Crate: down 7, across 13: A crate holds what the basket holds, and a little more. So it is wider.',
  ]);
  expect(bob).toContain('Basket of fruit: down 7, across 11');
  // Everything wrong is explained, and there is no next step.
  expect(ada).toContain('Only one kind lies in a basket.');
  expect(texts.join('')).not.toMatch(/Next:|run again|--all|What to do/);
  expect(ada).not.toContain('needs review');
});

test('the page of a student says what the text says, and loads nothing', async () => {
  const { pages } = await feedbackFor(courseWith(past, 'solution: after_due'));
  const [ada = '', bob = ''] = pages;
  expect(ada).toContain('<td>✓ correct <code>7</code></td><td>✗ wrong <code>24</code></td>');
  expect(ada).toContain('<strong>Basket of fruit:</strong> Only one kind lies in a basket.');
  expect(ada).toContain('<tr><th scope="row">Crate</th><td>down 7, across 13</td><td>A crate holds');
  expect(bob).toContain('The answers, and why');
  for (const page of pages) {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|https?:|src=/);
  }
});

test.each([
  ['never, which is the default', [past], 'rubric.yaml says solution: never'],
  ['before the deadline', [future, 'solution: after_due'], 'work counts until 2120-01-01T12:00:59Z'],
  ['without any deadline', ['solution: after_due'], 'work counts without end, for lack of late.until'],
  [
    'before the cutoff, for late work counts until then',
    ['deadline: { due: 2020-01-01T12:00Z, late: { until: 2120-01-02T12:00Z } }', 'solution: after_due'],
    'work counts until 2120-01-02T12:00:59Z',
  ],
])('%s: no answer and no explanation of a row that is not right', async (_name, lines, why) => {
  const { texts, pages, said } = await feedbackFor(courseWith(...lines));
  expect(said).toContain(why);
  expect(texts.some(isTold)).toBe(false);
  expect(texts.join('')).not.toContain(solution.explanations.crate);
  expect(texts.join('')).not.toMatch(/\b(?:11|13)\b/);
  expect(pages.some(isTold)).toBe(false);
  expect(pages.join('').replace(/<style>.*?<\/style>/gs, '')).not.toMatch(/>[^<]*\b(?:11|13)\b/);
});

test('an extension that an earlier run knew of is not forgotten', async () => {
  const course = courseWith(past, 'solution: after_due');
  const root = classOf(students);
  const { out } = await graded(course, root);
  writeFiles(out, { 'extensions.csv': extension });
  expect((await runClass(course, root, '--out', out, '--apply')).stderr).toBe('');
  writeFiles(out, { 'extensions.csv': 'who,due\n' });
  const again = (...args: string[]) => runClass(course, root, '--out', out, '--feedback', ...args);
  expect((await again()).stdout).toContain('Nothing is replaced, and no feedback is written');
  expect((await again('--apply')).stdout).toContain(
    'without the answers: rubric.yaml says solution: after_due, and work counts until 2120-01-02T12:00:59Z',
  );
  expect(isTold(readFileSync(path.join(out, 'feedback', 'ada.txt'), 'utf8'))).toBe(false);
});

test('without a cutoff the answers are never told, for whoever read them could hand in late', async () => {
  const due = 'deadline: { due: 2020-01-01T12:00Z }';
  const { code } = await runClass(courseWith(due, 'solution: after_due'), classOf(students));
  expect(code).toBe('yaml-faults');
  const { texts, said } = await feedbackFor(courseWith('solution: after_due'), '--due', '2020-01-01T12:00Z');
  expect(said).toContain('work counts without end, for lack of late.until');
  expect(texts.some(isTold)).toBe(false);
});

test('an extension of one student keeps the answers from everybody', async () => {
  const out = path.join(newFolder(), 'out');
  writeFiles(out, { 'extensions.csv': extension });
  const course = courseWith(past, 'solution: after_due');
  const { stdout } = await runClass(course, classOf(students), '--out', out, '--feedback');
  const { texts } = feedbackIn(out, stdout);
  expect(texts.some(isTold)).toBe(false);
});

test('whoever handed in nothing is told so, and the answers too', async () => {
  const { files, texts } = await feedbackFor(
    courseWith(past, 'solution: after_due'),
    '--roster',
    roster('ada,,', 'bob,,', 'cyd,,'),
  );
  expect(files).toContain('cyd.txt');
  expect(texts[2]).toContain('Not graded: no submission.');
  expect(isTold(texts[2])).toBe(true);
});

test('a part gives no feedback: what was set by hand counts only in the whole', async () => {
  const { out, stdout } = await graded(
    courseWith(past),
    ...[classOf(students), '--shard', '1/2', '--feedback'],
  );
  expect(stdout).toContain('Join the parts with npm run grade:merge, which makes pages and feedback.');
  expect(existsSync(path.join(out, 'feedback'))).toBe(false);
});

test('parts that are joined tell the answers only when the whole class is done', async () => {
  const course = courseWith(past, 'solution: after_due');
  const root = classOf(students);
  for (const [extensions, isOpen] of [
    ['who,due\n', true],
    [extension, false],
  ] as const) {
    const folder = newFolder();
    const parts = ['1', '2'].map((index) => path.join(folder, index));
    for (const [index, part] of parts.entries()) {
      writeFiles(part, { 'extensions.csv': extensions });
      await runClass(course, root, '--shard', `${index + 1}/2`, '--out', part);
    }
    const out = path.join(folder, 'out');
    expect((await runMerge(course, ...parts, '--out', out, '--feedback')).status).toBe(0);
    expect(isTold(readFileSync(path.join(out, 'feedback', 'ada.txt'), 'utf8'))).toBe(isOpen);
  }
});

test('a file is named so that every system takes it, and no two students share one', () => {
  expect(fileNameOf('ada-lovelace')).toBe('ada-lovelace');
  const odd = ['a/b', '../x', 'con', 'nul.txt', 'x.', '', '=1', 'é', 'a\u202eb', 'y'.repeat(300)];
  const names = odd.map(fileNameOf);
  expect(new Set(names).size).toBe(odd.length);
  // On Windows, the part before a dot may name a device.
  for (const name of names) expect(name).toMatch(/^student-[a-z0-9_-]*-[0-9a-f]{12}$/);
});

test('what the instructor writes into comments.csv is added for that student alone, in every later run', async () => {
  const course = newCourse(courseFiles);
  const root = classOf(students);
  const { out } = await graded(course, root);
  const file = path.join(out, 'comments.csv');
  expect(readFileSync(file, 'utf8')).toBe('login,text\n');
  writeFileSync(file, 'login,text\nada,"Well begun, Ada. Come and see me."\n');
  const again = () => runClass(course, root, '--out', out, '--feedback', '--apply');
  for (const run of [again, again]) {
    expect((await run()).status).toBe(0);
    const [ada, bob] = ['ada', 'bob'].map((name) =>
      readFileSync(path.join(out, 'feedback', `${name}.txt`), 'utf8'),
    );
    expect(ada).toContain('From your instructor:\nWell begun, Ada. Come and see me.');
    expect(bob).not.toContain('From your instructor');
  }
});

test('comments that cannot be used stop the run, with all problems and their lines', async () => {
  const course = newCourse(courseFiles);
  const root = classOf(students);
  const { out } = await graded(course, root);
  writeFileSync(path.join(out, 'comments.csv'), 'login,text,mood\nada,,\nzoe,Hello,\nada,Again,\n');
  const { status, stderr } = await runClass(course, root, '--out', out, '--apply');
  expect(status).toBe(2);
  for (const said of [
    'comments.csv has 4 problems:',
    'line 1: unknown column mood; the columns are login,text.',
    'line 2: text is empty; write something.',
    'line 3: nobody in this class has the login zoe.',
    'line 4: ada is in line 2 already.',
  ])
    expect(stderr).toContain(said);
});
