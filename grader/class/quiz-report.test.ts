import { quizParts } from '../course/released';
import { inSentence, labelInRow } from '../rubric/rubric';
import { againRubric } from '../testing/again';
import { readQuizReport } from './quiz-report';

// How Moodle writes the report “Responses”, of a quiz about the invented worksheet with its second table.

const parts = quizParts(againRubric);
const questions = parts.flat();
const person = 'Last name,First name,Email address,State,Started,Completed,Duration';

const response = { Response: (_text: string, typed: string) => typed };
const withTexts = { Question: (text: string) => `"${text}"`, ...response };

// Written anew by: npx jest quiz-report -u
test.each<[what: string, written: Written]>([
  ['that has what was typed', {}],
  ['with the texts of its questions', { columns: withTexts }],
  ['with what is right', { columns: { ...withTexts, Right: () => '7' } }],
  ['of what is right and was typed, without texts', { columns: { ...response, Right: () => '7' } }],
  ['of the first questions', { asked: parts[0]?.length ?? 0, columns: withTexts }],
  ['without addresses', { who: (one) => one.replace(/,[^,]*@[^,]*(?=,)|,Email address/, '') }],
  [
    'of each try',
    { more: [['Lee,Ada,ada@example.org,Finished,x,x,1 min', '', '8 11 - 13 12 16 12 18 Pears - -']] },
  ],
  ['that lacks a question', { asked: questions.length - 1 }],
  [
    'with its questions in another order',
    { columns: { ...withTexts, Question: (text) => `"${texts.at(-1 - texts.indexOf(text))}"` } },
  ],
  ['with texts of other questions', { columns: { Question: () => 'Why?', ...response, Right: () => '7' } }],
])('what is read in a report %s', (_what, written) => {
  expect(`\n${read(written).join('\n')}\n`).toMatchSnapshot();
});

const texts = questions.map((question) =>
  'row' in question
    ? `${question.row.label}: ${inSentence(labelInRow(question.cell, question.row))}\nWrite a number.`
    : question.label,
);

/** A line for each attempt: who it is, the mark, and what was typed. */
type Attempt = readonly [who: string, mark: string, typed: string];

const attempts: readonly Attempt[] = [
  ['Lee,Ada,Ada@example.org,Finished,x,x,1 min', '3.50', '7 11 - 13 12 16 12 18 Pears - -'],
  ['Ng,Bob,bob@example.org,In progress,x,-,-', '-', '7 - - - - - - - - - -'],
  ['Ng,Bob,bob@example.org,Finished,x,x,2 mins', '4.00', '7 11 7 13 12 16 12 18 Pears Plums -'],
  ['Wu,Cyd,cyd@example.org,Finished,x,x,1 min', 'Not yet graded', '9 - - - - - - - - - -'],
  ['Æ,Dag,dag@example.org,In progress,x,-,-', '-', '- - - - - - - - - - -'],
  ['Overall average,,,,,,', '3.75', '- - - - - - - - - - -'],
];

interface Written {
  readonly more?: readonly Attempt[];
  /** The columns before the mark. */
  readonly who?: (person: string) => string;
  /** How many of the questions are there. */
  readonly asked?: number;
  /** The columns of each question, of its text and what was typed. */
  readonly columns?: Readonly<Record<string, (text: string, typed: string) => string>>;
}

function reportOf({ more = [], who = (one) => one, columns = response, ...given }: Written): Buffer {
  const { asked = questions.length } = given;
  const line = (begin: string, mark: string, cellsOf: (index: number) => string[]) =>
    [who(begin), mark, ...questions.slice(0, asked).flatMap((_, index) => cellsOf(index))].join(',');
  const heads = line(person, 'Grade/4.00', (index) =>
    Object.keys(columns).map((head) => `${head} ${index + 1}`),
  );
  const lines = [...more, ...attempts].map(([begin, mark, typed]) =>
    line(begin, mark, (index) =>
      Object.values(columns).map((cellOf) => cellOf(texts[index] ?? '', typed.split(' ')[index] ?? '')),
    ),
  );
  return Buffer.from(`\ufeff${[heads, ...lines].join('\n')}\n`);
}

function read(written: Written): string[] {
  try {
    const report = readQuizReport({ name: 'r.csv', bytes: reportOf(written) }, parts);
    const { attempts: found, ...rest } = report;
    return [
      JSON.stringify(rest),
      ...found.map(({ key, name, mark, responses }) =>
        [key, name, mark, ...[...responses].map(([id, typed]) => `${id}=${typed}`)].join(' | '),
      ),
    ];
  } catch (error) {
    return [(error as Error).message];
  }
}
