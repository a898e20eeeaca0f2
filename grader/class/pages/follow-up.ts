import { counted } from '../../message';
import { type HtmlText, html, page, textHtml } from '../../render/escape/html';
import { cellsOf } from '../../rubric/rubric';
import { groupBy } from '../../system/lists';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';
import { nameOf } from './case-text';
import { style as decideStyle } from './decide-style';
import { fileIn } from './handed-in';
import { listAlike, listed, noteList, pageFile, paragraph, section, style, tableOf } from './layout';
import { wrongRowsIn } from './shared-answers';
import { type FilePlace, type Sheet, sheetOf } from './shown';
import { type ShownClass, shownClass } from './shown-class';
import { type ClassStats, gradesLine, isUnread, stateOf } from './statistics';

/** The code of a page, and the notices that its packages require to be passed on with it. */
export interface PageProgram {
  readonly code: string;
  readonly notices: string;
}

/** Everything that the program of the page shows, without any right answer. */
export interface FollowUpData {
  readonly shown: ShownClass;
  readonly sheets: readonly Sheet[];
  readonly files: readonly SmallFile[];
}

/** A small file that was handed in. */
interface SmallFile extends FilePlace {
  /** Each character is a byte. */
  readonly text: string;
  /** The paths inside, if it is an archive. */
  readonly inside: readonly string[];
}

/**
 * Renders the page in which a person decides about a class, and sees who needs something. It has the sheets of all
 * students, so that it needs neither the files nor the grader.
 */
export async function renderFollowUp(
  stats: ClassStats,
  graded: GradedClass,
  others: readonly OtherGrade[],
  { code, notices }: PageProgram,
): Promise<HtmlText> {
  const { rubric } = stats;
  const notes = graded.notes.map(({ text }) => text);
  const body = html`<header><h1>${textHtml(gradesLine(graded))}</h1>
<p><b>Not for the projector.</b> This page has names. <a href="${textHtml(pageFile)}">${textHtml(`${rubric.title}: the class`)}</a></p>
<noscript><p><strong>To decide here, allow JavaScript.</strong></p></noscript></header>
<main><div id="place"></div>
${byStatus(graded)}${noteList(notes)}${section('Students to talk to', fewestPoints(stats, graded))}${section('Grades at the host', atHost(graded, others))}</main>`;
  return page(`${rubric.title}: follow-up`, style + decideStyle, body, {
    script: code.trim(),
    data: await dataOf(graded),
    notices,
  });
}

async function dataOf(graded: GradedClass): Promise<FollowUpData> {
  const shown = shownClass(graded);
  const ids = [...graded.students, ...graded.unmatched].map(({ key }) => key);
  const sheets: Sheet[] = [];
  for (const id of ids) {
    const sheet = await sheetOf(graded, id);
    // The page has no right answers to show.
    if (sheet) sheets.push({ ...sheet, canReveal: false });
  }
  const open = new Set(
    shown.open.flatMap(({ cases }) => cases.flatMap((one) => one.people.map(({ id }) => id))),
  );
  const places = sheets.flatMap(({ id, files }) => (open.has(id) ? files : []));
  return { shown, sheets, files: await smallFiles(graded, places) };
}

/** The largest file that the page has, and the most that all of them may be, in bytes. */
const maxSmall = 64 * 1024;
const maxFiles = 16 * 1024 ** 2;

async function smallFiles(graded: GradedClass, places: readonly FilePlace[]): Promise<SmallFile[]> {
  const files = new Map<string, SmallFile>();
  let left = maxFiles;
  for (const { submission, path } of places) {
    const name = JSON.stringify([submission, path]);
    const { bytes, inside = [] } = files.has(name)
      ? {}
      : await fileIn(graded, { submission, path }, maxSmall);
    if (!bytes || bytes.length > left) continue;
    left -= bytes.length;
    files.set(name, { submission, path, inside, text: String.fromCharCode(...bytes) });
  }
  return [...files.values()];
}

/** Students without graded work, by state. */
function byStatus(graded: GradedClass): HtmlText {
  const without = graded.students.filter(({ status, override }) => status !== 'graded' && !override);
  if (without.length === 0) return html``;
  const states = [...groupBy(without, stateOf)];
  return tableOf<(typeof states)[number]>(
    'Who has no graded work',
    {
      State: ([status, same]) => textHtml(`${same.length} ${status}`),
      Students: ([, same]) => listed(same.map((result) => nameOf(result, graded))),
    },
    states,
  );
}

function list(title: string, what: string, entries: Parameters<typeof listAlike>[0]): HtmlText {
  if (entries.length === 0) return html``;
  return html`<h3>${textHtml(`${title} (${entries.length})`)}</h3>\n${what === '' ? html`` : paragraph(what)}${listAlike(entries)}`;
}

/** A grade that a host has and that differs from ours. */
export interface OtherGrade {
  readonly row: StudentResult;
  /** `12.5 in Canvas, 9 here` */
  readonly text: string;
  /**
   * It waits if a person changed it and nobody has chosen yet; otherwise it stays, or changes once the gradebook is
   * uploaded; or the points here are above the host’s maximum, which is then what the upload sets.
   */
  readonly becomes: 'waits' | 'stays' | 'changes' | 'capped';
}

function atHost(graded: GradedClass, others: readonly OtherGrade[]): HtmlText {
  const listOf = (title: string, advice: string, wanted: OtherGrade['becomes']) =>
    list(
      title,
      advice,
      others
        .filter(({ becomes }) => becomes === wanted)
        .map(({ row, text }) => ({ name: nameOf(row, graded), text: textHtml(text) })),
    );
  return html`${listOf('Changed there by hand', 'The upload leaves them out until you choose, above.', 'waits')}${listOf('They stay as they are', 'To set one here, give points on this page; one that is locked or excused has to be changed there.', 'stays')}${listOf('They change with the upload', '', 'changes')}${listOf('They are capped there', '', 'capped')}`;
}

/** How many students the list of those with the fewest points may have. */
const maxFewest = 20;

function fewestPoints({ results, rubric, titleOf }: ClassStats, graded: GradedClass): HtmlText {
  const { possible } = rubric;
  const lowest = results
    .flatMap((row) => {
      const { report, points, override } = row;
      const isLow = points !== null && 2 * points <= possible && !override;
      return isLow && report?.started && !isUnread(report) ? { row, report, points } : [];
    })
    .sort((a, b) => a.points - b.points)
    .slice(0, maxFewest);
  const entries = lowest.map(({ row, report, points }) => {
    const parts = [`${points} of ${possible}`];
    for (const outcome of ['wrong', 'blank']) {
      const count = cellsOf(report).filter((cell) => cell.outcome === outcome).length;
      if (count > 0) parts.push(counted(count, `${outcome} cell`));
    }
    const ideas = wrongRowsIn(rubric, report).flatMap((shown) => shown.ideas.map(titleOf));
    return { name: nameOf(row, graded), text: textHtml([...parts, ...new Set(ideas)].join('; ')) };
  });
  return list(
    'Fewest points',
    'These have at most half of the points. Students with a typo that hides answers, or with points set by hand, are not listed.',
    entries,
  );
}
