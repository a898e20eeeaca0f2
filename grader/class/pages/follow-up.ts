import type { Report } from '../../grading/report.schema';
import { worksheetPart } from '../../grading/score';
import { interpolate } from '../../message';
import { csvRows, own, untrusted } from '../../render/escape/csv';
import { type HtmlText, html, page, textHtml, textLines } from '../../render/escape/html';
import { completeAgain, gradedCells, rowText, shortLabelIn, valueText } from '../../render/status';
import { rowsOf } from '../../rubric/rubric';
import { groupBy } from '../../system/lists';
import { matchesFile } from '../members/matching';
import type { People } from '../members/people';
import { correctionsOf, extensionsFile, isDecided, overrideLine, overridesFile } from '../results/by-hand';
import { type NoteKindName, noteKindEntries, noteKinds } from '../results/note-kinds';
import type { StudentResult, Warning } from '../results/student-result.schema';
import { type WrongRow, wrongRowsIn } from './headline';
import { counted, listAlike, noteList, pageFile, paragraph, section, style } from './layout';
import { type ClassStats, gradesLine, isUnread } from './statistics';

/** Renders the page of students who need something from the instructor. */
export function renderFollowUp(stats: ClassStats, tables: Tables): HtmlText {
  const { rubric, rows } = stats;
  const decide = decisions(stats, tables);
  const none = paragraph('No grade needs a decision.');
  const missing = rows.filter(({ points }) => points === null);
  const why = listAlike(missing.map((row) => ({ row, text: textHtml(row.status) })));
  const toDecide = section('Grades to decide', decide === '' ? none : decide);
  const toTalkTo = html`${notStarted(rows)}${fewestPoints(stats)}${sameIdea(stats)}`;
  const body = html`<header><h1>${textHtml(gradesLine(rows))}</h1>
${missing.length > 0 ? why : html``}
<p><b>Not for the projector.</b> This page has names. <a href="${textHtml(pageFile)}">${textHtml(`${rubric.title}: the class`)}</a></p></header>
<main>${noteList(tables.notes)}${toDecide}${section('Students to talk to', toTalkTo)}</main>`;
  return page(`${rubric.title}: follow-up`, style, body, { script: copyScript });
}

/** Copies the lines above a button. A page that is opened as a file may not write to the clipboard in another way. */
const copyScript = `
document.addEventListener('click', ({ target }) => {
  if (!target.matches('button.copy')) return;
  getSelection().selectAllChildren(target.previousElementSibling);
  target.textContent = document.execCommand('copy') ? 'Copied' : 'Press Ctrl+C to copy';
});
`;

function list(title: string, what: string, entries: Parameters<typeof listAlike>[0]): HtmlText {
  if (entries.length === 0) return html``;
  return html`<h3>${textHtml(`${title} (${entries.length})`)}</h3>\n${what === '' ? html`` : paragraph(what)}${listAlike(entries)}`;
}

function notStarted(rows: readonly StudentResult[]): HtmlText {
  const yetToStart = rows.filter(
    ({ status, overridden, warnings }) =>
      (status === 'not started' || status === 'no submission') && !overridden && warnings.length === 0,
  );
  return list(
    'Not started',
    '',
    yetToStart.map((row) => ({ row, text: textHtml(row.status) })),
  );
}

/** The most students in the list of those with the fewest points. */
const maxFewest = 20;

function fewestPoints({ rows, rubric, titleOf }: ClassStats): HtmlText {
  const { possible } = rubric;
  const lowest = rows
    .flatMap((row) => {
      const { report, points, overridden } = row;
      const isLow = points !== null && 2 * points <= possible && !overridden;
      return isLow && report?.started && !isUnread(report) ? { row, report, points } : [];
    })
    .sort((a, b) => a.points - b.points)
    .slice(0, maxFewest);
  const entries = lowest.map(({ row, report, points }) => {
    const parts = [`${points} of ${possible}`];
    for (const outcome of ['wrong', 'blank']) {
      const count = gradedCells(report).filter((cell) => cell.outcome === outcome).length;
      if (count > 0) parts.push(counted(count, `${outcome} cell`));
    }
    const ideas = wrongRowsIn(rubric, worksheetPart(report)).flatMap((shown) => shown.ideas.map(titleOf));
    return { row, text: textHtml([...parts, ...new Set(ideas)].join('; ')) };
  });
  return list(
    'Fewest points',
    'At most half of the points. Whoever has a typo that hides answers, or points set by hand, is left out.',
    entries,
  );
}

/** Students who show an idea in the worksheet and in the second table, with the rows that show it. */
function sameIdea({ rubric, rows, titleOf }: ClassStats): HtmlText {
  const ownRows = rowsOf(rubric);
  const answersWith = (idea: string, wrong: readonly WrongRow[]) =>
    wrong
      .filter(({ ideas }) => ideas.includes(idea))
      .map(({ row, values }) => `${shortLabelIn(ownRows, row)}: ${rowText(rubric, row, values)}`)
      .join('; ');
  const entries = rows.flatMap((row) => {
    const { report } = row;
    const again = wrongRowsIn(rubric, report && completeAgain(report));
    const before = wrongRowsIn(rubric, report && worksheetPart(report));
    return [...new Set(again.flatMap(({ ideas }) => ideas))].flatMap((idea) => {
      const here = answersWith(idea, before);
      const text = `${titleOf(idea)}. ${here}; at other sizes ${answersWith(idea, again)}`;
      return here === '' ? [] : { row, text: textHtml(text) };
    });
  });
  return list('The same idea in both tables', '', entries);
}

/** The class as the lines of its tables see it. */
interface Tables {
  readonly people: People;
  /** The lines of overrides.csv, by key. A second line about a student is refused. */
  readonly overrides: ReadonlyMap<string, { readonly line: number }>;
  /** Notes on the run as a whole. */
  readonly notes: readonly string[];
}

/** Whether a person still has to decide: where points are set by hand, only what could be worth more. */
function isOpen(row: StudentResult, { kind, of }: Warning) {
  if (!row.overridden) return true;
  const most = (row.otherWork?.find(({ label }) => label === of) ?? row).most ?? 0;
  if (noteKinds[kind].mayBeWorthAll) return !isDecided(row) && most > (row.points ?? 0);
  return correctionsOf(row).some((correction) => correction.kind === kind);
}

/** Lists grades to decide, by kind, with one block of lines for each kind and table. */
function decisions(stats: ClassStats, tables: Tables): HtmlText {
  const lists = noteKindEntries.map(([kind, { heading, whatToDo }]) => {
    const about = [...stats.rows, ...stats.unmatched].flatMap((row) => {
      const warnings = row.warnings.filter((each) => each.kind === kind && isOpen(row, each));
      const isOwn = row.status !== 'unmatched' || kind === 'unmatched';
      return warnings.length > 0 && isOwn ? { row, warnings } : [];
    });
    if (about.length === 0) return html``;
    const lines = about.flatMap(({ row }) => linesFor(kind, row, tables));
    const blocks = [...groupBy(lines, ({ file }) => file)].map(([file, inFile]) => block(file, inFile));
    const entries = about.map(({ row, warnings }) => ({ row, text: warningsHtml(row, warnings, tables) }));
    return html`<h3>${textHtml(`${heading} (${about.length})`)}</h3>\n${paragraph(whatToDo)}${listAlike(entries)}${blocks}`;
  });
  return html`${lists}`;
}

/** A line of a table that an instructor fills in. The next run accepts it as it is. */
interface Line {
  readonly file: string;
  readonly text: string;
}

/** The lines that decide about a student. A student has one line in each table, so each override has one kind. */
function linesFor(kind: NoteKindName, row: StudentResult, { people, overrides }: Tables): Line[] {
  if (kind === 'unmatched' || kind === 'teams')
    return (row.matchLines ?? []).map(({ submission, login }) => ({
      file: matchesFile,
      text: csvRows([[untrusted(submission), login === '' ? null : untrusted(login), null]]).trimEnd(),
    }));
  if (kind === 'times' && row.status === 'after cutoff') {
    if (row.submitted === undefined || row.extension !== undefined) return [];
    // The due date at which the work is on time.
    const due = own(row.submitted.replace(/:\d\dZ$/, 'Z'));
    return [
      {
        file: extensionsFile,
        text: csvRows([[untrusted(people.wordFor(row.student ?? row)), due]]).trimEnd(),
      },
    ];
  }
  const line = overrides.has(row.key) ? undefined : overrideFor(row);
  if (line?.kind !== kind) return [];
  return [{ file: overridesFile, text: overrideLine(row, people, line.points, line.reason) }];
}

/** The one override that is proposed for a student: of several the one that changes most, else one that keeps the points. */
function overrideFor(row: StudentResult) {
  const [best] = correctionsOf(row);
  const { points } = row;
  if (best || points === null) return best;
  const kept = noteKindEntries.flatMap(([kind, { keeping }]) => {
    const isAsked = row.warnings.some((warning) => warning.kind === kind);
    return isAsked && keeping !== undefined ? { kind, points, reason: keeping } : [];
  });
  return kept[0];
}

/** Lines to copy into a table, each once. */
function block(file: string, lines: readonly Line[]): HtmlText {
  const texts = [...new Set(lines.map(({ text }) => text))];
  return texts.length === 0
    ? html``
    : html`<p class="who">${textHtml(`${counted(texts.length, 'line')} for ${file}; add ${texts.length === 1 ? 'it' : 'them'} and grade again:`)}</p><pre>${texts.map((text) => html`${textHtml(text)}\n`)}</pre><button type="button" class="copy">Copy</button>`;
}

function warningsHtml(row: StudentResult, warnings: readonly Warning[], { overrides }: Tables): HtmlText {
  const line = overrides.get(row.key)?.line;
  const set = row.overridden ? ` Line ${line} of ${overridesFile} gives ${row.points}.` : '';
  return html`${warnings.map((warning) => warningHtml(row, warning))}${textHtml(set)}`;
}

/** A warning, with what a person needs to decide about the work that it is about. */
function warningHtml(row: StudentResult, warning: Warning): HtmlText {
  const work = row.otherWork?.find(({ label }) => label === warning.of) ?? row;
  const { dispute, report, corrected } = work;
  const text = textHtml(interpolate(warning));
  const where = warning.of === undefined ? html`` : html`${text} `;
  if (warning.kind === 'disputed' && report)
    return html`${where}${textLines(dispute ?? '')} <span class="who">${textHtml(missedIn(report))}</span>`;
  const excerpt = report?.problems.find((problem) => problem.excerpt?.corrected !== undefined)?.excerpt;
  if (warning.kind === 'typos' && corrected && excerpt?.corrected) {
    const points = `${row.points ?? 'No points'} of ${report?.possible} now, and ${corrected.points} with line ${corrected.line} corrected.`;
    return html`${where}${textHtml(points)}<pre>${textHtml(excerpt.line)}\n${textHtml(excerpt.corrected)}</pre>`;
  }
  if (warning.kind !== 'versions') return html`${text} `;
  const choices = [...(work.choices ?? [])].sort((one, other) => other.points - one.points);
  const each = choices.map(({ files, points }) => `${files.join(' and ')}: ${points} points`);
  return html`${text} ${textHtml(each.join('; '))} `;
}

function missedIn(report: Report): string {
  const missed = gradedCells(report).filter(({ outcome }) => outcome === 'wrong' || outcome === 'invalid');
  const cells = missed.map((cell) => {
    const typed = valueText(cell) ?? cell.sourceText;
    return typed === undefined ? cell.label : `${cell.label} (${typed})`;
  });
  return cells.length === 0 ? '' : `It may be about ${cells.join('; ')}.`;
}
