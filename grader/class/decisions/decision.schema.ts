import { type Static, Type } from '@sinclair/typebox';
import { byName, record, text, withDescription } from '../../schema';

/** The version of a line; we read no other. */
export const decisionVersion = 1;

/** What a decision may be about. */
const aspects = ['points', 'due', 'owners', 'comment', 'grade there', 'returned'] as const;

const whole = Type.Integer({ minimum: 0 });
const ids = Type.Array(text);
const moment = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?Z$' });

const PersonSchema = record(
  {
    key: text,
    name: Type.Optional(text),
    login: Type.Optional(text),
    userId: Type.Optional(text),
    studentId: Type.Optional(text),
    participant: Type.Optional(text),
    email: Type.Optional(text),
  },
  { description: 'A student, by what the list said then. Facts that were not known are missing.' },
);

const SubmissionSchema = record(
  { source: text, submission: text },
  { description: 'A submission, by the name of its download and its own.' },
);

const SeenSchema = record(
  {
    points: withDescription(
      'What the grader computed; null for no points.',
      Type.Optional(Type.Union([whole, Type.Null()])),
    ),
    content: withDescription('A code made of the work that counts.', Type.Optional(text)),
    codes: withDescription(
      'A code for each thing that was shown as open, with what its corrections were worth, or nothing.',
      Type.Optional(byName(text)),
    ),
    line: withDescription('The line of a table that counted, as it was written.', Type.Optional(text)),
    grade: withDescription('The grade at the host.', Type.Optional(text)),
  },
  { description: 'What was looked at. The decision counts while it is the same.' },
);

const DoneSchema = record(
  {
    total: withDescription('Points in place of those that the grader computes.', Type.Optional(whole)),
    adjust: withDescription('Points to add to them.', Type.Optional(Type.Integer())),
    isExcused: Type.Optional(Type.Literal(true)),
    due: withDescription('When the work is due, in ISO format.', Type.Optional(moment)),
    owners: withDescription(
      'Whose a submission is; nobody’s if empty.',
      Type.Optional(Type.Array(PersonSchema)),
    ),
    text: withDescription('A comment for the student; none if empty.', Type.Optional(text)),
    digest: withDescription('Of what was returned.', Type.Optional(text)),
    grade: withDescription('The grade that was returned, or that stays at the host.', Type.Optional(text)),
  },
  { description: 'What a decision does. If it has nothing, something was looked at and left as it is.' },
);

/** What a person decided, saw or returned: a line of `decisions.jsonl`. */
export const DecisionSchema = record(
  {
    version: Type.Literal(decisionVersion),
    id: withDescription('Made by chance.', text),
    press: withDescription('Equal for all lines that one press of a button wrote.', text),
    at: withDescription('When, in ISO format.', moment),
    by: withDescription('Who, as they named themselves; may be empty.', text),
    about: Type.Union([PersonSchema, SubmissionSchema]),
    aspect: Type.Union(aspects.map((aspect) => Type.Literal(aspect))),
    saw: Type.Optional(SeenSchema),
    does: Type.Optional(DoneSchema),
    reason: Type.Optional(text),
    replaces: withDescription(
      'The lines that stood for the same thing when this decision was made.',
      Type.Optional(ids),
    ),
    takesBack: withDescription(
      'In place of `does`: the lines that this one takes back. To redo, these are lines that took back.',
      Type.Optional(ids),
    ),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Decision',
    description:
      'A line of decisions.jsonl: what a person decided, saw or returned, written when it happened.',
  },
);

export type Decision = Static<typeof DecisionSchema>;
