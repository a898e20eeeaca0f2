import { counted } from '../../message';
import { type HtmlText, html, page, textHtml } from '../../render/escape/html';
import { cellsOf } from '../../rubric/rubric';
import { groupBy } from '../../system/lists';
import type { GradedClass } from '../results/graded-class';
import { noteKindEntries } from '../results/note';
import type { StudentResult } from '../results/student-result.schema';
import { type Case, casesIn, isAsked, isOpen, notesIn } from '../results/to-decide';
import {
  chosenBar,
  decisions,
  decisionsScript,
  nameOf,
  noteHtml,
  sectionsAbout,
  setBy,
  whoOf,
} from './decision-rows';
import { listAlike, listed, noteList, pageFile, paragraph, section, style, tableOf } from './layout';
import { wrongRowsIn } from './shared-answers';
import { type ClassStats, gradesLine, isUnread, stateOf, toDecideText } from './statistics';

/** Renders the page of students who need something from the instructor. */
export function renderFollowUp(
  stats: ClassStats,
  graded: GradedClass,
  others: readonly OtherGrade[],
): HtmlText {
  const { rubric } = stats;
  const allCases = casesIn(graded);
  const cases = allCases.filter(isAsked);
  const settled = allCases.filter((one) => !isAsked(one));
  const decide = decisions(cases, graded);
  const none = paragraph('No grade needs a decision.');
  const toDecide = section('Grades to decide', decide === '' ? none : html`${decide}${chosenBar(graded)}`);
  const notes = graded.notes.map(({ text }) => text);
  const count = toDecideText(graded);
  const isWithoutClones = [...graded.submissions.values()].every(({ clone }) => clone === undefined);
  const faster =
    decide !== '' &&
    isWithoutClones &&
    paragraph('Decide faster in grading.html, which shows the work beside each case: npm run grading:page.');
  const body = html`<header><h1>${textHtml(gradesLine(graded))}</h1>
${count !== '' && html`<p id="left">${textHtml(`${count}.`)}</p>\n`}${sectionButtons(cases, count, graded)}<p><b>Not for the projector.</b> This page has names. <a href="${textHtml(pageFile)}">${textHtml(`${rubric.title}: the class`)}</a></p>
${faster}</header>
<main>${linksToKinds(cases)}${byStatus(graded)}${noteList(notes)}${toDecide}${nothingToDo(settled, graded)}${section('Students to talk to', fewestPoints(stats, graded))}${section('Grades at the host', atHost(graded, others))}${section('Decided', decided(graded))}</main>`;
  return page(`${rubric.title}: follow-up`, style, body, { script: decisionsScript });
}

/** Buttons that show one section, each with how much is left there and in all. */
function sectionButtons(cases: readonly Case[], count: string, graded: GradedClass): HtmlText {
  const { sections, sectionsOf, students } = graded;
  if (sections.length === 0 || count === '') return html``;
  const leftIn = (section: string) => {
    const left = cases.filter(({ about }) => {
      const own = sectionsAbout(about, graded);
      return own.length === 0 || own.includes(section);
    });
    const submissions = left.filter(({ kind }) => kind === 'unmatched').length;
    const all = students.filter(({ key }) => sectionsOf.get(key)?.includes(section)).length + submissions;
    return `${left.length} of ${all} in ${section}; ${cases.length} in all: ${count}.`;
  };
  const buttons = [
    ['All', '', `${count}.`] as const,
    ...sections.map((section, at) => [section, at, leftIn(section)] as const),
  ];
  return html`<p id="sections" class="not-on-paper" role="group" aria-label="Section">${buttons.map(
    ([name, value, left], at) =>
      html`<button type="button" value="${textHtml(value)}" data-left="${textHtml(left)}" aria-pressed="${textHtml(String(at === 0))}">${textHtml(name)}</button> `,
  )}</p>\n`;
}

/** How many cases there are of each kind, as links to them. */
function linksToKinds(allCases: readonly Case[]): HtmlText {
  const links = noteKindEntries.flatMap(([kind, { heading }]) => {
    const { length } = allCases.filter((one) => one.kind === kind);
    return length === 0
      ? []
      : html`<li><a class="button" href="#${textHtml(kind)}">${textHtml(`${length} ${heading}`)}</a></li>`;
  });
  return links.length === 0 ? html`` : html`<ul class="counts not-on-paper">${links}</ul>\n`;
}

/** Folded away: notes that need no decision. */
function nothingToDo(cases: readonly Case[], graded: GradedClass): HtmlText {
  if (cases.length === 0) return html``;
  const entries = cases.map(({ who, about, noted }) => ({
    name: whoOf({ who, about }, graded),
    text: html`${noted.map((one) => noteHtml(about, one))}`,
  }));
  return html`<details><summary>${textHtml(`Nothing to do (${cases.length})`)}</summary>${listAlike(entries)}</details>\n`;
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
  return html`${listOf('Changed there by hand', 'The upload leaves them out until you choose, above.', 'waits')}${listOf('They stay as they are', 'To set one here, add a line to overrides.csv; one that is locked or excused has to be changed there.', 'stays')}${listOf('They change with the upload', '', 'changes')}${listOf('They are capped there', '', 'capped')}`;
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

/** Lists the notes that a line of overrides.csv closed. */
function decided(graded: GradedClass): HtmlText {
  const entries = graded.students.flatMap((result) => {
    const closed = notesIn(result).filter(({ note }) => !isOpen(result, note));
    if (closed.length === 0) return [];
    const text = closed.map((noted) => noteHtml(result, noted));
    return { name: nameOf(result, graded), text: html`${text}${textHtml(setBy(result))}` };
  });
  return entries.length === 0 ? html`` : listAlike(entries);
}
