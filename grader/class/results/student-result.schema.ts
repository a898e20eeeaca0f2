import { type Static, Type } from '@sinclair/typebox';
import { GradedRowSchema, GradedTableSchema, ReportSchema } from '../../grading/report.schema';
import { type Message, message } from '../../message';
import { MessageSchema, UntrustedSchema } from '../../message.schema';
import { matchedBy, StudentSchema } from '../members/people';

const closed = { additionalProperties: false };

/** Topics of warnings, by the action that they need from the instructor. */
const reviewTopics = [
  'dispute',
  'failed',
  'versions',
  'instead',
  'found',
  'syntax error',
  'elsewhere',
  'ambiguous',
  'unknown',
  'no login',
  'twice',
  'after cutoff',
  'no time',
  'clock',
  'download',
  'history',
  'file',
  'reflection',
] as const;

export type ReviewTopic = (typeof reviewTopics)[number];

/** From that of no work to that of work which only a person can judge: of two submissions, the later in this list counts. */
export const statuses = [
  'no login',
  'no submission',
  'not started',
  'after cutoff',
  'graded',
  'failed',
  'undecided',
] as const;

const points = Type.Integer({ minimum: 0 });
/** Null where there are none. */
const pointsIfAny = Type.Union([points, Type.Null()]);
const text = Type.String();
const oneOf = <Name extends string>(names: readonly Name[]) =>
  Type.Unsafe<Name>({ type: 'string', enum: names });
const isSo = Type.Literal(true);

const WarningSchema = Type.Object({ ...MessageSchema.properties, topic: oneOf(reviewTopics) }, closed);

/** Something that needs review by the instructor. */
export type Warning = Static<typeof WarningSchema>;

/** Makes warnings of one topic from messages. */
export function about(topic: ReviewTopic) {
  return (message: Message): Warning => ({ ...message, topic });
}

export function warning(topic: ReviewTopic, ...said: Parameters<typeof message>) {
  return about(topic)(message(...said));
}

const AdjustmentSchema = Type.Object(
  {
    kind: oneOf(['late', 'override', 'no submission']),
    reason: text,
    before: pointsIfAny,
    after: points,
    /** Of lateness, even if there were fewer points to lose. */
    cost: Type.Optional(points),
  },
  closed,
);

/** A change to the points of a Report. */
export type Adjustment = Static<typeof AdjustmentSchema>;

/** What may be known of a student, beside what always is. */
const MoreSchema = Type.Partial(
  Type.Object({
    student: StudentSchema,
    group: text,
    /** The submission that the grade comes from. */
    folder: text,
    source: text,
    /** Canvas's prefix for files that go back. */
    returnsAs: text,
    matched: oneOf(matchedBy),
    shared: isSo,
    repository: text,
    /** As a commit claims it. */
    submitted: text,
    earlier: isSo,
    extension: text,
    overridden: isSo,
    /** What answers that a slip hides would earn once it is corrected. It does not count. */
    corrected: Type.Object({ line: Type.Integer({ minimum: 1 }), points }, closed),
    report: ReportSchema,
    /** What the student says of a mark. */
    dispute: UntrustedSchema,
    /**
     * For each row, the first answer that was complete: what the student thought before any feedback. Missing unless the
     * history has two versions or more.
     */
    first: Type.Object({ tables: Type.Array(GradedTableSchema), rows: Type.Array(GradedRowSchema) }, closed),
    /** What each combination of versions that differ would earn, lateness included. */
    choices: Type.Array(Type.Object({ files: Type.Array(text), points }, closed)),
    /** What the student reads where there are no points. */
    advice: Type.Array(MessageSchema),
  }),
);

/** One student of a graded class: a line of `results.jsonl`. */
export const StudentResultSchema = Type.Object(
  {
    /** The roster's; else what the submission is called. */
    login: text,
    /** The login in lower case, or what stands for it; unique in a class. */
    key: text,
    /**
     * Whether a student has work that counts, and if not, why. Where it is failed or undecided, a person has to look or to choose, and it is no zero. Where it is no login, no
     * folder can be found for the student.
     */
    status: oneOf(statuses),
    /** Whether the roster knows the student, or there is no roster. */
    enrolled: Type.Boolean(),
    points: pointsIfAny,
    /** Changes to the points of the Report, in order. */
    adjustments: Type.Array(AdjustmentSchema),
    /** The question is an empty text for what stands under none. */
    responses: Type.Array(Type.Object({ question: text, text: UntrustedSchema }, closed)),
    /** For the instructor to review. They cost nothing. */
    warnings: Type.Array(WarningSchema),
    ...MoreSchema.properties,
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Student result',
    ...closed,
  },
);

export type StudentResult = Static<typeof StudentResultSchema>;
