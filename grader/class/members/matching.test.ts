import { tries } from '../../testing/long';
import { Random } from '../../testing/sampler';
import { classHosts } from '../hosts/hosts';
import { type Match, matchSubmissions } from './matching';
import { comparableIdentity, People, type Student } from './people';
import { studentOf } from './roster';
import type { Collected } from './source';

// Small classes whose people have much in common, made up by chance from a seed. Whose a submission is by each single
// fact is in fixtures/whose.txt; here several facts and people meet.

const random = new Random(5);

const logins = ['ada', 'ann', 'bob', '7', ''];
const names = ['Ada Lee', 'Ann Lee', 'Lee, Ada', 'Bob Ng', ''];
const emails = ['ada@example.org', 'ann@example.org', ''];
const groups = ['Red', 'Blue', 'red', 'Red, Blue', ''];
const any = (facts: readonly string[]) => random.pick(facts, '');

const [host] = classHosts;
if (!host) throw new Error('There is no host.');
const source = { name: 'x', host, hasTimes: false, strays: [] };

const person = (line: number) => {
  const [login, name] = [any(logins), any(names)];
  const sid = any(['7', 'bob', '', '']);
  const facts = { login, name, sid, email: any(emails), section: any(['1', '2']), group: any(groups) };
  return studentOf({ ...facts, id: login === '' ? String(80 + line) : '' }, line);
};

/** Nobody on a roster has the key of another. */
function rosterOf(count: number): Student[] {
  const people = Array.from({ length: count }, (_, line) => person(line + 2));
  return [...new Map(people.map((student) => [student.key, student])).values()];
}

/** A submission, named as folders or as the records of a host name it. */
function submission(index: number, isLabelled: boolean): Collected {
  const word = any([...logins, ...groups]) || 'x';
  const owner = () => ({ name: any(names), email: any(emails), login: any(logins) });
  const owners = isLabelled
    ? [{ label: `fruit-${word}` }]
    : Array.from({ length: 1 + random.below(2) }, owner);
  const name = isLabelled ? `fruit-${word}-${index}` : `=${index}`;
  return { name, source, owners, remarks: [], files: () => [] };
}

interface SmallClass {
  readonly roster: Student[];
  readonly handedIn: Collected[];
}

const classes = Array.from({ length: tries(400) }, (): SmallClass => {
  const isLabelled = random.chance(0.5);
  const handedIn = Array.from({ length: 1 + random.below(4) }, (_, index) => submission(index, isLabelled));
  return { roster: rosterOf(2 + random.below(4)), handedIn };
});

/** A test of each class; what fails says of which. */
function testAll(name: string, holds: (one: SmallClass) => void) {
  test(name, () => {
    for (const one of classes) holds(one);
  });
}

/** Every submission with its owners, in order. */
function matchesIn({ members, unmatched }: ReturnType<typeof matchSubmissions>): Match[] {
  const all = new Set([...members.flatMap(({ matches }) => matches), ...unmatched]);
  return [...all].sort((one, other) => (one.submission.name < other.submission.name ? -1 : 1));
}

const ownersIn = (...given: Parameters<typeof matchSubmissions>) =>
  matchesIn(matchSubmissions(...given)).map(({ submission: { name }, owners }) => [
    name,
    owners.map(({ key }) => key).sort(),
  ]);

testAll('each submission is somebody’s or nobody’s, in any order of tables and folders', (one) => {
  const { roster, handedIn } = one;
  const owners = ownersIn(handedIn, roster);
  expect(owners.map(([name]) => name)).toEqual(handedIn.map(({ name }) => name).sort());
  expect(ownersIn(handedIn.toReversed(), roster.toReversed())).toEqual(owners);
});

const isSame = (known: string, said: string) => comparableIdentity(known) === comparableIdentity(said);

testAll('nobody has a submission that a login or an address contradicts', ({ roster, handedIn }) => {
  const contradicted = matchesIn(matchSubmissions(handedIn, roster)).flatMap(({ submission: one, owners }) =>
    owners.filter(({ login, email }) =>
      one.owners.every(
        (said) =>
          said.label === undefined &&
          ((login && said.login && !isSame(login, said.login)) ||
            (email && said.email && !isSame(email, said.email))),
      ),
    ),
  );
  expect(contradicted).toEqual([]);
});

testAll('the word that names somebody in a table finds them, or nobody', ({ roster }) => {
  const people = new People(roster);
  for (const student of roster) {
    const found = people.resolve(people.wordFor(student), '');
    expect(typeof found === 'string' || found.key === student.key).toBe(true);
  }
});
