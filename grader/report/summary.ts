import type { Rubric } from '../rubric/rubric';
import { code, join, type MarkdownText, markdown, row, rule, sentence, words } from './escape/markdown';
import { labelsOf } from './labels';
import { isUnreadable, nextStep, outcomeWord, placeText, standing } from './next';
import type { Renderer } from './renderer';
import type { GradedCell, Report } from './report.schema';

/** Signs beside the words, so that a table can be read at a glance and by those who see no colours. */
const signs = { correct: '✓', wrong: '✗', blank: '○', invalid: '!', recorded: '·' } as const;

/** The worksheet for the page of a run on GitHub, in Markdown. */
export const renderSummary: Renderer<'markdown', { besideKey: boolean }> = (
  report,
  rubric,
  { besideKey },
) => {
  const blocks = [
    markdown`## ${words(rubric.title)}`,
    markdown`**${words(standing(report))}**`,
    ...(report.started ? [...worksheet(report, rubric), ...ticket(report, rubric)] : []),
    markdown`**Next:** ${report.started ? sentence(nextStep(report, rubric)) : words(firstStep(rubric))}`,
    ...(besideKey && report.started ? [words(keyIsOpen)] : []),
  ];
  return markdown`${join(blocks, '\n\n')}\n`;
};

const keyIsOpen =
  'Beware: this repository holds solution/, so whoever works in it can read the answer key. Students get the copy that npm run release makes.';

function firstStep({ table, reflection }: Rubric): string {
  const then = reflection ? `, then react to ${reflection.choose} questions in ${reflection.file}` : '';
  return `Open ${table.file} and fill in each cell${then}; commit, and look here again.`;
}

function worksheet(report: Report, rubric: Rubric): MarkdownText[] {
  const problems = report.problems.map(({ why, at }) =>
    at ? markdown`- ${words(placeText(at))}: ${sentence(why)}` : markdown`- ${sentence(why)}`,
  );
  if (isUnreadable(report)) {
    const said = words(`${rubric.table.file} could not be read, so no cell counts yet.`);
    return [said, join(problems, '\n')];
  }
  const { rows, columns } = rubric.table;
  const isScored = report.points !== null;
  const heads = ['Worksheet', ...columns.map(({ label }) => label), ...(isScored ? ['Points'] : [])];
  const body = rows.map(({ id, label }) => {
    const cells = report.cells.filter((cell) => cell.row === id);
    return row([words(label), ...cells.map(mark), ...(isScored ? [points(cells)] : [])]);
  });
  const remarks = [
    ...problems,
    ...(report.hint ? [markdown`- **Hint for the whole table:** ${words(report.hint.text)}`] : []),
    ...(report.transposed
      ? [
          markdown`- ${words('Graded with rows and columns exchanged throughout, which this course accepts.')}`,
        ]
      : []),
    ...rows.flatMap(({ id, label }) =>
      reasons(
        report.cells.filter((cell) => cell.row === id),
        label,
        rubric,
      ),
    ),
  ];
  return [
    join([row(heads.map(words)), rule(heads.length), ...body], '\n'),
    ...(remarks.length > 0 ? [join(remarks, '\n')] : []),
  ];
}

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
function reasons(cells: readonly GradedCell[], label: string, rubric: Rubric): MarkdownText[] {
  const why = cells.flatMap((cell) => {
    if (cell.why === undefined || cell.outcome === 'blank') return [];
    const place = cell.at ? markdown` (${words(placeText(cell.at))})` : words('');
    return [markdown`- **${words(labelsOf(rubric).cell(cell))}**: ${sentence(cell.why)}${place}`];
  });
  const hints = [...new Set(cells.flatMap(({ hint }) => hint?.text ?? []))];
  return [...why, ...hints.map((hint) => markdown`- **Hint for ${words(label)}**: ${words(hint)}`)];
}

function ticket({ reflection }: Report, rubric: Rubric): MarkdownText[] {
  if (!reflection || !rubric.reflection) return [];
  const { points: earned, possible, responses, why, present } = reflection;
  const answered = responses.filter((response) => response.answered);
  const { choose, file } = rubric.reflection;
  const total =
    earned === null
      ? `${Math.min(answered.length, choose)} of ${choose} responses`
      : `${earned} of ${possible} points`;
  const entries = [
    markdown`- ${words(`Present: ${present ? 'yes' : 'not yet'} (${file})`)}`,
    ...answered.map(
      ({ question }) => markdown`- ${words(`✓ answered: ${labelsOf(rubric).question(question)}`)}`,
    ),
    ...(why ? [markdown`- ${sentence(why)}`] : []),
  ];
  return [markdown`**Exit ticket: ${words(total)}**`, join(entries, '\n')];
}
