import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { courseWith, graded, gradedWith, rosterOf, toldOf } from '../testing/classes';
import { fileOf, writeFiles } from '../testing/folders';
import { clonesOf, type MadeHistory, makeHistory } from '../testing/histories';
import { deadline, full, historyCases, historyOf } from '../testing/history-cases';
import { cases, classOfCases, expectedOutcome, forms, outcomesOf } from '../testing/layouts';
import { pointsOnPages } from '../testing/outcomes';

// Classes with the outcome for each student: the points, or why there are none, and the notes.

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
  for (const chosen of new Set(all.map((one) => one.deadline))) {
    const these = all.filter((one) => one.deadline === chosen);
    const root = clonesOf(Object.fromEntries(these.map((one) => [one.login, one])), historyOf);
    for (const { login, disk = {} } of these) writeFiles(path.join(root, `fruit-${login}`), disk);
    const graders = courseWith(chosen && { deadline: chosen });
    const run = await graded(graders, root, '--feedback');
    const pages = pointsOnPages(run.out);
    for (const { login, name, points, status = 'graded' } of these) {
      const row = run.row(login);
      expect([name, row.points, row.status, pages[login]]).toEqual([name, points, status, points]);
    }
  }
});

/** One commit, at any time. */
const once = (files: Readonly<Record<string, string>>): MadeHistory => ({
  commits: { last: { time: 1, files } },
});

test('whose repositories are whose: prefixes, teams of sections, and what was not fetched or is empty', async () => {
  const root = clonesOf({ ada: full, Ben: full, 'team-1': full, team_2: full, zoe: full }, once);
  makeHistory(path.join(root, 'cyd'), once(full));
  // A folder that fetching left empty, a repository without a commit, and one that is only listed.
  mkdirSync(path.join(root, 'fruit-ida'));
  makeHistory(path.join(root, 'fruit-jim'), { commits: {}, refs: {} });
  writeFiles(root, { 'not-fetched.json': '["fruit-hal"]' });
  const roster = rosterOf(
    'login,section,group',
    ...['ada,A,', 'ben,A,', 'cyd,A,', 'dan,A,team-1', 'eve,B,team-1', 'fay,A,Team 2', 'gus,A,Team 2'],
    ...['hal,B,', 'ida,B,', 'jim,B,', 'kim,B,'],
  );
  const run = await graded(course, root, '--feedback', '--roster', roster);
  expect(toldOf(run.rows)).toEqual({
    '(submission fruit-team-1)': 'unmatched class/ambiguous',
    '(submission fruit-zoe)': 'unmatched class/unknown',
    ...{ ada: '10', ben: '10', cyd: '10', fay: '10', gus: '10' },
    ...{ dan: 'no submission', eve: 'no submission', kim: 'no submission' },
    hal: 'not fetched class/not-fetched',
    ida: 'not readable class/failed',
    jim: 'no submission file/missing file/missing',
  });
  const points = run.students.map((student) => [student.key, student.points]);
  expect(pointsOnPages(run.out)).toEqual(Object.fromEntries(points));
});

test('a post to the repository of a team says nothing of one member alone', async () => {
  const works = { ada: full, pdf: { 'work/boxes.pdf': '%PDF-1.7' }, team: full, two: full };
  const root = clonesOf<Record<string, string>>(works, (files, name) => ({
    ...once(files),
    origin: `https://github.com/org/fruit-${name}.git`,
  }));
  const tables = {
    'overrides.csv': 'login,total,adjust,reason\nada,9,,Still holds\neve,8,,Seen on paper\n',
    'comments.csv': 'login,text\nada,Well done!\nfay,Come and see me.\n',
  };
  const roster = rosterOf('login,group', 'ada,', 'pdf,', 'dan,team', 'eve,team', 'fay,two', 'gus,two');
  const { out } = await gradedWith(tables, course, root, '--feedback', '--roster', roster);
  const { posts } = JSON.parse(readFileSync(path.join(out, 'feedback', 'github.json'), 'utf8')) as {
    posts: { logins: string[]; body: string }[];
  };
  expect(JSON.stringify(posts)).not.toMatch(/Come and see me|Seen on paper/);
  const headings = posts.map(({ logins, body }) => [
    logins.join(),
    /(?<=^# ).*(?:\n\n\*\*.*)?/m.exec(body)?.[0].replaceAll('\\', ''),
  ]);
  expect(Object.fromEntries(headings)).toEqual({
    ada: '9 of 10 points\n\n**Still holds (10 to 9).**',
    'dan,eve': 'Your grade: see your own',
    'fay,gus': '10 of 10 points',
    pdf: 'No points yet\n\n**Your work could not be read.**',
  });
});
