import { type Message, message, quote, quoteList } from '../../message';
import { gradedCells } from '../../render/status';
import { groupBy } from '../../system/lists';
import { latenessOf, timeText } from '../histories/deadline';
import type { Version } from '../histories/versions';
import type { HandedIn } from '../members/moodle-worksheet';
import type { Collected } from '../members/source';
import type { MayOwn } from '../members/teams';
import type { NoteKindName } from './note-kinds';
import { afterLateness, type GradedVersion, prospectOf } from './points';
import type { Grading } from './run';
import { about, type OtherWork, type Warning, warning } from './student-result.schema';

// Facts on all of a student's work that a person must know: whose it is, when it was handed in, and what else there is.

export const noLogin = warning(
  'unmatched',
  'class/no-login',
  'Submissions are named by login, and the roster has none for this student.',
);

/** Texts around the names of submissions that may be a student's, too. */
const mayOwnTexts: Readonly<
  Record<MayOwn['why'], readonly [kind: NoteKindName, begin: string, end: string]>
> = {
  candidate: ['unmatched', 'May be theirs, and is not matched yet:', ''],
  partner: ['teams', 'Others of the group handed in', ' If it is theirs too, add the lines for matches.csv.'],
  section: [
    'teams',
    'A group of this name in another section handed in',
    ' If it is theirs too, add the lines for matches.csv.',
  ],
  apart: [
    'teams',
    'The members of the group handed in apart:',
    ' If they worked together, add the lines for matches.csv: the best counts for all.',
  ],
};

/** Says which submissions may be a student's, too. */
export function mayOwnWarning({ why, submissions }: MayOwn): Warning {
  const { text, quotes } = quoteList(submissions);
  const [kind, begin, end] = mayOwnTexts[why];
  return warning(kind, `class/${why}`, `${begin} ${text}.${end}`, quotes);
}

/** @param candidates whose a submission may be that belongs to nobody yet. */
export function unmatchedWarning(candidates: readonly string[]): Warning {
  const { text, quotes } = quoteList(candidates, ' or ');
  const decide = 'Write whose it is in matches.csv';
  return text === ''
    ? warning(
        'unmatched',
        'class/unknown',
        `This submission belongs to nobody on the roster. ${decide}, or add them to the roster.`,
      )
    : warning('unmatched', 'class/ambiguous', `This submission may belong to ${text}. ${decide}.`, quotes);
}

/** A warning about other work of the same submission than what counts. */
export function inVersion(remark: Warning, { which, label }: OtherWork): Warning {
  const work = which === 'newest' ? 'the newest work' : 'the work';
  return { ...remark, text: `In ${work} of ${label}: ${remark.text}`, of: label };
}

/** A warning about another submission than the one that counts. */
export function inSubmission(remark: Warning, name: string): Warning {
  return {
    ...remark,
    text: `In {work}: ${remark.text}`,
    quotes: { ...remark.quotes, work: quote(name) },
    of: name,
  };
}

export const cutOff = warning(
  'times',
  'history/cut',
  'This clone lacks a part of the history, which may hold work on time. Run git fetch --unshallow there, and grade again.',
);

/** Says which version counts, and what newest work beside it came to. */
export function newerRemark({ version, points }: GradedVersion, newer: OtherWork): Warning {
  const counts = `The version of ${version.label} counts, with ${points ?? 'no'} points`;
  return warning('earlier', 'history/earlier', `${counts}; newest work ${cameTo(newer, points ?? 0)}.`);
}

function cameTo({ which, label, most }: OtherWork, points: number) {
  if (which === 'after cutoff') return `of ${label} came after the cutoff`;
  return `in time, of ${label}, ${most > points ? `could be worth ${most} points` : 'earns no more'}`;
}

/** Says why the time of work is not known, where lateness depends on it, or what the source may lack. */
export function sourceRemarks(version: Version, { source }: Collected, { course }: Grading): Warning[] {
  const { size } = version.found.files;
  if (source.format.id === 'canvas' && course.rubric.reflection && size === 1)
    return [
      warning(
        'others',
        'download/attempt',
        'Canvas gives only the latest attempt, which lacks one of the two files. An earlier one may hold it.',
      ),
    ];
  if (version.earliest.doubt !== 'unknown') return clockRemarks(version);
  const dependsOnIt = course.file.deadline && source.hasTimes && size > 0;
  if (!dependsOnIt) return [];
  const text = 'It is unknown when this was handed in, so it does not count as late.';
  return [warning('noTimes', 'class/no-time', text)];
}

/** Says where Moodle gave another part of the points for the answers of an attempt, as it reads numbers in ways of its own. */
export function quizRemarks({ report }: GradedVersion, attempt: number, { attempts }: Collected): Warning[] {
  const cells = gradedCells(report);
  const possible = cells.reduce((sum, cell) => sum + cell.possible, 0);
  const earned = cells.reduce((sum, cell) => sum + (cell.points ?? 0), 0);
  const given = (attempts?.marks[attempt] ?? earned / possible) * possible;
  // Moodle rounds to two digits.
  if (Math.abs(given - earned) < 0.01) return [];
  // In the file that was made of the report, what is no plain number stands in quotes.
  const odd = cells.flatMap(({ outcome, sourceText = '' }) =>
    outcome === 'invalid' ? sourceText.replaceAll(/^'|'$/g, '') : [],
  );
  const { text, quotes } = quoteList(odd);
  const why = text === '' ? '' : ` It may have read ${text} as a number.`;
  const both = `Moodle gave ${Number(given.toFixed(2))} of ${possible} for these answers, and here they earn ${earned}.`;
  return [warning('others', 'class/quiz', `${both}${why} The grade is Moodle’s.`, quotes)];
}

/** Says what Moodle's worksheet has on a student's work beside when it was handed in, or that this cannot be read. */
export function worksheetRemarks({ text, at, isDraft }: HandedIn, { course }: Grading): Warning[] {
  const draft = 'Moodle says that this is a draft and was not submitted. It is graded as it is.';
  const unread =
    'Moodle says that this was handed in on {when}, which is not read, so it does not count as late.';
  const warnings: Warning[] = [];
  if (isDraft) warnings.push(warning('others', 'download/draft', draft));
  if (at === undefined && course.file.deadline)
    warnings.push(warning('noTimes', 'download/time', unread, { when: text }));
  return warnings;
}

/** Says that the time of a version is in doubt. */
export function clockRemarks({ earliest: { doubt }, label }: Version): Warning[] {
  if (doubt !== 'future' && doubt !== 'backwards') return [];
  const text = `The time of ${label} is in the future, or before that of the commit it builds on. It counts without lateness or cutoff.`;
  return [warning(doubt === 'future' ? 'future' : 'times', `history/${doubt}`, text)];
}

/** Work that does not count and would give more, or would have at an earlier time: of each kind the best version. */
export async function betterRemarks(
  graded: readonly GradedVersion[],
  counted: GradedVersion | undefined,
  grading: Grading,
): Promise<Warning[]> {
  const ways = await Promise.all(
    graded.map(async (version) => [
      ...lateWays(version, grading),
      ...(await outsideWays(version, counted, grading)),
    ]),
  );
  const better = ways
    .flat()
    .filter(({ points }) => points > (counted?.points ?? 0))
    .sort((one, other) => one.points - other.points);
  const best = [...groupBy(better, ({ why }) => why.code).values()].flatMap((same) => same.slice(-1));
  return best.map(({ why, points, isSure }) =>
    about('others')({
      ...why,
      text: `${why.text} ${isSure ? 'would give' : 'could be worth'} ${points} points.`,
    }),
  );
}

/** A reason why a version does not count in full; ends with the subject of a sentence about its points. */
interface BetterWay {
  readonly why: Message;
  readonly points: number;
  /** Whether nobody has to look first. */
  readonly isSure: boolean;
}

/** Work that is outside of what counts, or where students see no marks, was replaced by files that nobody filled in. */
async function outsideWays(
  graded: GradedVersion,
  counted: GradedVersion | undefined,
  grading: Grading,
): Promise<BetterWay[]> {
  const { version, report, isInTime, isStarted, points } = graded;
  const isReplaced = grading.course.rubric.selfCheck === 'form' && counted?.isStarted === false && isStarted;
  const text = `The version of ${version.label} was replaced by files that are not filled in, and does not count. It`;
  const why = version.outside ?? (isReplaced ? message('history/replaced', text) : undefined);
  // Work that came after the cutoff would give none.
  if (!why || !isInTime) return [];
  const { most, corrected } = await prospectOf(graded, grading);
  const isLost = report.state === 'missing' || report.reflection?.state === 'missing';
  // Work that lacks a file is worth no more for that: the file may never have been there.
  const worth = isLost ? Math.max(points ?? 0, corrected?.points ?? 0) : most;
  return [{ why, points: worth, isSure: worth === points }];
}

/** Work that is late, and was written or on another branch before. */
function lateWays(
  { version, report, late }: GradedVersion,
  { due, course: { rubric, file } }: Grading,
): BetterWay[] {
  const { outside, earliest, elsewhere, label } = version;
  if (outside || !late) return [];
  const ways: BetterWay[] = [];
  if (earliest.writtenAt <= due.graceEndsAt) {
    const text = `The version of ${label} was written on time, as its author’s clock says, and committed late. On time it`;
    const why = message('history/written-on-time', text);
    ways.push({ why, points: report.points ?? 0, isSure: true });
  }
  if (elsewhere && elsewhere.time <= due.closesAt) {
    const then = timeText(elsewhere.time, file.deadline);
    const text = `The version of ${label} was on a branch that is not merged at ${then}. At that time it`;
    const lateThen = latenessOf(due, elsewhere.time, rubric.possible);
    const why = message('history/earlier-branch', text);
    ways.push({ why, points: afterLateness(report.points, lateThen), isSure: true });
  }
  return ways;
}
