import { type Message, message, quote, quoteList } from '../../message';
import { latenessOf, timeText } from '../histories/deadline';
import type { Version } from '../histories/versions';
import type { Submission } from '../members/source';
import type { MayOwn } from '../members/teams';
import { afterLateness, type GradedVersion } from './points';
import type { Grading } from './run';
import { about, type OtherWork, type ReviewTopic, type Warning, warning } from './student-result.schema';

// What a person must know of a student's work as a whole: whose it is, when it was handed in, and what else there is.

export const noLogin = warning(
  'no login',
  'class/no-login',
  'Submissions are named by login, and the roster has none for this student.',
);

/** What is said where submissions may be a student's, too, around their names. */
const mayOwnTexts: Readonly<
  Record<MayOwn['why'], readonly [topic: ReviewTopic, begin: string, end: string]>
> = {
  candidate: ['ambiguous', 'May be theirs, and is not matched yet:', ''],
  partner: ['team', 'Others of the group handed in', ' If it is theirs too, add the lines for matches.csv.'],
  section: [
    'team',
    'A group of this name in another section handed in',
    ' If it is theirs too, add the lines for matches.csv.',
  ],
  apart: [
    'team',
    'The members of the group handed in apart:',
    ' If they worked together, add the lines for matches.csv: the best counts for all.',
  ],
};

/** Says which submissions may be a student's, too. */
export function mayOwnWarning({ why, submissions }: MayOwn): Warning {
  const { text, quotes } = quoteList(submissions);
  const [topic, begin, end] = mayOwnTexts[why];
  return warning(topic, `class/${why}`, `${begin} ${text}.${end}`, quotes);
}

/** @param candidates whose a submission may be that belongs to nobody yet. */
export function unmatchedWarning(candidates: readonly string[]): Warning {
  const { text, quotes } = quoteList(candidates, ' or ');
  const decide = 'Write whose it is in matches.csv';
  return text === ''
    ? warning(
        'unknown',
        'class/unknown',
        `This submission belongs to nobody on the roster. ${decide}, or add them to the roster.`,
      )
    : warning('ambiguous', 'class/ambiguous', `This submission may belong to ${text}. ${decide}.`, quotes);
}

/** A warning about other work of the same submission than what counts. */
export function inVersion(said: Warning, { which, label }: OtherWork): Warning {
  const work = which === 'newest' ? 'the newest work' : 'the work';
  return { ...said, text: `In ${work} of ${label}: ${said.text}`, of: label };
}

/** A warning about another submission than the one that counts. */
export function inSubmission(said: Warning, name: string): Warning {
  return {
    ...said,
    text: `In {work}: ${said.text}`,
    quotes: { ...said.quotes, work: quote(name) },
    of: name,
  };
}

export const cutOff = warning(
  'history',
  'history/cut',
  'This clone lacks a part of the history, which may hold work on time. Run git fetch --unshallow there, and grade again.',
);

/** Says that an earlier version counts, and what the newer one came to. */
export function earlierRemark({ version, points }: GradedVersion, newer: OtherWork): Warning {
  const counts = `The version of ${version.label} counts with ${points} points`;
  return warning('history', 'history/earlier', `${counts}; the newest work ${cameTo(newer, points ?? 0)}.`);
}

function cameTo({ which, label, most }: OtherWork, points: number) {
  if (which === 'after cutoff') return `of ${label} came after the cutoff`;
  return `in time, of ${label}, ${most > points ? `could be worth ${most} points` : 'earns no more'}`;
}

/** Says why the time of work is not known, where lateness depends on it, or what the source may lack. */
export function sourceRemarks(
  { found: { files }, earliest: { doubt }, label }: Version,
  { source }: Submission,
  { course }: Grading,
): Warning[] {
  if (source.format.id === 'canvas' && course.rubric.reflection && files.size === 1)
    return [
      warning(
        'download',
        'download/attempt',
        'Canvas gives only the latest attempt, which lacks one of the two files. An earlier one may hold it.',
      ),
    ];
  if (doubt === 'future' || doubt === 'backwards')
    return [
      warning(
        doubt === 'future' ? 'clock' : 'history',
        `history/${doubt}`,
        `The time of ${label} is in the future, or before that of the commit it builds on. It counts without lateness or cutoff.`,
      ),
    ];
  const isUnknown = doubt === 'unknown' && course.file.deadline && source.hasTimes && files.size > 0;
  if (!isUnknown) return [];
  const text = 'It is unknown when this was handed in, so it does not count as late.';
  return [warning('no time', 'class/no-time', text)];
}

/** Work that does not count and would give more, or would have at an earlier time: of each kind the best version. */
export function betterRemarks(
  graded: readonly GradedVersion[],
  counted: GradedVersion | undefined,
  grading: Grading,
): Warning[] {
  const better = graded
    .flatMap((version) => betterWays(version, grading))
    .filter(({ points }) => points > (counted?.points ?? 0))
    .sort((one, other) => one.points - other.points);
  // Of each kind the last stays, which is the best.
  return [...new Map(better.map((way) => [way.why.code, way])).values()].map(({ why, points }) =>
    about('elsewhere')({ ...why, text: `${why.text} would give ${points} points.` }),
  );
}

/** A reason why a version does not count in full; ends with the subject of a sentence about its points. */
interface BetterWay {
  readonly why: Message;
  readonly points: number;
}

function betterWays(
  { version, report, points, late, isInTime }: GradedVersion,
  { due, course: { rubric, file } }: Grading,
): BetterWay[] {
  const { outside, earliest, elsewhere, label } = version;
  // What came after the cutoff would give none.
  if (outside) return isInTime ? [{ why: outside, points: points ?? 0 }] : [];
  if (!late) return [];
  const ways: BetterWay[] = [];
  if (earliest.writtenAt <= due.graceEndsAt) {
    const text = `The version of ${label} was written on time, as its author’s clock says, and committed late. On time it`;
    ways.push({ why: message('history/written-on-time', text), points: report.points ?? 0 });
  }
  if (elsewhere && elsewhere.time <= due.closesAt) {
    const then = timeText(elsewhere.time, file.deadline);
    const text = `The version of ${label} was on a branch that is not merged at ${then}. At that time it`;
    const lateThen = latenessOf(due, elsewhere.time, rubric.possible);
    ways.push({
      why: message('history/earlier-branch', text),
      points: afterLateness(report.points, lateThen),
    });
  }
  return ways;
}
