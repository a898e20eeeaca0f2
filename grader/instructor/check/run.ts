import { GraderError } from '../../error';
import { loadRubric } from '../../rubric/load';
import { type Course, loadCourse } from '../course';
import { broken, type Check, type Finding } from './check';
import { contents, grading } from './copy';
import { links, numbers, questions, table } from './handed-out';
import { hosts } from './hosts';
import { parts } from './parts';
import { fixtures, reference, stub } from './submissions';
import { hints, singleCells } from './table';
import { workflows } from './workflows';

/** The checks of a course as it stands, in order. */
export const ofCourse: readonly Check[] = [
  stub,
  reference,
  singleCells,
  hints,
  fixtures,
  table,
  questions,
  numbers,
  workflows,
];

/** The checks of its students' copy: the first makes it, and the others only look at one that is good. */
export const ofCopy: readonly Check[] = [contents, parts, links, grading, hosts];

export interface Result {
  readonly promise: string;
  readonly findings: readonly Finding[];
}

const ofRubric = 'rubric.yaml has no fault';
const ofKey = 'Two derivations of the key agree, and no hint holds a digit';

/** How many checks there are where none stops the others. */
export const checkCount = 2 + ofCourse.length + ofCopy.length;

/**
 * Proves a course, a check at a time, and makes the students' copy in an empty folder on the way.
 * Where the course cannot be loaded, or a copy not be made, later checks have nothing to look at.
 */
export async function* runChecks(root: string, copy: string): AsyncGenerator<Result, Course | undefined> {
  let course: Course;
  try {
    loadRubric(root);
    yield { promise: ofRubric, findings: [] };
    course = loadCourse(root);
    yield { promise: ofKey, findings: [] };
  } catch (error) {
    const isRubric = error instanceof GraderError && error.code === 'rubric';
    yield { promise: isRubric ? ofRubric : ofKey, findings: [findingOf(error)] };
    return undefined;
  }
  for (const check of [...ofCourse, ...ofCopy]) {
    const findings = await findingsOf(check, course, copy);
    yield { promise: check.promise, findings };
    if (check === contents && findings.some(({ is }) => is === 'broken')) break;
  }
  return course;
}

export async function findingsOf(check: Check, course: Course, copy: string): Promise<Finding[]> {
  try {
    return await check.find(course, copy);
  } catch (error) {
    return [findingOf(error)];
  }
}

function findingOf(error: unknown): Finding {
  if (error instanceof GraderError && error.code !== 'interrupted') return broken(error.message);
  throw error;
}
