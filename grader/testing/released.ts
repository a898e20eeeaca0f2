import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
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

/**
 * A release of the invented course. A release takes seconds, so the first test of a run that needs one makes it, and
 * the others copy it.
 */
export function released(): Released {
  const kept = path.join(process.env.SHARED_FOLDER ?? newFolder(), 'release');
  if (!existsSync(kept)) make(kept);
  const out = newFolder();
  cpSync(path.join(kept, 'out'), out, { recursive: true });
  return { course: newCourse(wholeCourse), out, said: readFileSync(path.join(kept, 'said.txt'), 'utf8') };
}

function make(kept: string): void {
  const place = newFolder();
  const { status, stdout, stderr } = runCommand(
    newCourse(wholeCourse),
    'release',
    '--out',
    path.join(place, 'out'),
  );
  expect({ status, stderr, stdout: status === 0 ? '' : stdout }).toEqual({
    status: 0,
    stderr: '',
    stdout: '',
  });
  writeFileSync(path.join(place, 'said.txt'), stdout);
  mkdirSync(path.dirname(kept), { recursive: true });
  try {
    renameSync(place, kept);
  } catch (error) {
    // Another worker was first.
    if (!existsSync(kept)) throw error;
  }
}
