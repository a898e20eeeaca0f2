import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Course } from '../../course/course';
import { statedNumbers } from '../../course/handout';
import { type QuizQuestion, quizParts } from '../../course/released';
import { quantityText } from '../../grading/why-wrong';
import { expectedIn } from '../../key/judge';
import { type KnownCell, type KnownRow, knownRows, partsOf } from '../../key/known-answers';
import type { Answer, Kind } from '../../kinds/kind';
import { pageHandout } from '../../page/worksheet-page';
import {
  authored,
  type HtmlText,
  html,
  textHtml,
  textXml,
  type XmlText,
  xml,
} from '../../render/escape/html';
import {
  inSentence,
  labelInRow,
  type Rubric,
  type RubricCell,
  type RubricRow,
  secondTable,
  sizesText,
} from '../../rubric/rubric';
import { writeFile } from '../../system/files';
import { groupBy } from '../../system/lists';
import { removeFolder, rename } from '../../system/lock';

// The worksheet as questions for Moodle's question bank (`question/format/xml/format.php` of Moodle 4.5).

/** The folder beside a release for what holds all of the key. */
export const instructorFolder = (out: string) => `${out}-instructor`;

/** Writes the quiz and its steps beside a release, in place of an earlier one. */
export async function writeQuiz(course: Course, out: string): Promise<void> {
  const folder = path.join(instructorFolder(out), 'moodle');
  const draft = `${folder}.new`;
  removeFolder(draft);
  mkdirSync(path.dirname(draft), { recursive: true, mode: 0o700 });
  writeFile(draft, 'quiz.xml', await quizOf(course));
  writeFile(draft, 'README.md', steps(course));
  removeFolder(folder);
  rename(draft, folder);
}

/** The quiz: a category for each part of its questions, the first of which begins with the handout. */
export async function quizOf(course: Course): Promise<XmlText> {
  const title = course.rubric.title.replaceAll('/', '//');
  const handout = await handoutQuestion(course);
  const keyRows = knownRows(course.rubric, course.solution);
  const parts = quizParts(course.rubric).map((part, index) => {
    const isOfCells = part.some((asked) => 'cell' in asked);
    const below = index === 0 ? '' : `/${isOfCells ? 'At other sizes' : 'Exit ticket'}`;
    const category = textXml(`$course$/top/${title}${below}`);
    const questions = part.map((asked, at) => questionOf(course, keyRows, asked, at + 1));
    return xml`<question type="category"><category><text>${category}</text></category></question>
${index === 0 ? handout : introduction(course.rubric, isOfCells)}${questions}`;
  });
  return xml`<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n${parts}</quiz>\n`;
}

/** The marks of the cells; nothing else in the quiz has any. */
function marksIn(rubric: Rubric): number {
  const [cells = []] = quizParts(rubric);
  return cells.reduce((sum, asked) => sum + ('cell' in asked ? asked.cell.points : 0), 0);
}

/** Says before the questions of a further category what they are. */
function introduction(rubric: Rubric, isOfCells: boolean): XmlText {
  const { given = {} } = secondTable(rubric) ?? {};
  const text = isOfCells
    ? `The next questions ask for some rows again, at other sizes: ${sizesText(given)}. They have no marks.`
    : 'The exit ticket: pick a couple of these questions. They have no marks.';
  const name = isOfCells ? '00 At other sizes' : '00 Exit ticket';
  return question('description', { name, text: html`<p>${textHtml(text)}</p>`, mark: 0 });
}

/** The handout, with its diagram as a picture: Moodle keeps no script. */
async function handoutQuestion(course: Course): Promise<XmlText> {
  const { body, diagram } = await pageHandout(course, 'quiz');
  const [svg = ''] = /<svg[\s\S]*<\/svg>/.exec(diagram) ?? [];
  const words = [...diagram.matchAll(/<li>(.*?)<\/li>/g)].map(([, arrow]) => arrow).join('; ');
  // As a picture it has the letters of the machine, which may be wider than those of the page.
  const picture = svg
    .replaceAll(' font-size="12.5"', ' font-size="11"')
    .replace(/<svg[^>]*>/, (begin) => `${begin}${pictureColors}`);
  const image = html`<p><img src="@@PLUGINFILE@@/diagram.svg" width="320" alt="${authored(words)}"></p>`;
  // The handout speaks of the points of the worksheet, of which the quiz gives those of the cells.
  const marks = `In this quiz the cells have marks, ${marksIn(course.rubric)} in all; other questions have none.`;
  const file = xml`<file name="diagram.svg" path="/" encoding="base64">${textXml(Buffer.from(picture).toString('base64'))}</file>`;
  return question('description', {
    name: '00 Handout',
    text: html`${authored(body.replaceAll('<table>', '<table class="table table-sm w-auto">'))}${svg === '' ? html`` : image}<p>${textHtml(marks)}</p>`,
    files: svg === '' ? [] : [file],
    mark: 0,
  });
}

/** The colors that the page gives to the diagram, for a picture by itself. */
const pictureColors =
  '<style>:root { --bg: #fff; --_text: #1b1b1f; --_text-sec: #4d4d58; --_line: #8a8a96; --_arrow: #4d4d58; --_node-fill: #fff; --_node-stroke: #8a8a96; --_inner-stroke: transparent; --wrong: #a3161b }</style>';

interface Question {
  readonly name: string;
  readonly text: HtmlText;
  readonly mark: number;
  /** The general feedback, which is shown afterwards: why what is right is right. */
  readonly feedback?: string | undefined;
  readonly files?: readonly XmlText[];
  readonly more?: readonly XmlText[];
}

function question(type: string, asked: Question): XmlText {
  const { name, text, mark, feedback, files = [], more = [] } = asked;
  return xml`<question type="${textXml(type)}"><name><text>${textXml(name)}</text></name>
<questiontext format="html"><text>${textXml(text)}</text>${files}</questiontext>
<generalfeedback format="html"><text>${textXml(feedback === undefined ? '' : html`<p>${textHtml(feedback)}</p>`)}</text></generalfeedback>
<defaultgrade>${textXml(mark)}</defaultgrade><penalty>0</penalty><hidden>0</hidden>
${more}</question>\n`;
}

/** Two digits before each name keep the order of the worksheet where Moodle sorts by name. */
function questionOf(
  course: Course,
  keyRows: readonly KnownRow[],
  asked: QuizQuestion,
  position: number,
): XmlText {
  const number = String(position).padStart(2, '0');
  if (!('cell' in asked)) {
    const text = html`<p>${textHtml(asked.label)}</p>`;
    const form = xml`<responseformat>plain</responseformat><responserequired>0</responserequired><responsefieldlines>5</responsefieldlines><attachments>0</attachments><attachmentsrequired>0</attachmentsrequired>`;
    return question('essay', { name: `${number} ${asked.label}`, text, mark: 0, more: [form] });
  }
  const { row, cell } = asked;
  const knownRow = keyRows.find(({ id }) => id === row.id);
  const knownCell = knownRow?.cells.find(({ id }) => id === cell.id);
  if (!knownRow || !knownCell) throw new TypeError(`the key has no ${asked.id}`);
  const { kind } = knownCell;
  const column = inSentence(labelInRow(cell, row));
  const note = kind.note === undefined ? '' : ` (${kind.note})`;
  const text = html`<p><b>${textHtml(row.label)}</b>: ${textHtml(`${column}${note}`)}</p>
<p>${textHtml([cell.guidingQuestion ?? '', kind.valueKind === 'number' ? 'Write digits only.' : ''].join(' ').trim())}</p>
<p><small>${textHtml(statedText(course, row))}</small></p>`;
  const { type, more } = formOf(knownCell, hintsFor(knownRow, knownCell), spellingsIn(course, row, cell));
  const name = `${number} ${row.label}: ${column}`;
  return question(type, {
    name,
    text,
    mark: cell.points,
    feedback: course.solution.explanations[row.id],
    more,
  });
}

/** The facts of the handout, at the sizes of the row's table, in one line. */
function statedText(course: Course, row: RubricRow): string {
  const { rubric, solution, atOtherSizes } = course;
  const table = rubric.tables.find(({ rows }) => rows.includes(row));
  const numbers = statedNumbers(course, atOtherSizes.get(table?.export ?? '') ?? solution);
  const stated = numbers.map(({ value, phrase }) => `${value}: ${phrase}`);
  return [sizesText(table?.given ?? rubric.given), ...stated].join('; ');
}

/**
 * The hint for each wrong answer that one question can show: a misconception of the cell, or of the row where all other
 * cells are right; else what the number means. None has a digit, for an answer would be told.
 */
function hintsFor({ cells, rowHints }: KnownRow, cell: KnownCell): Map<Answer, string> {
  const hints = new Map<Answer, string>();
  for (const { value, hint } of cell.answers) if (hint) hints.set(value, hint.text);
  for (const { columns, values, hint } of rowHints) {
    const valueIn = (id: string) => values[columns.indexOf(id)];
    const value = valueIn(cell.id);
    const areOthersRight = cells.every(
      ({ id, answers }) =>
        id === cell.id ||
        !columns.includes(id) ||
        answers.some((known) => known.rank === 'right' && known.value === valueIn(id)),
    );
    if (areOthersRight && value !== undefined) hints.set(value, hint.text);
  }
  for (const { value, rank, quantity } of cell.answers)
    if (rank !== 'right' && quantity && !hints.has(value))
      hints.set(value, quantityText('That', quantity, cell.guidingQuestion));
  return hints;
}

/**
 * Moodle's type of question for a kind of answer, and the answers that it knows.
 *
 * @param written how answers may be written, if their kind compares another form: Moodle ignores no more of it than case.
 */
function formOf(
  { kind, answers }: KnownCell,
  hints: ReadonlyMap<Answer, string>,
  written: ReadonlyMap<Answer, readonly string[]>,
) {
  const right = answers.flatMap(({ rank, value }) => (rank === 'right' ? value : []));
  const isRight = (value: Answer) => right.some((known) => kind.matches(value, known));
  const wrong = kind.options?.filter((value) => !isRight(value)) ?? [...hints.keys()];
  const { type, tolerance } = kind.quiz;
  const spelled = [...right, ...wrong].flatMap((value) =>
    [...new Set([...(written.get(value) ?? []), value])].map((text) => ({ value, text })),
  );
  const listed = spelled.map(({ value, text }) => {
    const within = tolerance ? xml`<tolerance>${textXml(tolerance(value))}</tolerance>` : xml``;
    return xml`<answer fraction="${textXml(isRight(value) ? 100 : 0)}" format="${textXml(type === 'multichoice' ? 'html' : 'moodle_auto_format')}"><text>${textXml(answerIn(type, text))}</text><feedback format="html"><text>${textXml(textHtml(hints.get(value) ?? ''))}</text></feedback>${within}</answer>\n`;
  });
  return { type, more: [moodleSettings[type], ...listed] };
}

/** How the right answers of a cell, and its known wrong ones, may be written. */
function spellingsIn({ solution }: Course, row: RubricRow, cell: RubricCell) {
  const parts = [
    expectedIn(solution, row.id, cell.id),
    ...partsOf(solution).flatMap((part) => part.misconceptions),
  ];
  const spellings = parts.flatMap((part) => part?.written ?? []);
  return new Map(
    [...groupBy(spellings, ([answer]) => answer)].map(([answer, same]) => [
      answer,
      same.flatMap(([, texts]) => texts),
    ]),
  );
}

/** An answer as a type of question takes it: as HTML, or as text, in which an asterisk would stand for any. */
function answerIn(type: Kind['quiz']['type'], value: Answer): Answer {
  if (type === 'multichoice') return textHtml(value);
  return type === 'shortanswer' ? String(value).replaceAll('*', '\\*') : value;
}

/** Fields that Moodle asks for besides, for each of its types. */
const moodleSettings = {
  numerical: xml`<unitgradingtype>0</unitgradingtype><unitpenalty>0</unitpenalty><showunits>3</showunits><unitsleft>0</unitsleft>\n`,
  shortanswer: xml`<usecase>0</usecase>\n`,
  multichoice: xml`<single>true</single><shuffleanswers>true</shuffleanswers><answernumbering>none</answernumbering>\n`,
};

function steps({ rubric }: Course): string {
  const { title } = rubric;
  const more =
    quizParts(rubric).length > 1 ? ' Do the same with each category below it, in their order.' : '';
  return `# ${title}: a quiz for Moodle

\`quiz.xml\` holds **all of the answer key**. Keep it among the course's staff: whoever has it has every answer. It holds
nothing of students. Made for Moodle 4.5; the names of the buttons may differ a little in yours.

1. In your course, choose _More_, _Question bank_, and _Import_ in the list that says _Questions_. Choose _Moodle XML format_, drop
   \`quiz.xml\` below it, and click _Import_, then _Continue_. The questions are in the category “${title}”. Delete an earlier
   import first: each adds its own.
2. On the course's page, switch on _Edit mode_, click _Add an activity or resource_, choose _Quiz_, and name it.
3. Under _Timing_, enable _Close the quiz_. Under _Grade_, allow attempts: _Unlimited_ for practice; the highest grade counts.
4. Under _Layout_, choose _New page: Never, all questions on one page_.
5. Under _Question behaviour_, choose _Shuffle within questions: No_ and _How questions behave: Adaptive mode (no penalties)_.
6. Under _Review options_, untick _Right answer_ in all four columns, and tick _The attempt_, _Whether correct_, _Marks_ and
   _Specific feedback_ in all. Tick _General feedback_ in _After the quiz is closed_ alone: it explains what is right. Click _Save and
   display_, and _Continue_ if you are asked.
7. Click _Add question_, _Add_, _from question bank_. Choose the category “${title}”, click _Apply filters_, tick the box in the head of
   the table, and click _Add selected questions to the quiz_.${more} Leave their order, and no shuffling.
8. Write ${marksIn(rubric)} as _Maximum grade_, and click _Save_.

Look at two things in _Preview quiz_, which show whether the settings are right: type \`1\` into a question and press its
_Check_: a hint stands below it, and no right answer. Then submit the attempt: its review shows no right answer either.

Afterwards, choose _Results_, _Responses_, tick _question text_, set _Which tries_ to _First try_, and download the table as CSV.
\`npm run quiz:page -- "the file.csv"\` makes the page of the class and the vote from it; the grades stay Moodle's. The points on that
page also count the exit ticket, which has no marks in the quiz.

With the quiz, students hand in and download nothing, their grade is in the gradebook at once, and each number is checked by itself,
on a phone too. They lose what needs a whole row or table: arithmetic in a cell, hints for two numbers together, laws, the drawing
of their own matrices${secondTable(rubric) ? ', and a last table without marks until all of it is filled in' : ''}.
`;
}
