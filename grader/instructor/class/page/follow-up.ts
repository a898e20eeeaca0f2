import { interpolate, sentencesOf } from '../../../message';
import { type HtmlText, html, page, text, textLines } from '../../../render/escape/html';
import { rowsOf } from '../../../rubric/rubric';
import { overridesFile } from '../overrides';
import { disputeCode } from '../review';
import type { ClassStats, Conversation, Remark } from '../statistics';
import { shortLabel } from './grid';
import { name } from './reflections';
import { style } from './style';

/** Who needs something from the instructor: full of names, and never for the projector. */
export const followUpFile = 'follow-up.html';

/** Where points that are set by hand stand: lines of `overrides.csv`. */
export interface OverrideLines {
  /** By key; see `Enrolled`. */
  readonly lines: ReadonlyMap<string, number>;
  /** The first that is free. */
  readonly next: number;
}

const mostShown = 300;

export function renderFollowUp(stats: ClassStats, overrides: OverrideLines): HtmlText {
  const { rubric } = stats;
  const body = html`<header><h1>${text(rubric.title)}: follow-up</h1><p class="private"><strong>Not for the projector.</strong> This page has names.</p></header>
<main><section aria-labelledby="conversations"><h2 id="conversations">Who may want a conversation</h2>
${conversations(stats)}</section>
<section aria-labelledby="review"><h2 id="review">Needs review</h2>
${disputes(stats, overrides)}${remarks(stats, overrides)}</section>
<section aria-labelledby="alike"><h2 id="alike">Similar responses</h2>
${similar(stats)}</section></main>`;
  return page(`${rubric.title}: follow-up`, style, body);
}

function conversations(stats: ClassStats): HtmlText {
  const all = [...stats.conversations].sort((a, b) => a.who.label.localeCompare(b.who.label, 'en'));
  const note =
    stats.withHistory === 0
      ? html`<p class="faint">Without histories it is not known who holds on to an idea; whoever has not started is here.</p>`
      : html``;
  if (all.length === 0)
    return html`<p>Nobody: all have started, and nobody shows the same idea in the last two attempts.</p>${note}`;
  const byIdea = new Map<string, Conversation[]>();
  for (const one of all) {
    const known = byIdea.get(one.idea?.id ?? '') ?? [];
    byIdea.set(one.idea?.id ?? '', known);
    known.push(one);
  }
  // Whoever is alone with an idea hears least about it in class.
  const groups = [...byIdea].sort(([, few], [, many]) => few.length - many.length);
  return html`${groups.map(([id, people]) => conversation(id, people, stats))}${note}`;
}

/** Those who hold on to one idea, or have not started, and how to begin to talk. */
function conversation(id: string, people: readonly Conversation[], stats: ClassStats): HtmlText {
  const entries = people.slice(0, mostShown).map(({ who, others }) => {
    const more = others === 0 ? '' : `, and ${others} other idea${others === 1 ? '' : 's'}`;
    return html`<li>${name(who)}${text(more)}</li>\n`;
  });
  const title = id === '' ? 'Not started' : stats.titleOf(id);
  const why = id === '' ? '' : 'In the last two attempts. ';
  return html`<h3>${text(`${title} (${people.length})`)}</h3>
<p>${text(`${why}To begin with: “${openingOf(people[0], stats)}”`)}</p><ul class="people">${entries}</ul>${more(people.length)}`;
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
  if (stats.disputes.length === 0) return html``;
  const entries = stats.disputes.slice(0, mostShown).map(({ who, key, text: said, cells }) => {
    const about =
      cells.length > 0 ? html`<p class="who">${text(`It may be about: ${cells.join('; ')}.`)}</p>` : html``;
    return html`<li><b>${name(who)}</b>: <span class="said">${textLines(said)}</span>${about}${place(key, overrides)}</li>\n`;
  });
  return html`<h3>${text(`Marked wrong, and said to be right (${stats.disputes.length})`)}</h3>
<p>Read it, and look at the cells. Answer in comments.csv. Where they are right, set the points by hand, and add the answer to solution/.</p>
<ul class="responses">${entries}</ul>`;
}

interface Advice {
  /** How the codes of such remarks begin. */
  readonly code: string;
  readonly title: string;
  readonly what: string;
  /** Whether points may have to be set by hand. */
  readonly isAboutPoints?: true;
}

/** What to do about each kind of remark; the first that fits. */
const advice: readonly Advice[] = [
  {
    ...{ code: 'class/failed', title: 'Grading failed', isAboutPoints: true },
    what: 'This is no zero. Look at the submission, and set the points by hand.',
  },
  {
    ...{
      code: 'class/slip',
      title: 'A slip costs every answer that cannot be read for it',
      isAboutPoints: true,
    },
    what: 'Read the answers in the file; what is there may be right.',
  },
  {
    ...{ code: 'class/ambiguous', title: 'Whose it is, is not certain' },
    what: 'Write the login into matches.csv, and grade again.',
  },
  {
    ...{ code: 'class/unknown', title: 'Nobody’s on the roster' },
    what: 'Add whoever it is to the roster, or write the login into matches.csv, and grade again.',
  },
  {
    ...{ code: 'class/twice', title: 'Several submissions of one student', isAboutPoints: true },
    what: 'Look which one is meant. The one with the most points counts.',
  },
  {
    ...{ code: 'class/after-cutoff', title: 'Submitted after the cutoff' },
    what: 'It does not count. If it should, give an extension with --extensions.',
  },
  {
    ...{ code: 'class/no-time', title: 'When it was handed in is not known' },
    what: 'So it is not late here. Compare with what the host says.',
  },
  {
    ...{ code: 'download/', title: 'Odd in the download' },
    what: 'Read what is said, and ask the student where that is not enough.',
  },
  {
    ...{ code: 'history/', title: 'The history says something else', isAboutPoints: true },
    what: 'Look at the commits that are named: work may have been lost.',
  },
  {
    ...{ code: 'trust/', title: 'Files that are not as they were released' },
    what: 'Look at them. Nothing in them was run here, and no point depends on them.',
  },
  {
    ...{ code: 'file/', title: 'Files that could not be read', isAboutPoints: true },
    what: 'Look at the file, or ask for it again.',
  },
  {
    ...{ code: 'reflection/', title: 'Reflections' },
    what: 'Read the reflection. The points may stand as they are.',
  },
  { code: '', title: 'Others', what: 'Look at the submission.' },
];

function remarks(stats: ClassStats, overrides: OverrideLines): HtmlText {
  const byAdvice = new Map<Advice, Remark[]>(advice.map((one) => [one, []]));
  for (const remark of stats.remarks) {
    if (remark.reason.code === disputeCode) continue;
    const fitting = advice.find(({ code }) => remark.reason.code.startsWith(code));
    if (fitting) byAdvice.get(fitting)?.push(remark);
  }
  const groups = [...byAdvice].map(([{ title, what, isAboutPoints }, all]) => {
    if (all.length === 0) return html``;
    const items = itemsOf(all);
    const entries = items.slice(0, mostShown).map(([said, people]) => {
      const [only, ...others] = people;
      const isPlaced = only && others.length === 0 && (isAboutPoints || overrides.lines.has(only.key));
      const names = people.map(({ who }) => html`<b>${name(who)}</b>`);
      const joined = names.map((one, index) => (index === 0 ? one : html`, ${one}`));
      return html`<li>${joined}: ${text(said)}${isPlaced ? place(only.key, overrides) : html``}</li>\n`;
    });
    return html`<h3>${text(`${title} (${all.length})`)}</h3><p>${text(what)}</p><ul>${entries}</ul>${more(items.length)}`;
  });
  const hidden = stats.remarkCount - stats.remarks.length;
  return html`${stats.remarkCount === 0 ? html`<p>No grade needs a look.</p>` : groups}${hidden > 0 ? html`<p>${text(`${hidden} more are in grades.csv.`)}</p>` : html``}${untouched(stats)}`;
}

/** What is said of several students, of a team above all, is one item. */
function itemsOf(all: readonly Remark[]): [said: string, people: Remark[]][] {
  const items = new Map<string, Remark[]>();
  for (const remark of all) {
    const said = interpolate(remark.reason, (content) => `“${content}”`);
    const known = items.get(said) ?? [];
    items.set(said, known);
    known.push(remark);
  }
  return [...items];
}

function more(all: number): HtmlText {
  return all > mostShown ? html`<p>${text(`${all - mostShown} more are in grades.csv.`)}</p>` : html``;
}

function untouched({ untouchedCount, untouched: who }: ClassStats): HtmlText {
  if (untouchedCount === 0) return html``;
  const names = who.slice(0, 100).map(({ label }) => label);
  return html`<h3>${text(`Reflections that are as they were handed out (${untouchedCount})`)}</h3>
<p>Nothing to do, unless you want to remind them.</p><p>${text(names.join(', '))}</p>`;
}

/** Where the points of a student are set by hand, and how. */
function place(key: string, { lines, next }: OverrideLines): HtmlText {
  const line = lines.get(key);
  if (line !== undefined)
    return html` <span class="who">${text(`Set by hand: ${overridesFile}, line ${line}.`)}</span>`;
  const login = /^\((.*)\)$/.exec(key)?.[1] ?? key;
  return html` <span class="who">${text(`${overridesFile}, line ${next}: `)}<code>${text(`${login},,+1,why`)}</code></span>`;
}

/** Those who talked with each other write alike: a list to read, and no verdict. */
function similar(stats: ClassStats): HtmlText {
  const groups = stats.similar.alike();
  if (groups.length === 0) return html`<p>None.</p>`;
  const entries = groups.slice(0, 50).map(({ owners, excerpt }) => {
    const shown = owners.length > 12 ? [...owners.slice(0, 12), `${owners.length - 12} more`] : owners;
    return html`<li>${text(`“${excerpt}”`)}<p class="who">${text(shown.join(', '))}</p></li>\n`;
  });
  return html`<p>Pairs work together as they are asked to, and write alike. Each line is a group.</p><ul class="responses">${entries}</ul>`;
}
