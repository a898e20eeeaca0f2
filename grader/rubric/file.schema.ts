import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { KindDefinition } from '../kinds/kind';
import { kinds } from '../kinds/registry';
import { momentForm, momentPattern } from './moment';

/** The names that every object inherits, such as `constructor`. */
const everyObjects = Object.getOwnPropertyNames(Object.prototype).filter((name) => /^[a-z]\w*$/i.test(name));

const Id = Type.String({
  pattern: `^(?!(?:${everyObjects.join('|')})$)[a-z][A-Za-z0-9]*$`,
  maxLength: 40,
  description: 'a short name of letters and digits that starts with a lower-case letter, such as input',
});
const Text = Type.String({
  minLength: 1,
  maxLength: 300,
  pattern: '^[^\\r\\n]*$',
  description: 'some text on one line',
});
const Points = Type.Integer({
  minimum: 0,
  maximum: 1000,
  description: 'a whole number of points, 0 or more',
});
const File = Type.String({
  pattern: '^(?!.*(?:^|/)\\.{1,2}(?:/|$))[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*$',
  description: 'a path inside the submission, with forward slashes, such as assignment/answers.ts',
});

const gradingTriggers = ['push', 'tag', 'manual'] as const;

/** The event that makes GitHub grade a student's repository. */
export type GradingTrigger = (typeof gradingTriggers)[number];

const solutionPolicies = ['after_due', 'never'] as const;

/** When the feedback of the class run tells the right answers. */
export type SolutionPolicy = (typeof solutionPolicies)[number];

const selfChecks = ['scored', 'form'] as const;

/** How a student's copy checks cells: whether each is right, or only its form. */
export type SelfCheck = (typeof selfChecks)[number];

const entry = <Properties extends Record<string, TSchema>>(properties: Properties, description: string) =>
  Type.Object(properties, { additionalProperties: false, description });

/** The settings of all kinds of answers; `checkCell` in load.ts checks which kind takes which. */
const settings = Object.assign({}, ...kinds.map((kind) => kind.settings)) as KindDefinition['settings'];

/** The kind of answer that a column or a single cell takes, and its settings. */
const answerFields = {
  kind: Type.Optional(
    Type.String({
      enum: kinds.map(({ id }) => id),
      description: `a kind of answer: ${kinds.map(({ id }) => id).join(', ')}`,
    }),
  ),
  // Only the kinds know their settings, so these have no type here.
  ...(Object.fromEntries(
    Object.entries(settings).map(([name, schema]) => [name, Type.Optional(Type.Unsafe<unknown>(schema))]),
  ) as Record<never, never>),
};

const asked = {
  points: Type.Optional(Points),
  ask: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 300,
      description: 'the question to think about when such a cell is wrong, on one line',
    }),
  ),
};

const Cell = entry(
  {
    void: Type.Optional(Type.Literal(true, { description: 'true, for a cell that this row does not have' })),
    label: Type.Optional(Text),
    ...asked,
    ...answerFields,
  },
  'what differs in one cell: void, kind, points, label or ask',
);

const Row = entry(
  {
    id: Id,
    label: Text,
    heading: Type.Optional(Text),
    points: Type.Optional(Points),
    cells: Type.Optional(
      Type.Record(Type.String(), Cell, { description: 'what differs in cells of this row, by column' }),
    ),
  },
  'a row with an id and a label, points for each of its cells where they differ from the rest, and what differs in single cells',
);

const ColumnSchema = entry(
  { id: Id, label: Text, ...asked, ...answerFields },
  'a column with an id and a label, the kind of answer that it takes, and a question to ask where a cell of it is wrong',
);

/** A number, a name of something with sizes of its own, or such sizes by name. */
export type GivenValue = number | string | Readonly<Record<string, number>>;

const GivenValue = Type.Unsafe<GivenValue>({
  type: ['number', 'string', 'object'],
  additionalProperties: { type: 'number', description: 'a number' },
  description: 'a number, some text, or numbers by name',
});

/** An entry, or the id of one in the table that is repeated. */
const orId = <Schema extends TSchema>(schema: Schema) =>
  Type.Unsafe<Static<Schema> | string>({ ...schema, type: ['object', 'string'], pattern: Id.pattern });

const Table = entry(
  {
    export: Id,
    label: Type.Optional(Text),
    repeats: Type.Optional(Id),
    given: Type.Optional(
      Type.Record(Type.String(), GivenValue, {
        description: 'other values for names of given, in this table',
      }),
    ),
    marks: Type.Optional(
      Type.Literal('complete', { description: 'complete, for no mark until every cell is filled in' }),
    ),
    points: Points,
    rows: Type.Optional(
      Type.Array(orId(Row), {
        minItems: 1,
        maxItems: 100,
        description: 'a list of rows; in a table that repeats another, of their ids',
      }),
    ),
    columns: Type.Optional(
      Type.Array(orId(ColumnSchema), {
        minItems: 1,
        maxItems: 20,
        description: 'a list of at most 20 columns; in a table that repeats another, of their ids',
      }),
    ),
  },
  'a table: export, points, rows and columns; or export, points and repeats, the export of another table',
);

export type TableFile = Static<typeof Table>;
export type RowFile = Static<typeof Row>;
export type ColumnFile = Static<typeof ColumnSchema>;
/** Settings are listed beside `kind`, by name. */
export type AnswerFields = { readonly kind?: string } & Readonly<Record<string, unknown>>;

const LawEntry = entry(
  {
    law: Text,
    because: Type.String({ minLength: 1, maxLength: 300, description: 'why it holds, in a sentence' }),
  },
  'a law: what holds between cells at any size, such as total = part, and because, why it holds',
);

const Question = entry({ id: Id, label: Text }, 'a question with an id and a label');

const Moment = Type.String({
  pattern: momentPattern,
  description: momentForm,
});

const Cost = Type.Unsafe<string | number>({
  anyOf: [
    { type: 'integer', minimum: 0, maximum: 1000 },
    { type: 'string', pattern: '^(?:\\d|[1-9]\\d|100)%$' },
  ],
  description: 'whole points, or percent of the possible points, such as 10%',
});

/** How a student hands in work: by commits of the default branch, or by a tag that the host sets. */
const submissionMarks = ['commit', 'tag'] as const;

export type SubmissionMark = (typeof submissionMarks)[number];

/** The gradebook entry of a student without work that counts. */
const withoutSubmission = ['blank', 'zero'] as const;

export type WithoutSubmission = (typeof withoutSubmission)[number];

const DeadlineSchema = entry(
  {
    due: Moment,
    grace_minutes: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10_080, description: 'how many minutes later still are on time' }),
    ),
    late: Type.Optional(
      entry(
        { per_day: Type.Optional(Cost), at_most: Type.Optional(Cost), until: Type.Optional(Moment) },
        'what lateness costs: per_day for each day begun, at_most in all, and until, after which nothing counts; each may be left out',
      ),
    ),
    timezone: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$',
        maxLength: 60,
        description: 'the time zone of moments without an offset, such as America/New_York',
      }),
    ),
    submission: Type.Optional(
      Type.Unsafe<SubmissionMark>({
        type: 'string',
        enum: submissionMarks,
        description:
          'commit, for all commits of the default branch, or tag, for those that have a tag submit/*',
      }),
    ),
  },
  'when work is due: due, and perhaps grace_minutes, late, timezone and submission',
);

export type Deadline = Static<typeof DeadlineSchema>;

/**
 * The schema of `rubric.yaml`. Each description tells what to write in a place; instructors read it in the message
 * about anything else there.
 */
export const RubricFileSchema = Type.Object(
  {
    title: Text,
    given: Type.Optional(
      Type.Record(Type.String(), GivenValue, { description: 'what the worksheet states, by name' }),
    ),
    self_check: Type.Optional(
      Type.Unsafe<SelfCheck>({
        type: 'string',
        enum: selfChecks,
        description:
          "scored, for a sealed key in the students' copy, or form, for no key there and grading on your side alone",
      }),
    ),
    file: File,
    tables: Type.Array(Table, { minItems: 1, maxItems: 20, description: 'a list of tables' }),
    laws: Type.Optional(
      Type.Array(LawEntry, { maxItems: 100, description: 'a list of laws, each with law and because' }),
    ),
    reflection: Type.Optional(
      entry(
        {
          file: File,
          choose: Type.Integer({
            minimum: 1,
            maximum: 100,
            description: 'how many responses count, 1 or more',
          }),
          points: Points,
          placeholder: Type.Optional({
            ...Text,
            description: 'what files that were handed out have under each question; it is no response',
          }),
          intro: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 2000,
              description:
                'what the file says above its questions, a paragraph or heading a line; other text there counts as a response',
            }),
          ),
          notice: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 500,
              description:
                'a line that tells students who reads it, whether with their names, and how long it is kept',
            }),
          ),
          dispute: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 300,
              pattern: '^[^\\r\\n]*$',
              description:
                'the heading of a last section, for what is marked wrong and a student thinks is right; it earns nothing',
            }),
          ),
          questions: Type.Array(Question, { minItems: 1, maxItems: 100, description: 'a list of questions' }),
        },
        'the exit ticket: file, choose, points and questions',
      ),
    ),
    vote: Type.Optional(
      Type.Record(Type.String(), GivenValue, {
        description: 'the sizes of the vote in class: other values for names of given',
      }),
    ),
    deadline: Type.Optional(DeadlineSchema),
    solution: Type.Optional(
      Type.Unsafe<SolutionPolicy>({
        type: 'string',
        enum: solutionPolicies,
        description:
          'after_due, for feedback that tells the answers once every deadline and extension has passed, or never',
      }),
    ),
    grade_on: Type.Optional(
      Type.Unsafe<GradingTrigger>({
        type: 'string',
        enum: gradingTriggers,
        description:
          'push, for GitHub to grade each push to what students edit, tag, for each tag submit*, or manual, for neither',
      }),
    ),
    no_submission: Type.Optional(
      Type.Unsafe<WithoutSubmission>({
        type: 'string',
        enum: withoutSubmission,
        description: 'blank, for no points at all, or zero, for 0 points where no work counts',
      }),
    ),
    page: Type.Optional(
      entry(
        {
          self_check: Type.Optional(
            Type.Literal('form', {
              description:
                'form, to leave the sealed key out of the page, also where students have it otherwise',
            }),
          ),
          hand_in: Type.Optional(
            Type.Array(
              entry(
                {
                  host: Text,
                  url: Type.Optional(
                    Type.String({
                      pattern: '^https://\\S+$',
                      maxLength: 500,
                      description: 'the address of the assignment there, which begins with https://',
                    }),
                  ),
                },
                'a place to hand in: a host, and its url if you like',
              ),
              { minItems: 1, maxItems: 10, description: 'a list of places to hand in' },
            ),
          ),
        },
        'the page that needs no install: self_check and hand_in',
      ),
    ),
    contact: Type.Optional({
      ...Text,
      description: 'whom students write to where something does not work for them, such as an e-mail address',
    }),
    possible: Type.Optional(
      Type.Integer({ minimum: 0, description: 'the sum of all points, a whole number' }),
    ),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'rubric.yaml',
    additionalProperties: false,
    description:
      'a rubric: title, given, self_check, file, tables, laws, reflection, vote, deadline, solution, grade_on, no_submission, page, contact and possible',
  },
);

export type RubricFile = Static<typeof RubricFileSchema>;
