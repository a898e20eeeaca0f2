import { groupBy } from '../../system/lists';
import type { Owner } from './download';
import {
  comparableIdentity,
  identityFields,
  type MatchedBy,
  type Student,
  spellings,
  teamOf,
} from './people';
import { studentOf } from './roster';
import type { Collected } from './source';

// Owners of the submissions of a source. People are found by what is theirs alone: numbers, logins, addresses. A name
// finds somebody only where one submission and one person or team fit it; what fits nobody for sure waits for a person.

/** Students by the name of a submission, from `matches.csv`; none for a submission of nobody's. */
export type ByHand = ReadonlyMap<string, readonly Student[]>;

/** The owners of a submission, as far as they were found. */
export interface Match {
  readonly submission: Collected;
  /** Empty for what belongs to nobody. */
  readonly owners: readonly Student[];
  /** The fact by which they were found. */
  readonly by?: MatchedBy | undefined;
  /** Whether it is a team's, whoever says so. */
  readonly isOfTeam: boolean;
  /** Whether it shows that the host collects the work of teams, even if only one student is named. */
  readonly showsTeams: boolean;
  /** Owners who handed it in, too, and are not found. */
  readonly unknown: readonly Owner[];
  /** Students whose it may be, if it has no owner. */
  readonly candidates: readonly Student[];
}

const noOthers = { unknown: [], candidates: [] };

/** A fact that is said of an owner, or true of a student. */
type Claim = readonly [by: MatchedBy, text: string];

/** A student of whom a claim is true, or the team of one. */
interface Fit {
  readonly students: readonly Student[];
  /** The first claim that is true. */
  readonly by: MatchedBy;
  /** Whether no claim is false. */
  readonly agrees: boolean;
  /** Whether only a name is true of them. Somebody else may have the same name. */
  readonly isByName: boolean;
}

type Find = (claims: readonly Claim[]) => Fit[];

/** Takes owners as the submissions of a source themselves name them. */
export function ownersByName(inSource: readonly Collected[], byHand: ByHand): Match[] {
  const wordsIn = labelReader(inSource, () => false);
  return inSource.map((submission) => {
    const decided = byHand.get(submission.name);
    const isOfTeam = submission.owners.length > 1;
    if (decided) return matchByHand(submission, decided, isOfTeam);
    const owners = submission.owners.map((owner) => {
      const { label, name = '', email = '', userId: id = '', studentId: sid = '' } = owner;
      const login = label === undefined ? '' : (wordsIn(label).at(-1) ?? '');
      const student = studentOf({ login, id, name, email, sid }, 0);
      const isNamed = login || id || sid || email;
      return isNamed ? student : { ...student, key: `(${submission.name.toLowerCase()})` };
    });
    return { submission, owners, isOfTeam, showsTeams: isOfTeam, ...noOthers };
  });
}

/** Finds the owners of a source's submissions on a roster. */
export function ownersOnRoster(
  inSource: readonly Collected[],
  students: readonly Student[],
  byHand: ByHand,
): Match[] {
  const find = finder(students);
  const wordsIn = labelReader(inSource, (word) => fitsByLabel(word, find).length > 0);
  // 1. Find each student or team that an owner may be.
  const named = inSource.map((submission) => ({
    submission,
    owners: submission.owners.map((owner) => {
      const words = owner.label === undefined ? [] : wordsIn(owner.label);
      const fits = [...fitsByFacts(owner, find), ...words.flatMap((word) => fitsByLabel(word, find))];
      return { owner, fits, fit: theOneIn(fits) };
    }),
  }));
  // 2. Count how often the same people are found by nothing but a name.
  const keysOf = (fit: Fit) => JSON.stringify(fit.students.map(({ key }) => key).sort());
  const byName = groupBy(
    named.flatMap(({ owners }) => owners.flatMap(({ fit }) => (fit?.isByName ? fit : []))),
    keysOf,
  );
  const isSure = (fit: Fit) => !fit.isByName || byName.get(keysOf(fit))?.length === 1;
  const studentsOf = (fits: readonly Fit[]) => [...new Set(fits.flatMap((fit) => fit.students))];
  return named.map(({ submission, owners }): Match => {
    const possible = owners.flatMap(({ fits }) => fits);
    const ofGroup = possible.filter((fit) => fit.by === 'group');
    const isByTeam = submission.owners.length > 1 || submission.isOfTeam === true;
    const showsTeams = isByTeam || ofGroup.length > 0;
    // 3. A person's decision stands.
    const decided = byHand.get(submission.name);
    if (decided) return matchByHand(submission, decided, showsTeams);
    // 4. Else it belongs to those who are found for sure.
    const sure = owners.flatMap(({ fit }) => (fit && isSure(fit) ? fit : []));
    const unknown = owners.flatMap(({ owner, fit }) => (fit && isSure(fit) ? [] : owner));
    if (sure.length > 0)
      return {
        ...noOthers,
        submission,
        owners: studentsOf(sure),
        by: sure[0]?.by,
        // A submission that is called both like a group and like a member of it may belong to either.
        isOfTeam: isByTeam || ofGroup.some(({ agrees }) => agrees),
        showsTeams,
        unknown,
      };
    // 5. The rest waits for a person.
    const ends = submission.owners.flatMap(({ label = '' }) => endsOf(label));
    const alike = ends.flatMap((end) => fitsByLabel(end, find));
    const candidates = studentsOf([...possible, ...alike]);
    return { submission, owners: [], isOfTeam: showsTeams, showsTeams, unknown: [], candidates };
  });
}

function matchByHand(submission: Collected, decided: readonly Student[], showsTeams: boolean): Match {
  const owners = [...new Set(decided)];
  return { submission, owners, by: 'matches.csv', isOfTeam: owners.length > 1, showsTeams, ...noOthers };
}

/** The only student or team that fits. A team stands for its members. */
function theOneIn(fits: readonly Fit[]): Fit | undefined {
  const whole = fits.filter(({ agrees }) => agrees);
  const [most] = [...whole].sort((one, other) => other.students.length - one.students.length);
  const isOne = whole.every(({ students }) => students.every((student) => most?.students.includes(student)));
  if (!isOne) return undefined;
  // A login or a number comes before a group that is called so.
  return whole.find(({ isByName }) => !isByName) ?? most;
}

/** Finds each student or team by one of the facts that the name of a folder may tell; one is enough. */
function fitsByLabel(word: string, find: Find) {
  return identityFields.flatMap(([by]) => (by === 'name' ? [] : find([[by, word]])));
}

/** Finds each student or team of whom a fact that a download says is true; for a whole fit, all have to agree. */
export function fitsByFacts(owner: Owner, find: Find): Fit[] {
  const claims = claimsOf(owner);
  // The number that Moodle gives is the team's, as the name is. All others are those of a member.
  const ofMember = claims.filter(([by]) => by !== 'participant' && by !== 'name');
  const teams = find([['group', owner.name ?? ''], ...ofMember]).filter(({ by }) => by === 'group');
  return [...teams, ...find(claims)];
}

/**
 * Returns a function that finds each student of whom at least one claim is true. Who is found by a group stands for all
 * its members.
 */
export function finder(students: readonly Student[]): Find {
  const knownFacts = students.flatMap((student) =>
    claimsOf(student).flatMap((claim) => spelled(claim).map((fact) => ({ fact, student }))),
  );
  const byFact = groupBy(knownFacts, ({ fact }) => fact);
  const teams = groupBy(students, teamOf);
  return (claims) => {
    const holdersByClaim = claims.map((claim) => {
      const holders = byFact.get(spelled(claim)[0] ?? '') ?? [];
      return { by: claim[0], holders: new Set(holders.map(({ student }) => student)) };
    });
    return [...new Set(holdersByClaim.flatMap(({ holders }) => [...holders]))].flatMap((student) => {
      const trueOnes = holdersByClaim.filter(({ holders }) => holders.has(student)).map(({ by }) => by);
      const [by] = trueOnes;
      if (by === undefined) return [];
      const kinds = claimsOf(student).map((claim) => claim[0]);
      // A claim that is true of nobody does not contradict a student of whom no such fact is known.
      const agrees = holdersByClaim.every(
        ({ by: kind, holders }) => holders.has(student) || (holders.size === 0 && !kinds.includes(kind)),
      );
      const team = by === 'group' ? teams.get(teamOf(student)) : undefined;
      const isByName = trueOnes.every((kind) => kind === 'name' || kind === 'group');
      return { students: team ?? [student], by, agrees, isByName };
    });
  };
}

function claimsOf(known: Owner): Claim[] {
  return identityFields.flatMap(([by, field]) => (known[field] ? [[by, known[field]]] : []));
}

/** The ways in which a fact may be written, its own first. */
function spelled([by, text]: Claim) {
  const ways = by === 'name' || by === 'group' ? spellings(text) : [comparableIdentity(text, by)];
  return ways.map((way) => `${by} ${way}`);
}

/** The texts after each hyphen or underscore of a name, but not the number after `group-`, which is a team's. */
function endsOf(label: string) {
  return [...label.matchAll(/(?<=[-_])(?<!(?:group|team|submission)[-_])/gi)].map(({ index }) =>
    label.slice(index),
  );
}

/**
 * Reads the names of a source's folders and archives: the whole name is a login, an id, an address or a group, or what
 * follows the prefix after which more than half of them name one. A source that is called `<slug>-submissions` says the
 * prefix.
 *
 * @returns a function that gives the words of a name that may be somebody's, what is most likely a login last.
 */
function labelReader(inSource: readonly Collected[], isKnown: (word: string) => boolean) {
  const labels = inSource.flatMap(({ owners }) => owners.flatMap(({ label }) => label ?? []));
  const prefixes = labels.flatMap((label) =>
    endsOf(label).flatMap((end) =>
      isKnown(end) ? label.slice(0, label.length - end.length).toLowerCase() : [],
    ),
  );
  const [[most, same] = ['', []]] = [...groupBy(prefixes, (prefix) => prefix)].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  const prefixOfMost = 2 * same.length > labels.length ? most : '';
  const slug = inSource[0]?.source.prefix ?? '';
  const isSlug = slug !== '' && labels.some((label) => label.toLowerCase().startsWith(slug));
  const prefix = isSlug ? slug : prefixOfMost;
  return (label: string) =>
    label.toLowerCase().startsWith(prefix) ? [label, label.slice(prefix.length)] : [label];
}
