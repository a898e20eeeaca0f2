import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { loadCourse } from '../../course';
import { parseRubric } from '../../rubric/load';
import { gradedByDigest } from '../../rubric/rubric';
import { newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { runInProcess } from '../../testing/in-process';
import { answersOf, rubricYaml, wholeCourse } from '../../testing/worksheet';
import { type DryRun, dryRun } from '../dry-run/dry-run';
import { otherThanPublished, readManifest } from './manifest';
import { workflowFile } from './students-copy';

afterAll(removeFolders);

const withGrader = { ...wholeCourse, 'rubric.yaml': `${rubricYaml}github: { grader: org/grader@main }\n` };
const solution = wholeCourse['solution/index.ts'] ?? '';

/** Releases the course with some files replaced, and returns where the release was made. */
async function release(files: Readonly<Record<string, string>>, ...args: string[]) {
  const root = newCourse({ ...withGrader, ...files });
  await runInProcess(root, 'generate');
  const out = newFolder();
  const ended = await runInProcess(root, 'release', '--out', out, ...args);
  return { root, out, ...ended, grader: path.join(out, 'grader-repo'), copy: path.join(out, 'student') };
}

const hinted = 'Only one kind lies in a basket.';
const reworded = 'Count the kinds that lie in a basket.';
const corrected = { 'solution/index.ts': solution.replaceAll(hinted, reworded) };

/** A submission with the known mistake in the basket row. */
const wrong = () => {
  const folder = newFolder();
  writeFiles(folder, { 'work/boxes.ts': answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }') });
  return folder;
};

let first: Awaited<ReturnType<typeof release>>;
/** The release of the same course without a grader of its own. */
let without: typeof first;
beforeAll(async () => {
  first = await release({});
  without = await release({ 'rubric.yaml': rubricYaml });
});

test('a first release has the grader as an action, with all that it needs and nothing else', () => {
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(readdirSync(first.grader).sort()).toEqual(
    ['README.md', 'action.yml', 'grade.js', 'grader', 'released.json', 'rubric.yaml'].sort(),
  );
  const { runs, outputs, inputs } = parse(readFileSync(path.join(first.grader, 'action.yml'), 'utf8'));
  expect(runs).toEqual({ using: 'node24', main: 'grade.js' });
  expect(Object.keys(inputs)).toEqual(['worksheet']);
  const workflow = readFileSync(path.join(first.copy, workflowFile), 'utf8');
  const read = [...workflow.matchAll(/steps\.grade\.outputs\.([\w-]+)/g)].map(([, name = '']) => name);
  expect(Object.keys(outputs)).toEqual(expect.arrayContaining(read));
});

test('the copy’s workflow uses that grader, installs nothing, and is otherwise as it is without', async () => {
  const workflowOf = (copy: string) => parse(readFileSync(path.join(copy, workflowFile), 'utf8'));
  const [one, other] = [workflowOf(first.copy), workflowOf(without.copy)];
  const job = 'run-autograding-tests';
  const { steps: ours, ...ourJob } = one.jobs[job];
  const { steps: theirs, ...theirJob } = other.jobs[job];
  expect([one.name, one.on, one.permissions, ourJob]).toEqual([
    other.name,
    other.on,
    other.permissions,
    theirJob,
  ]);
  const isReplaced = (step: { uses?: string; run?: string; id?: string }) =>
    step.id === 'grade' || step.run === 'npm ci' || /setup-node/.test(step.uses ?? '');
  expect(ours.filter((step: object) => !isReplaced(step))).toEqual(
    theirs.filter((step: object) => !isReplaced(step)),
  );
  expect(ours.filter(isReplaced)).toEqual([
    { id: 'grade', uses: 'org/grader@main', with: { worksheet: expect.stringMatching(/^[0-9a-f]{64}$/) } },
  ]);
});

test('a host that hands out the copy hands out this very workflow', () => {
  const template = path.join(first.out, 'classroom50', 'template', workflowFile);
  expect(readFileSync(template, 'utf8')).toBe(readFileSync(path.join(first.copy, workflowFile), 'utf8'));
});

/** Every text in which a run tells students something. */
const everywhere = ({ step, comment = '' }: DryRun) => [step.log, step.summary, comment];

test('both ways of grading tell the same points, outcomes and outputs', async () => {
  const submission = wrong();
  const itself = await dryRun(first.root, submission, { copy: first.copy });
  const published = await dryRun(first.root, submission, { copy: first.copy, grader: first.grader });
  expect(published.points).toEqual(itself.points);
  expect(published.step.status).toBe(itself.step.status);
  expect(published.step.annotations).toEqual(itself.step.annotations);
  expect(published.step.outputs).toEqual(itself.step.outputs);
  for (const text of everywhere(published)) expect(text).toContain('org/grader');
});

test('a hint that is corrected and published reaches a copy that was handed out before, with one line that says so', async () => {
  const later = await release(corrected, '--earlier', first.out);
  expect(later).toMatchObject({ status: 0, stderr: '' });
  const submission = wrong();
  const before = await dryRun(first.root, submission, { copy: first.copy, grader: first.grader });
  const after = await dryRun(first.root, submission, { copy: first.copy, grader: later.grader });
  expect(before.step.log).toContain(hinted);
  expect(after.step.log).toContain(reworded);
  expect(after.step.log).not.toContain(hinted);
  expect(after.points).toEqual(before.points);
  for (const text of everywhere(after).map((one) => one.replace(/\s+/g, ' ')))
    expect(text).toMatch(/Hints were corrected on \d+ \w+ \\?\(Basket of fruit\\?\)\\?\./);
  expect(before.step.log).not.toContain('corrected on');
  // Another release on the same day, based on the first one that students have, lists the correction once.
  const again = newCourse({ ...withGrader, ...corrected });
  await runInProcess(again, 'generate');
  await runInProcess(again, 'release', '--out', later.out, '--earlier', path.join(first.out, 'release.json'));
  const { corrections } = JSON.parse(readFileSync(path.join(later.grader, 'released.json'), 'utf8'));
  expect(corrections).toEqual([{ date: expect.any(String), rows: ['Basket of fruit'] }]);
});

const withRubric = (text: string) => ({ ...wholeCourse, 'rubric.yaml': text });
const digestOf = (text: string, lineage = 'a') => gradedByDigest(parseRubric(text), lineage);

test.each([
  ['points', rubricYaml.replace('points: 1', 'points: 2').replace('possible: 10', 'possible: 14')],
  [
    'kinds',
    rubricYaml
      .replace('  orientation: apples-as-rows\n', '')
      .replaceAll(/\{ id: (down|across),/g, '{ id: $1, kind: integer,'),
  ],
  ['questions', rubricYaml.replace('id: wish', 'id: hope')],
  ['orientation', rubricYaml.replace('orientation: apples-as-rows', 'orientation: either')],
  ['file names', rubricYaml.replace('file: work/boxes.ts', 'file: work/crates.ts')],
  ['self_check', `${rubricYaml}self_check: form\n`],
  ['points told otherwise', `${rubricYaml}github: { points: reporter }\n`],
])('a grader with other %s is known by its digest', (_name, text) => {
  expect(digestOf(text)).not.toBe(digestOf(rubricYaml));
});

test('a grader with other labels is the same by its digest, and one of another line is not', () => {
  expect(digestOf(rubricYaml.replace('label: Crate', 'label: Big crate'))).toBe(digestOf(rubricYaml));
  expect(digestOf(rubricYaml, 'b')).not.toBe(digestOf(rubricYaml));
});

test('a copy refuses a grader of a release that knew nothing of its own, whose answers may be others', async () => {
  const { step, points } = await dryRun(first.root, wrong(), { copy: first.copy, grader: without.grader });
  expect(step.status).toBe(2);
  expect(points).toBeUndefined();
  expect(step.annotations.map(({ properties: { title } }) => title)).toEqual([
    'Grading failed (this is not a zero)',
  ]);
});

test.each([
  ['what tells the points', `${rubricYaml}github: { points: reporter }\n`, 'What tells the points'],
  ['what the copy can tell', `${rubricYaml}self_check: form\n`, 'What the copy can tell'],
])('another way of %s is named as what keeps such a grader from being made', (_name, text, says) => {
  const earlier = readManifest(first.out);
  const course = loadCourse(newCourse(withRubric(text)));
  expect(earlier && otherThanPublished(earlier, course)).toEqual([expect.stringContaining(says)]);
});

test('a copy whose workflow does not say what it was made for is refused with what to do', async () => {
  const { step } = await dryRun(without.root, wrong(), { copy: without.copy, grader: without.grader });
  expect(step.status).toBe(2);
  expect(step.log).toContain('github: { grader: … }');
});

test('a release that would change grades makes no such grader, and names what differs', async () => {
  const root = newCourse({
    ...withGrader,
    'rubric.yaml': withGrader['rubric.yaml'].replace('points: 1', 'points: 2').replace('10', '14'),
  });
  await runInProcess(root, 'generate');
  const out = newFolder();
  const { status, stdout } = await runInProcess(root, 'release', '--out', out, '--earlier', first.out);
  expect(status).toBe(0);
  expect(existsSync(path.join(out, 'grader-repo', 'action.yml'))).toBe(false);
  expect(stdout).toMatch(/No .*grader-repo.*\n +The points of Basket of fruit: /);
});

test('an earlier release that is not there is named', async () => {
  expect(await release({}, '--earlier', newFolder())).toMatchObject({
    status: 2,
    code: 'no-earlier-release',
  });
});
