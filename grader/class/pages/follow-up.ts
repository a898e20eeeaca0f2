import { groupBy } from '../../key/group-by';
import { interpolate, sentencesOf } from '../../message';
import { type HtmlText, html, page, textHtml, textLines } from '../../render/escape/html';
import { shortLabel, shortLabelIn } from '../../render/status';
import { rowsOf } from '../../rubric/rubric';
import type { People } from '../members/people';
import { overrideLine, overridesFile } from '../results/by-hand';
import type { StudentResult } from '../results/student-result.schema';
import { type ReviewTopic, reviewTopics } from '../results/student-result.schema';
import type { Conversation, Score, StudentWarning } from './follow-up-stats';
import { linksTo, type PageSection, pageFile, sectionHtml, style } from './layout';
import { name } from './reflections';
import type { ClassStats } from './statistics';

/** The page of students who need something from the instructor. It is full of names, and never for the projector. */
export const followUpFile = 'follow-up.html';

/** Where points are set by hand: lines of `overrides.csv`. */
export interface OverrideLines {
  /** By key; see `Member`. */
  readonly lines: ReadonlyMap<string, { readonly line: number }>;
  readonly rows: ReadonlyMap<string, StudentResult>;
  readonly people: People;
}

/** The most entries in one list; grades.csv has all. */
const maxStudentsListed = 300;
/** The most names in a list that grows with the class. */
const maxNamed = 60;

/** @param asked the misconception that the vote is about, if there is one. */
export function renderFollowUp(stats: ClassStats, overrides: OverrideLines, asked?: string): HtmlText {
  const { rubric } = stats;
  const decisions = html`${disputes(stats, overrides)}${slips(stats, overrides)}${remarks(stats, overrides, ['syntax error'])}`;
  const sections: PageSection[] = [
    [
      'decide',
      'Decide',
      decisions === '' ? html`<p>No student disputes a mark, and no typo hides answers.</p>` : decisions,
    ],
    [
      'conversations',
      'Students to talk to',
      html`${lowest(stats)}${conversations(stats, asked)}${anotherLook(stats)}`,
    ],
    ['carried', 'One error, several cells', carried(stats, overrides)],
    ['review', 'Needs review', review(stats, overrides)],
  ];
  const body = html`<header><h1>${textHtml(rubric.title)}: follow-up</h1><p class="private"><strong>Not for the projector.</strong> This page has names. <a href="${textHtml(pageFile)}">What to teach next</a></p>
${linksTo(sections)}</header>
<main>${sections.map(sectionHtml)}</main>`;
  return page(`${rubric.title}: follow-up`, style, body);
}

/** `6 of 16 (13 with error carried forward)` */
function scoreText({ points, carried: after }: Score, { rubric }: ClassStats): string {
  const more = after > points ? ` (${after} with error carried forward)` : '';
  return `${points} of ${rubric.possible}${more}`;
}

/** Lists the students with the fewest points that nothing else on this page explains. */
function lowest(stats: ClassStats): HtmlText {
  const all = stats.followUp.lowest;
  if (all.length === 0) return html``;
  const entries = all.map((one) => {
    const { who, wrong, shows } = one;
    const ideas = shows.map((id) => stats.ideas.titleOf(id)).join('; ');
    const cells = wrong > 0 ? `; ${wrong} wrong cell${wrong === 1 ? '' : 's'}` : '';
    const text = `: ${scoreText(one, stats)}${cells}${ideas === '' ? '' : `, among them: ${ideas}`}`;
    return html`<li>${name(who)}${textHtml(text)}</li>\n`;
  });
  return html`<h3>${textHtml(`Fewest points (${all.length})`)}</h3><p class="faint">At most half of the points. Students whose answers a typo hides, or whose points you set, are left out.</p><ul class="people">${entries}</ul>`;
}

function conversations(stats: ClassStats, asked: string | undefined): HtmlText {
  const all = stats.followUp.conversations;
  if (all.size === 0) return html`<p>Everybody has started, and nobody shows a known idea.</p>`;
  // A student who is alone with an idea hears least about it in class.
  const groups = [...all].sort(([, few], [, many]) => few.count - many.count);
  return html`${groups.map(([id, { items, count }]) => {
    const sorted = [...items].sort((a, b) => a.who.label.localeCompare(b.who.label, 'en'));
    return conversation(id, sorted, { stats, count, isAsked: id === asked });
  })}`;
}

/** Lists the students who hold on to one idea, or have not started, and a question to begin with. */
function conversation(
  id: string,
  people: readonly Conversation[],
  {
    stats,
    count,
    isAsked,
  }: { readonly stats: ClassStats; readonly count: number; readonly isAsked: boolean },
): HtmlText {
  const isForAll = isAsked && count >= many;
  const entries = people.slice(0, maxNamed).map(({ who, others, said }) => {
    const also = others.map((other) => stats.ideas.titleOf(other)).join('; ');
    // Their own words help to begin, if there are not too many to read.
    const words = isForAll ? [] : said.map((one) => html`<p class="who">${textHtml(`“${cut(one)}”`)}</p>`);
    return html`<li>${name(who)}${textHtml(also === '' ? '' : `; also: ${also}`)}${words}</li>\n`;
  });
  const title = id === '' ? 'Not started' : stats.ideas.titleOf(id);
  const why = id === '' ? '' : 'Their answers show it. ';
  const vote = isForAll
    ? ' Tomorrow’s question is about this. Students who still have the idea after it may want to talk.'
    : '';
  return html`<h3>${textHtml(`${title} (${count})`)}</h3>
<p>${textHtml(`${why}To begin with: “${openingOf(people[0], stats)}”${vote}`)}</p><ul class="people">${entries}</ul>${more(count, maxNamed)}`;
}

/** With this many students, an idea is taken up in class. */
const many = 5;

function cut(quotedText: string): string {
  const line = quotedText.replace(/\s+/g, ' ').trim();
  return line.length > 240 ? `${line.slice(0, 239)}…` : line;
}

function openingOf(
  one: { readonly idea?: { readonly row: string; readonly text: string } } | undefined,
  { rubric }: ClassStats,
): string {
  if (!one?.idea) return 'What would help you get started?';
  const { row: id, text: hint } = one.idea;
  const row = rowsOf(rubric).find((candidate) => candidate.id === id);
  const question = sentencesOf(hint)
    .filter((sentence) => sentence.endsWith('?'))
    .at(-1);
  return question ?? `How did you work out ${shortLabel(row?.label ?? id)}?`;
}

/** Lists the students whose idea shows again at other sizes, or who have several rows wrong there. */
function anotherLook(stats: ClassStats): HtmlText {
  const { items, count } = stats.followUp.anotherLook;
  if (count === 0) return html``;
  const rows = rowsOf(stats.rubric);
  const labelOf = (id: string) => shortLabelIn(rows, rows.find((row) => row.id === id) ?? { label: id });
  const entries = items.slice(0, maxNamed).map(({ who, idea, wrong }) => {
    const answers = wrong.map(({ row, written }) => `${labelOf(row)}: ${written}`).join('; ');
    const what = idea
      ? `the same idea again, ${stats.ideas.titleOf(idea.id)} (${answers})`
      : `not right at other sizes: ${answers}`;
    const question = openingOf({ idea: idea ?? { row: wrong[0]?.row ?? '', text: '' } }, stats);
    return html`<li>${name(who)}${textHtml(`: ${what}. To begin with: “${question}”`)}</li>\n`;
  });
  return html`<h3>${textHtml(`May want another look (${count})`)}</h3>
<p class="faint">At other sizes these students show one of their ideas again, or have two or more rows wrong.</p><ul class="people">${entries}</ul>${more(count, maxNamed)}`;
}

/** Lists answers that students think are right and that are marked wrong. They come first. */
function disputes(stats: ClassStats, overrides: OverrideLines): HtmlText {
  const { items, count } = stats.followUp.disputes;
  if (count === 0) return html``;
  const entries = items.slice(0, maxStudentsListed).map(({ who, key, text: disputeText, cells, shows }) => {
    const known =
      shows.length > 0
        ? ` Their answers show: ${shows.map((id) => stats.ideas.titleOf(id)).join('; ')}.`
        : '';
    const about = cells.length > 0 ? `It may be about ${cells.join('; ')}.${known}` : '';
    return html`<li><b>${name(who)}</b>: <span class="said">${textLines(disputeText)}</span><p class="who">${textHtml(about)}</p>${place(key, overrides)}</li>\n`;
  });
  return html`<h3>${textHtml(`Students who dispute a mark (${count})`)}</h3>
<p>Read what they wrote and look at the cells. To reply, add a line to comments.csv: <code>login,text</code>. If a student is right, add the line below to overrides.csv, treat others with that answer the same way, and add the answer to solution/.</p>
<ul class="responses">${entries}</ul>`;
}

/** Lists typos that hide answers, each with the points after the one correction that the student is shown. */
function slips(stats: ClassStats, overrides: OverrideLines): HtmlText {
  const { items, count } = stats.followUp.slips;
  if (count === 0) return html``;
  const entries = items.slice(0, maxNamed).map(({ who, key, line, points, now, written, right }) => {
    const { possible } = stats.rubric;
    return html`<li><b>${name(who)}</b>: ${textHtml(`${now} of ${possible} now, and ${points} with line ${line} corrected.`)}
<pre>${textHtml(written)}\n${textHtml(right)}</pre>${place(key, overrides, [[points, `Typo in line ${line} corrected`]])}</li>\n`;
  });
  return html`<h3>${textHtml(`A typo hides answers (${count})`)}</h3>
<p>Each entry shows the line as it is and as the student is told to correct it. The correction counts only if you add the line to overrides.csv.</p>
<ul class="responses">${entries}</ul>${more(count, maxNamed)}`;
}

/** Lists the cells that follow from one error, with the students who lost points there. */
function carried(stats: ClassStats, overrides: OverrideLines): HtmlText {
  const groups = [...stats.followUp.carried].sort(([, few], [, many]) => many.count - few.count);
  if (groups.length === 0) return html`<p>No error cost anybody more than one cell.</p>`;
  const lists = groups.map(([id, { items, count }]) => {
    const alike = groupBy(items, (one) => `${one.cells.join('; ')}. ${scoreText(one, stats)}: `);
    const entries = [...alike].map(([what, all]) => {
      const shown = all.slice(0, maxNamed);
      const names = shown.map(({ who }, index) => html`${textHtml(index === 0 ? '' : ', ')}${name(who)}`);
      return html`<li>${textHtml(what)}${names}${more(all.length, maxNamed)}</li>\n`;
    });
    return html`<h3>${textHtml(`${stats.ideas.titleOf(id)} (${count})`)}</h3><ul class="people">${entries}</ul>`;
  });
  const { items, count } = stats.followUp.carriedPoints;
  // A student has one line in that file, whatever it is for.
  const block = items.flatMap(({ key, more, ids }) => {
    const reason = `Error carried forward: ${ids.map((id) => stats.ideas.titleOf(id)).join('; ')}`;
    const row = overrides.rows.get(key);
    return row
      ? html`${textHtml(overrideLine(row, overrides.people, (row.points ?? 0) + more, reason))}\n`
      : [];
  });
  const left = count > items.length ? ` ${count - items.length} more students are not listed.` : '';
  return html`<p>The first cell that shows an idea stays wrong. The list shows the cells that follow from it and the points they would earn. Nothing changes until you decide: give the points to everybody with that idea, or to nobody.</p>${lists}
<p class="who">${textHtml(`To count these cells as right for everybody, add these lines to ${overridesFile}.${left}`)}</p><pre>${block}</pre>`;
}

interface Advice {
  readonly title: string;
  readonly what: string;
  /** Whether points may have to be set by hand. */
  readonly isAboutPoints?: true;
}

/** Advice for each topic of warning; disputes have a section of their own. */
const advice: Readonly<Record<Exclude<ReviewTopic, 'dispute'>, Advice>> = {
  failed: {
    title: 'Grading failed',
    isAboutPoints: true,
    what: 'This is not a zero. Look at the submission and set the points by hand.',
  },
  versions: {
    title: 'Versions that differ',
    isAboutPoints: true,
    what: 'Decide which version is meant and add a line to overrides.csv. Until then there are no points.',
  },
  instead: {
    title: 'Handed in instead',
    isAboutPoints: true,
    what: 'This cannot be read as the worksheet. Open it in the student’s folder. If it is the work, set the points by hand; otherwise ask for the two files.',
  },
  found: {
    title: 'Files in another place, or in several versions',
    what: 'They count as they are. Check that they are the files the student meant.',
  },
  'syntax error': {
    title: 'Answers that cannot be read or safely corrected',
    isAboutPoints: true,
    what: 'Read the answers in the file. They may be right.',
  },
  elsewhere: {
    title: 'Work elsewhere that does not count',
    isAboutPoints: true,
    what: 'Check out the branch or commit in the student’s folder and grade that folder with npm run grade. If the work should count, set the points by hand.',
  },
  ambiguous: {
    title: 'Not matched to a student',
    what: 'Write the login, ID or e-mail address in matches.csv, and grade again.',
  },
  unknown: {
    title: 'Not on the roster',
    what: 'Add the student to the roster, or write the login in matches.csv, and grade again.',
  },
  'no login': {
    title: 'No login on the roster',
    what: 'Add the login to the roster, and grade again.',
  },
  twice: {
    title: 'Several submissions of one student',
    isAboutPoints: true,
    what: 'The one with the most points counts. Check which one is meant.',
  },
  'after cutoff': {
    title: 'Submitted after the cutoff',
    what: 'It does not count. If it should, give an extension: a line in extensions.csv.',
  },
  'no time': {
    title: 'Unknown time of submission',
    what: 'It does not count as late here. Compare with the host’s times.',
  },
  clock: {
    title: 'A time that cannot be right',
    isAboutPoints: true,
    what: 'The work counts without lateness. Compare with the pushes that GitHub lists under Activity.',
  },
  download: {
    title: 'Problems in the download',
    what: 'Read the note, and ask the student if it is not enough.',
  },
  history: {
    title: 'The history does not match',
    isAboutPoints: true,
    what: 'Look at the commits that the note names.',
  },
  file: {
    title: 'Files that could not be read',
    isAboutPoints: true,
    what: 'Look at the file, or ask the student for it again.',
  },
  reflection: {
    title: 'Reflections',
    what: 'Read the reflection. The points may be right as they are.',
  },
  other: { title: 'Others', what: 'Look at the submission.' },
};

/** Topics with their own sections further up. */
const decidedTopics: ReadonlySet<ReviewTopic> = new Set<ReviewTopic>(['dispute', 'syntax error']);

function review(stats: ClassStats, overrides: OverrideLines): HtmlText {
  const { count, items } = stats.followUp.remarks;
  const others = remarks(
    stats,
    overrides,
    reviewTopics.filter((topic) => !decidedTopics.has(topic)),
  );
  const hidden = count - items.length;
  const rest = hidden > 0 ? html`<p>${textHtml(`${hidden} more are in grades.csv.`)}</p>` : html``;
  return html`${others === '' ? html`<p>No other grade needs a look.</p>` : others}${rest}`;
}

function remarks(
  { followUp }: ClassStats,
  overrides: OverrideLines,
  topics: readonly ReviewTopic[],
): HtmlText {
  return html`${topics.map((topic) => {
    if (topic === 'dispute') return html``;
    const { title, what, isAboutPoints } = advice[topic];
    const all = followUp.remarks.items.filter(
      ({ reason, isSettled }) => reason.topic === topic && !(topic === 'syntax error' && isSettled),
    );
    if (all.length === 0) return html``;
    const items = itemsOf(all);
    const entries = items.slice(0, maxStudentsListed).map(([said, people]) => {
      const [only, ...others] = people;
      const isPlaced = only && others.length === 0 && (isAboutPoints || overrides.lines.has(only.key));
      const names = people.map(
        ({ who, folder }, index) =>
          html`${textHtml(index === 0 ? '' : ', ')}<b>${name(who)}</b>${folder === undefined || folder === who.label ? html`` : html` <span class="faint">${textHtml(folder)}</span>`}`,
      );
      return html`<li>${names}: ${textHtml(said)}${isPlaced ? place(only.key, overrides) : html``}</li>\n`;
    });
    return html`<h3>${textHtml(`${title} (${all.length})`)}</h3><p>${textHtml(what)}</p><ul>${entries}</ul>${more(items.length)}`;
  })}`;
}

/** Groups warnings with the same text about several students, mostly a team, into one item. */
function itemsOf(all: readonly StudentWarning[]): [said: string, people: StudentWarning[]][] {
  return [...groupBy(all, ({ reason }) => interpolate(reason, (content) => `“${content}”`))];
}

function more(all: number, shown = maxStudentsListed): HtmlText {
  return all > shown ? html`<p>${textHtml(`${all - shown} more are in grades.csv.`)}</p>` : html``;
}

/**
 * Says where the points of a student are set by hand, or which line sets them.
 *
 * @param choices the points that may be right, each with a reason; else a person writes both into the line.
 */
function place(
  key: string,
  { lines, rows, people }: OverrideLines,
  choices: readonly (readonly [points: number, reason: string])[] = [],
): HtmlText {
  const [set, row] = [lines.get(key), rows.get(key)];
  if (set)
    return html` <span class="who">${textHtml(`Set by hand: ${overridesFile}, line ${set.line}.`)}</span>`;
  if (!row) return html``;
  const known = choices.length > 0 ? choices : versionChoices(row);
  const all = known.length > 0 ? known : [[row.points ?? 0, 'why'] as const];
  const what =
    known.length > 1 ? 'add one of these lines' : known.length === 1 ? 'add' : 'edit this line and add it';
  return html` <span class="who">${textHtml(`To change the points, ${what} to ${overridesFile}:`)}</span><pre>${all.map(([points, reason]) => html`${textHtml(overrideLine(row, people, points, reason))}\n`)}</pre>`;
}

/** A line for each combination of the versions of two files that differ. */
function versionChoices({ choices = [] }: StudentResult): [number, string][] {
  return choices.map(({ files, points }) => [points, `Counts: ${files.join(' and ')}`]);
}
