import { type Static, Type } from '@sinclair/typebox';
import { ReportSchema } from '../../grading/report.schema';
import { type Message, message } from '../../message';
import { MessageSchema, UntrustedSchema } from '../../message.schema';
import { oneOf, record, text } from '../../schema';
import { matchedBy, StudentSchema } from '../members/people';
import { type NoteKindName, noteKindEntries } from './note-kinds';

/** Whether a student has work that counts, and if not, why. */
export const statuses = [
  'no submission',
  'not started',
  'after cutoff',
  'graded',
  'failed',
  'undecided',
  'unmatched',
] as const;

const points = Type.Integer({ minimum: 0 });
/** Null where there are none. */
const pointsIfAny = Type.Union([points, Type.Null()]);
const isSo = Type.Literal(true);

const WarningSchema = record({
  ...MessageSchema.properties,
  kind: oneOf(noteKindEntries.map(([kind]) => kind)),
  /** The label of the other work that it is about, if it is not about what counts. */
  of: Type.Optional(text),
});

/** Something that needs review by the instructor. */
export type Warning = Static<typeof WarningSchema>;

/** Makes warnings of one kind from messages. */
export function about(kind: NoteKindName) {
  // A student's next step is no sentence for an instructor.
  return ({ next: _, ...message }: Message): Warning => ({ ...message, kind });
}

export function warning(kind: NoteKindName, ...said: Parameters<typeof message>) {
  return about(kind)(message(...said));
}

/** A change to the points of a Report. */
const AdjustmentSchema = record({
  kind: oneOf(['late', 'override', 'no submission']),
  reason: text,
  before: pointsIfAny,
  after: points,
  /** Of lateness, even if there were fewer points to lose. */
  cost: Type.Optional(points),
  /** Whether a person gave points more or less, and not all of them. */
  isAdjusted: Type.Optional(isSo),
});

/** Facts that may be known of work, whether or not it counts. */
const workProperties = {
  /** The most that a person can find it to be worth: once it is corrected or chosen, or all where nobody knows. */
  most: Type.Optional(points),
  report: Type.Optional(ReportSchema),
  /** As a commit claims it. */
  submitted: Type.Optional(text),
  /** The student's words about a mark. */
  dispute: Type.Optional(UntrustedSchema),
  /** The points that answers hidden by a slip would earn once it is corrected. They do not count. */
  corrected: Type.Optional(record({ line: Type.Integer({ minimum: 1 }), points })),
  /** The points that each version, or combination of versions, that differ would earn, lateness included. */
  choices: Type.Optional(Type.Array(record({ files: Type.Array(text), points }))),
  /** The advice that the student reads where there are no points. */
  advice: Type.Optional(Type.Array(MessageSchema)),
};

const OtherWorkSchema = record({
  /**
   * The newest work in time; the last work, where that came after the cutoff; newest work on a branch of its own, of
   * which a person chooses; the newest work on time, where students see no marks; or another submission.
   */
  which: oneOf(['newest', 'after cutoff', 'branch', 'on time', 'submission']),
  /** When it was handed in and in which commit, or the name of the submission. */
  label: text,
  points: pointsIfAny,
  ...workProperties,
  most: points,
});

/** Work of a student beside what counts. */
export type OtherWork = Static<typeof OtherWorkSchema>;

/** Facts that may be known of a student, beside those that always are. */
const MoreSchema = Type.Partial(
  Type.Object({
    student: StudentSchema,
    group: text,
    /** The submission that the grade comes from. */
    folder: text,
    source: text,
    /** The host whose download the source is, or `folders`. */
    host: text,
    /** Canvas's prefix for files that go back. */
    returnsAs: text,
    matched: oneOf(matchedBy),
    shared: isSo,
    repository: text,
    ...workProperties,
    /** The names of all submissions that are the student's, where there are several. */
    submissions: Type.Array(text),
    /** Whether there is work that is newer than what counts. */
    earlier: isSo,
    /** Newer work, and work that could be worth more than what counts. */
    otherWork: Type.Array(OtherWorkSchema),
    extension: text,
    overridden: isSo,
    /** Lines for `matches.csv` that a person may copy. */
    matchLines: Type.Array(record({ submission: text, login: text })),
    /** Whether a submission may be the student's that is not known to be, so that there is no zero. */
    mayHaveMore: isSo,
  }),
);

/** One student of a graded class: a line of `results.jsonl`. */
export const StudentResultSchema = record(
  {
    /** The roster's; else what the submission is called. */
    login: text,
    /** The login in lower case, or what stands for it; unique in a class. */
    key: text,
    /**
     * Whether a student has work that counts, and if not, why. Where it is failed or undecided, a person has to look
     * or to choose, and it is no zero. What is unmatched is no student but a submission that belongs to nobody yet.
     */
    status: oneOf(statuses),
    /** Whether the roster knows the student, or there is no roster. */
    enrolled: Type.Boolean(),
    points: pointsIfAny,
    /** Changes to the points of the Report, in order. */
    adjustments: Type.Array(AdjustmentSchema),
    /** The question is an empty text for what stands under none. */
    responses: Type.Array(record({ question: text, text: UntrustedSchema })),
    /** For the instructor to review. They cost nothing. */
    warnings: Type.Array(WarningSchema),
    ...MoreSchema.properties,
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Student result',
  },
);

export type StudentResult = Static<typeof StudentResultSchema>;
