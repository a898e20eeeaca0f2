import { groupBy } from '../../../key/group-by';
import { interpolate, sentencesOf } from '../../../message';
import { type HtmlText, html, page, textHtml, textLines } from '../../../render/escape/html';
import { shortLabel, shortLabelIn } from '../../../render/status';
import { rowsOf } from '../../../rubric/rubric';
import { type ReviewTopic, reviewTopics } from '../histories/warning.schema';
import { isOfLine } from '../members/people';
import { adjustmentLine, carryLine, overrideLine, overridesFile } from '../results/overrides';
import type { Conversation, Score, StudentWarning } from './follow-up-stats';
import { linksTo, type PageSection, pageFile, sectionHtml, style } from './layout';
import { name } from './reflections';
import type { ClassStats } from './statistics';

/** Who needs something from the instructor: full of names, and never for the projector. */
export const followUpFile = 'follow-up.html';

/** Where points that are set by hand stand: lines of `overrides.csv`. */
export interface OverrideLines {
  /** By key; see `Member`. */
  readonly lines: ReadonlyMap<string, number>;
  /** What they are filled in with for somebody, by key. */
  readonly wordOf: (key: string) => string;
}

/** Names of one list; grades.csv has all. */
const maxStudentsListed = 300;
/** Names of a list that is as long as a class is large. */
const maxNamed = 60;

/** @param asked the misconception that the vote is about, where there is one. */
export function renderFollowUp(stats: ClassStats, overrides: OverrideLines, asked?: string): HtmlText {
  const { rubric } = stats;
  const decisions = html`${disputes(stats, overrides)}${slips(stats, overrides)}${remarks(stats, overrides, ['syntax error'])}`;
  const sections: PageSection[] = [
    [
      'decide',
      'Decide',
      decisions === '' ? html`<p>No mark is questioned, and no typo hides answers.</p>` : decisions,
    ],
    [
      'conversations',
      'Whom to talk to',
      html`${lowest(stats)}${conversations(stats, asked)}${anotherLook(stats)}`,
    ],
    ['carried', 'One error, several cells', carried(stats)],
    ['review', 'Needs review', review(stats, overrides)],
    ['alike', 'Similar wording', similar(stats)],
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

/** Those with the fewest points, whom nothing else on this page explains. */
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
  return html`<h3>${textHtml(`Fewest points (${all.length})`)}</h3><p class="faint">At most half of the points, without those whose answers a typo hides and those whose points you set.</p><ul class="people">${entries}</ul>`;
}

function conversations(stats: ClassStats, asked: string | undefined): HtmlText {
  const all = stats.followUp.conversations;
  if (all.size === 0)
    return html`<p>All have started, and nobody ${textHtml(hasHistories(stats) ? 'shows the same idea in the last two attempts' : 'shows a known idea')}.</p>`;
  // Whoever is alone with an idea hears least about it in class.
  const groups = [...all].sort(([, few], [, many]) => few.count - many.count);
  return html`${groups.map(([id, { items, count }]) => {
    const sorted = [...items].sort((a, b) => a.who.label.localeCompare(b.who.label, 'en'));
    return conversation(id, sorted, { stats, count, isAsked: id === asked });
  })}`;
}

function hasHistories({ totals }: ClassStats): boolean {
  return totals.withHistory > 0;
}

/** Those who hold on to one idea, or have not started, and how to begin to talk. */
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
    // Their own words help to begin, where they are not too many to read.
    const words = isForAll ? [] : said.map((one) => html`<p class="who">${textHtml(`“${cut(one)}”`)}</p>`);
    return html`<li>${name(who)}${textHtml(also === '' ? '' : `; also: ${also}`)}${words}</li>\n`;
  });
  const title = id === '' ? 'Not started' : stats.ideas.titleOf(id);
  const why =
    id === ''
      ? ''
      : people.every(({ isRepeated }) => isRepeated)
        ? 'Both of their last two attempts show it. '
        : 'Their answers show it. ';
  const vote = isForAll
    ? ' Tomorrow’s question is about this; whoever still holds it then may want to talk.'
    : '';
  return html`<h3>${textHtml(`${title} (${count})`)}</h3>
<p>${textHtml(`${why}To begin with: “${openingOf(people[0], stats)}”${vote}`)}</p><ul class="people">${entries}</ul>${more(count, maxNamed)}`;
}

/** So many are met in class. */
const many = 5;

function cut(quotedText: string): string {
  const line = quotedText.replace(/\s+/g, ' ').trim();
  return line.length > 240 ? `${line.slice(0, 239)}…` : line;
}

function openingOf(
  one: { readonly idea?: { readonly row: string; readonly text: string } } | undefined,
  { rubric }: ClassStats,
): string {
  if (!one?.idea) return 'What would help you to make a start?';
  const { row: id, text: hint } = one.idea;
  const row = rowsOf(rubric).find((candidate) => candidate.id === id);
  const question = sentencesOf(hint)
    .filter((sentence) => sentence.endsWith('?'))
    .at(-1);
  return question ?? `How did you find what stands in ${shortLabel(row?.label ?? id)}?`;
}

/** Whose idea shows again at other sizes, or who has several rows wrong there. */
function anotherLook(stats: ClassStats): HtmlText {
  const { items, count } = stats.again.anotherLook;
  if (count === 0) return html``;
  const rows = rowsOf(stats.rubric);
  const labelOf = (id: string) => shortLabelIn(rows, rows.find((row) => row.id === id) ?? { label: id });
  const entries = items.slice(0, maxNamed).map(({ who, idea, wrong }) => {
    const answers = wrong.map(({ row, written }) => `${labelOf(row)}: ${written}`).join('; ');
    const what = idea
      ? `the same idea again, ${stats.ideas.titleOf(idea.id)} (${answers})`
      : `not right there: ${answers}`;
    const question = openingOf({ idea: idea ?? { row: wrong[0]?.row ?? '', text: '' } }, stats);
    return html`<li>${name(who)}${textHtml(`: ${what}. To begin with: “${question}”`)}</li>\n`;
  });
  return html`<h3>${textHtml(`May want another look (${count})`)}</h3>
<p class="faint">At other sizes an idea of theirs shows again, or two rows or more are not right.</p><ul class="people">${entries}</ul>${more(count, maxNamed)}`;
}

/** What students think is right and is marked wrong: it comes first. */
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
  return html`<h3>${textHtml(`Students who question a mark (${count})`)}</h3>
<p>Read it, and look at the cells. To answer, add a line to comments.csv: <code>login,text</code>. Only if they are right, add the line below to overrides.csv, treat others with that answer alike, and add it to solution/.</p>
<ul class="responses">${entries}</ul>`;
}

/** Typos that hide answers, each with what is there once the one correction is made that the student is shown. */
function slips(stats: ClassStats, overrides: OverrideLines): HtmlText {
  const { items, count } = stats.followUp.slips;
  if (count === 0) return html``;
  const entries = items.slice(0, maxNamed).map(({ who, key, line, points, now, written, right }) => {
    const { possible } = stats.rubric;
    return html`<li><b>${name(who)}</b>: ${textHtml(`${now} of ${possible} now, and ${points} with line ${line} corrected.`)}
<pre>${textHtml(written)}\n${textHtml(right)}</pre>${place(key, overrides, (word) => overrideLine(word, points, `Typo in line ${line} corrected`))}</li>\n`;
  });
  return html`<h3>${textHtml(`A typo hides answers (${count})`)}</h3>
<p>Each entry has the line as it is, and as the student is told to correct it. Nothing of it counts unless you add the line to overrides.csv.</p>
<ul class="responses">${entries}</ul>${more(count, maxNamed)}`;
}

/** Lists the cells that follow from one error, with who lost points there. */
function carried(stats: ClassStats): HtmlText {
  const groups = [...stats.followUp.carried].sort(([, few], [, many]) => many.count - few.count);
  if (groups.length === 0) return html`<p>No error cost anybody more than one cell.</p>`;
  const lists = groups.map(([id, { items, count }]) => {
    const alike = groupBy(items, (one) => `${one.cells.join('; ')}. ${scoreText(one, stats)}: `);
    const entries = [...alike].map(([what, all]) => {
      const shown = all.slice(0, maxNamed);
      const names = shown.map(({ who }, index) => html`${textHtml(index === 0 ? '' : ', ')}${name(who)}`);
      return html`<li>${textHtml(what)}${names}${more(all.length, maxNamed)}</li>\n`;
    });
    return html`<h3>${textHtml(`${stats.ideas.titleOf(id)} (${count})`)}</h3><ul class="people">${entries}</ul>
<p class="who">${textHtml(`To count these cells as right for everybody with this idea, add to ${overridesFile}: `)}<code>${textHtml(carryLine(id, stats.ideas.titleOf(id)))}</code></p>`;
  });
  return html`<p>The first cell of an idea stays wrong; the cells that follow from it are listed, with the points that they would bring. It changes no points: give it to everybody with that idea, or to nobody.</p>${lists}`;
}

interface Advice {
  readonly title: string;
  readonly what: string;
  /** Whether points may have to be set by hand. */
  readonly isAboutPoints?: true;
}

/** What to do about each kind of remark; a dispute has a place of its own. */
const advice: Readonly<Record<Exclude<ReviewTopic, 'dispute'>, Advice>> = {
  failed: {
    title: 'Grading failed',
    isAboutPoints: true,
    what: 'This is no zero. Look at the submission, and set the points by hand.',
  },
  versions: {
    title: 'Versions that differ',
    what: 'Look which one is meant, and add a line to overrides.csv. Until then there are no points.',
  },
  instead: {
    title: 'Handed in instead',
    isAboutPoints: true,
    what: 'None of it can be read as the worksheet. Open it in the student’s folder. If it is the work, set the points by hand; else ask for the two files.',
  },
  found: {
    title: 'Files in another place, or in several versions',
    what: 'They count as they are. Look whether they are what was meant.',
  },
  'syntax error': {
    title: 'Answers that cannot be read, and no one correction is sure',
    isAboutPoints: true,
    what: 'Read the answers in the file; what is there may be right.',
  },
  elsewhere: {
    title: 'Work that does not count lies elsewhere',
    isAboutPoints: true,
    what: 'Check the branch or the commit out in the student’s folder, and grade that folder with npm run grade. If it should count, set the points by hand.',
  },
  ambiguous: {
    title: 'Whose it is, is not certain',
    what: 'Write the login into matches.csv, and grade again.',
  },
  unknown: {
    title: 'Nobody’s on the roster',
    what: 'Add whoever it is to the roster, or write the login into matches.csv, and grade again.',
  },
  'no login': {
    title: 'No login on the roster',
    what: 'Add the login to the roster, and grade again.',
  },
  twice: {
    title: 'Several submissions of one student',
    isAboutPoints: true,
    what: 'Look which one is meant. The one with the most points counts.',
  },
  'after cutoff': {
    title: 'Submitted after the cutoff',
    what: 'It does not count. If it should, give an extension with --extensions.',
  },
  'no time': {
    title: 'When it was handed in is not known',
    what: 'So it is not late here. Compare with what the host says.',
  },
  download: {
    title: 'Odd in the download',
    what: 'Read what is said, and ask the student where that is not enough.',
  },
  history: {
    title: 'The history says something else',
    isAboutPoints: true,
    what: 'Look at the commits that are named.',
  },
  'released files': {
    title: 'Files that are not as they were released',
    what: 'Look at them. Nothing in them was run here, and no point depends on them.',
  },
  file: {
    title: 'Files that could not be read',
    isAboutPoints: true,
    what: 'Look at the file, or ask for it again.',
  },
  reflection: {
    title: 'Reflections',
    what: 'Read the reflection. The points may stand as they are.',
  },
  other: { title: 'Others', what: 'Look at the submission.' },
};

/** Topics that have places of their own further up. */
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

/** What is said of several students, of a team above all, is one item. */
function itemsOf(all: readonly StudentWarning[]): [said: string, people: StudentWarning[]][] {
  return [...groupBy(all, ({ reason }) => interpolate(reason, (content) => `“${content}”`))];
}

function more(all: number, shown = maxStudentsListed): HtmlText {
  return all > shown ? html`<p>${textHtml(`${all - shown} more are in grades.csv.`)}</p>` : html``;
}

/** Where the points of a student are set by hand, and how. */
function place(
  key: string,
  { lines, wordOf }: OverrideLines,
  lineOf: (word: string) => string = adjustmentLine,
): HtmlText {
  const line = lines.get(key);
  if (line !== undefined)
    return html` <span class="who">${textHtml(`Set by hand: ${overridesFile}, line ${line}.`)}</span>`;
  if (isOfLine(key))
    return html` <span class="who">${textHtml('To change the points, first give this student a login, an id or an e-mail address in the roster.')}</span>`;
  return html` <span class="who">${textHtml(`To change the points, add to ${overridesFile}: `)}<code>${textHtml(lineOf(wordOf(key)))}</code></span>`;
}

/** Those who talked with each other write alike: a list to read, and no verdict. */
function similar(stats: ClassStats): HtmlText {
  const groups = stats.responses.similar.alike();
  if (groups.length === 0) return html`<p>None.</p>`;
  const byOwners = new Map<string, string[]>();
  for (const { owners, excerpts } of groups) {
    const ownerNames = owners.length > 12 ? [...owners.slice(0, 12), `${owners.length - 12} more`] : owners;
    const key = ownerNames.join(', ');
    byOwners.set(key, [...(byOwners.get(key) ?? []), ...excerpts.slice(0, 3)]);
  }
  const entries = [...byOwners]
    .slice(0, 50)
    .map(
      ([owners, excerpts]) =>
        html`<li>${textHtml(excerpts.map((excerpt) => `“${excerpt}”`).join(' '))}<p class="who">${textHtml(owners)}</p></li>\n`,
    );
  return html`<p>Pairs work together as they are asked to, and write alike; similar wording is no proof of anything. Each entry is a group, and how its texts begin.</p><ul class="responses">${entries}</ul>`;
}
