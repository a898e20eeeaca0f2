import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Configure } from '../command';
import { type GradingContext, loadGradingContext } from '../grading/context';
import { actionFile, assertMadeFor, notesOf } from '../hosts/github/action';
import { graderFolder } from '../place';
import { isOnActions } from '../render/escape/actions';
import { gradeForJest, type JestRun } from './grade';

/** Whether this program lies where GitHub runs it as an action: without arguments, and with its rubric and key. */
export function isAction(): boolean {
  return isOnActions(process.env) && existsSync(path.join(graderFolder, actionFile));
}

/** Grades the checkout that GitHub starts an action in, by the rubric and the key beside this program. */
export const configureAction: Configure = (command, context) =>
  command.addHelpText('after', '\nExit status: as that of autograde.').action(async () => {
    const { courseRoot, print } = context;
    const loadContext = (): GradingContext => {
      const own = loadGradingContext(graderFolder);
      assertMadeFor(own, process.env);
      return own;
    };
    const left = await gradeForJest(courseRoot, { loadContext, notes: notesOf(graderFolder, process.env) });
    const { text, tests, hostNotified } = JSON.parse(readFileSync(left, 'utf8')) as JestRun;
    print(text);
    if (tests.some(({ failure }) => failure !== undefined)) context.status = 1;
    if (!hostNotified) context.status = 2;
  });
