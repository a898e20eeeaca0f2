import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { loadCourse } from '../../course/course';
import { writeGradingPage } from '../../grading-page/grading-page';
import { type AnswerKey, noKey, plainKey } from '../../key/judge';
import { type SealedFile, sealedDigest, sealedKey } from '../../key/sealed-key';
import { fileDigest, listFiles, readText } from '../../system/files';
import { newCourse, newFolder, packageRoot, writeFiles } from '../../testing/folders';
import { manyKinds } from '../../testing/many-kinds';
import { rubric, rubricIn, solution, wholeCourse } from '../../testing/worksheet';
import { makeRelease } from './contents';
import { instructorFolder, openRelease } from './release';
import { seal } from './sealed-facts';

const files = ['student/a.txt', 'page/b.html'];

/** Writes a release of two files. */
function release(out: string, text: string): void {
  writeFiles(out, Object.fromEntries(files.map((file) => [file, text])));
  const digests = Object.fromEntries(files.map((file) => [file, fileDigest(out, file)]));
  writeFiles(out, { 'release.json': JSON.stringify({ version: 6, files: digests }) });
}

/** The final place of a release, where it is made, and where the earlier one waits until the new one is in place. */
const placesIn = (folder: string) => {
  const pathOf = (name: string) => path.join(folder, name);
  return { out: pathOf('dist'), made: pathOf('dist.new/release'), earlier: pathOf('dist.new/earlier') };
};

const textsIn = (out: string) => files.map((file) => readFileSync(path.join(out, file), 'utf8'));

test.each([true, false])(
  'a release that was killed between any two renames is the old one or the new one, whole (over an earlier one: %s)',
  (hasEarlier) => {
    const renames = hasEarlier ? 2 : 1;
    for (let done = 0; done <= renames; done++) {
      const folder = newFolder();
      const { out, made, earlier } = placesIn(folder);
      if (hasEarlier) release(out, 'old');
      release(made, 'new');
      const steps = [...(hasEarlier ? [[out, earlier] as const] : []), [made, out] as const];
      for (const [from, to] of steps.slice(0, done)) renameSync(from, to);

      openRelease(out).discard();
      const expected = done === renames ? 'new' : 'old';
      expect(existsSync(out)).toBe(hasEarlier || expected === 'new');
      if (existsSync(out)) expect(textsIn(out)).toEqual(files.map(() => expected));
      expect(readdirSync(folder).filter((name) => name !== 'dist')).toEqual([]);
    }
  },
);

test('a release that somebody worked in while the next was made stays as it is, whole', () => {
  const folder = newFolder();
  const { out } = placesIn(folder);
  release(out, 'old');
  const opened = openRelease(out);
  release(opened.folder, 'new');
  writeFiles(out, { 'student/essay.md': 'Mine.' });
  expect(() => opened.commit()).toThrow(expect.objectContaining({ code: 'release-holds-other-files' }));
  opened.discard();
  expect(textsIn(out)).toEqual(['old', 'old']);
  expect(readFileSync(path.join(out, 'student', 'essay.md'), 'utf8')).toBe('Mine.');
});

test('two releases into one folder do not meet: the second is told which folder to delete if the first was killed', () => {
  const { out } = placesIn(newFolder());
  const first = openRelease(out);
  expect(() => openRelease(out)).toThrow(
    new RegExp(`for a minute or less\\..* delete ${out}\\.lock and run this again`),
  );
  first.discard();
  openRelease(out).discard();
  expect(existsSync(out)).toBe(false);
});

test('the workflow of a students’ copy runs at each push, so also at one that puts back what was deleted', () => {
  const source = readFileSync(path.join(packageRoot, '.github', 'workflows', 'classroom.yml'), 'utf8');
  const { on } = parse(source);
  expect([Object.keys(on).includes('push'), on.push]).toEqual([true, null]);
});

describe('a sealed key', () => {
  let file: SealedFile;
  let sealed: AnswerKey;
  beforeAll(async () => {
    file = await seal(rubric, solution);
    sealed = sealedKey(file, rubric);
  });
  const plain = plainKey(rubric, solution);

  const basketOf = (down: number) => ({ id: 'basket', cells: [{ id: 'down', value: down }] });

  test('keeps apart what a value says and what a row of that value alone says', async () => {
    const row = '{ id: pear, label: Pear }';
    const yaml = `title: Pears\nfile: work/a.ts\ntables:\n- { export: t, points: 1, rows: [${row}], columns: [{ id: it, label: It }] }`;
    const narrow = rubricIn(yaml);
    const pear = { id: 'pear', cells: [{ id: 'it', value: 7 }] };
    const content = {
      expected: [pear],
      misconceptions: [],
      quantities: [],
      explanations: { pear: 'So it is.' },
    };
    const judged = await sealedKey(await seal(narrow, content), narrow).judge(pear);
    expect(judged).toMatchObject({ cells: [{ verdict: 'right' }], explanation: 'So it is.' });
  });

  test('costs milliseconds a guess, for a script cannot leave out a part of it', async () => {
    const guesses = 8;
    const started = process.cpuUsage();
    for (let value = 1; value <= guesses; value++)
      await sealedKey(file, rubric).judge(basketOf(1000 + value));
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000 / guesses).toBeGreaterThan(2);
  });

  test('names no cell, no row and no word of a hint, and its boxes lie in the order of their ids', () => {
    expect(Object.keys(file)).toEqual(['about', 'digest', 'version', 'rubric', 'salt', 'boxes']);
    const { about: _, digest, ...rest } = file;
    const strings = [digest, rest.rubric, rest.salt, ...rest.boxes];
    for (const text of strings) expect(text).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    // 7, 11, 13, 70, and 99 by themselves; 7 x 11 has no explanation; 11 x 7, 13 x 7, 7 x 24, 5 x 24 and 7 x 13.
    expect(file.boxes).toHaveLength(5 + 5);
    expect(file.boxes).toEqual([...file.boxes].sort());
    // Only one of them contains an explanation, and its length does not reveal which.
    expect(new Set(file.boxes.map((box) => box.length)).size).toBe(1);
    const bytes = strings.map((text) => Buffer.from(text, 'base64').toString('latin1'));
    const words = solution.misconceptions.flatMap(({ id, text }) => [id, text]);
    for (const word of words) expect([JSON.stringify(file), ...bytes].join('\n')).not.toContain(word);
  });

  test('sealed twice shares no salt, no lookup id and no part of a box, and tells only which one it is', async () => {
    const other = await seal(rubric, solution);
    const parts = [file, other].flatMap((key) =>
      [key.salt, ...key.boxes].flatMap((text) => text.match(/.{20}/g) ?? []),
    );
    expect(new Set(parts).size).toBe(parts.length);
    expect(sealed.digest).toBe(`sealed:${file.digest}`);
    expect([noKey.digest, plain.digest.replace('plain', 'sealed')]).not.toContain(sealed.digest);
  });

  test('does not open a box that was exchanged for another, and says so', async () => {
    const [first = ''] = file.boxes;
    const boxes = file.boxes.map((box) => `${box.slice(0, 20)}${first.slice(20)}`);
    const exchanged = { ...file, boxes, digest: sealedDigest({ ...file, boxes }) };
    const judged = [7, 11, 13].map((down) => sealedKey(exchanged, rubric).judge(basketOf(down)));
    await expect(Promise.all(judged)).rejects.toThrow(
      expect.objectContaining({ code: 'sealed-box-damaged' }),
    );
  });
});

describe('a course of many kinds', () => {
  const due = 'deadline: { due: 2026-12-01T23:59, timezone: UTC, grace_minutes: 17, late: { per_day: 1 } }\n';
  const course = loadCourse(
    newCourse({ ...wholeCourse, ...manyKinds, 'rubric.yaml': `${manyKinds['rubric.yaml']}${due}` }),
    false,
  );
  const folder = newFolder();
  const beside = instructorFolder(folder);
  beforeAll(async () => {
    await makeRelease(course, folder);
    writeGradingPage(course, beside, undefined);
  });

  // Update with: npx jest release.test -u
  test('gives students, hosts and the instructor the due date and what lateness costs, and nothing of a grace', () => {
    const rubrics = listFiles(folder).filter((file) => file.endsWith('rubric.yaml'));
    expect(rubrics.map((file) => readText(folder, file).includes('per_day'))).toEqual([true, true, true]);
    // The grader that goes with them has the name of the setting in its code.
    const texts = listFiles(folder).filter((file) => !/\.zip$|grade\.js$/.test(file));
    expect(texts.filter((file) => /grace_minutes['"]?:\s*17/.test(readText(folder, file)))).toEqual([]);
    const read = [
      ...['boxes.ts', 'notes.md', 'worksheet.ts'].map((file) => `student/work/${file}`),
      ...['student/rubric.yaml', 'gradescope/README.md', 'classroom50/README.md'],
    ].map((file) => readText(folder, file));
    const isRepeated = (file: string) => file.startsWith('classroom50/template/');
    const listed = [...listFiles(folder).filter((file) => !isRepeated(file)), ...listFiles(beside)].sort();
    expect(`\n${[listed.join('\n'), ...read].join('\n\n== \n')}`).toMatchSnapshot();
  });

  test('gives Classroom 50 what students get, which has no workflow there, and an editor two tasks that grade', () => {
    const [student, template] = ['student', 'classroom50/template'].map((name) =>
      listFiles(path.join(folder, name)),
    );
    expect(template).toEqual(student?.filter((file) => !file.startsWith('.github')));
    const { tasks } = JSON.parse(readText(folder, 'student/.vscode/tasks.json'));
    const commands = tasks.map(({ command }: { readonly command: string }) => command);
    expect(commands).toEqual(['npm test', 'npm run watch']);
  });

  test('is kept from everybody else on the machine where it has answers', () => {
    const { mode } = statSync(beside);
    // Windows has other permissions.
    expect(mode & 0o077).toBe(process.platform === 'win32' ? mode & 0o077 : 0);
  });
});
