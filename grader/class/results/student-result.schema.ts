import { type Static, Type } from '@sinclair/typebox';
import { ReportSchema } from '../../grading/report.schema';
import { byName, MessageSchema, oneOf, record, text, UntrustedSchema, withDescription } from '../../schema';
import { matchedBy, StudentSchema } from '../members/people';
import { NoteSchema } from './note';

/** Whether a student has work that counts, and if not, why. */
export const statuses = [
  'no submission',
  'not started',
  'after cutoff',
  'graded',
  'not readable',
  'not fetched',
  'undecided',
] as const;

const points = Type.Integer({ minimum: 0 });
/** Null if there are no points. */
const pointsIfAny = Type.Union([points, Type.Null()]);
const isSo = Type.Literal(true);

/** A change to the points of a Report. */
const AdjustmentSchema = record({
  kind: oneOf(['late', 'override', 'no submission']),
  reason: text,
  before: pointsIfAny,
  after: points,
  cost: withDescription(
    'What lateness costs, even if there were fewer points to lose.',
    Type.Optional(points),
  ),
});

const adjustments = withDescription(
  'Changes to the points of the Report, in order.',
  Type.Array(AdjustmentSchema),
);
const responses = withDescription(
  'The question is empty for text that is under no question.',
  Type.Array(record({ question: text, text: UntrustedSchema })),
);

/** Facts that may be known about work, whether or not it counts. */
const workProperties = {
  most: withDescription(
    'The most that a person could find it to be worth, once it is corrected or chosen; all points if nobody knows.',
    Type.Optional(points),
  ),
  report: Type.Optional(ReportSchema),
  submitted: withDescription('As a commit or the host says.', Type.Optional(text)),
  dispute: withDescription(
    "The student's words about a mark. Escape them for wherever they are shown.",
    Type.Optional(UntrustedSchema),
  ),
  corrected: withDescription(
    'The points that the answers would earn with every correction that the student is shown, and the lines of those corrections. They do not count.',
    Type.Optional(record({ lines: Type.Array(Type.Integer({ minimum: 1 })), points })),
  ),
  choices: withDescription(
    'The points that each version, or combination of versions, that differ would earn, lateness included, and what else counts once it is chosen.',
    Type.Optional(
      Type.Array(
        record({
          files: Type.Array(text),
          points,
          report: Type.Optional(ReportSchema),
          responses,
          adjustments,
        }),
      ),
    ),
  ),
  advice: withDescription(
    'The advice that the student reads where there are no points.',
    Type.Optional(Type.Array(MessageSchema)),
  ),
  notes: withDescription('For the instructor to review. They cost nothing.', Type.Array(NoteSchema)),
};

/** Why we look at work that does not count. */
export const reasonsToLook = ['last', 'later', 'after cutoff', 'outside'] as const;

const OtherVersionSchema = record({
  why: oneOf(
    reasonsToLook,
    'last: the last work in time. later: it is not known to have come before, or what counts has no points. outside: it cannot count where it is.',
  ),
  label: withDescription('When it was handed in and in which commit, or the name of the submission.', text),
  points: pointsIfAny,
  ...workProperties,
  most: points,
});

/** A student's work besides what counts. */
export type OtherVersion = Static<typeof OtherVersionSchema>;

/** Facts about where work comes from. */
const originProperties = {
  folder: withDescription('The submission that the grade comes from.', Type.Optional(text)),
  source: Type.Optional(text),
  host: withDescription('The host whose download the source is, or `folders`.', Type.Optional(text)),
  returnsAs: withDescription('The name under which feedback goes back to Canvas.', Type.Optional(text)),
  matched: Type.Optional(oneOf(matchedBy)),
  shared: withDescription('Whether the submission is that of a team.', Type.Optional(isSo)),
  repository: Type.Optional(text),
  group: Type.Optional(text),
};

/** One student of a graded class: a line of `results.jsonl`. */
export const StudentResultSchema = record(
  {
    login: withDescription("The roster's; else what the submission is called.", text),
    key: withDescription('The login in lower case, or what stands for it; unique in a class.', text),
    status: withDescription(
      'If it is not readable, not fetched or undecided, a person has to look or choose; that is not a zero.',
      oneOf(statuses),
    ),
    points: pointsIfAny,
    adjustments,
    responses,
    student: StudentSchema,
    ...originProperties,
    ...workProperties,
    submissions: withDescription(
      "The names of all of the student's submissions, if there are several.",
      Type.Optional(Type.Array(text)),
    ),
    otherVersions: withDescription(
      'Work that does not count: the last, and whatever else could be worth more.',
      Type.Array(OtherVersionSchema),
    ),
    extension: withDescription(
      'When the work is due, if not on the due date of the class.',
      Type.Optional(text),
    ),
    content: withDescription('A code made of the work that counts.', Type.Optional(text)),
    override: withDescription(
      'The line of `overrides.csv`, or the decision, that set the points.',
      Type.Optional(
        Type.Union([
          record({ line: Type.Integer({ minimum: 2 }) }),
          record({ decision: text, by: text, at: text }),
        ]),
      ),
    ),
    lookedAt: withDescription(
      'What is closed by the decision that counts: the codes of what was looked at, and why it is right.',
      Type.Optional(record({ codes: Type.Array(text), reason: text })),
    ),
    onlyAtHost: withDescription(
      'What the host of the roster says about work that is not here, and when it was handed in, saved or reopened.',
      Type.Optional(record({ host: text, handedIn: text, state: oneOf(['submitted', 'draft', 'reopened']) })),
    ),
    exempt: withDescription(
      "Why the record of the roster's host has no grade for the student.",
      Type.Optional(oneOf(['excused', 'not assigned'])),
    ),
    gradesWritten: withDescription(
      'All points that this run and earlier ones wrote into a gradebook for the student.',
      Type.Optional(Type.Array(points)),
    ),
    pages: withDescription(
      'A digest of what the last page for the student said, by the archive of feedback that had it.',
      Type.Optional(byName(text)),
    ),
    lastListed: withDescription(
      'When the last run was started whose list has the student, if this one does not. Nothing else has changed since.',
      Type.Optional(text),
    ),
    changedAtHost: withDescription(
      "A grade in the record of the roster's host that no run wrote, so a person did. The points here differ.",
      Type.Optional(record({ host: text, grade: text })),
    ),
    zeroWaits: withDescription('Why there is no zero yet for missing work.', Type.Optional(text)),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Student result',
  },
);

export type StudentResult = Static<typeof StudentResultSchema>;

/** A submission that belongs to nobody: a line of `unmatched.jsonl`. */
export interface UnmatchedResult
  extends Pick<StudentResult, keyof typeof originProperties | keyof typeof workProperties> {
  /** The name of the submission. */
  readonly login: string;
  readonly key: string;
  readonly status: 'unmatched';
  readonly points: null;
  readonly adjustments: readonly never[];
  /** A code made of everything that was handed in, if that can be read. */
  readonly content: string | undefined;
  /** Whether nobody has said yet whose it is, or that it is nobody's. */
  readonly isOpen: boolean;
  /** The keys of students who may own it, at most nine of them. */
  readonly candidates: readonly string[];
}
