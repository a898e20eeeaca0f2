import { Check } from '@sinclair/typebox/value';
import { GraderError } from '../../message';
import { groupBy } from '../../system/lists';
import { type Decision, DecisionSchema, decisionVersion } from './decision.schema';

// Everything that people decided: a set of lines that only grows. What stands is computed from all of them, in
// whatever order and in whichever files they come.

export const decisionsFile = 'decisions.jsonl';

/** Whether a file has decisions, whatever a browser calls the second download. */
export const isDecisionsFile = (name: string) => /^decisions.*\.jsonl$/.test(name);

/** A file with decisions. */
export interface DecisionsFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads the decisions of some files: each once, in the order of the first file that has it.
 *
 * @throws {GraderError} that names the file and the line, if one is cut off, or is no decision of this version.
 */
export function readDecisions(files: readonly DecisionsFile[]): Decision[] {
  const byId = new Map<string, Decision>();
  for (const { name, bytes } of files) {
    const lines = new TextDecoder().decode(bytes).split('\n');
    // A whole line has an end.
    if (lines.at(-1) === '') lines.pop();
    else throw unreadable(name, lines.length, 'is cut off');
    for (const [index, line] of lines.entries()) {
      const decision = decisionIn(line);
      if (!decision) throw unreadable(name, index + 1, `is no decision of version ${decisionVersion}`);
      const known = byId.get(decision.id) ?? decision;
      if (JSON.stringify(known) !== JSON.stringify(decision))
        throw unreadable(name, index + 1, `has the id ${decision.id} of another decision`);
      byId.set(decision.id, known);
    }
  }
  return [...byId.values()];
}

function decisionIn(line: string): Decision | undefined {
  try {
    const decision: unknown = JSON.parse(line);
    return Check(DecisionSchema, decision) ? decision : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(name: string, line: number, why: string) {
  return new GraderError(
    'folder',
    'decisions-unreadable',
    `${name}, line ${line}, ${why}. Nothing was graded, and nothing was written.`,
    'Save that file again where it comes from. Only pages and commands write it.',
  );
}

/** The text of a file with these decisions. */
export const decisionsText = (decisions: readonly Decision[]) =>
  decisions.map((decision) => `${JSON.stringify(decision)}\n`).join('');

/** What has become of some decisions. */
export interface Journal {
  readonly all: readonly Decision[];
  /** Those that are not taken back, and that no other such decision replaces. */
  readonly standing: readonly Decision[];
  /** The ids of lines that were taken back. */
  readonly takenBack: ReadonlySet<string>;
  /** The ids of lines that are named here, but not given: another file of decisions is missing. */
  readonly missing: readonly string[];
}

/**
 * Finds what stands. A line is taken back if a line that is not taken back itself takes it back. A decision stands if
 * it is not taken back, and no decision that is not taken back replaces it.
 *
 * @throws {GraderError} if lines name each other in a circle: a line can name only lines that were there.
 */
export function journalOf(all: readonly Decision[]): Journal {
  const takenBack = new Set<string>();
  const replaced = new Set<string>();
  for (const { id, takesBack = [], replaces = [] } of fromTheLast(all)) {
    if (takenBack.has(id)) continue;
    for (const named of takesBack) takenBack.add(named);
    for (const named of replaces) replaced.add(named);
  }
  const ids = new Set(all.map(({ id }) => id));
  return {
    all,
    standing: all.filter(({ id, takesBack }) => !takesBack && !takenBack.has(id) && !replaced.has(id)),
    takenBack,
    missing: [...new Set(all.flatMap(namedIn))].filter((id) => !ids.has(id)),
  };
}

const namedIn = ({ replaces = [], takesBack = [] }: Decision) => [...replaces, ...takesBack];

/** Sorts lines so that each comes after all that name it. */
function fromTheLast(all: readonly Decision[]): readonly Decision[] {
  const byId = new Map(all.map((line) => [line.id, line]));
  const namers = groupBy(all.flatMap(namedIn), (id) => id);
  const left = new Map([...byId.keys()].map((id) => [id, namers.get(id)?.length ?? 0]));
  const sorted = all.filter(({ id }) => left.get(id) === 0);
  for (const line of sorted)
    for (const id of namedIn(line)) {
      const named = byId.get(id);
      left.set(id, (left.get(id) ?? 0) - 1);
      if (named && left.get(id) === 0) sorted.push(named);
    }
  if (sorted.length < all.length) throw circleIn(all.filter((line) => !sorted.includes(line)));
  return sorted;
}

/** @param lines each is named by another one of them. */
function circleIn(lines: readonly Decision[]): GraderError {
  const passed: (Decision | undefined)[] = [];
  let [line] = lines;
  while (line && !passed.includes(line)) {
    passed.push(line);
    const { id } = line;
    line = lines.find((other) => namedIn(other).includes(id));
  }
  return new GraderError(
    'folder',
    'decisions-in-a-circle',
    `The decisions ${line?.id} and ${passed.at(-1)?.id} each come after the other, so a person has changed them. Nothing was graded, and nothing was written.`,
    'Save their file again where it comes from.',
  );
}
