import path from 'node:path';
import { type CommentPlace, leaveForActions, refusalForActions } from '../actions/leave';
import type { GraderError } from '../error';
import { coloursShow } from '../report/colour';
import { guarded, isOnActions } from '../report/escape/actions';
import { json } from '../report/escape/json';
import { lines, plain, type TerminalText } from '../report/escape/terminal';
import type { Report } from '../report/report.schema';
import { renderTerminal } from '../report/terminal';
import { testsOf } from '../report/tests';
import type { Rubric } from '../rubric/rubric';
import { commentName, resultsName } from './left';
import type { Run } from './run';

/** Where a run works, and why nothing can be left in the course itself. */
export interface Place {
  readonly folder: string;
  readonly unwritable: string | undefined;
}

/** A graded worksheet as the suite and the reporter show it. */
export function run(
  report: Report,
  rubric: Rubric,
  { besideKey, unwritable }: { besideKey: boolean } & Pick<Place, 'unwritable'>,
): Run {
  const notes = [
    ...(besideKey && report.started ? [keyIsOpen] : []),
    ...(unwritable
      ? [plain(`Nothing is left in ${resultsName}/: this folder cannot be written to (${unwritable}).`)]
      : []),
  ];
  const sheet = renderTerminal(report, rubric, { colour: coloursShow() });
  const text = notes.reduce((shown, note) => lines([shown, note, plain('')]), sheet);
  return { text, tests: testsOf(report, rubric), isTold: true };
}

/** The same with what the host reads in the log; what it reads elsewhere is written on the way. */
export function withHosts(
  shown: Run,
  report: Report,
  rubric: Rubric,
  { besideKey, ...place }: { besideKey: boolean } & Place,
): Run {
  if (!isOnActions(process.env)) return shown;
  const { log, isTold } = leaveForActions(report, rubric, besideKey, commentPlace(place), process.env);
  return { ...shown, text: [guarded(shown.text), ...log].join('\n'), isTold };
}

/** The Report as a file for other programs. */
export function report(graded: Report): string {
  return `${json(graded)}\n`;
}

/** Why nothing could be graded. */
export function refusal(error: GraderError, place: Place): Run {
  const text = lines(error.lines.map(plain));
  const log = isOnActions(process.env)
    ? refusalForActions(error.lines, commentPlace(place), process.env)
    : undefined;
  return {
    text: log ? [guarded(text), ...log].join('\n') : text,
    tests: [{ title: 'The worksheet can be graded', failure: text }],
    isTold: false,
  };
}

/** The comment is written where the run works, and found where it is left. */
function commentPlace({ folder, unwritable }: Place): CommentPlace | undefined {
  if (unwritable) return undefined;
  return { file: path.join(folder, commentName), output: `${resultsName}/${commentName}` };
}

/** Said where somebody works on answers beside the key, as in a repository made of the instructor's own. */
const keyIsOpen: TerminalText = lines(
  [
    'Beware: this repository holds solution/, so whoever works in it can read the',
    'answer key. Students get the copy that npm run release makes.',
  ].map(plain),
);
