import { type Static, Type } from '@sinclair/typebox';
import { CauseSchema, GradedRowSchema, GradedTableSchema } from '../../grading/report.schema';

const closed = { additionalProperties: false };

export const FirstAttemptsSchema = Type.Object(
  {
    tables: Type.Array(GradedTableSchema),
    rows: Type.Array(GradedRowSchema),
  },
  {
    description:
      'The rows whose first answer was complete when it was committed, as far as there are any, as a Report has them; judged as a table. It is missing where there is no history.',
    ...closed,
  },
);

/** For each row, the first answer that was complete. */
export type FirstAttempts = Static<typeof FirstAttemptsSchema>;

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
