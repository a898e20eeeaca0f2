import type { Rubric } from '../rubric/rubric';
import { code, join, type MarkdownText, markdown, row, rule, sentence, words } from './escape/markdown';
import { labelsOf } from './labels';
import { firstStep, isUnreadable, nextStep, outcomeWord, placeText, standing } from './next';
import type { Renderer } from './renderer';
import type { GradedCell, Report } from './report.schema';

/** Signs beside the words, so that a table can be read at a glance and by those who see no colours. */
const signs = { correct: '✓', wrong: '✗', blank: '○', invalid: '!', recorded: '·' } as const;

/** In UTF-16 units. GitHub drops a summary of more than 1 MiB, and refuses a comment of more than 65,536. */
const largest = 60_000;

/** The worksheet for the page of a run on GitHub, in Markdown. */
export const renderSummary: Renderer<'markdown', { besideKey: boolean }> = (
  report,
  rubric,
  { besideKey },
) => {
  const around = (...worksheet: readonly MarkdownText[]) => {
    const blocks = [
      markdown`## ${words(rubric.title)}`,
      markdown`**${words(standing(report))}**`,
      ...worksheet,
      markdown`**Next:** ${report.started ? sentence(nextStep(report, rubric)) : words(firstStep(rubric))}`,
      ...(besideKey && report.started ? [words(keyIsOpen)] : []),
    ];
    return markdown`${join(blocks, '\n\n')}\n`;
  };
  if (!report.started) return around();
  const [marks, remarks, exit] = [table(report, rubric), reasons(report, rubric), ticket(report, rubric)];
  const pages = [around(...marks, ...remarks, ...exit), around(...marks, tooLong, ...exit)];
  return pages.find((page) => page.length <= largest) ?? around(tooLong);
};

const tooLong = words('There is more to say than fits here; npm test says it all.');

const keyIsOpen =
  'Beware: this repository holds solution/, so whoever works in it can read the answer key. Students get the copy that npm run release makes.';

function table(report: Report, rubric: Rubric): MarkdownText[] {
  if (isUnreadable(report)) return [words(`${rubric.table.file} could not be read, so no cell counts yet.`)];
  const { rows, columns } = rubric.table;
  const isScored = report.points !== null;
  const heads = ['Worksheet', ...columns.map(({ label }) => label), ...(isScored ? ['Points'] : [])];
  const body = rows.map(({ id, label }) => {
    const cells = report.cells.filter((cell) => cell.row === id);
    return row([words(label), ...cells.map(mark), ...(isScored ? [points(cells)] : [])]);
  });
  return [join([row(heads.map(words)), rule(heads.length), ...body], '\n')];
}

/** Everything that there is to say about the table, as one list. */
function reasons(report: Report, rubric: Rubric): MarkdownText[] {
  const entries = [
    ...report.problems.map(({ why, at }) =>
      at ? markdown`- ${words(placeText(at))}: ${sentence(why)}` : markdown`- ${sentence(why)}`,
    ),
    ...(report.hint ? [markdown`- **Hint for the whole table:** ${words(report.hint.text)}`] : []),
    ...(report.transposed ? [markdown`- ${words(acceptedTransposed)}`] : []),
    ...(isUnreadable(report) ? [] : rubric.table.rows.flatMap(({ id }) => reasonsOfRow(id, report, rubric))),
  ];
  return entries.length > 0 ? [join(entries, '\n')] : [];
}

const acceptedTransposed = 'Graded with rows and columns exchanged throughout, which this course accepts.';

/** `✗ wrong 7` */
function mark(cell: GradedCell): MarkdownText {
  const word = words(`${signs[cell.outcome]} ${outcomeWord(cell)}`);
  return cell.value === undefined ? word : markdown`${word} ${code(String(cell.value))}`;
}

function points(cells: readonly GradedCell[]): MarkdownText {
  const [earned, possible] = [
    cells.reduce((sum, cell) => sum + (cell.points ?? 0), 0),
    cells.reduce((sum, cell) => sum + cell.possible, 0),
  ];
  return words(`${earned} of ${possible}`);
}

/** Why cells of one row are not right, and the hints for it. */
function reasonsOfRow(id: string, report: Report, rubric: Rubric): MarkdownText[] {
  const labels = labelsOf(rubric);
  const cells = report.cells.filter((cell) => cell.row === id);
  const why = cells.flatMap((cell) => {
    if (cell.why === undefined || cell.outcome === 'blank') return [];
    const place = cell.at ? markdown` (${words(placeText(cell.at))})` : words('');
    return [markdown`- **${words(labels.cell(cell))}**: ${sentence(cell.why)}${place}`];
  });
  const hints = [...new Set(cells.flatMap(({ hint }) => hint?.text ?? []))];
  return [...why, ...hints.map((hint) => markdown`- **Hint for ${words(labels.row(id))}**: ${words(hint)}`)];
}

function ticket({ reflection }: Report, rubric: Rubric): MarkdownText[] {
  if (!reflection || !rubric.reflection) return [];
  const { points: earned, possible, responses, unsorted, remark, why, present } = reflection;
  const answered = responses.filter((response) => response.answered);
  const { choose, file } = rubric.reflection;
  const total =
    earned === null
      ? `${Math.min(answered.length + unsorted.length, choose)} of ${choose} responses`
      : `${earned} of ${possible} points`;
  const entries = [
    markdown`- ${words(`Present: ${present ? 'yes' : 'not yet'} (${file})`)}`,
    ...answered.map(
      ({ question }) => markdown`- ${words(`✓ answered: ${labelsOf(rubric).question(question)}`)}`,
    ),
    ...(remark ? [markdown`- ${sentence(remark)}`] : []),
    ...(why ? [markdown`- ${sentence(why)}`] : []),
  ];
  return [markdown`**Exit ticket: ${words(total)}**`, join(entries, '\n')];
}
