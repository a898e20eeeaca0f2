import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type GradingContext, loadGradingContext } from '../grading/context';
import { actionFile, assertMadeFor, notesOf, releasedIn } from '../hosts/github/action';
import { graderFolder } from '../place';
import { isOnActions } from '../render/escape/actions';
import { gradeForJest, type JestRun } from './grade';

/** Whether GitHub runs this program as an action: without arguments, and with its rubric and key beside it. */
export function isAction(): boolean {
  return isOnActions(process.env) && existsSync(path.join(graderFolder, actionFile));
}

/**
 * Grades the checkout that GitHub starts an action in, using the rubric and the key beside this program, and
 * writes the same files as autograde.
 *
 * @returns the text to print, and the same exit status as autograde.
 */
export async function gradeAsAction(checkout: string): Promise<{ text: string; status: number }> {
  const released = releasedIn(graderFolder);
  const loadContext = (): GradingContext => {
    const own = loadGradingContext(graderFolder);
    assertMadeFor(own, released, process.env);
    return own;
  };
  const left = await gradeForJest(checkout, { loadContext, notes: notesOf(released, process.env) });
  const { text, tests, hostNotified } = JSON.parse(readFileSync(left, 'utf8')) as JestRun;
  const isRight = tests.every(({ failure }) => failure === undefined);
  return { text, status: !hostNotified ? 2 : isRight ? 0 : 1 };
}
