import type { AskAgain } from '../../course/ask-again';
import { expectedIn } from '../../key/judge';
import { asWritten } from '../../key/known-answers';
import type { Solution } from '../../key/solution';
import { kindOf } from '../../kinds/registry';
import { counted } from '../../message';
import { type HtmlText, html, page, textHtml, textLines } from '../../render/escape/html';
import { countedResponses, noCell, rowText, shortLabelIn } from '../../render/status';
import { wideTable } from '../../render/view-html';
import {
  cellsOf,
  inSentence,
  labelInRow,
  possibleReflection,
  type Rubric,
  type RubricRow,
  rowsOf,
} from '../../rubric/rubric';
import { groupBy } from '../../system/lists';
import {
  barOf,
  type Columns,
  followUpFile,
  histogram,
  noteList,
  paragraph,
  section,
  shadeOf,
  style,
  tableOf,
} from './layout';
import type { SharedAnswer } from './shared-answers';
import {
  type CellCount,
  type ClassStats,
  countsOf,
  type Idea,
  missed,
  mostMissed,
  mostWrongRow,
  topicOf,
  whyNotCounted,
  withoutWork,
} from './statistics';

/** Inputs for the page, apart from the statistics. */
export interface PageContext {
  /** Notes on the run as a whole. */
  readonly notes: readonly string[];
  readonly solution: Solution;
  /** The worksheet at other sizes, if rubric.yaml has any. */
  readonly askAgain: AskAgain | undefined;
  /** The section that it is about, if not all of the class. */
  readonly section?: string | undefined;
  /** Whether the page with names is in the same folder. */
  readonly hasFollowUp: boolean;
}

/**
 * Renders the page of a class: what to talk about. It is one file, without scripts; students' names are on another
 * page. A number counts only students for whom it is known, numbers side by side are about the same students, and the
 * page says what students did, not why.
 */
export function renderPage(stats: ClassStats, context: PageContext): HtmlText {
  const { title } = stats.rubric;
  const heading = context.section === undefined ? title : `${title}: ${context.section}`;
  const talkText = html`<div class="talk card">${talk(stats, context)}</div>`;
  const isKnown = stats.students.length > 0;
  const body = html`<header><h1>${textHtml(heading)}</h1>
${whoCounts(stats)}${noteList(context.notes)}</header>
<main>${isKnown ? html`<div class="first">${picture(stats)}${talkText}</div>` : talkText}
<div class="columns">${section('Ideas', ideas(stats))}${section('Points', pointsSection(stats))}</div>
${section('Frequent wrong answers', wrongAnswers(stats))}${section('Responses', responses(stats))}</main>`;
  return page(context.section === undefined ? `${title}: the class` : heading, style, body);
}

/** `27 of 31 counted`, and folded: `Their answers were read. Not counted: 1 not started, 3 after cutoff.` */
function whoCounts({ results, students }: ClassStats): HtmlText {
  const known = new Set<ClassStats['results'][number]>(students);
  const uncounted = countsOf(results.filter((row) => !known.has(row)).map(whyNotCounted));
  const why = uncounted.map(([reason, count]) => `${count} ${reason}`).join(', ');
  if (students.length === 0)
    return paragraph(why === '' ? 'There are no students.' : `No answers count yet: ${why}.`);
  const counting = `${students.length} of ${results.length} counted`;
  if (why === '') return paragraph(`${counting}.`);
  const reasons = paragraph(`Their answers were read. Not counted: ${why}.`);
  return html`<details><summary>${textHtml(counting)}</summary>${reasons}</details>\n`;
}

/** The worksheet in its own layout. Each cell says how many have it right, out of those who answered it. */
function picture({ tables }: ClassStats): HtmlText {
  return html`<div class="sheet">${tables.map(({ label, columns, rows }) => {
    const body = rows.map((row) => {
      const cells = columns.map(({ id }) => pictured(row.cells.find((cell) => cell.id === id)));
      const heading =
        row.heading === undefined
          ? html``
          : html`<tr><th scope="rowgroup" colspan="${textHtml(columns.length + 1)}">${textHtml(row.heading)}</th></tr>`;
      return html`${heading}<tr><th scope="row">${textHtml(shortLabelIn(rows, row))}</th>${cells}</tr>\n`;
    });
    const caption = `${label === undefined ? '' : `${label}. `}How many got it right, of those who answered`;
    return wideTable(caption, ['Worksheet', ...columns.map((column) => column.label)], body);
  })}</div>`;
}

function pictured(cell: CellCount | undefined): HtmlText {
  if (!cell) return html`<td>${textHtml(noCell)}</td>`;
  const { name, answered, right } = cell;
  const ownName = name === undefined ? html`` : html`<span class="own">${textHtml(name)}</span>`;
  return html`<td class="${textHtml(`wrong${shadeOf(answered - right, answered)}`)}">${ownName}<strong>${textHtml(right)}</strong>${textHtml(` of ${answered}`)}</td>`;
}

/** The topic: the wrong answer that most students share, or else what is known about the class as a whole. */
function talk(stats: ClassStats, { solution, askAgain, hasFollowUp }: PageContext): HtmlText {
  const topic = topicOf(stats);
  const isKnown = stats.students.length > 0;
  const first = topic ? sharedAnswer(stats, topic) : withoutIdea(stats);
  const row = topic?.row ?? mostWrongRow(stats);
  const names =
    hasFollowUp &&
    html`<p class="not-on-paper"><a href="${textHtml(followUpFile)}">Grades to decide, and students to talk to</a> (with names, not for the projector)</p>\n`;
  const nobody = html`<h2>Nobody’s answers are known yet.</h2>\n`;
  const answer =
    topic !== undefined && html`<details>${rightAnswer(stats.rubric, topic.row, solution)}</details>\n`;
  const question = row !== undefined && askAgain !== undefined && questionAgain(stats.rubric, row, askAgain);
  return html`${isKnown ? first : nobody}${answer}${names}${question}`;
}

/** `8 of 26 wrote 7 and 24 for Basket of fruit: all fruit.` */
function sharedAnswer(stats: ClassStats, answer: SharedAnswer): HtmlText {
  const { rubric, titleOf } = stats;
  const { row, values, ideas, meanings, students, haveWrong } = answer;
  const numbers = meanings.map(([value, meaning]) => `${value.toLocaleString('en')} is ${meaning}`);
  const titles = ideas.map((id) => inSentence(titleOf(id)));
  const wording = (titles.length > 0 ? titles : numbers).join('; ');
  const wrong = `These are ${students.size} of the ${haveWrong} who got this row wrong.`;
  return html`<p class="many"><strong>${textHtml(students.size)}</strong>${textHtml(` of ${stats.students.length} wrote`)}</p>
<h2><strong>${textHtml(rowText(rubric, row, values))}</strong>${textHtml(` for ${shortLabelIn(rowsOf(rubric), row)}${wording === '' ? '.' : ':'}`)}</h2>
${wording === '' ? html`` : html`<p class="written">${textHtml(`${wording}.`)}</p>\n`}<p class="faint">${textHtml(wrong)}</p>
`;
}

/** The question of a row at other sizes. Its answer stays folded, even on paper. */
function questionAgain(rubric: Rubric, row: RubricRow, { stated, solution }: AskAgain): HtmlText {
  const asked = `${row.label}: ${row.cells.map((cell) => labelInRow(cell, row)).join(', ')}?`;
  const options = row.cells.flatMap((cell) => {
    const { options: listed } = kindOf(cell);
    return listed ? `${labelInRow(cell, row)}: ${listed.join(', ')}` : [];
  });
  const facts = [...stated, ...options].map((text) => html`<li>${textHtml(text)}</li>`);
  return html`<h3>Ask it again, at other sizes</h3>
<p><strong>${textHtml(asked)}</strong></p>
<ul>${facts}</ul>
<details class="not-on-paper">${rightAnswer(rubric, row, solution, ' there')}</details>
`;
}

/** The right answer of a row, and why it is right; folded so that a class can think first. */
function rightAnswer(rubric: Rubric, row: RubricRow, solution: Solution, where = ''): HtmlText {
  const right = row.cells.map((cell) => {
    const expected = expectedIn(solution, row.id, cell.id);
    return [cell.id, expected && asWritten(expected, expected.value)];
  });
  const text = rowText(rubric, row, Object.fromEntries(right));
  const why = solution.explanations[row.id];
  const summary = `What is right${where}${why === undefined ? '' : ', and why'}`;
  return html`<summary>${textHtml(summary)}</summary>
<p><strong>${textHtml(text)}</strong> ${textHtml(why ?? '')}</p>`;
}

function withoutIdea(stats: ClassStats): HtmlText {
  const most = mostMissed(stats);
  const missedBy = Math.max(0, ...most.map(({ cell }) => missed(cell)));
  const entries = most.map(({ cell }) => {
    const wrong = mostFrequent(cell).join('; ');
    return html`<li>${textHtml(`${cell.label}: ${missed(cell)} of ${cell.answered} got it wrong. ${wrong}`)}</li>\n`;
  });
  const missedMost = html`<p class="written">Missed most:</p><ul>${entries}</ul>\n`;
  // As with ideas, cells that fewer than a tenth of the class got wrong are not a topic for everybody.
  if (missedBy === 0) return html`<h2 class="all">Every answer in the worksheet is right.</h2>\n`;
  const headline =
    10 * missedBy >= stats.students.length
      ? 'No wrong answer is shared by many.'
      : 'Nearly every answer is right.';
  return html`<h2>${textHtml(headline)}</h2>\n${missedMost}`;
}

/** How many students show each idea. */
function ideas(stats: ClassStats): HtmlText {
  const { students, rubric } = stats;
  if (stats.ideas.length === 0) return html``;
  const columns: Columns<Idea> = {
    'Idea, and its most frequent answer': ({ title, example }) => {
      const { row, values, students: holders } = example;
      const answer = `${shortLabelIn(rowsOf(rubric), row)}: ${rowText(rubric, row, values)} (${counted(holders.size, 'student')})`;
      return html`${textHtml(title)}${paragraph(answer)}`;
    },
    [`Students, of ${students.length}`]: ({ students: holders }) =>
      html`${textHtml(holders.size)} ${barOf(holders.size, students.length)}`,
  };
  return tableOf('How many students show each known idea now', columns, stats.ideas);
}

/** How many wrong answers of a cell are shown. */
const maxAnswers = 4;

/** `24: All fruit (2 students)`, and how many more wrong answers there are. */
function mostFrequent({ wrong }: CellCount): string[] {
  const shown = wrong
    .slice(0, maxAnswers)
    .map(([answer, count]) => `${answer} (${counted(count, 'student')})`);
  return wrong.length > maxAnswers ? [...shown, `${wrong.length - maxAnswers} more`] : shown;
}

/** The cells that somebody has wrong; the first picture shows the rest. */
function wrongAnswers({ tables, students }: ClassStats): HtmlText {
  const cells = tables.flatMap(cellsOf).filter(({ wrong }) => wrong.length > 0);
  if (cells.length === 0) return html``;
  const columns: Columns<CellCount> = {
    Cell: ({ label, right, answered }) => {
      const others = students.length - answered;
      const blank = others === 0 ? '' : `; ${others} blank or not readable`;
      return html`${textHtml(label)}${paragraph(`${right} of ${answered} right${blank}`)}`;
    },
    'Most frequent wrong answers': (cell) => html`${mostFrequent(cell).map(paragraph)}`,
  };
  return tableOf('The cells that somebody got wrong', columns, cells);
}

const maxBars = 25;

/** The distribution of points among students who have any, and what changed their points. */
function pointsSection({ results, students, rubric: { possible } }: ClassStats): HtmlText {
  const countOf = (wanted: string) =>
    results.filter(({ adjustments }) => adjustments.some(({ kind }) => kind === wanted)).length;
  const remarks = [
    [countOf('late'), 'late; grades.csv says by how much, and what it cost'],
    [countOf('override'), 'overridden by hand'],
    [
      withoutWork(results).length,
      'with 0 points because no work counts (no_submission: zero in rubric.yaml)',
    ],
  ] as const;
  const paragraphs = remarks
    .filter(([count]) => count > 0)
    .map(([count, text]) => paragraph(`${count} ${text}`));
  const sorted = results.flatMap((row) => row.points ?? []).sort((a, b) => a - b);
  const [count, top = 0] = [sorted.length, sorted.at(-1)];
  if (count === 0 || (top === 0 && students.length === 0)) return html`${paragraphs}`;
  const width = Math.ceil((Math.max(possible, top) + 1) / maxBars);
  const bars = [...groupBy(sorted.toReversed(), (value) => Math.floor(value / width) * width)];
  const median = ((sorted[Math.floor((count - 1) / 2)] ?? 0) + (sorted[Math.floor(count / 2)] ?? 0)) / 2;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const caption = `Points out of ${possible}: median ${median}, mean ${mean.toFixed(1)}, for the ${count} with points, counting 0 for those who have not started`;
  const counts = bars.map(([from, inBar]) => ({
    points: width === 1 ? String(from) : `${from} to ${from + width - 1}`,
    students: inBar.length,
  }));
  const distribution = tableOf<(typeof counts)[number]>(
    caption,
    { Points: (bar) => textHtml(bar.points), Students: (bar) => textHtml(bar.students) },
    counts,
  );
  const last = Math.floor(Math.max(possible, top) / width);
  const heights = Array.from({ length: last + 1 }, (_, index) => ({
    label: String(index * width),
    count: bars.find(([from]) => from === index * width)?.[1].length ?? 0,
  }));
  return html`${histogram(heights)}<p class="faint">${textHtml(`${caption}.`)}</p>${paragraphs}
<div class="unseen distribution">${distribution}</div>`;
}

/** Longer responses are cut on the page; responses.csv has the full text. */
const maxLength = 1500;
/** How many different responses to a question are shown. */
const maxResponses = 200;

/** The responses, in a collapsed section per question. Equal ones are merged. */
function responses({ rubric: { reflection }, results }: ClassStats): HtmlText {
  if (!reflection) return html``;
  // A text that a group wrote together counts once.
  const texts = groupBy(results, ({ group, folder, key }) => (group === undefined ? key : `${folder}/`));
  const allResponses = [...texts.values()].flatMap(([first]) => first.responses);
  if (allResponses.length === 0) return html``;
  const questions = [...reflection.questions, { id: '', label: 'Under no question' }].map(({ id, label }) => {
    const written = allResponses.flatMap(({ question, text }) => (question === id ? text : []));
    if (written.length === 0) return html``;
    const alike = groupBy(written, (text) => text.replace(/\s+/g, ' ').trim().toLowerCase());
    const entries = [...alike.values()]
      .sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1))
      .map(([text, ...same]) => {
        const shown = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
        const many = textHtml(`${same.length + 1} students wrote this.`);
        const who = same.length > 0 ? html`<p class="who">${many}</p>` : html``;
        return html`<li><p>${textLines(shown)}</p>${who}</li>\n`;
      });
    const more = entries.length - maxResponses;
    const rest = more > 0 ? paragraph(`responses.csv has ${more} more.`) : html``;
    return html`<details><summary>${textHtml(`${label} (${counted(written.length, 'response')})`)}</summary>
<ul class="responses">${entries.slice(0, maxResponses)}</ul>${rest}</details>\n`;
  });
  const worth = counted(possibleReflection(reflection), 'point');
  const few = results.filter(({ report, status }) => {
    const written = status === 'graded' ? report?.reflection : undefined;
    return written && countedResponses(written) < reflection.choose;
  }).length;
  const tooFew = few === 0 ? '' : ` ${counted(few, 'student')} wrote fewer.`;
  return html`${paragraph(`Students respond to ${reflection.choose} of these, for ${worth} whatever they write.${tooFew} They are unsigned here; responses.csv says whose each is.`)}${questions}`;
}
