import { type Static, Type } from '@sinclair/typebox';
import { HintSchema } from '../key/key.schema';
import { MessageSchema, PlaceSchema, RawSchema } from '../message.schema';

// One source of the type `Report` and of the published `report.schema.json`.

const closed = { additionalProperties: false };
const Points = Type.Integer({ minimum: 0 });
const PointsIfJudged = Type.Union([Points, Type.Null()], {
  description: 'null where no key is here to judge.',
});

const outcomes = ['correct', 'wrong', 'recorded', 'blank', 'invalid'] as const;

const OutcomeSchema = Type.Unsafe<(typeof outcomes)[number]>({
  type: 'string',
  enum: outcomes,
  description:
    'recorded: well-formed, and no key is here to judge it. invalid: it cannot be read as a number.',
});

const ProblemSchema = Type.Object({ why: MessageSchema, at: Type.Optional(PlaceSchema) }, closed);

const CellSchema = Type.Object(
  {
    row: Type.String(),
    column: Type.String(),
    outcome: OutcomeSchema,
    points: PointsIfJudged,
    possible: Points,
    typed: Type.Optional(RawSchema),
    value: Type.Optional(
      Type.Integer({ minimum: 1, description: 'The number that what was typed comes to.' }),
    ),
    at: Type.Optional(PlaceSchema),
    why: Type.Optional(MessageSchema),
    hint: Type.Optional(HintSchema),
  },
  closed,
);

const ResponseSchema = Type.Object(
  {
    question: Type.String(),
    answered: Type.Boolean(),
    warning: Type.Optional(MessageSchema),
    at: Type.Optional(PlaceSchema),
  },
  closed,
);

const ReflectionSchema = Type.Object(
  {
    points: PointsIfJudged,
    possible: Points,
    present: Type.Boolean({ description: 'The file is there and holds at least one response.' }),
    remark: Type.Optional(MessageSchema),
    why: Type.Optional(MessageSchema),
    responses: Type.Array(ResponseSchema),
    unsorted: Type.Array(Type.Object({ at: PlaceSchema, warning: Type.Optional(MessageSchema) }, closed), {
      description: 'Text that stands under no question and counts as responses all the same.',
    }),
  },
  closed,
);

export const ReportSchema = Type.Object(
  {
    version: Type.Literal(2),
    rubric: Type.String({ description: 'SHA-256 of the rubric it was graded by.' }),
    key: Type.String({ description: 'Kind of the answer key, and its SHA-256 where there is one.' }),
    points: PointsIfJudged,
    possible: Points,
    started: Type.Boolean({ description: 'false: nothing has been filled in yet.' }),
    problems: Type.Array(ProblemSchema, { description: "What is wrong with the answers' file as a whole." }),
    hint: Type.Optional(HintSchema),
    transposed: Type.Optional(
      Type.Literal(true, {
        description: 'Judged with rows and columns exchanged throughout, as the rubric allows.',
      }),
    ),
    cells: Type.Array(CellSchema, { description: 'One entry per cell, in the order of the rubric.' }),
    reflection: Type.Optional(ReflectionSchema),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Report',
    description: 'A graded submission. Everything that shows a grade is rendered from one.',
    ...closed,
  },
);

export type Problem = Static<typeof ProblemSchema>;
export type GradedCell = Static<typeof CellSchema>;
export type GradedReflection = Static<typeof ReflectionSchema>;
export type Report = Static<typeof ReportSchema>;
