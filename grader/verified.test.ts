import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { classOf, runClass, work } from './testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from './testing/folders';
import { courseFiles, rightAnswers } from './testing/worksheet';

afterAll(removeFolders);

const students = classOf({ ada: work(rightAnswers) });

/**
 * Makes a course whose key gets `eleven` from the code in `load`, usually from a file. Await `settled` before
 * grading, so that no file counts as changed just now.
 */
function courseWith(files: Readonly<Record<string, string>>, load: string): string {
  const index = (courseFiles['solution/index.ts'] ?? '')
    .replace('across: 11', 'across: eleven')
    .replace('measure = () => table', 'measure = () => measured');
  expect(index).toContain('eleven');
  expect(index).toContain('measured');
  const root = newCourse({ ...courseFiles, ...files });
  const measured = 'const measured = { basket: { down: 7, across: 11 }, crate: { down: 7, across: 13 } };';
  writeFiles(root, { 'solution/index.ts': `${load}\n${measured}\n${index}` });
  return root;
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 150));

/** Grades a class, and returns `graded` or, if that fails, its error output. */
async function graded(root: string): Promise<string> {
  const { status, stderr } = await runClass(root, students, '--out', path.join(newFolder(), 'out'));
  return status === 0 ? 'graded' : stderr;
}

const outside = path.join(newFolder('elsewhere'), 'size.json');
const cases: [where: string, file: (root: string) => string, load: string][] = [
  [
    'a file that is imported',
    (root) => path.join(root, 'solution', 'size.json'),
    "import eleven from './size.json';",
  ],
  [
    'a file below a folder out',
    (root) => path.join(root, 'solution', 'out', 'size.json'),
    "import eleven from './out/size.json';",
  ],
  ['a file outside the course', () => outside, `import eleven from ${JSON.stringify(outside)};`],
  [
    'a file that it reads',
    () => outside,
    `import { readFileSync } from 'node:fs';\nconst eleven = Number(readFileSync(${JSON.stringify(outside)}, 'utf8'));`,
  ],
];

test.each(cases)(
  'a key that no longer holds is found where it comes from %s, and verified only then',
  async (_name, file, load) => {
    const write = (place: string, text: string) => {
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, text);
    };
    write(outside, '11');
    const root = courseWith({}, load);
    write(file(root), '11');
    await settled();
    expect(await graded(root)).toBe('graded');
    const memory = path.join(root, '.graded', 'verified.json');
    const remembered = readFileSync(memory, 'utf8');
    utimesSync(memory, 1, 1);
    expect(await graded(root)).toBe('graded');
    expect([readFileSync(memory, 'utf8'), statSync(memory).mtimeMs]).toEqual([remembered, 1000]);
    write(file(root), '12');
    await settled();
    expect(await graded(root)).toContain('derive gives 12, and measure 11');
  },
);

test('a key that depends on more than files is verified each time', async () => {
  const root = courseWith(
    {},
    "import { hostname } from 'node:os';\nconst eleven = hostname() === '' ? 12 : 11;",
  );
  await settled();
  expect(await graded(root)).toBe('graded');
  expect(() => readFileSync(path.join(root, '.graded', 'verified.json'))).toThrow('ENOENT');
});
