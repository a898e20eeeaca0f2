import { worksheetPart } from '../../grading/score';
import { groupBy } from '../../key/group-by';
import { type HtmlText, html, page, textHtml } from '../../render/escape/html';
import { completeAgain, gradedCells, shortLabelIn } from '../../render/status';
import { allRowsOf, rowName, rowsOf } from '../../rubric/rubric';
import { overrideLine, overridesFile } from '../results/by-hand';
import type { ReviewTopic, StudentResult } from '../results/student-result.schema';
import { block, carriedForward, decisions, type Lines } from './decisions';
import { counted, listAlike, pageFile, paragraph, section, style } from './layout';
import { type ClassStats, ideasIn, isUnread } from './statistics';
import { gradesLine } from './summary';

/** Renders the page of students who need something from the instructor. */
export function renderFollowUp(stats: ClassStats, lines: Lines): HtmlText {
  const { rubric, rows } = stats;
  const proposed = new Set(lines.overrides.keys());
  const decide = decisions(rows, lines, proposed);
  const none = paragraph('No grade needs a decision.');
  const missing = rows.filter(({ points }) => points === null);
  const why = listAlike(missing.map((row) => ({ row, text: textHtml(row.status) })));
  const body = html`<header><h1>${textHtml(gradesLine(rows))}</h1>
${missing.length > 0 ? why : html``}
<p><b>Not for the projector.</b> This page has names. <a href="${textHtml(pageFile)}">${textHtml(`${rubric.title}: the class`)}</a></p></header>
<main>${section('Grades to decide', decide === '' ? none : decide)}${section('Students to talk to', html`${notStarted(rows)}${fewestPoints(stats)}${sameIdea(stats)}`)}${section('Error carried forward', carried(stats, lines, proposed))}</main>`;
  return page(`${rubric.title}: follow-up`, style, body);
}

function list(title: string, what: string, said: Parameters<typeof listAlike>[0]): HtmlText {
  if (said.length === 0) return html``;
  return html`<h3>${textHtml(`${title} (${said.length})`)}</h3>\n${what === '' ? html`` : paragraph(what)}${listAlike(said)}`;
}

/** Topics of warnings about work that does not count. A student with such a warning has started. */
const hasWork: ReadonlySet<ReviewTopic> = new Set<ReviewTopic>([
  'versions',
  'instead',
  'found',
  'elsewhere',
  'ambiguous',
  'after cutoff',
  'download',
  'file',
]);

function notStarted(rows: readonly StudentResult[]): HtmlText {
  const found = rows.filter(
    ({ status, overridden, warnings }) =>
      (status === 'not started' || status === 'no submission') &&
      !overridden &&
      !warnings.some(({ topic }) => hasWork.has(topic)),
  );
  return list(
    'Not started',
    '',
    found.map((row) => ({ row, text: textHtml(row.status) })),
  );
}

/** The most students in the list of those with the fewest points. */
const maxFewest = 20;

function fewestPoints({ rows, rubric: { possible }, titleOf }: ClassStats): HtmlText {
  const found = rows
    .flatMap((row) => {
      const { report, points, overridden } = row;
      const isTheirs = report?.started && points !== null && !overridden && !isUnread(report);
      return isTheirs && 2 * points <= possible ? { row, report, points } : [];
    })
    .sort((a, b) => a.points - b.points)
    .slice(0, maxFewest);
  const entries = found.map(({ row, report, points }) => {
    const wrong = gradedCells(report).filter(({ outcome }) => outcome === 'wrong').length;
    const blank = gradedCells(report).filter(({ outcome }) => outcome === 'blank').length;
    const ideas = [...new Set(ideasIn(worksheetPart(report)).map(({ idea }) => titleOf(idea)))];
    const facts = [
      `${points} of ${possible}`,
      ...(wrong > 0 ? [counted(wrong, 'wrong cell')] : []),
      ...(blank > 0 ? [counted(blank, 'blank cell')] : []),
      ...ideas,
    ];
    return { row, text: textHtml(facts.join('; ')) };
  });
  return list(
    'Fewest points',
    'At most half of the points. Whoever has a typo that hides answers, or points set by hand, is left out.',
    entries,
  );
}

/** Students who show an idea in the worksheet and in the second table, with the rows that show it. */
function sameIdea({ rubric, rows, titleOf }: ClassStats): HtmlText {
  const names = new Map(allRowsOf(rubric).map((row) => [row.id, rowName(row)]));
  const own = rowsOf(rubric);
  const labelOf = (id: string) =>
    shortLabelIn(own, own.find((row) => row.id === names.get(id)) ?? { label: id });
  const said = (all: ReturnType<typeof ideasIn>) =>
    all.map(({ row, written }) => `${labelOf(row)}: ${written}`).join('; ');
  const entries = rows.flatMap((result) => {
    const before = result.report ? ideasIn(worksheetPart(result.report)) : [];
    const again = groupBy(ideasIn(result.report && completeAgain(result.report)), ({ idea }) => idea);
    return [...again].flatMap(([id, there]) => {
      const here = before.filter(({ idea }) => idea === id);
      return here.length === 0
        ? []
        : { row: result, text: textHtml(`${titleOf(id)}. ${said(here)}; at other sizes ${said(there)}`) };
    });
  });
  return list('The same idea in both tables', '', entries);
}

/** Lists whom one error cost several cells, with one block of lines that give those points to everybody. */
function carried(
  { rows, titleOf, rubric }: ClassStats,
  { people }: Lines,
  proposed: ReadonlySet<string>,
): HtmlText {
  const found = rows.flatMap((row) => {
    const one = carriedForward(row);
    return one ? { row, ...one, titles: one.ids.map(titleOf).join('; ') } : [];
  });
  if (found.length === 0) return html``;
  const entries = found.map(({ row, points, cells, titles }) => ({
    row,
    text: textHtml(`${row.points} of ${rubric.possible}, or ${points}: ${titles}. ${cells.join('; ')}`),
  }));
  const free = found.filter(({ row }) => !proposed.has(row.key));
  const lines = free.map(({ row, points, titles }) =>
    overrideLine(row, people, points, `Error carried forward: ${titles}`),
  );
  const rest = found.length - free.length;
  const more = rest === 0 ? '' : ` ${rest} of them have a line above or in ${overridesFile} already.`;
  return html`${paragraph(`The first cell that shows an idea stays wrong; the cells named here may follow from it. Give these points to everybody, or to nobody.${more}`)}${listAlike(entries)}${block(overridesFile, lines)}`;
}
