import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { courseWith, graded, gradedWith, rosterOf, work } from '../testing/classes';
import { zip } from '../testing/downloads';
import { fileOf, writeFiles } from '../testing/folders';
import { clonesOf, type MadeHistory, makeHistory } from '../testing/histories';
import { committed, deadline, full, historyCases, historyOf } from '../testing/history-cases';
import { cases, classOfCases, expectedOutcome, forms, outcomesOf } from '../testing/layouts';
import { linesOf } from '../testing/outcomes';
import { partly, rightAnswers } from '../testing/worksheet';

// One file records what becomes of everybody's work: points, status, codes of remarks, and which feedback goes where.
// Say why when you change a line of it on purpose; `npm run test:all -- outcomes -u` writes it anew.

const course = courseWith();

test.each(Object.keys(forms))('odd layouts, in each form in which a class arrives: %s', async (form) => {
  const students = classOfCases();
  const [download, roster] = await (forms[form] as (typeof forms)[string])(students);
  const run = await graded(course, download, '--roster', fileOf('roster.csv', roster));
  expect(outcomesOf(students, run.students)).toEqual(cases.map(expectedOutcome));
});

test('histories with a deadline', async () => {
  const all = historyCases.map((one, index) => ({
    deadline,
    ...one,
    login: `h-${String(index).padStart(2, '0')}`,
  }));
  const lines: string[] = [];
  for (const chosen of new Set(all.map((one) => one.deadline))) {
    const these = all.filter((one) => one.deadline === chosen);
    const root = clonesOf(Object.fromEntries(these.map((one) => [one.login, one])), historyOf);
    for (const { login, disk = {} } of these) writeFiles(path.join(root, `fruit-${login}`), disk);
    const graders = courseWith(chosen && { deadline: chosen });
    const run = await graded(graders, root, '--feedback');
    for (const { login, name, points, status = 'graded' } of these) {
      const row = run.row(login);
      expect([name, row.points, row.status]).toEqual([name, points, status]);
    }
    lines.push(linesOf(run, (key) => `${key} ${these.find(({ login }) => login === key)?.name}`));
  }
  expect(lines.sort().join('')).toMatchSnapshot();
});

/** One commit, at any time. */
const once = (files: Readonly<Record<string, string>>): MadeHistory => ({
  commits: { last: { time: 1, files } },
});

/** A roster in which the logins are the names too. */
const rosterFor = (logins: readonly string[], head: string, more: (login: string) => string) =>
  rosterOf(
    `login,name,email,${head}`,
    ...logins.map((login) => `${login},${login},${login}@x.org,${more(login)}`),
  );

test('extensions, a section, overrides and comments', async () => {
  const typo = { ...full, 'work/boxes.ts': rightAnswers.replace('7, across', '7 across') };
  const others: Record<string, typeof full> = { cyd: typo, dan: { ...full, 'work/boxes.ts': partly } };
  const logins = ['ada', 'ben', 'cyd', 'dan', 'eve', 'fay', 'gus'];
  const root = clonesOf(Object.fromEntries(logins.map((login) => [login, others[login]])), (files) =>
    committed(24, files),
  );
  const roster = rosterFor([...logins, 'hal'], 'section', (login) => (login < 'f' ? 'A' : 'B'));
  const late = courseWith({ deadline });
  const tables = {
    'extensions.csv': 'who,due\nben,2026-10-02T12:00Z\nfay,2026-10-01T23:00Z\ngus,2026-10-05T12:00Z\n',
    'overrides.csv':
      'login,total,adjust,reason\nada,4,,Seen on paper\ndan,,+1,Right by the handout\ncyd,10,,A typo\neve,,-3,Copied\nhal,0,,Absent\n',
    'comments.csv': 'login,text\nada,Well done!\nhal,Come and see me.\n',
  };
  const all = await gradedWith(tables, late, root, '--roster', roster, '--feedback');
  const section = await graded(late, root, '--roster', roster, '--section', 'B', '--feedback');
  expect(linesOf(all) + linesOf(section)).toMatchSnapshot();
});

test('whose work is whose: facts that agree, prefixes, teams of sections, what was not fetched', async () => {
  const root = clonesOf({ ada: full, Ben: full, 'team-1': full, team_2: full, zoe: full }, once);
  makeHistory(path.join(root, 'cyd'), once(full));
  // A folder that fetching left without anything, a repository without a commit, and one that is only listed.
  mkdirSync(path.join(root, 'fruit-ida'));
  makeHistory(path.join(root, 'fruit-jim'), { commits: {}, refs: {} });
  writeFiles(root, { 'not-fetched.json': '["fruit-hal"]' });
  const submitters = [
    { files: full, name: 'LÉA  Müller-Ito', sid: 7, email: 'lea@x.org' },
    // The number is one's and the address the other's.
    { files: full, name: 'Kim', sid: 9, email: 'max@x.org' },
    { files: work(partly, 'Pears', 'Lemons'), name: 'Ada', sid: 1, email: 'ada@x.org' },
  ];
  const download = zip({
    'submission_metadata.yml': submitters
      .map(
        ({ name, sid, email }, index) =>
          `submission_${index + 1}:\n  :submitters:\n  - {:name: "${name}", :sid: "${sid}", :email: ${email}}\n`,
      )
      .join(''),
    ...Object.fromEntries(
      submitters.flatMap(({ files }, index) =>
        Object.entries(files).map(([file, text]) => [`submission_${index + 1}/${file}`, text]),
      ),
    ),
  });
  const roster = [
    'login,name,email,sid,section,group',
    'ada,Ada,ada@x.org,1,A,',
    'ben,Ben,,,A,',
    'cyd,Cyd,,,A,',
    'dan,Dan,,,A,team-1',
    'eve,Eve,,,B,team-1',
    'fay,Fay,,,A,Team 2',
    'gus,Gus,,,A,Team 2',
    ...['hal', 'ida', 'jim'].map((login) => `${login},${login},,,B,`),
    'lea,"Müller Ito, Lea",lea@x.org,7,B,',
    'kim,Kim,kim@x.org,9,B,',
    'max,Max,max@x.org,8,B,',
  ];
  const table = rosterOf(...roster);
  const run = await graded(course, root, fileOf('export.zip', download), '--feedback', '--roster', table);
  expect(linesOf(run) + readFileSync(path.join(run.out, 'matches.csv'), 'utf8')).toMatchSnapshot();
});

test('points set by hand for the points that were computed, and what the members of a team read', async () => {
  const versions = { ...full, 'boxes (1).ts': rightAnswers, 'boxes (2).ts': partly };
  const { 'work/boxes.ts': _, ...vic } = versions;
  const works = {
    ...Object.fromEntries(['ada', 'ben', 'cyd', 'team', 'two'].map((name) => [name, full])),
    pdf: { 'work/boxes.pdf': '%PDF-1.7' },
    vic,
  };
  const root = clonesOf<Record<string, string>>(works, (files, name) => ({
    ...once(files),
    origin: `https://github.com/org/fruit-${name}.git`,
  }));
  const groups: Record<string, string> = { dan: 'team', eve: 'team', fay: 'two', gus: 'two' };
  const logins = ['dan', 'eve', 'fay', 'gus', 'ada', 'ben', 'cyd', 'pdf', 'vic', 'hal'];
  const roster = rosterFor(logins, 'group', (login) => groups[login] ?? '');
  const tables = {
    'overrides.csv': [
      'login,total,adjust,reason,was',
      'ada,9,,Still holds,10',
      'ben,9,,Was for a typo that is corrected,6',
      'cyd,,-1,Always,',
      'eve,8,,Seen on paper,10',
      'hal,7,,Handed in on paper,none',
      'pdf,6,,Read by hand,6\n',
    ].join('\n'),
    'comments.csv': 'login,text\nada,Well done!\ngus,Come and see me.\nhal,Thank you.\n',
  };
  const made = await gradedWith(tables, course, root, '--feedback', '--roster', roster);
  const { posts } = JSON.parse(readFileSync(path.join(made.out, 'feedback', 'github.json'), 'utf8')) as {
    posts: { logins: string[]; body: string }[];
  };
  expect(JSON.stringify(posts)).not.toMatch(/Come and see me|Seen on paper/);
  const told = posts.map(
    ({ logins, body }) =>
      `${logins.join('+')} read ${/(?<=^# ).*(?:\n\n\*\*.*)?/m.exec(body)?.[0].replace('\n\n', ': ')}`,
  );
  const grades = made.table('gradebooks/moodle.csv').map((cells) => cells.slice(0, 2).join(' '));
  const notes = made.stdout
    .split('\n')
    .filter((line) => /does not count|No host gives/.test(line))
    .map((line) => line.replaceAll(made.out, 'out'));
  expect(`${linesOf(made)}${[...told, ...grades, ...notes].join('\n')}\n`).toMatchSnapshot();
});
