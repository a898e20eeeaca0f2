import { loadCourse } from '../../course/course';
import { codesOf, courseWith } from '../../testing/classes';
import { gradeHistories, type MadeClone } from '../../testing/grade-histories';
import type { MadeCommit } from '../../testing/histories';
import { at, deadline, start, started } from '../../testing/history-cases';
import { manyKinds } from '../../testing/many-kinds';
import { textOfPage } from '../../testing/page-text';
import { Random, Sampler } from '../../testing/sampler';
import { disputable } from '../../testing/worksheet';

// A class whose work, times and tables are made up by chance, from a seed: what becomes of it and all that staff read
// of it is one text. What is right is said by the other tests; this shows whatever a change does to anybody.

let random: Random;
let sampler: Sampler;
beforeEach(() => {
  random = new Random(7);
  sampler = new Sampler(course, 11);
});

const logins = Array.from({ length: 45 }, (_, index) => `s${String(index).padStart(2, '0')}`);

// Written anew by: npx jest sampled -u
test('what becomes of a class that is made up by chance', async () => {
  const { students, text } = await gradeHistories(course, anyHistories(), {
    tables: anyTables(),
    roster: tableOf('login,name,section', 1, (login) => `Student ${login},${random.among('A', 'B')}`),
    feedback: true,
    started,
  });
  const lines = students.map((row) =>
    [row.key, row.points, row.status, JSON.stringify(row.adjustments), ...codesOf(row).sort()].join(' | '),
  );
  const pages = ['report.html', 'follow-up.html'].map((name) => textOfPage(text(name)));
  // Of each way in which points come about.
  const told = ['s02', 's04', 's08', 's11', 's15', 's26', 's30', 's35'].map((login) =>
    text(`feedback/${login}.txt`),
  );
  expect(
    `\n${[lines.join('\n'), ...pages, text('grades.csv'), ...told].join('\n\n== \n').replaceAll('\r', '')}`,
  ).toMatchSnapshot();
});

// Small enough that each text says who there is one of, and who is alone.
test('what becomes of small classes that are made up by chance, and what is printed of them', async () => {
  const texts: string[] = [];
  for (let count = 0; count < 25; count++) {
    const few = logins.slice(0, 1 + random.below(3));
    const { students, text, summary, notes } = await gradeHistories(
      random.among(course, zeros),
      Object.fromEntries(
        few
          .filter((_, index) => index === 0 || random.chance(0.7))
          .map((login) => [login, anyHistory(login)]),
      ),
      { roster: ['login', ...few, ''].join('\n'), feedback: random.chance(0.5), started },
    );
    const lines = students.map((row) =>
      [row.key, row.points, row.status, ...codesOf(row).sort()].join(' | '),
    );
    texts.push([...lines, ...notes, ...summary, text('matches.csv')].join('\n'));
  }
  expect(`\n${texts.join('\n\n== \n').replaceAll('\r', '')}`).toMatchSnapshot();
});

const settings = {
  ask_again: { apples: 20 },
  deadline: { ...deadline, late: { ...deadline.late, per_day: 2 } },
};
const course = loadCourse(
  courseWith(settings, { ...manyKinds, 'rubric.yaml': disputable(manyKinds['rubric.yaml'] ?? '') }),
  false,
);

/** That course with zeros for whoever handed in nothing. */
const zeros = { ...course, file: { ...course.file, no_submission: 'zero' as const } };

/** The files of one commit: both, or one of them, sometimes with a letter lost, or with a copy. */
function work(): Record<string, string> {
  const { files } = sampler.next();
  const { 'work/boxes.ts': answers = '', 'work/notes.md': notes = '' } = files;
  const lost = random.below(answers.length);
  const slipped = `${answers.slice(0, lost)}${answers.slice(lost + 1)}`;
  return random.among<Record<string, string>>(
    files,
    { ...files, 'work/boxes.ts': slipped },
    { 'work/boxes.ts': answers },
    { 'work/notes.md': notes },
    { ...files, 'work/boxes (1).ts': sampler.next().files['work/boxes.ts'] ?? '' },
    { 'boxes.ts': answers, 'notes.md': notes },
  );
}

/** A clone of somebody's repository. */
function anyHistory(login: string): MadeClone {
  const times = Array.from({ length: random.below(3) }, () => random.below(130) - 70).sort((a, b) => a - b);
  const commits = times.map((hours, index): [string, MadeCommit] => [`c${index}`, at(hours, work())]);
  const made = { start, ...Object.fromEntries(commits) };
  const origin = `https://github.com/org/fruit-${login}.git`;
  return { commits: made, origin };
}

const anyHistories = () =>
  Object.fromEntries(
    logins.slice(0, -2).map((login) => {
      const times = Array.from({ length: random.below(5) }, () => random.below(130) - 70);
      const commits = times
        .sort((a, b) => a - b)
        .map((hours, index) => [`c${index}`, at(hours, random.chance(0.5) ? sampler.next().files : work())]);
      return [login, { commits: { start, ...Object.fromEntries(commits) } }];
    }),
  );

/** A table with a line for some students. */
const tableOf = (heading: string, part: number, cellsOf: (login: string) => string) =>
  [
    heading,
    ...logins.filter(() => random.chance(part)).map((login) => `${login},${cellsOf(login)}`),
    '',
  ].join('\n');

const anyTables = () => ({
  'overrides.csv': tableOf('login,total,adjust,reason,was', 0.2, () =>
    random.chance(0.5)
      ? `${random.below(11)},,Spoke about it,`
      : `,${random.among('+1', '-2', '+3')},Looked at it,`,
  ),
  'comments.csv': tableOf('login,text', 0.1, (login) => `"Well done, ${login}"`),
  'extensions.csv': tableOf('who,due', 0.2, () => `2026-10-0${1 + random.below(5)}T12:00Z`),
});
