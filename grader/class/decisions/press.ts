import type { Decision } from './decision.schema';
import { decisionVersion } from './decision.schema';
import type { Journal } from './journal';

// What one press of a button writes.

/** A decision as a button or a form proposes it: a line of the journal before anybody has made it. */
export type Draft = Pick<Decision, 'about' | 'aspect' | 'saw' | 'does' | 'reason'>;

/** Equal for lines about the same person or submission; a person is known by the key that they have in this run. */
export type SubjectOf = (about: Decision['about']) => string;

/**
 * Makes lines of decisions. Each replaces whatever stands about the same aspect of the same subject. Of several
 * drafts about whose a submission is, one line is made: it belongs to all of them.
 *
 * @param by who decides; may be empty.
 */
export function pressed(
  drafts: readonly Draft[],
  { standing }: Journal,
  by: string,
  subjectOf: SubjectOf,
): Decision[] {
  const nameOf = ({ about, aspect }: Draft) => JSON.stringify([aspect, subjectOf(about)]);
  const bySubject = new Map<string, Draft>();
  for (const draft of drafts) {
    const before = bySubject.get(nameOf(draft));
    bySubject.set(nameOf(draft), before ? together(before, draft) : draft);
  }
  const press = chance();
  return [...bySubject].map(([subject, draft]) => ({
    ...{ version: decisionVersion, id: chance(), press, at: new Date().toISOString(), by },
    ...draft,
    replaces: standing.flatMap((line) => (nameOf(line) === subject ? line.id : [])),
  }));
}

/** Makes lines that take back other lines, each in one of its own. */
export function takingBack(lines: readonly Decision[], by: string): Decision[] {
  const press = chance();
  const at = new Date().toISOString();
  return lines.map(({ id, about, aspect }) => ({
    ...{ version: decisionVersion, id: chance(), press, at, by, about, aspect },
    takesBack: [id],
  }));
}

/** Two drafts about whose a submission is, as one; of others, the last. */
function together(before: Draft, draft: Draft): Draft {
  const owners = [...(before.does?.owners ?? []), ...(draft.does?.owners ?? [])];
  if (draft.aspect !== 'owners') return draft;
  return { ...draft, does: { owners: [...new Map(owners.map((owner) => [owner.key, owner])).values()] } };
}

/** A text that nobody else has: 24 digits of chance. */
function chance(): string {
  const digits = [...crypto.getRandomValues(new Uint8Array(12))];
  return digits.map((digit) => digit.toString(16).padStart(2, '0')).join('');
}
