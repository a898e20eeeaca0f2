import { type Static, Type } from '@sinclair/typebox';
import { CauseSchema, GradedRowSchema, GradedTableSchema } from '../../grading/report.schema';

const closed = { additionalProperties: false };

export const FirstAttemptsSchema = Type.Object(
  {
    tables: Type.Array(GradedTableSchema),
    rows: Type.Array(GradedRowSchema),
    again: Type.Optional(
      Type.Object(
        {
          afterMarks: Type.Boolean({
            description: 'Whether there was a mark before for each of its rows, as the worksheet has them.',
          }),
          days: Type.Integer({ minimum: 0, description: 'Days between the last of these marks and it.' }),
          tables: Type.Array(GradedTableSchema),
          rows: Type.Array(GradedRowSchema),
        },
        {
          description: 'The second table, as it was when all of it was filled in for the first time.',
          ...closed,
        },
      ),
    ),
  },
  {
    description:
      'The rows whose first answer was complete when it was committed or marks were asked for it, as far as there are any, as a Report has them; judged as a table. It is missing where nothing tells of attempts.',
    ...closed,
  },
);

/** For each row, the first answer that was complete. */
export type FirstAttempts = Static<typeof FirstAttemptsSchema>;

export const AttemptsSourceSchema = Type.Object(
  {
    from: Type.Unsafe<'history' | 'file'>({
      type: 'string',
      enum: ['history', 'file'],
      description: 'The commits, or the file in which a students’ copy keeps attempts.',
    }),
    digest: Type.Optional(
      Type.String({
        description: 'Equal if all attempts are equal; missing if every mistake in them is a known idea.',
      }),
    ),
    leftOut: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Lines of that file that say nothing of this work.' }),
    ),
  },
  { description: 'The source of first answers, hints and misconceptions.', ...closed },
);

/** The source of the attempts. */
export type AttemptsSource = Static<typeof AttemptsSourceSchema>;

export const HintOutcomeSchema = Type.Object(
  {
    row: Type.String(),
    column: Type.String(),
    cause: CauseSchema,
    next: Type.Optional(
      Type.Unsafe<'correct' | 'wrong'>({
        type: 'string',
        enum: ['correct', 'wrong'],
        description: "The cell's next different answer; missing where there was none.",
      }),
    ),
  },
  closed,
);

/** A reason that was given for a wrong cell for the first time, and what came next. */
export type HintOutcome = Static<typeof HintOutcomeSchema>;

export const MisconceptionHistorySchema = Type.Object(
  {
    attempts: Type.Integer({ minimum: 0, description: 'How many states with other answers there are.' }),
    shown: Type.Array(
      Type.Object(
        {
          id: Type.String({ description: "The misconception's." }),
          at: Type.Array(Type.Integer({ minimum: 1 }), {
            description: 'Which of these states show it, counted from 1.',
          }),
        },
        closed,
      ),
    ),
  },
  { description: 'Which misconception was there when. It is missing where there is no history.', ...closed },
);

/** When each misconception was present. */
export type MisconceptionHistory = Static<typeof MisconceptionHistorySchema>;
