import { groupBy } from '../../../key/group-by';
import { interpolate, sentencesOf } from '../../../message';
import { type HtmlText, html, page, textHtml, textLines } from '../../../render/escape/html';
import { rowsOf } from '../../../rubric/rubric';
import { type ReviewTopic, reviewTopics } from '../histories/warning.schema';
import { isOfLine } from '../members/people';
import { overridesFile } from '../results/overrides';
import { shortLabel } from './figures';
import type { Conversation, StudentWarning } from './follow-up-stats';
import { name } from './reflections';
import type { ClassStats } from './statistics';
import { style } from './style';
import { openIdeas } from './vote';

/** Who needs something from the instructor: full of names, and never for the projector. */
export const followUpFile = 'follow-up.html';

/** Where points that are set by hand stand: lines of `overrides.csv`. */
export interface OverrideLines {
  /** By key; see `Member`. */
  readonly lines: ReadonlyMap<string, number>;
  /** The first that is free. */
  readonly next: number;
  /** What they are filled in with for somebody, by key. */
  readonly wordOf: (key: string) => string;
}

const maxStudentsListed = 300;

export function renderFollowUp(stats: ClassStats, overrides: OverrideLines): HtmlText {
  const { rubric } = stats;
  const body = html`<header><h1>${textHtml(rubric.title)}: follow-up</h1><p class="private"><strong>Not for the projector.</strong> This page has names.</p>
<nav aria-label="On this page"><ul><li><a href="#conversations">Who may want a conversation</a></li><li><a href="#review">Needs review</a></li><li><a href="#alike">Similar wording</a></li></ul></nav></header>
<main><section aria-labelledby="conversations"><h2 id="conversations">Who may want a conversation</h2>
${conversations(stats)}</section>
<section aria-labelledby="review"><h2 id="review">Needs review</h2>
${disputes(stats, overrides)}${remarks(stats, overrides)}</section>
<section aria-labelledby="alike"><h2 id="alike">Similar wording</h2>
${similar(stats)}</section></main>`;
  return page(`${rubric.title}: follow-up`, style, body);
}

function conversations(stats: ClassStats): HtmlText {
  const all = [...stats.followUp.conversations].sort((a, b) => a.who.label.localeCompare(b.who.label, 'en'));
  const note =
    stats.totals.withHistory === 0
      ? html`<p class="faint">Without histories it is not known who holds on to an idea; whoever has not started is here.</p>`
      : html``;
  if (all.length === 0)
    return html`<p>Nobody: all have started, and nobody shows the same idea in the last two attempts.</p>${note}`;
  const byIdea = groupBy(all, ({ idea }) => idea?.id ?? '');
  // Whoever is alone with an idea hears least about it in class.
  const groups = [...byIdea].sort(([, few], [, many]) => few.length - many.length);
  return html`${groups.map(([id, people]) => conversation(id, people, stats))}${note}`;
}

/** Those who hold on to one idea, or have not started, and how to begin to talk. */
function conversation(id: string, people: readonly Conversation[], stats: ClassStats): HtmlText {
  const isForAll = openIdeas(stats)[0]?.id === id && people.length >= many;
  const entries = people.slice(0, maxStudentsListed).map(({ who, others, said }) => {
    const also = others.map((other) => stats.ideas.titleOf(other)).join('; ');
    // Their own words help to begin, where they are not too many to read.
    const words = isForAll ? [] : said.map((one) => html`<p class="who">${textHtml(`“${cut(one)}”`)}</p>`);
    return html`<li>${name(who)}${textHtml(also === '' ? '' : `; also: ${also}`)}${words}</li>\n`;
  });
  const title = id === '' ? 'Not started' : stats.ideas.titleOf(id);
  const why = id === '' ? '' : 'Both of their last two attempts show it. ';
  const vote = isForAll
    ? ' Tomorrow’s question is about this; whoever still holds it then may want to talk.'
    : '';
  return html`<h3>${textHtml(`${title} (${people.length})`)}</h3>
<p>${textHtml(`${why}To begin with: “${openingOf(people[0], stats)}”${vote}`)}</p><ul class="people">${entries}</ul>${more(people.length)}`;
}

/** So many are met in class. */
const many = 5;

function cut(quotedText: string): string {
  const line = quotedText.replace(/\s+/g, ' ').trim();
  return line.length > 240 ? `${line.slice(0, 239)}…` : line;
}

function openingOf(one: Conversation | undefined, { rubric }: ClassStats): string {
  if (!one?.idea) return 'What would help you to make a start?';
  const { row: id, text: hint } = one.idea;
  const row = rowsOf(rubric).find((candidate) => candidate.id === id);
  const question = sentencesOf(hint)
    .filter((sentence) => sentence.endsWith('?'))
    .at(-1);
  return question ?? `How did you find what stands in ${shortLabel(row?.label ?? id)}?`;
}

/** What students think is right and is marked wrong: it comes first. */
function disputes(stats: ClassStats, overrides: OverrideLines): HtmlText {
  if (stats.followUp.disputes.length === 0) return html``;
  const entries = stats.followUp.disputes
    .slice(0, maxStudentsListed)
    .map(({ who, key, text: disputeText, cells, shows }) => {
      const known =
        shows.length > 0 ? ` Known: ${shows.map((id) => stats.ideas.titleOf(id)).join('; ')}.` : '';
      const about = cells.length > 0 ? `It may be about ${cells.join('; ')}.${known}` : '';
      return html`<li><b>${name(who)}</b>: <span class="said">${textLines(disputeText)}</span><p class="who">${textHtml(about)}</p>${place(key, overrides)}</li>\n`;
    });
  return html`<h3>${textHtml(`Students who question a mark (${stats.followUp.disputes.length})`)}</h3>
<p>Read it, and look at the cells. To answer, add a line to comments.csv: <code>login,text</code>. Only if they are right, add the line below to overrides.csv, treat others with that answer alike, and add it to solution/.</p>
<ul class="responses">${entries}</ul>`;
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
    what: 'None of it could be read as the worksheet. Look at it, and ask for the files.',
  },
  found: {
    title: 'Files in another place, or in several versions',
    what: 'They count as they are. Have a look whether it is what was meant.',
  },
  'syntax error': {
    title: 'A slip costs every answer that cannot be read for it',
    isAboutPoints: true,
    what: 'Read the answers in the file; what is there may be right.',
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
    what: 'Look at the commits that are named: work may have been lost.',
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

function remarks(stats: ClassStats, overrides: OverrideLines): HtmlText {
  const groups = reviewTopics.map((topic) => {
    if (topic === 'dispute') return html``;
    const { title, what, isAboutPoints } = advice[topic];
    const all = stats.followUp.remarks.filter(({ reason }) => reason.topic === topic);
    if (all.length === 0) return html``;
    const items = itemsOf(all);
    const entries = items.slice(0, maxStudentsListed).map(([said, people]) => {
      const [only, ...others] = people;
      const isPlaced = only && others.length === 0 && (isAboutPoints || overrides.lines.has(only.key));
      const names = people.map(({ who }) => html`<b>${name(who)}</b>`);
      const joined = names.map((one, index) => (index === 0 ? one : html`, ${one}`));
      return html`<li>${joined}: ${textHtml(said)}${isPlaced ? place(only.key, overrides) : html``}</li>\n`;
    });
    return html`<h3>${textHtml(`${title} (${all.length})`)}</h3><p>${textHtml(what)}</p><ul>${entries}</ul>${more(items.length)}`;
  });
  const hidden = stats.followUp.remarkCount - stats.followUp.remarks.length;
  return html`${stats.followUp.remarkCount === 0 ? html`<p>No grade needs a look.</p>` : groups}${hidden > 0 ? html`<p>${textHtml(`${hidden} more are in grades.csv.`)}</p>` : html``}`;
}

/** What is said of several students, of a team above all, is one item. */
function itemsOf(all: readonly StudentWarning[]): [said: string, people: StudentWarning[]][] {
  return [...groupBy(all, ({ reason }) => interpolate(reason, (content) => `“${content}”`))];
}

function more(all: number): HtmlText {
  return all > maxStudentsListed
    ? html`<p>${textHtml(`${all - maxStudentsListed} more are in grades.csv.`)}</p>`
    : html``;
}

/** Where the points of a student are set by hand, and how. */
function place(key: string, { lines, next, wordOf }: OverrideLines): HtmlText {
  const line = lines.get(key);
  if (line !== undefined)
    return html` <span class="who">${textHtml(`Set by hand: ${overridesFile}, line ${line}.`)}</span>`;
  if (isOfLine(key))
    return html` <span class="who">${textHtml('To change the points, first give this student a login, an id or an e-mail address in the roster.')}</span>`;
  const who = wordOf(key);
  const cell = /[",]/.test(who) ? `"${who.replaceAll('"', '""')}"` : who;
  return html` <span class="who">${textHtml(`To change the points: ${overridesFile}, line ${next}: `)}<code>${textHtml(`${cell},,+n,why`)}</code></span>`;
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
