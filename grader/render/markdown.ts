import type { GradedCell, GradedRow, GradedTable, Report } from '../grading/report.schema';
import type { Excerpt } from '../message';
import { caretLine } from './caret';
import {
  code,
  codeBlock,
  escapeMarkdown,
  folded,
  join,
  link,
  type MarkdownText,
  markdown,
  row,
  rule,
  sentence,
} from './escape/markdown';
import { alsoText, laterText, nextStep, type Reason, reasonsOf } from './reasons';
import {
  correctedTitle,
  explanationsOf,
  inColumns,
  locationText,
  noCell,
  outcomes,
  pointsText,
  type Renderer,
  reflectionScore,
  remarksOnTables,
  saidOfReflection,
  scoreLine,
  tableProblem,
  tablesOf,
  tableTitle,
  unreadableTableText,
  unreadableText,
  valueText,
} from './status';

/** In UTF-16 units. GitHub drops a summary of more than 1 MiB, and refuses a comment of more than 65,536. */
const largest = 60_000;

/** The worksheet for the page of a run on GitHub, in Markdown. */
export const renderMarkdown: Renderer<'markdown', { besideKey: boolean; isFinal?: boolean }> = (
  report,
  { besideKey, isFinal = false },
) => {
  const around = (...worksheet: readonly MarkdownText[]) => {
    const blocks = [
      markdown`## ${escapeMarkdown(report.title)}`,
      markdown`**${escapeMarkdown(scoreLine(report))}**`,
      ...report.remarks.map(sentence),
      ...worksheet,
      ...(isFinal ? [] : [markdown`**Next:** ${sentence(nextStep(report))}`]),
      ...(besideKey && report.started ? [escapeMarkdown(keyIsOpen)] : []),
    ];
    return markdown`${join(blocks, '\n\n')}\n`;
  };
  if (!report.started) return around();
  const [marks, list, why, exit] = [
    tables(report),
    reasons(report),
    explanations(report),
    reflection(report),
  ];
  const pages = [
    around(...marks, ...list, ...why, ...exit),
    around(...marks, ...list, ...exit),
    around(...marks, tooLong, ...exit),
  ];
  return pages.find((page) => page.length <= largest) ?? around(tooLong);
};

const tooLong = escapeMarkdown('There is more to say than fits here; npm run grade -- --all says it all.');

const keyIsOpen =
  'Beware: this repository holds solution/, so whoever works in it can read the answer key. Students get the copy that npm run release makes.';

/** What the comment on a pull request is about, as GitHub tells it. */
export interface CommentContext {
  readonly besideKey: boolean;
  readonly commit: string;
  /** Address of the run that graded it. */
  readonly run: string;
}

/** The worksheet for the pull request that a course gives feedback in, with the run that it comes from. */
export const renderComment: Renderer<'markdown', CommentContext> = (report, { besideKey, ...source }) =>
  markdown`${renderMarkdown(report, { besideKey })}\n${commentSource(source)}\n`;

/** Which commit a comment is about, and the run that it comes from. */
export function commentSource({ commit, run }: Pick<CommentContext, 'commit' | 'run'>): MarkdownText {
  return markdown`${escapeMarkdown(`Commit ${commit.slice(0, 7)}, graded by `)}${link('this run', run)}`;
}

function tables(report: Report): MarkdownText[] {
  if (report.unreadable) return [escapeMarkdown(unreadableText(report))];
  return tablesOf(report).flatMap((graded) => {
    const name = tableTitle(graded, report);
    const title = name === undefined ? [] : [markdown`### ${escapeMarkdown(name)}`];
    if (tableProblem(report, graded.export)) return [...title, escapeMarkdown(unreadableTableText(graded))];
    return [...title, table(graded, graded.rows, report.points !== null)];
  });
}

function table(graded: GradedTable, rows: readonly GradedRow[], isScored: boolean): MarkdownText {
  const heads = ['Worksheet', ...graded.columns.map(({ label }) => label), ...(isScored ? ['Points'] : [])];
  const body = rows.flatMap((one) => {
    const points = isScored ? [escapeMarkdown(pointsText(one.cells))] : [];
    const cells = inColumns(one, graded).map((cell) => (cell ? mark(cell) : escapeMarkdown(noCell)));
    const rest = heads.slice(1).map(() => escapeMarkdown(''));
    const heading =
      one.heading === undefined ? [] : [row([markdown`**${escapeMarkdown(one.heading)}**`, ...rest])];
    return [...heading, row([escapeMarkdown(one.label), ...cells, ...points])];
  });
  return join([row(heads.map(escapeMarkdown)), rule(heads.length), ...body], '\n');
}

/** `✗ wrong 7` */
function mark(cell: GradedCell): MarkdownText {
  const { sign, word } = outcomes[cell.outcome];
  const marked = escapeMarkdown(`${sign} ${word}`);
  const value = valueText(cell);
  const named = cell.name === undefined ? marked : markdown`${escapeMarkdown(`${cell.name}: `)}${marked}`;
  return value === undefined ? named : markdown`${named} ${code(value)}`;
}

/** What to look at: the first few reasons, and folded away what comes after these. */
function reasons(report: Report): MarkdownText[] {
  const { slips, first, later, absent } = reasonsOf(report);
  const entries = [
    ...report.problems.map(problemText),
    ...remarksOnTables(report).map((remark) => markdown`- ${escapeMarkdown(remark)}`),
    ...[...slips, ...first, ...absent].map(reasonText),
  ];
  return [
    ...(entries.length > 0 ? [join(entries, '\n')] : []),
    ...(later.rows > 0 ? [folded(laterText(later), join(later.reasons.map(reasonText), '\n'))] : []),
  ];
}

function problemText({ reason, location, excerpt }: Report['problems'][number]): MarkdownText {
  const place = location ? markdown`${escapeMarkdown(locationText(location))}: ` : escapeMarkdown('');
  return markdown`- ${place}${sentence(reason)}${excerptText(excerpt)}`;
}

function reasonText(one: Reason): MarkdownText {
  const { labels, reason, location, excerpt } = one;
  const place = location ? markdown` (${escapeMarkdown(locationText(location))})` : escapeMarkdown('');
  return markdown`- **${escapeMarkdown(labels.join(', '))}**: ${sentence(reason)}${escapeMarkdown(alsoText(one))}${place}${excerptText(excerpt)}`;
}

/** The line that a slip is in, a caret below its place, and the line as it should be. */
function excerptText(excerpt: Excerpt | undefined): MarkdownText {
  if (!excerpt) return escapeMarkdown('');
  const { line, corrected } = excerpt;
  const slip = codeBlock([line, caretLine(excerpt)]);
  if (corrected === undefined) return markdown`\n\n${slip}\n`;
  return markdown`\n\n${slip}\n\n  ${escapeMarkdown(correctedTitle)}\n\n${codeBlock([corrected])}\n`;
}

/** Why rows are right, folded away. */
function explanations(report: Report): MarkdownText[] {
  const all = explanationsOf(report).map(
    ({ labels, text }) => markdown`- **${escapeMarkdown(labels.join(', '))}**: ${escapeMarkdown(text)}`,
  );
  return all.length > 0 ? [folded('Why these are right', join(all, '\n'))] : [];
}

function reflection({ reflection: graded }: Report): MarkdownText[] {
  if (!graded) return [];
  const { file, present, responses } = graded;
  const entries = [
    markdown`- ${escapeMarkdown(`Started: ${present ? 'yes' : 'not yet'} (${file})`)}`,
    ...responses
      .filter(({ answered }) => answered)
      .map(({ label }) => markdown`- ${escapeMarkdown(`✓ answered: ${label}`)}`),
    ...saidOfReflection(graded).map((said) => markdown`- ${sentence(said)}`),
  ];
  return [markdown`**Reflection: ${escapeMarkdown(reflectionScore(graded))}**`, join(entries, '\n')];
}
