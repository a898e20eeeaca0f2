import { message } from '../../message';
import type { Version } from '../histories/versions';
import type { Download } from '../members/download';
import type { Match } from '../members/owners';
import type { Collected } from '../members/source';
import type { Grading } from './graded-class';
import { type Note, note, noteFrom } from './note';

// Facts that a person must know of a submission, and of a version of it: whose it is, and when it was handed in.

export const cutOff = note(
  'times',
  'history/cut',
  'This clone lacks a part of the history, which may hold work on time. Run git fetch --unshallow there, and grade again.',
);

export const unreadAdvice = message(
  'class/unread-work',
  'Your work could not be read, which costs you nothing. Write to your instructors; they were told why.',
);

/** The notes on a submission, whatever its versions hold. */
export function notesOnSubmission({ submission, unknown }: Match, grading: Grading): Note[] {
  const alsoBy = unknown.map((owner) =>
    message(
      'download/unknown',
      '{owner} also handed this in, but cannot be matched to the roster. Add them to the roster.',
      { owner: owner.login || owner.email || owner.name || '' },
    ),
  );
  return [
    ...[...submission.remarks, ...alsoBy].map(noteFrom('others')),
    ...notesOfRecord(submission, grading),
  ];
}

/** When a student handed in, which Moodle says not in its download but in its worksheet. */
export function handedInOn(host: Download | undefined, { course, student }: Grading) {
  const { timezone = 'UTC' } = course.file.deadline ?? {};
  return host?.handedInOf?.(student, timezone);
}

/** Whether it is the host's record, which the roster is, that says when a submission was handed in. */
export function isDatedByRecord({ source, submittedAt }: Collected, { roster, student }: Grading): boolean {
  const { host } = source;
  return (
    student !== undefined && submittedAt === undefined && !!host.handedInOf && roster?.host?.id === host.id
  );
}

function notesOfRecord({ source: { host } }: Collected, grading: Grading): Note[] {
  const draft = `${host.title} says that this is a draft and was not submitted. It is graded as it is.`;
  return handedInOn(host, grading)?.state === 'draft' ? [note('others', 'download/draft', draft)] : [];
}

/** Why the time of a version is not known, where lateness depends on it, and what the source may lack. */
export function notesOnVersion(
  { found, doubt, label, outside }: Version,
  submission: Collected,
  grading: Grading,
): Note[] {
  const { source } = submission;
  const { course } = grading;
  const { size } = found.files;
  const { ofOneFile } = source.host;
  if (ofOneFile !== undefined && course.rubric.reflection && size === 1)
    return [note('others', 'download/attempt', ofOneFile)];
  if (doubt === 'future' || doubt === 'backwards') {
    const clock = `The time of ${label} is in the future, or before that of a commit it builds on. It counts without lateness or cutoff.`;
    return [note(doubt === 'future' ? 'future' : 'times', `history/${doubt}`, clock)];
  }
  const hasTimes = source.hasTimes || isDatedByRecord(submission, grading);
  const dependsOnTime = course.file.deadline && hasTimes && size > 0 && !outside;
  if (doubt !== 'unknown' || !dependsOnTime) return [];
  const said = handedInOn(source.host, grading);
  if (said && said.at === undefined) {
    const unread = `${source.host.title} says that this was handed in on {when}, which is not read, so it does not count as late.`;
    return [note('noTimes', 'download/time', unread, { when: said.text })];
  }
  const text = 'It is unknown when this was handed in, so it does not count as late.';
  return [note('noTimes', 'class/no-time', text)];
}
