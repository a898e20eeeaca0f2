import path from 'node:path';
import { newCourse, newFolder } from './folders';
import { runCommand } from './run';
import { wholeCourse } from './worksheet';

export interface Released {
  readonly course: string;
  readonly out: string;
  /** The text that the release printed. */
  readonly said: string;
}

/** A release of the invented course. */
export function released(files: Readonly<Record<string, string>> = wholeCourse): Released {
  const [course, out] = [newCourse(files), path.join(newFolder(), 'out')];
  const { status, stdout, stderr } = runCommand(course, 'release', '--out', out);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return { course, out, said: stdout };
}
