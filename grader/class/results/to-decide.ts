import { personOf } from '../decisions/decided';
import type { Decision } from '../decisions/decision.schema';
import type { Draft } from '../decisions/press';
import { seenAtHost } from './changed-at-host';
import { computedPoints, correctionsOf } from './corrections';
import { deedText, type GivenPoints, lineText, seenOf, weighed } from './decided-points';
import type { GradedClass } from './graded-class';
import { type Note, type NoteKindName, noteKindEntries, noteKinds } from './note';
import type { OtherVersion, StudentResult, UnmatchedResult } from './student-result.schema';

// The decisions that are open in a class, and what is proposed for each.

/** A note with the work that it is about. */
export interface NotedWork {
  readonly note: Note;
  readonly work: StudentResult | OtherVersion | UnmatchedResult;
}

/** Everything that is open about a student, or about an unmatched submission. */
export interface Case {
  /** The most urgent kind of its notes. */
  readonly kind: NoteKindName;
  readonly about: StudentResult | UnmatchedResult;
  /** The name of the student, or of the submission. */
  readonly who: string;
  /** The most urgent first. */
  readonly noted: readonly NotedWork[];
  /** Now, and with the first choice; empty if there are none. */
  readonly points: { readonly now: string; readonly could: string };
  readonly choices: readonly Choice[];
  /** Leaves everything as it is, and closes what is shown. */
  readonly closing: Draft;
}

/** One of the ways in which a person may decide a case. */
interface Choice {
  /** `Give 14` */
  readonly label: string;
  readonly drafts: readonly Draft[];
}

export function casesIn(graded: GradedClass): Case[] {
  return [
    ...graded.students.flatMap((result) => caseOf(result, graded)),
    ...graded.unmatched.flatMap((work) => caseOfNobody(work, graded)),
  ];
}

/** The open notes on a student together, if there are any. */
function caseOf(result: StudentResult, graded: GradedClass): Case[] {
  const open = notesIn(result).filter(({ note }) => isOpen(result, note));
  const noted = noteKindEntries.flatMap(([kind]) => open.filter(({ note }) => note.kind === kind));
  const [first] = noted;
  if (!first) return [];
  const [best] = correctionsOf(result);
  const has = (wanted: NoteKindName) => noted.some(({ note }) => note.kind === wanted);
  // Different decisions and a changed grade come first: nothing is written for that person before.
  const choices = has('conflict')
    ? conflictChoices(result, graded)
    : [
        ...choicesOfGrade(result),
        ...questionsOf(result, noted, graded),
        ...pointsOffered(result, noted, graded),
      ];
  return [
    {
      kind: first.note.kind,
      about: result,
      who: graded.people.nameOf(result.student),
      noted,
      points: { now: String(result.points ?? '–'), could: best ? String(best.points) : '' },
      choices,
      closing: draftOn(result, graded, 'points', kept(result)),
    },
  ];
}

/** Points that a person gave stay theirs, with their reason, which the student has read. */
const kept = ({ override }: StudentResult, reason = 'Looked at, and left as it is') =>
  override ? { does: override.does, reason: override.reason } : { reason };

/** What there is to see of a student for decisions about each aspect, besides a grade at the host. */
export function sawOf(result: StudentResult, { lines, extensionLines }: GradedClass) {
  const { key } = result;
  const textOf = (row: Parameters<typeof lineText>[0] | undefined) => row && lineText(row);
  return {
    points: { ...seenOf(result), line: textOf(lines.points.get(key)) },
    due: { line: extensionLines.get(key) },
    comment: { line: textOf(lines.comment.get(key)) },
  } as const satisfies Partial<Record<Decision['aspect'], Decision['saw']>>;
}

/** A decision about a student that sees what there is now. */
function draftOn(
  result: StudentResult,
  graded: GradedClass,
  aspect: keyof ReturnType<typeof sawOf>,
  more: Pick<Draft, 'does' | 'reason'>,
): Draft {
  return { about: personOf(result.student), aspect, saw: sawOf(result, graded)[aspect], ...more };
}

/** A decision about whose a submission is. */
function draftOnOwners(
  submission: string,
  content: string | undefined,
  owners: NonNullable<Decision['does']>['owners'],
  { submissions, ownerLines }: GradedClass,
): Draft {
  const { name = '' } = submissions.get(submission)?.source ?? {};
  const saw = { content, line: ownerLines.get(submission) };
  return { about: { source: name, submission }, aspect: 'owners', saw, does: { owners } };
}

/** Each of the things that people decided. */
function conflictChoices(result: StudentResult, graded: GradedClass): Choice[] {
  const ids = result.conflict?.decisions ?? [];
  const different = graded.journal.all.filter(({ id }) => ids.includes(id));
  return different.flatMap((decision) => {
    const { aspect, does, reason } = decision;
    if (aspect !== 'points' && aspect !== 'due' && aspect !== 'comment') return [];
    const by = decision.by === '' ? '' : ` (${decision.by})`;
    return {
      label: `${upperFirst(deedText(decision))}${by}`,
      drafts: [draftOn(result, graded, aspect, { does, reason })],
    };
  });
}

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The questions of notes with their own decisions: whether late work counts, or work that others handed in. */
function questionsOf(result: StudentResult, noted: readonly NotedWork[], graded: GradedClass): Choice[] {
  const [extendTo] = noted.flatMap(({ note }) => note.extendTo ?? []);
  const shares = noted.flatMap(({ note }) => note.shares ?? []);
  const choices: Choice[] = [];
  if (extendTo !== undefined)
    choices.push({
      label: `Extend to ${extendTo}`,
      drafts: [draftOn(result, graded, 'due', { does: { due: extendTo } })],
    });
  if (shares.length > 0)
    choices.push(
      {
        label: 'Count it',
        drafts: shares.map(({ submission, content }) => {
          const owners = [...ownersOf(submission, graded), result].map(({ student }) => personOf(student));
          return draftOnOwners(submission, content, owners, graded);
        }),
      },
      { label: 'No part in it', drafts: [draftOn(result, graded, 'points', { reason: 'No part in it' })] },
    );
  return choices;
}

const ownersOf = (submission: string, { students }: GradedClass) =>
  students.filter(
    ({ folder, submissions = [] }) => folder === submission || submissions.includes(submission),
  );

/** The choices for a grade that a person changed at the host, while that is open. */
function choicesOfGrade(result: StudentResult): Choice[] {
  const { changedAtHost, points } = result;
  if (changedAtHost?.becomes !== 'waits') return [];
  const { host, grade } = changedAtHost;
  const about = personOf(result.student);
  const draft = { about, aspect: 'grade there' as const, saw: seenAtHost(result, grade) };
  return [
    { label: `Leave ${grade} there`, drafts: [{ ...draft, does: { grade }, reason: `As it is in ${host}` }] },
    { label: `Set ${points}`, drafts: [{ ...draft, reason: 'Grade checked' }] },
  ];
}

/**
 * The choices about points: what counts now, and what a person gave once or could give. Where a decision lapsed, what
 * is computed now comes first; where a line of a table is in question, the line; otherwise the best correction, or
 * each of several versions.
 */
function pointsOffered(result: StudentResult, noted: readonly NotedWork[], graded: GradedClass): Choice[] {
  const points = noted.filter(({ note }) => note.kind !== 'changedAtHost' && !note.shares);
  if (points.length === 0) return [];
  const give = (label: string, does: GivenPoints | undefined, reason: string | undefined): Choice => ({
    label,
    drafts: [draftOn(result, graded, 'points', { does, reason })],
  });
  const { counting, lapsed } = weighed(result, graded.decidedAbout(result.key, 'points'));
  const again = lapsed.flatMap(({ does, reason }) =>
    does ? give(`${upperFirst(deedText({ does })).replace(/^(\w+?)s\b/, '$1')} again`, does, reason) : [],
  );
  const keep = keepChoice(result, points, give);
  const isOfTable = points.some(({ note }) => note.kind === 'table');
  if (isOfTable) {
    const decided = counting.flatMap(({ does, reason }) =>
      does ? give(`Give ${deedText({ does }).replace(/^gives /, '')}`, does, reason) : [],
    );
    const computed = computedPoints(result);
    const free = computed === null ? [] : [give(`Give ${computed}`, undefined, 'Not as the line says')];
    return [...keep, ...(decided.length > 0 ? decided : free)];
  }
  const all = correctionsOf(result);
  const [best] = all;
  // Of several versions, each may be meant; of other corrections, the best.
  const corrections = all.filter((one) =>
    best?.kind === 'versions' ? one.kind === best.kind : one === best,
  );
  const could = corrections.map(({ files, points: total, reason }) =>
    give(files === undefined ? `Give ${total}` : `Take ${files}: ${total}`, { total }, reason),
  );
  return lapsed.length > 0 ? [...keep, ...again, ...could] : [...could, ...keep];
}

/**
 * Leaves the points as they are, and closes everything that is open. Without points that is offered unless a zero waits
 * for the answer: a person may know that it is right.
 */
function keepChoice(
  result: StudentResult,
  noted: readonly NotedWork[],
  give: (label: string, does: GivenPoints | undefined, reason: string | undefined) => Choice,
): Choice[] {
  const { points } = result;
  if (points === null && noted.every(({ note }) => isWaitedFor(result, note))) return [];
  const [keeping] = noted.flatMap(({ note }) =>
    note.extendTo === undefined ? (noteKinds[note.kind].keeping ?? []) : [],
  );
  const label = points === null ? 'Looked at' : `Keep ${points}`;
  const { does, reason }: Pick<Draft, 'does' | 'reason'> = kept(result, keeping);
  return [give(label, does, reason)];
}

function caseOfNobody(work: UnmatchedResult, graded: GradedClass): Case[] {
  const { people } = graded;
  const { login, content, candidates } = work;
  const open = work.notes.filter(({ kind }) => kind === 'unmatched');
  if (open.length === 0) return [];
  const choice = (label: string, owners: NonNullable<Decision['does']>['owners']) => ({
    label,
    drafts: [draftOnOwners(login, content, owners, graded)],
  });
  const possible = candidates.flatMap((key) => people.get(key) ?? []);
  return [
    {
      kind: 'unmatched',
      about: work,
      who: login,
      noted: open.map((note) => ({ note, work })),
      points: { now: '', could: '' },
      choices: [
        ...possible.map((one) => choice(`It is ${people.nameOf(one)}`, [personOf(one)])),
        choice('Nobody’s', []),
      ],
      closing: draftOnOwners(login, content, [], graded),
    },
  ];
}

/** All notes on a student, each with the work that it is about. */
export function notesIn(result: StudentResult) {
  return [result, ...result.otherVersions].flatMap((work) => work.notes.map((note) => ({ note, work })));
}

/** Whether a note on a student is open: no decision that counts has looked at what it is about. */
export function isOpen(result: StudentResult, note: Note): boolean {
  const isLookedAt = note.subject !== undefined && result.lookedAt?.codes.includes(note.subject);
  return !isLookedAt || isWaitedFor(result, note);
}

/** Whether a zero waits for work that a host has and that is not here. Looking at the note does not bring it. */
function isWaitedFor({ points, zeroWaits, onlyAtHost }: StudentResult, { kind }: Note): boolean {
  return points === null && zeroWaits !== undefined && kind === 'unread' && onlyAtHost !== undefined;
}

/** The notes on a student that a person has to decide. */
export function questionsIn(result: StudentResult): Note[] {
  return notesIn(result).flatMap(({ note }) =>
    isOpen(result, note) && !isSettled(result, note) ? note : [],
  );
}

/** Whether a case asks a person for anything; its notes may need no decision. */
export function isAsked({ about }: Case): boolean {
  return about.status === 'unmatched' || questionsIn(about).length > 0;
}

/** Whether a note needs no decision. */
function isSettled({ points, report }: StudentResult, { kind }: Note): boolean {
  const { isSettled: when } = noteKinds[kind];
  const hasAll = report !== undefined && points === report.possible;
  return when === 'beside all points' ? hasAll : when === true;
}
