import path from 'node:path';
import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { OpenCourse } from '../../course';
import { gradedByInput } from '../../hosts/github/action';
import { runnerIds } from '../../hosts/github/render';
import { gradedByDigest, studentFiles } from '../../rubric/rubric';

/** The pattern of tags that hand in work; Classroom 50 uses such tags. */
const tags = 'submit*';

/** GitHub Classroom's grading reporter, which runs on Node 20. */
const reporter =
  'classroom-resources/autograding-grading-reporter@d13b5912daf5042ac1b71bc38bdb4a6bcd61d8ca # v1';

/**
 * Returns the grading workflow as `rubric.yaml` asks for it: what starts it (each start costs at least a minute of
 * Actions), what grades, and what reports the points.
 *
 * @param lineage see `gradedByDigest`.
 */
export function workflowFor(text: string, course: OpenCourse, lineage = ''): string {
  const document = parseDocument(text);
  // A workflow of another form is the author's own; check says what it should be.
  const changes = [setTriggers(document, course), setSteps(document, course, lineage)];
  return changes.some(Boolean) ? document.toString({ lineWidth: 0 }) : text;
}

/** @returns whether the workflow has a form whose triggers can be set. */
function setTriggers(document: Document, course: OpenCourse): boolean {
  if (!document.hasIn(['on', 'push'])) return false;
  document.deleteIn(['on', 'push']);
  const push = pushOf(course);
  if (push) document.setIn(['on', 'push'], document.createNode(push));
  return true;
}

/**
 * Adds the grader of the organization and the reporter of the points, if the course wants them.
 *
 * @returns whether it added one of them.
 */
function setSteps(document: Document, { file, rubric }: OpenCourse, lineage: string): boolean {
  const steps = document.getIn(['jobs', 'run-autograding-tests', 'steps']);
  if (!isSeq<YAMLMap>(steps)) return false;
  const runs = (step: YAMLMap) => String(step.get('run') ?? '').trim();
  const grade = steps.items.findIndex((step) => isMap(step) && runs(step) === 'npm run autograde');
  const grading = steps.items[grade];
  if (!grading) return false;
  if (!grading.has('id')) grading.set('id', 'grade');
  const id = grading.get('id');
  if (rubric.pointsBy === 'reporter') {
    const output = (name: string) => `\${{ steps.${id}.outputs.${name} }}`;
    const [uses, version] = reporter.split(' # ');
    const step = document.createNode({
      if: `\${{ !cancelled() && steps.${id}.outputs.runners != '' }}`,
      uses,
      env: Object.fromEntries(runnerIds.map((id) => [`${id.toUpperCase()}_RESULTS`, output(id)])),
      with: { runners: output('runners') },
    });
    const action = step.get('uses', true);
    if (action) action.comment = ` ${version}`;
    steps.items.splice(grade + 1, 0, step);
  }
  const grader = file.github?.grader;
  if (grader === undefined) return rubric.pointsBy === 'reporter';
  grading.delete('run');
  grading.set('uses', grader);
  grading.set('with', document.createNode({ [gradedByInput]: gradedByDigest(rubric, lineage) }));
  // Nothing needs to be installed if the grader is an action.
  steps.items = steps.items.filter(
    (step) => !String(step.get('uses')).startsWith('actions/setup-node@') && runs(step) !== 'npm ci',
  );
  return true;
}

function triggerOf({ file }: OpenCourse): NonNullable<OpenCourse['file']['grade_on']> {
  return file.grade_on ?? 'push';
}

function pushOf(course: OpenCourse): object | undefined {
  switch (triggerOf(course)) {
    case 'push':
      return { paths: foldersOf(studentFiles(course.rubric)).map((folder) => `${folder}/**`) };
    case 'tag':
      return { tags: [tags] };
    case 'manual':
      return undefined;
  }
}

/** The folders that contain some files, each once. */
export function foldersOf(files: readonly string[]): string[] {
  return [...new Set(files.map((file) => path.posix.dirname(file)))];
}

/** The cost of a run for both ways of grading: every started minute is billed. */
export function costOfRun({ file }: OpenCourse): string {
  const jest = 'npm ci and Jest in the workflow, which take some ten seconds,';
  const action = 'the grader as an action, which installs nothing and takes about one,';
  const [now, other] = file.github?.grader === undefined ? [jest, action] : [action, jest];
  return `A run is one billed minute with ${now} and one with ${other} for a minute begun is billed as one.`;
}

/** How many minutes of Actions a class takes, for the person who pays for them. */
export function costOf(course: OpenCourse): string {
  const folders = foldersOf(studentFiles(course.rubric)).join(' and ');
  const [students, pushes] = [200, 15];
  switch (triggerOf(course)) {
    case 'push':
      return `GitHub grades each push to ${folders}: ${students} students with ${pushes} pushes each take about ${(students * pushes).toLocaleString('en')} minutes of Actions.`;
    case 'tag':
      return `GitHub grades where a tag ${tags} is pushed: about ${students} minutes of Actions for each that ${students} students push.`;
    case 'manual':
      return 'GitHub grades only where somebody starts the workflow.';
  }
}
