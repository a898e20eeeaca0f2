import path from 'node:path';
import { parseDocument } from 'yaml';
import { studentFiles } from '../../../rubric/rubric';
import type { OpenCourse } from '../../course';

/** What a tag that hands in work begins with, as Classroom 50's do. */
const tags = 'submit*';

/** The workflow that grades, started by what `rubric.yaml` says: each run costs at least a minute of Actions. */
export function workflowFor(text: string, course: OpenCourse): string {
  const document = parseDocument(text);
  // A workflow of another form is the author's own; check says what it should be.
  if (!document.hasIn(['on', 'push'])) return text;
  document.deleteIn(['on', 'push']);
  const push = pushOf(course);
  if (push) document.setIn(['on', 'push'], document.createNode(push));
  return document.toString({ lineWidth: 0 });
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

/** The folders that some files lie in, each once. */
export function foldersOf(files: readonly string[]): string[] {
  return [...new Set(files.map((file) => path.posix.dirname(file)))];
}

/** What that costs, for whoever pays for it. */
export function costOf(course: OpenCourse): string {
  const folders = foldersOf(studentFiles(course.rubric)).join(' and ');
  const [students, pushes] = [200, 15];
  switch (triggerOf(course)) {
    case 'push':
      return `GitHub grades each push to ${folders}, at a minute of Actions or more: ${students} students with ${pushes} pushes each take about ${(students * pushes).toLocaleString('en')} minutes.`;
    case 'tag':
      return `GitHub grades where a tag ${tags} is pushed, at a minute of Actions or more: about ${students} minutes for each that ${students} students push.`;
    case 'manual':
      return 'GitHub grades only where somebody starts the workflow, at a minute of Actions or more each time.';
  }
}
