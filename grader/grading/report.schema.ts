import { type Static, Type } from '@sinclair/typebox';
import { HintSchema } from '../key/solution.schema';
import {
  ExcerptSchema,
  LocationSchema,
  MessageSchema,
  oneOf,
  ProblemSchema,
  record,
  UntrustedSchema,
  withDescription,
} from '../schema';
import { fileStates } from '../submission/submission';

// The single source of the type `Report` and of the published `report.schema.json`.

const flag = (description: string) => Type.Optional(Type.Literal(true, { description }));
const note = (description: string) => Type.Optional(Type.String({ description }));

const Points = Type.Integer({ minimum: 0 });
const PointsIfJudged = Type.Union([Points, Type.Null()], {
  description: 'null if there is no key to judge by, or no file that is certainly meant.',
});

const outcomeNames = ['correct', 'wrong', 'ungraded', 'blank', 'invalid'] as const;

export type Outcome = (typeof outcomeNames)[number];

const OutcomeSchema = oneOf(
  outcomeNames,
  'ungraded: well-formed, but there is no key to judge it. invalid: it cannot be read as an answer.',
);

const causeKinds = ['misconception', 'quantity', 'law', 'place'] as const;

/** The known cause of a wrong answer. */
const CauseSchema = record({
  kind: oneOf(causeKinds),
  ofRow: flag('It shows only in all answers of the row together.'),
  name: Type.String({
    description:
      'Ids of misconceptions, joined by +; what the number is; the law that is broken; or the row or cell where the answer belongs.',
  }),
});

const FileStateSchema = oneOf(
  fileStates,
  'misplaced: nothing in it counts, and what was probably meant cannot be read. refused: it is never read, such as a link. failed: it could not be read at the time. undecided: there are versions that differ, and none counts until it is clear which one is meant. With failed and undecided there are no points.',
);

const CellSchema = record({
  id: Type.String({ description: "The column's." }),
  label: Type.String({ description: 'Of row and column, for people.' }),
  name: note('Its name in its row, if that is not the label of its column.'),
  outcome: OutcomeSchema,
  points: PointsIfJudged,
  possible: Points,
  sourceText: Type.Optional(UntrustedSchema),
  value: Type.Optional(
    Type.Union([Type.Number(), Type.String()], {
      description: 'The value of the source text, in one notation.',
    }),
  ),
  shown: note('The value as people read it, if that says more: with a unit, or as it was typed.'),
  location: Type.Optional(LocationSchema),
  reason: Type.Optional(MessageSchema),
  excerpt: Type.Optional(ExcerptSchema),
  cause: Type.Optional(CauseSchema),
});

const GradedRowSchema = record({
  id: Type.String(),
  table: Type.String({ description: 'The name that its table is exported by.' }),
  label: Type.String(),
  heading: note('The heading above the row.'),
  cells: Type.Array(CellSchema, { description: 'Columns that the row does not have are left out.' }),
  explanation: note('Why the row is right, if all of it is.'),
});

const GradedTableSchema = record({
  export: Type.String({ description: 'The name that it is exported by.' }),
  label: note('The label above it.'),
  columns: Type.Array(record({ id: Type.String(), label: Type.String() })),
  wide: flag('Its answers are too long to fit side by side in a terminal.'),
  hint: Type.Optional(HintSchema),
});

const ResponseSchema = record({
  id: Type.String({ description: "The question's." }),
  label: Type.String({ description: 'The question.' }),
  answered: Type.Boolean(),
  location: Type.Optional(LocationSchema),
});

const ReflectionSchema = record({
  file: Type.String(),
  state: FileStateSchema,
  points: PointsIfJudged,
  possible: Points,
  choose: Type.Integer({ minimum: 1, description: 'How many responses count.' }),
  present: Type.Boolean({ description: 'The file is there and holds at least one response.' }),
  untouched: flag('The file is there, and nothing is written in it.'),
  remark: Type.Optional(MessageSchema),
  reason: Type.Optional(MessageSchema),
  responses: Type.Array(ResponseSchema, { description: 'One entry per question.' }),
  disputed: flag('The student says that something right is marked wrong.'),
  unsorted: Type.Array(record({ location: LocationSchema }), {
    description: 'Text that is under no question, or below a response, and still counts as a response.',
  }),
});

export const ReportSchema = record(
  {
    version: Type.Literal(12),
    title: Type.String(),
    rubric: Type.String({ description: 'SHA-256 of the rubric it was graded by.' }),
    key: Type.String({ description: 'Kind of the answer key, and its SHA-256 where there is one.' }),
    points: PointsIfJudged,
    possible: Points,
    due: Type.Optional(
      Type.Array(Type.String(), {
        description: 'When work is due and what lateness costs, in a sentence each, if there is a deadline.',
      }),
    ),
    handIn: Type.Optional(
      Type.Array(Type.String(), {
        description: 'The addresses at which work is handed in, if there are any.',
      }),
    ),
    started: Type.Boolean({ description: 'false: nothing has been filled in yet.' }),
    file: Type.String({ description: 'The file with the answers, where it was found.' }),
    state: FileStateSchema,
    remarks: Type.Array(MessageSchema, {
      description: 'Remarks on where the files were found. They cost nothing.',
    }),
    unreadable: flag('No cell could be read; the problems say why.'),
    problems: Type.Array(ProblemSchema, { description: "Problems with the answers' file as a whole." }),
    outside: Type.Optional(
      withDescription('Where there is work that no cell reads, in any of the files.', ProblemSchema),
    ),
    tables: Type.Array(GradedTableSchema, {
      description: 'The tables of the worksheet, and what is said about each as a whole.',
    }),
    rows: Type.Array(GradedRowSchema, { description: 'The rows of all tables, in the order of the rubric.' }),
    reflection: Type.Optional(ReflectionSchema),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Report',
    description: 'A graded submission. Everything that shows a grade is rendered from one.',
  },
);

export type Cause = Static<typeof CauseSchema>;
export type GradedTable = Static<typeof GradedTableSchema>;
export type GradedCell = Static<typeof CellSchema>;
export type GradedRow = Static<typeof GradedRowSchema>;
export type GradedReflection = Static<typeof ReflectionSchema>;
export type Report = Static<typeof ReportSchema>;

/** The tables of a Report and their rows. */
export type GradedTables = Pick<Report, 'tables' | 'rows'>;
