import { type Static, Type } from '@sinclair/typebox';
import { type Advice, type Message, message } from '../../message';
import { byName, MessageSchema, oneOf, record, text, withDescription } from '../../schema';

/** A kind of note: a section of the follow-up page. */
interface NoteKind {
  readonly heading: string;
  /** The advice to an instructor who reads notes of this kind. */
  readonly whatToDo: string;
  /** How it appears in a table, if that needs an explanation. */
  readonly byLine?: string;
  /** Whether work with this kind of note may be worth all points, because nobody knows until a person has looked. */
  readonly mayBeWorthAll?: boolean;
  /** Whether there is nothing for a person to decide: ever, or if the student has all points. */
  readonly isSettled?: boolean | 'beside all points';
  /** The reason in a line for `overrides.csv` that keeps the points until a person writes others, if it is proposed. */
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
      'The grader now computes different points, and those count. The proposed decision repeats the old one.',
  },
  disputed: {
    heading: 'Disputed marks',
    whatToDo:
      'Read what they wrote. If a student is right, give the points, and treat everybody with that answer alike.',
    byLine:
      'The line keeps the points. To give other points, write them into the line, and add the answer to solution/. To reply, add a line login,text to comments.csv.',
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
    byLine:
      'The line takes the version with the most points. To take another, write its points and its name.',
  },
  unmatched: {
    heading: 'Not matched to a student',
    whatToDo: 'If a student or a login is missing from the roster, add it there.',
    byLine: 'After the first comma, write the login, number, e-mail address or group, or - for nobody.',
  },
  teams: {
    heading: 'Teams that may be missing somebody',
    whatToDo:
      'A student without work gets no zero until you decide. The proposed decision gives the work to the whole group. Take out anybody who had no part in it.',
  },
  unread: {
    heading: 'Not fetched or not read',
    whatToDo: 'No points does not mean a zero. Look at what was handed in.',
    byLine:
      'Fetch or download it again, or open the student’s folder. To set points, add a line login,total,,reason to overrides.csv.',
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
  worth: {
    heading: 'Corrections whose points changed',
    whatToDo: 'They earned different points in the earlier run, so what was decided then may no longer hold.',
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

const LineSchema = record({
  table: withDescription('The table that it is for.', text),
  cells: withDescription('By column.', byName(text)),
});

/** A line of a table that an instructor fills in. The next run accepts it as it is. */
export interface Line extends Readonly<Static<typeof LineSchema>> {
  /** The line of the table that it replaces, if a person has only one: where that is, and how it names them. */
  readonly replaces?: { readonly line: number; readonly login: string } | undefined;
}

export const NoteSchema = record({
  ...MessageSchema.properties,
  kind: oneOf(noteKindEntries.map(([kind]) => kind)),
  was: withDescription(
    'A code made of what the note is about. A line of `overrides.csv` has the code once a person has looked; a note without a code opens nothing.',
    Type.Optional(text),
  ),
  lines: withDescription('Lines that a person may copy.', Type.Optional(Type.Array(LineSchema))),
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
