import { type Static, Type } from '@sinclair/typebox';
import { HintSchema } from '../../key/key.schema';
import { MessageSchema, RawSchema } from '../../message.schema';
import { ReportSchema } from '../../report/report.schema';

const closed = { additionalProperties: false };

const statuses = ['graded', 'not started', 'no submission', 'failed'] as const;

/** One student of a graded class: a line of `results.jsonl`. */
export const GradedSchema = Type.Object(
  {
    login: Type.String({ description: "The roster's; else what the folder's name says." }),
    key: Type.String({ description: 'The login in lower case, or what stands for it; unique in a class.' }),
    status: Type.Unsafe<(typeof statuses)[number]>({
      type: 'string',
      enum: statuses,
      description: 'failed: the grader itself failed on it, which is no zero.',
    }),
    enrolled: Type.Boolean({ description: 'Whether the roster knows the student, or there is no roster.' }),
    folder: Type.Optional(Type.String({ description: 'The folder that the grade comes from.' })),
    repository: Type.Optional(Type.String({ description: 'Its page on GitHub.' })),
    submitted: Type.Optional(Type.String({ description: 'When that was committed, as a commit claims it.' })),
    points: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description: 'The grade of record; null where there is none.',
    }),
    adjustments: Type.Array(
      Type.Object(
        {
          is: Type.Unsafe<'late' | 'override'>({ type: 'string', enum: ['late', 'override'] }),
          why: Type.String(),
          points: Type.Integer(),
        },
        closed,
      ),
      {
        description: 'What changed the points of the Report, each with its reason.',
      },
    ),
    overridden: Type.Optional(Type.Literal(true)),
    report: Type.Optional(ReportSchema),
    responses: Type.Array(Type.Object({ question: Type.String(), text: RawSchema }, closed)),
    untouched: Type.Optional(Type.Literal(true, { description: 'The reflection is as it was handed out.' })),
    first: Type.Array(
      Type.Object(
        {
          row: Type.String(),
          cells: Type.Array(
            Type.Object({ column: Type.String(), value: Type.Integer(), right: Type.Boolean() }, closed),
          ),
          hint: Type.Optional(HintSchema),
        },
        closed,
      ),
      { description: 'For each row, the first answer that was complete when it was committed.' },
    ),
    warnings: Type.Array(MessageSchema, { description: 'For the instructor. They cost nothing.' }),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Graded',
    description: 'One student of a graded class.',
    ...closed,
  },
);

export type Graded = Static<typeof GradedSchema>;
