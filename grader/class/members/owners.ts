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
import type { CollectedSubmission } from './source';

// Owners of the submissions of a source. People are found by what only they have: numbers, logins, addresses. A name
// finds somebody only if one submission and one person or team fit it; if nobody fits for sure, a person decides.

/** Students by the name of a submission, from `matches.csv`; none if the submission is nobody's. */
export type ByHand = ReadonlyMap<string, readonly Student[]>;

/** The owners of a submission, as far as they were found. */
export interface Match {
  readonly submission: CollectedSubmission;
  /** Empty if it belongs to nobody. */
  readonly owners: readonly Student[];
  /** The fact by which they were found. */
  readonly by?: MatchedBy | undefined;
  /** Whether it is a team's, by whatever evidence. */
  readonly isOfTeam: boolean;
  /** Whether it shows that the host collects the work of teams, even if only one student is named. */
  readonly showsTeams: boolean;
  /** Owners who also handed it in, but were not found. */
  readonly unknown: readonly Owner[];
  /** Students who may own it, if it has no owner. */
  readonly candidates: readonly Student[];
}

const noOthers = { unknown: [], candidates: [] };

/** A fact that is stated about an owner, or true of a student. */
type Claim = readonly [by: MatchedBy, text: string];

/** A student for whom a claim is true, or the student's team. */
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

/** Uses the owners that a source's submissions name themselves. */
export function ownersByName(inSource: readonly CollectedSubmission[], byHand: ByHand): Match[] {
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

/** Finds the owners of a source's submissions on a roster: first everybody whom each may mean, and then who it is. */
export function ownersOnRoster(
  inSource: readonly CollectedSubmission[],
  students: readonly Student[],
  byHand: ByHand,
): Match[] {
  const find = finder(students);
  const found = whomOwnersMayMean(inSource, find);
  const isSure = surely(found);
  return found.map((one) => {
    const decided = byHand.get(one.submission.name);
    if (decided) return matchByHand(one.submission, decided, one.showsTeams);
    return matchForSure(one, isSure) ?? leftToAPerson(one, find);
  });
}

/** A submission with the students and teams that each of its owners may be. */
interface Found {
  readonly submission: CollectedSubmission;
  readonly owners: readonly { readonly owner: Owner; readonly fits: readonly Fit[] }[];
  readonly showsTeams: boolean;
}

function whomOwnersMayMean(inSource: readonly CollectedSubmission[], find: Find): Found[] {
  const wordsIn = labelReader(inSource, (word) => fitsByLabel(word, find).length > 0);
  return inSource.map((submission) => {
    const owners = submission.owners.map((owner) => {
      const words = owner.label === undefined ? [] : wordsIn(owner.label);
      return {
        owner,
        fits: [...fitsByFacts(owner, find), ...words.flatMap((word) => fitsByLabel(word, find))],
      };
    });
    return { submission, owners, showsTeams: isByTeam(submission) || groupsAmong(owners).length > 0 };
  });
}

const isByTeam = ({ owners, isOfTeam }: CollectedSubmission) => owners.length > 1 || isOfTeam === true;

const groupsAmong = (owners: Found['owners']) =>
  owners.flatMap(({ fits }) => fits).filter((fit) => fit.by === 'group');

const studentsOf = (fits: readonly Fit[]) => [...new Set(fits.flatMap((fit) => fit.students))];

/**
 * Returns whether a fit is sure. A fit by name alone is sure only if no other submission means these people by name.
 */
function surely(found: readonly Found[]): (fit: Fit | undefined) => boolean {
  const keysOf = (fit: Fit) => JSON.stringify(fit.students.map(({ key }) => key).sort());
  const fits = found.flatMap(({ owners }) => owners.flatMap((one) => theOneIn(one.fits) ?? []));
  const byName = groupBy(
    fits.filter((fit) => fit.isByName),
    keysOf,
  );
  return (fit) => fit !== undefined && (!fit.isByName || byName.get(keysOf(fit))?.length === 1);
}

/** Gives a submission to all who are found for sure; undefined if nobody is. */
function matchForSure({ submission, owners, showsTeams }: Found, isSure: (fit: Fit | undefined) => boolean) {
  const sure = owners.flatMap(({ fits }) => theOneIn(fits) ?? []).filter(isSure);
  const [first] = sure;
  if (!first) return undefined;
  return {
    ...noOthers,
    submission,
    owners: studentsOf(sure),
    by: first.by,
    // A submission that is named like both a group and a member of it may belong to either.
    isOfTeam: isByTeam(submission) || groupsAmong(owners).some(({ agrees }) => agrees),
    showsTeams,
    unknown: owners.flatMap(({ owner, fits }) => (isSure(theOneIn(fits)) ? [] : owner)),
  };
}

/** Lists everybody who may own a submission, including anyone whom part of its name fits. */
function leftToAPerson({ submission, owners, showsTeams }: Found, find: Find): Match {
  const ends = submission.owners.flatMap(({ label = '' }) => endsOf(label));
  const alike = ends.flatMap((end) => fitsByLabel(end, find));
  const candidates = studentsOf([...owners.flatMap(({ fits }) => fits), ...alike]);
  return { submission, owners: [], isOfTeam: showsTeams, showsTeams, unknown: [], candidates };
}

function matchByHand(
  submission: CollectedSubmission,
  decided: readonly Student[],
  showsTeams: boolean,
): Match {
  const owners = [...new Set(decided)];
  return { submission, owners, by: 'matches.csv', isOfTeam: owners.length > 1, showsTeams, ...noOthers };
}

/** The only student or team that fits. A team counts as its members. */
function theOneIn(fits: readonly Fit[]): Fit | undefined {
  const whole = fits.filter(({ agrees }) => agrees);
  const [most] = [...whole].sort((one, other) => other.students.length - one.students.length);
  const isOne = whole.every(({ students }) => students.every((student) => most?.students.includes(student)));
  if (!isOne) return undefined;
  // A login or a number takes precedence over a group with the same name.
  return whole.find(({ isByName }) => !isByName) ?? most;
}

/** Finds each student or team by any one of the facts that a folder's name may contain. */
function fitsByLabel(word: string, find: Find) {
  return identityFields.flatMap(([by]) => (by === 'name' ? [] : find([[by, word]])));
}

/** Finds each student or team for whom a fact in the download is true; it fits as a whole only if all of them agree. */
export function fitsByFacts(owner: Owner, find: Find): Fit[] {
  const claims = claimsOf(owner);
  // Moodle's number is the team's, and so is the name. All other facts are about a member.
  const ofMember = claims.filter(([by]) => by !== 'participant' && by !== 'name');
  const teams = find([['group', owner.name ?? ''], ...ofMember]).filter(({ by }) => by === 'group');
  return [...teams, ...find(claims)];
}

/**
 * Returns a function that finds each student for whom at least one claim is true. A student who is found by a group
 * stands for all its members.
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
      // A claim that is true of nobody does not contradict a student for whom we have no such fact.
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

/** The ways in which a fact may be written, the original first. */
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
 * Reads the names of a source's folders and archives. The whole name is a login, an id, an address or a group; or the
 * part after a prefix is, if that is true of more than half of them. A source called `<slug>-submissions` gives the
 * prefix.
 *
 * @returns a function that gives the words of a name that may be somebody's; the most likely login comes last.
 */
function labelReader(inSource: readonly CollectedSubmission[], isKnown: (word: string) => boolean) {
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
