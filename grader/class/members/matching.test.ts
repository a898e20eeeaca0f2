import { messageOf } from '../../message';
import { Random } from '../../testing/sampler';
import { classHosts } from '../hosts/hosts';
import { readMatches, withOpenMatches } from './matches-table';
import { matchSubmissions } from './matching';
import { described, People, type Student } from './people';
import { studentOf } from './roster';
import type { Collected } from './source';

// Small classes whose people have much in common, made up by chance from a seed. Whose a submission is by each single
// fact is in fixtures/whose.txt; this shows whatever a change does where several facts and people meet.

const random = new Random(5);

const logins = ['ada', 'ann', 'bob', '7', ''];
const names = ['Ada Lee', 'Ann Lee', 'Lee, Ada', 'Bob Ng', ''];
const emails = ['ada@example.org', 'ann@example.org', ''];
const groups = ['Red', 'Blue', 'red', 'Red, Blue', ''];
const any = (facts: readonly string[]) => random.pick(facts, '');

const [host] = classHosts;
if (!host) throw new Error('There is no host.');
const source = { name: 'x', host, hasTimes: false, strays: [] };

const told = (students: readonly Student[]) => students.map(described).join(' + ') || '-';

// Written anew by: npx jest members/matching -u
test('whose the submissions of small classes are', () => {
  const classes = Array.from({ length: 200 }, linesOf);
  expect(`\n${classes.join('\n\n').replaceAll('\r', '')}\n`).toMatchSnapshot();
});

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

/** Everything that is found out about a class, in lines. */
function linesOf(): string {
  const isLabelled = random.chance(0.5);
  const roster = random.chance(0.9) ? rosterOf(2 + random.below(4)) : undefined;
  const people = new People(roster ?? []);
  const handedIn = Array.from({ length: 1 + random.below(4) }, (_, index) => submission(index, isLabelled));
  const lines = handedIn.slice(1).map(({ name }) => `"${name}",${any([...logins, 'Red', '-', 'nobody'])}`);
  const file = { name: 'matches.csv', bytes: Buffer.from(['submission,login', ...lines, ''].join('\n')) };
  let byHand: ReturnType<typeof readMatches>['byHand'] = new Map();
  const said: string[] = [];
  try {
    if (roster && random.chance(0.4)) {
      const read = readMatches(file, handedIn, roster);
      byHand = read.byHand;
      said.push(...read.kept);
    }
  } catch (error) {
    said.push(messageOf(error));
  }
  const { members, unmatched } = matchSubmissions(handedIn, roster, byHand);
  return [
    ...people.all.map((student) => {
      const { key, name, studentId, email, section, group } = student;
      const named = `${people.wordFor(student)}: ${people.nameOf(student)}`;
      return ['on the roster:', key, name, studentId, email, section, group, named].join(' | ');
    }),
    ...handedIn.map(({ name, owners }) => `${name}: ${JSON.stringify(owners)}`),
    ...said,
    ...members.flatMap(({ student, matches, question }) => [
      ...matches.map(({ submission: { name }, by, isOfTeam, unknown }) =>
        [
          student.key,
          'has',
          name,
          by ? `by ${by}` : '',
          isOfTeam ? 'as a team' : '',
          unknown.length > 0 ? 'with others' : '',
        ]
          .filter(Boolean)
          .join(' '),
      ),
      ...(question
        ? [
            `${student.key} in ${question.submissions.join(', ')}? ${question.lines.map((line) => `${line.submission} of ${line.student.key}`).join(', ')}`,
          ]
        : []),
    ]),
    ...unmatched.map(({ submission: { name }, by, candidates }) =>
      by ? `${name} is nobody’s by ${by}` : `${name} is of ${told(candidates)}?`,
    ),
    withOpenMatches(byHand.size > 0 ? file : undefined, unmatched).trimEnd(),
  ].join('\n');
}
