import { type Static, Type } from '@sinclair/typebox';
import { ReportSchema } from '../../grading/report.schema';
import { MessageSchema, UntrustedSchema } from '../../message.schema';
import { FirstAttemptsSchema } from '../histories/first-attempts';
import { type MatchedBy, matchedBy, StudentSchema } from '../members/people';
import { WarningSchema } from './warning.schema';

const closed = { additionalProperties: false };

export const statuses = [
  'graded',
  'not started',
  'no submission',
  'no login',
  'after cutoff',
  'undecided',
  'failed',
] as const;

/** Whether a student has work that counts, and if not, why. */
export type Status = (typeof statuses)[number];

const AdjustmentSchema = Type.Object(
  {
    kind: Type.Unsafe<'late' | 'override' | 'no submission'>({
      type: 'string',
      enum: ['late', 'override', 'no submission'],
    }),
    reason: Type.String(),
    before: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description: 'The points before; null where there were none.',
    }),
    after: Type.Integer({ minimum: 0, description: 'The points that count now.' }),
    cost: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'The cost of lateness, even if there were fewer points to lose.',
      }),
    ),
  },
  closed,
);

/** A change to the points of a Report. */
export type Adjustment = Static<typeof AdjustmentSchema>;

/** One student of a graded class: a line of `results.jsonl`. */
export const StudentResultSchema = Type.Object(
  {
    login: Type.String({ description: "The roster's; else what the folder's name says." }),
    key: Type.String({ description: 'The login in lower case, or what stands for it; unique in a class.' }),
    status: Type.Unsafe<Status>({
      type: 'string',
      enum: statuses,
      description:
        'failed: grading failed, which is not a zero. no login: the roster names none, so no folder can be found. after cutoff: there is work, and all of it came too late. undecided: there are versions that differ, and a person has to choose.',
    }),
    student: Type.Optional(StudentSchema),
    enrolled: Type.Boolean({ description: 'Whether the roster knows the student, or there is no roster.' }),
    group: Type.Optional(Type.String({ description: "The roster's; all of a group have one submission." })),
    folder: Type.Optional(
      Type.String({ description: 'The folder that the grade comes from, or what a download calls it.' }),
    ),
    source: Type.Optional(Type.String({ description: 'The folder or download that it is in.' })),
    returnsAs: Type.Optional(
      Type.String({ description: "Canvas's prefix for a file that goes back to whoever uploaded this." }),
    ),
    uploaded: Type.Optional(
      Type.Literal(true, { description: 'The host says that this student uploaded it.' }),
    ),
    matched: Type.Optional(
      Type.Unsafe<MatchedBy>({
        type: 'string',
        enum: matchedBy,
        description: 'How the submission was matched to this student.',
      }),
    ),
    shared: Type.Optional(
      Type.Literal(true, {
        description:
          'Others handed in the same submission, or it belongs to a group: what goes back to it has nothing of one of them alone.',
      }),
    ),
    repository: Type.Optional(Type.String({ description: 'Its page on GitHub.' })),
    submitted: Type.Optional(
      Type.String({
        description:
          'When that was committed, as a commit claims it; after the cutoff, when the newest work was.',
      }),
    ),
    earlier: Type.Optional(
      Type.Literal(true, { description: 'What counts is an earlier version than the newest.' }),
    ),
    extension: Type.Optional(
      Type.String({ description: 'When the work was due for this student, where that was later.' }),
    ),
    points: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description: 'The grade of record; null where there is none.',
    }),
    adjustments: Type.Array(AdjustmentSchema, {
      description: 'Changes to the points of the Report, in order, each with its reason.',
    }),
    overridden: Type.Optional(Type.Literal(true)),
    corrected: Type.Optional(
      Type.Object(
        {
          line: Type.Integer({ minimum: 1 }),
          points: Type.Integer({
            minimum: 0,
            description: 'The points that would count, lateness included.',
          }),
        },
        {
          description:
            'A slip keeps answers from being read, and this is what they earn after the one correction that the student is shown. It does not count.',
          ...closed,
        },
      ),
    ),
    report: Type.Optional(ReportSchema),
    responses: Type.Array(Type.Object({ question: Type.String(), text: UntrustedSchema }, closed), {
      description: 'question is an empty text for what stands under none.',
    }),
    dispute: Type.Optional(
      Type.Object(
        {
          text: UntrustedSchema,
          cells: Type.Array(Type.String(), {
            description: 'The cells it may be about, each with the typed text.',
          }),
        },
        { description: 'A mark that the student disputes.', ...closed },
      ),
    ),
    first: Type.Optional(FirstAttemptsSchema),
    choices: Type.Optional(
      Type.Array(
        Type.Object({ files: Type.Array(Type.String()), points: Type.Integer({ minimum: 0 }) }, closed),
        { description: 'What each combination of versions that differ would earn, lateness included.' },
      ),
    ),
    advice: Type.Optional(
      Type.Array(MessageSchema, { description: 'What the student reads where there are no points.' }),
    ),
    warnings: Type.Array(WarningSchema, {
      description: 'Points for the instructor to review. They cost nothing.',
    }),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Student result',
    description: 'One student of a graded class.',
    ...closed,
  },
);

export type StudentResult = Static<typeof StudentResultSchema>;

/** Whether a person set or changed the points. */
export function isSetByHand({ adjustments }: Pick<StudentResult, 'adjustments'>): boolean {
  return adjustments.some(({ kind }) => kind === 'override');
}

/** The points that the grader computed, before a person set any. */
export function computedPoints({
  points,
  adjustments,
}: Pick<StudentResult, 'points' | 'adjustments'>): number | null {
  const byHand = adjustments.find(({ kind }) => kind === 'override');
  return byHand ? byHand.before : points;
}
