import { type Static, Type } from '@sinclair/typebox';
import { type Advice, type Message, message } from '../../message';
import { MessageSchema, oneOf, record, text, withDescription } from '../../schema';

/** A kind of note: a section of the follow-up page. */
interface NoteKind {
  readonly heading: string;
  /** The advice to an instructor who reads notes of this kind. */
  readonly whatToDo: string;
  /** Whether work with this kind of note may be worth all points, because nobody knows until a person has looked. */
  readonly mayBeWorthAll?: boolean;
  /** Whether there is nothing for a person to decide: ever, or if the student has all points. */
  readonly isSettled?: boolean | 'beside all points';
  /** The reason of a decision that keeps the points, if that is proposed. */
  readonly keeping?: string;
}

/** The kinds of notes, the most urgent first. */
const kinds = {
  conflict: {
    heading: 'Decisions that differ',
    whatToDo:
      'Two people decided different things about one student. Until one of them counts, there are no points.',
  },
  changedAtHost: {
    heading: 'Changed by hand at the host',
    whatToDo:
      'Neither this run nor one before it in this folder wrote these grades: a person did, or a run elsewhere. The upload leaves them out until you choose.',
  },
  lapsed: {
    heading: 'Decisions that no longer hold',
    whatToDo:
      'The grader now computes different points, or the work that counts is another. What it computes counts until you decide.',
  },
  table: {
    heading: 'Lines of a table to look at',
    whatToDo:
      'They count. But each says something else than a decision, or gives fewer points than the grader computes.',
  },
  disputed: {
    heading: 'Disputed marks',
    whatToDo:
      'Read what they wrote. If a student is right, give the points, and treat everybody with that answer alike.',
    mayBeWorthAll: true,
    keeping: 'Disputed mark checked',
  },
  typos: {
    heading: 'Answers that were not counted',
    whatToDo:
      'The proposed decision gives the points with the corrections that the student is shown. If no correction is known, it keeps the points.',
    keeping: 'File looked at',
  },
  versions: {
    heading: 'Versions that differ',
    whatToDo: 'None of them counts until you choose.',
  },
  unmatched: {
    heading: 'Not matched to a student',
    whatToDo: 'If a student or a login is missing from the roster, add it there.',
  },
  teams: {
    heading: 'Teams that may be missing somebody',
    whatToDo:
      'A student without work gets no zero until you decide. The proposed decision gives the work to the whole group. Take out anybody who had no part in it.',
  },
  unread: {
    heading: 'Not fetched or not read',
    whatToDo:
      'No points does not mean a zero. Look at what was handed in; fetch or download it again, or give points.',
    mayBeWorthAll: true,
  },
  times: {
    heading: 'Odd times and histories',
    whatToDo:
      'For work after the cutoff, the proposed decision extends the due date to the minute when the work came, so that lateness costs nothing. For a later due date at the host, it extends to that date. For a time in doubt, it keeps the points.',
    keeping: 'Time checked',
  },
  future: {
    heading: 'Times in the future',
    whatToDo:
      'They do not count as late. If many are listed, the clock of this machine may be wrong. The proposed decision keeps the points.',
    keeping: 'Time checked',
  },
  noTimes: {
    heading: 'Unknown times',
    whatToDo: 'They do not count as late. Compare them with the times at the host.',
  },
  owners: {
    heading: 'Somebody who is not on the roster',
    whatToDo: 'They handed it in as well. If they are in the class, add them to the roster.',
  },
  others: {
    heading: 'Other remarks',
    whatToDo: 'The points may be right as they are.',
    isSettled: 'beside all points',
  },
  places: {
    heading: 'A file in another place counts',
    whatToDo: 'There is nothing to decide: the file that is filled in counts.',
    isSettled: true,
  },
  earlier: {
    heading: 'An earlier version counts',
    whatToDo: 'There is nothing to decide: the version with the most points counts.',
    isSettled: true,
  },
} as const satisfies Readonly<Record<string, NoteKind>>;

export type NoteKindName = keyof typeof kinds;

export const noteKinds: Readonly<Record<NoteKindName, NoteKind>> = kinds;

/** The kinds in their order, each with its name. */
export const noteKindEntries = Object.entries(noteKinds) as [NoteKindName, NoteKind][];

export const NoteSchema = record({
  ...MessageSchema.properties,
  kind: oneOf(noteKindEntries.map(([kind]) => kind)),
  subject: withDescription(
    'A code made of the content that the note is about. A decision has the code if that was looked at.',
    Type.Optional(text),
  ),
  extendTo: withDescription('A due date that a person may grant, in ISO format.', Type.Optional(text)),
  shares: withDescription(
    'Submissions of others that may be the student’s, too; each with a code made of everything in it.',
    Type.Optional(Type.Array(record({ submission: text, content: Type.Optional(text) }))),
  ),
});

/** A fact that a person has to know about a student's work, or about an unmatched submission. */
export type Note = Static<typeof NoteSchema>;

/** A note about nobody: something that the instructor has to know about the run as a whole. */
export interface RunNote {
  readonly text: string;
  /** Follows the text on the screen; no file has it. */
  readonly advice?: Advice;
  /** Whether it names people, files or places, which a page for the lecture must not show. */
  readonly hasNames?: boolean;
  /** Whether it gives the kind of a source; a page shows it where it lists sources. */
  readonly isKind?: boolean;
}

/** A note as somebody reads it on the screen, with what to do. */
export function withAdvice({ text, advice }: RunNote, reader: keyof Advice): string {
  return advice ? `${text} ${advice[reader]}` : text;
}

/** Makes notes of one kind from messages. */
export function noteFrom(kind: NoteKindName) {
  // A student's next step is not meant for an instructor.
  return ({ next: _, ...said }: Message): Note => ({ ...said, kind });
}

export function note(kind: NoteKindName, ...said: Parameters<typeof message>): Note {
  return noteFrom(kind)(message(...said));
}
