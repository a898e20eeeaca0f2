import { type Static, type TProperties, type TSchema, Type } from '@sinclair/typebox';
import { reserved, taken } from '../answers/parser';
import { kindSettings, kinds } from '../kinds/registry';
import { byName, oneOf } from '../schema';
import { momentForm, momentPattern } from './moment';

// The schema of rubric.yaml. Each description says what to write in its place; it is part of the message that authors
// get if they write something else.

/** A group of settings: those that it must have, and those that may be left out. */
const group = <Required extends TProperties, Optional extends TProperties>(
  description: string,
  required: Required,
  optional: Optional,
) =>
  Type.Composite([Type.Object(required), Type.Partial(Type.Object(optional))], {
    additionalProperties: false,
    description,
  });

const list = <Item extends TSchema>(items: Item, description: string) =>
  Type.Array(items, { minItems: 1, description });

const whole = (minimum: number, description: string) => Type.Integer({ minimum, description });

/** @param characters what the line may contain, as a regular expression. */
const line = (description: string, characters = '.*') =>
  Type.String({ minLength: 1, maxLength: 300, pattern: `^${characters}$`, description });

const withoutNumber = '[^\\p{N}\\r\\n]*';

/** Names that no const in an answers file can have, and those that every object inherits. */
const unusable = [...reserved, ...taken, ...Object.getOwnPropertyNames(Object.prototype).sort()].filter(
  (name) => /^[a-z]/.test(name),
);

const Id = Type.String({
  pattern: `^(?!(?:${unusable.join('|')})$)[a-z][A-Za-z0-9]*$`,
  maxLength: 40,
  description:
    'a short name of letters and digits that starts with a lower-case letter, such as input, and is not a word of TypeScript',
});
const Text = line('some text on one line');
const Points = whole(0, 'a whole number of points, 0 or more');
const File = Type.String({
  pattern: '^(?!.*(?:^|/)\\.{1,2}(?:/|$))[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*$',
  description: 'a path inside the submission, with forward slashes, such as assignment/answers.ts',
});
const Moment = Type.String({ pattern: momentPattern, description: momentForm });
const Cost = Type.Unsafe<string | number>({
  type: ['integer', 'string'],
  minimum: 0,
  maximum: 1000,
  pattern: '^(?:\\d|[1-9]\\d|100)%$',
  description: 'whole points, or percent of the possible points, such as 10%',
});

/** A number, the name of something that has sizes, or those sizes by name. */
export type GivenValue = number | string | Readonly<Record<string, number>>;

const GivenValue = Type.Unsafe<GivenValue>({
  type: ['number', 'string', 'object'],
  additionalProperties: { type: 'number', description: 'a number' },
  description: 'a number, some text, or numbers by name',
});

const ids = kinds.map(({ id }) => id);

/** The settings of a column for its cells, or of a single cell. */
const answer = {
  ask: line('what to think about if such a cell is wrong, on one line without numbers', withoutNumber),
  kind: oneOf<string>(ids, `a kind of answer: ${ids.join(', ')}`),
  // Only kinds know the types of their settings; load.ts checks which kind takes which.
  ...(kindSettings as Record<never, never>),
};

/** Settings are listed beside `kind`, by name. */
export type AnswerFields = { readonly kind?: string } & Readonly<Record<string, unknown>>;

const Cell = group(
  'what differs in one cell: void, label, kind or ask',
  {},
  { void: Type.Literal(true, { description: 'true, or leave it out' }), label: Text, ...answer },
);

const Row = group(
  'a row with an id and a label, points for each of its cells where they differ from the rest, and what differs in single cells',
  { id: Id, label: Text },
  { heading: Text, points: Points, cells: byName(Cell, 'what differs in cells of this row, by column') },
);

const ColumnForm = group(
  'a column with an id and a label, the kind of answer that it takes, and a question to ask if one of its cells is wrong',
  { id: Id, label: Text },
  answer,
);

const Product = group(
  'a product of matrices: left and right, the rows that are multiplied; turned: true if the right one is turned on its side first; and gives, the row of the result',
  { left: Id, right: Id },
  { turned: Type.Literal(true, { description: 'true, or leave it out' }), gives: Id },
);

const Table = group(
  'a table: export, points, rows and columns',
  {
    export: Id,
    points: Points,
    rows: list(Row, 'a list of rows'),
    columns: list(ColumnForm, 'a list of columns'),
  },
  {
    label: Text,
    draw: group(
      'the columns by which the page draws the rows: height and width; and products of these rows',
      { height: Id, width: Id },
      { products: list(Product, 'a list of products') },
    ),
  },
);

const Law = group(
  'a law: what holds between cells at any size, such as total = part, and because, why it holds',
  { law: Text, because: line('why it holds, in a sentence without numbers', withoutNumber) },
  {},
);

const Question = group(
  'a question with an id and a label',
  { id: Id, label: line('a question in words, on one line', '.*\\p{L}.*') },
  {},
);

const ReflectionForm = group(
  'the exit ticket: file, choose, points and questions',
  {
    file: File,
    choose: whole(1, 'how many responses count, 1 or more'),
    points: Points,
    questions: list(Question, 'a list of questions'),
  },
  {
    intro: Type.String({
      minLength: 1,
      maxLength: 2500,
      description:
        'what the file says above its questions, a paragraph or heading a line; other text there counts as a response',
    }),
    dispute: line(
      'the heading of a last section, for what a student thinks is right; it counts as a response only if nothing else is written',
    ),
  },
);

const Deadline = group(
  'when work is due: due and timezone, and perhaps grace_minutes, late and submission',
  { due: Moment, timezone: line('the time zone of moments without an offset, such as America/New_York') },
  {
    grace_minutes: whole(0, 'how many minutes later is still on time'),
    late: group(
      'what lateness costs: per_day for each day begun, at_most in all, and until, after which nothing counts; each may be left out',
      {},
      { per_day: Cost, at_most: Cost, until: Moment },
    ),
    submission: oneOf(
      ['commit', 'tag'],
      'commit, for all commits of the default branch, or tag, for those that have a tag submit/*',
    ),
  },
);

export const RubricFileSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'rubric.yaml',
  ...group(
    'a rubric, which has at least title, file and tables',
    { title: Text, file: File, tables: list(Table, 'a list of tables') },
    {
      given: byName(GivenValue, 'what the worksheet states, by name'),
      self_check: oneOf(
        ['scored', 'form'],
        "scored, for a sealed key in the students' copy, or form, for no key there and grading on your side alone",
      ),
      laws: list(Law, 'a list of laws, each with law and because'),
      reflection: ReflectionForm,
      ask_again: byName(
        GivenValue,
        'the sizes at which the class page asks a row once more: other values for names of given',
      ),
      deadline: Deadline,
      solution: oneOf(
        ['after_due', 'never'],
        'after_due, for feedback that tells the answers once every deadline and extension has passed, or never',
      ),
      no_submission: oneOf(['blank', 'zero'], 'blank, for no points, or zero, for 0, where no work counts'),
      hand_in: byName(
        Type.Unsafe<string | null>({
          type: ['string', 'null'],
          pattern: '^https://\\S+$',
          description: 'the address of the assignment there, which begins with https://, or nothing',
        }),
        'where the page says to hand in: a host, and the address of the assignment there, such as upload: "https://…"',
      ),
      contact: line('whom students write to if something does not work, such as an e-mail address'),
    },
  ),
};

export type RubricFile = Static<typeof RubricFileSchema>;
export type TableFile = RubricFile['tables'][number];
export type RowFile = Static<typeof Row>;
export type ColumnFile = Static<typeof ColumnForm>;
export type Deadline = NonNullable<RubricFile['deadline']>;
export type SelfCheck = NonNullable<RubricFile['self_check']>;
