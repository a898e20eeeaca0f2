import path from 'node:path';
import { parseDocument } from 'yaml';
import type { OpenCourse } from '../../course';
import { studentFiles } from '../../rubric/rubric';

/** The pattern of tags that hand in work; Classroom 50 uses such tags. */
const tags = 'submit*';

/** Returns the grading workflow with the triggers that `rubric.yaml` asks for: each run costs a minute of Actions. */
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

/** The folders that contain some files, each once. */
export function foldersOf(files: readonly string[]): string[] {
  return [...new Set(files.map((file) => path.posix.dirname(file)))];
}

/** How many minutes of Actions a class takes, for the person who pays for them. */
export function costOf(course: OpenCourse): string {
  const folders = foldersOf(studentFiles(course.rubric)).join(' and ');
  const [students, pushes] = [200, 15];
  switch (triggerOf(course)) {
    case 'push':
      return `GitHub grades each push to ${folders}: ${students} students with ${pushes} pushes each take about ${(students * pushes).toLocaleString('en')} minutes of Actions, for a minute begun is billed as one.`;
    case 'tag':
      return `GitHub grades where a tag ${tags} is pushed: about ${students} minutes of Actions for each that ${students} students push.`;
    case 'manual':
      return 'GitHub grades only where somebody starts the workflow.';
  }
}
