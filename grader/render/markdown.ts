import type { GradedCell, Report } from '../grading/report.schema';
import type { Excerpt } from '../message';
import {
  code,
  codeBlock,
  escapeMarkdown,
  foldedSection,
  join,
  type MarkdownText,
  markdown,
  markdownLink,
  markdownSentence,
  row,
  rule,
} from './escape/markdown';
import { correctedTitle, inColumns, noCell, outcomes, pointsText, type Renderer, valueText } from './status';
import {
  type Block,
  caretLine,
  type LinePart,
  type ListItem,
  type TableView,
  type View,
  type ViewOptions,
  viewOf,
} from './view';

/** In UTF-16 units. GitHub drops a summary of more than 1 MiB, and refuses a comment of more than 65,536. */
const maxLength = 60_000;

/** Notes on the run that graded a worksheet, shown below it, a paragraph each. */
interface RunNotes {
  readonly notes: readonly string[];
}

/** Renders the worksheet in Markdown for the page of a run on GitHub. */
export const renderMarkdown: Renderer<'markdown', RunNotes> = (report, { notes }) => {
  const below: View = notes.map((note) => [{ kind: 'line', parts: [note] }]);
  const views = shorterAndShorter(report, { later: 'folded', explanations: 'whole', hasNext: true });
  return markdown`${printFitting(
    views.map((view) => [...view, ...below]),
    maxLength,
  )}\n`;
};

/** Views of a Report, each shorter than the one before; the last keeps only the first section. */
export function shorterAndShorter(report: Report, options: ViewOptions): View[] {
  const cut: View = [[{ kind: 'line', parts: [tooLong] }]];
  const whole = viewOf(report, options);
  const withoutLists = whole.map((section) => section.filter(({ kind }) => kind !== 'list'));
  return [
    whole,
    viewOf(report, { ...options, explanations: 'none' }),
    [...withoutLists, ...cut],
    [...whole.slice(0, 1), ...cut],
  ];
}

/** Prints the first view of at most `max` UTF-16 units, or the last view if all are longer. */
export function printFitting(views: readonly View[], max: number): MarkdownText {
  const texts = views.map(printMarkdown);
  return texts.find((text) => text.length <= max) ?? texts.at(-1) ?? escapeMarkdown('');
}

const tooLong = 'Not everything fits here. npm run grade -- --all shows the rest.';

/** The commit and the run that a comment on a pull request is about, as GitHub reports them. */
export interface CommentContext extends RunNotes {
  readonly commit: string;
  /** The address of the run that graded it. */
  readonly run: string;
}

/** Renders the worksheet for a course's feedback pull request, with the run that it comes from. */
export const renderComment: Renderer<'markdown', CommentContext> = (report, { notes, ...source }) =>
  markdown`${renderMarkdown(report, { notes })}\n${commentSource(source)}\n`;

/** The commit that a comment is about, and a link to the run that it comes from. */
export function commentSource({ commit, run }: Pick<CommentContext, 'commit' | 'run'>): MarkdownText {
  return markdown`${escapeMarkdown(`Commit ${commit.slice(0, 7)}, graded by `)}${markdownLink('this run', run)}`;
}

/** Prints a view in GitHub's Markdown. */
export function printMarkdown(view: View): MarkdownText {
  return join(view.flat().map(blockText), '\n\n');
}

function blockText(block: Block): MarkdownText {
  switch (block.kind) {
    case 'title':
      return markdown`## ${escapeMarkdown(block.text)}`;
    case 'status':
    case 'heading':
      return markdown`**${escapeMarkdown(block.text)}**`;
    case 'line':
      return partsText(block.parts);
    case 'quote':
      return markdown`> ${escapeMarkdown(block.text)}`;
    case 'list': {
      const items = block.items.map((item, index) => itemText(item, block.isOrdered ? `${index + 1}.` : '-'));
      return block.summary === undefined
        ? join(items, '\n')
        : foldedSection(block.summary, join(items, '\n'));
    }
    case 'grid': {
      const rows = block.rows.map((cells) => row(cells.map(escapeMarkdown)));
      return join([row(block.heads.map(escapeMarkdown)), rule(block.heads.length), ...rows], '\n');
    }
    case 'table':
      return tableText(block);
  }
}

function itemText({ parts, excerpt }: ListItem, sign: string): MarkdownText {
  return markdown`${sign === '-' ? markdown`-` : escapeMarkdown(sign)} ${partsText(parts)}${excerptText(excerpt)}`;
}

function partsText(parts: readonly LinePart[]): MarkdownText {
  return join(
    parts.map((part) => {
      if (typeof part === 'string') return escapeMarkdown(part);
      if (!('tone' in part)) return markdownSentence(part);
      return part.tone === 'strong' ? markdown`**${escapeMarkdown(part.text)}**` : escapeMarkdown(part.text);
    }),
    ' ',
  );
}

/** The line with a slip, a caret below the slip, and the corrected line if there is one. */
function excerptText(excerpt: Excerpt | undefined): MarkdownText {
  if (!excerpt) return escapeMarkdown('');
  const { line, corrected } = excerpt;
  const slip = codeBlock([line, caretLine(excerpt)]);
  if (corrected === undefined) return markdown`\n\n${slip}\n`;
  return markdown`\n\n${slip}\n\n  ${escapeMarkdown(correctedTitle)}\n\n${codeBlock([corrected])}\n`;
}

function tableText({ title, table, isScored }: TableView): MarkdownText {
  const heads = ['Worksheet', ...table.columns.map(({ label }) => label), ...(isScored ? ['Points'] : [])];
  const body = table.rows.flatMap((one) => {
    const points = isScored ? [escapeMarkdown(pointsText(one.cells))] : [];
    const cells = inColumns(one, table).map((cell) => (cell ? mark(cell) : escapeMarkdown(noCell)));
    const rest = heads.slice(1).map(() => escapeMarkdown(''));
    const heading =
      one.heading === undefined ? [] : [row([markdown`**${escapeMarkdown(one.heading)}**`, ...rest])];
    return [...heading, row([escapeMarkdown(one.label), ...cells, ...points])];
  });
  const text = join([row(heads.map(escapeMarkdown)), rule(heads.length), ...body], '\n');
  return title === undefined ? text : markdown`### ${escapeMarkdown(title)}\n\n${text}`;
}

/** `✗ wrong 7` */
function mark(cell: GradedCell): MarkdownText {
  const { sign, word } = outcomes[cell.outcome];
  const marked = escapeMarkdown(`${sign} ${word}`);
  const value = valueText(cell);
  const named = cell.name === undefined ? marked : markdown`${escapeMarkdown(`${cell.name}: `)}${marked}`;
  return value === undefined ? named : markdown`${named} ${code(value)}`;
}
