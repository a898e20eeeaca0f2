import { leaveForActions, refusalForActions } from '../actions/leave';
import type { GraderError } from '../error';
import { coloursShow } from '../report/colour';
import { guarded, isOnActions } from '../report/escape/actions';
import { json } from '../report/escape/json';
import { lines, plain, type TerminalText } from '../report/escape/terminal';
import type { Report } from '../report/report.schema';
import { renderTerminal } from '../report/terminal';
import { testsOf } from '../report/tests';
import type { Rubric } from '../rubric/rubric';
import type { Run } from './run';

/** A graded worksheet as the suite and the reporter show it. */
export function run(report: Report, rubric: Rubric, besideKey: boolean): Run {
  const sheet = renderTerminal(report, rubric, { colour: coloursShow() });
  const text = besideKey && report.started ? lines([sheet, keyIsOpen, plain('')]) : sheet;
  return { text, tests: testsOf(report, rubric) };
}

/** The same with what the host reads in the log; what it reads elsewhere is written on the way. */
export function withHosts(
  shown: Run,
  report: Report,
  rubric: Rubric,
  besideKey: boolean,
  folder: string,
): Run {
  if (!isOnActions(process.env)) return shown;
  const left = leaveForActions(report, rubric, besideKey, folder, process.env);
  return { ...shown, text: [guarded(shown.text), ...left].join('\n') };
}

/** The Report as a file for other programs. */
export function report(graded: Report): string {
  return `${json(graded)}\n`;
}

/** Why nothing could be graded. */
export function refusal(error: GraderError, folder: string): Run {
  const text = lines(error.lines.map(plain));
  const left = isOnActions(process.env) ? refusalForActions(error.lines, folder, process.env) : undefined;
  return {
    text: left ? [guarded(text), ...left].join('\n') : text,
    tests: [{ title: 'The worksheet can be graded', failure: text }],
  };
}

/** Said where somebody works on answers beside the key, as in a repository made of the instructor's own. */
const keyIsOpen: TerminalText = lines(
  [
    'Beware: this repository holds solution/, so whoever works in it can read the',
    'answer key. Students get the copy that npm run release makes.',
  ].map(plain),
);
