import path from 'node:path';
import type { Course } from '../../course';
import { readText, writeFile } from '../../files';
import type { Misconception } from '../../key/hints';
import { expectedIn } from '../../key/plain';
import type { Solution } from '../../key/solution';
import { kindOf } from '../../kinds/registry';
import type { Deadline } from '../../rubric/file.schema';
import {
  againTable,
  askedTables,
  type RubricTable,
  rowName,
  rowsOf,
  studentFiles,
} from '../../rubric/rubric';
import { reflectionOf } from '../generate/reflection';
import { answersText } from '../generate/worksheet';
import { type MadeCommit, makeRepository } from './repository';

/** The deadline of the sample class, if it has histories. */
export const due: Deadline = {
  due: '2026-10-01T23:59',
  timezone: 'UTC',
  grace_minutes: 15,
  late: { per_day: '10%', at_most: '30%', until: '2026-10-08T23:59' },
};

const names =
  'Ada Lovelace, Alan Turing, Grace Hopper, Emmy Noether, Katherine Johnson, Edsger Dijkstra, Barbara Liskov, Donald Knuth, Hedy Lamarr, John Backus, Frances Allen, Tony Hoare, Sofia Kovalevskaya, Claude Shannon, Mary Jackson, Niklaus Wirth, Radia Perlman, Ken Thompson, Shafi Goldwasser, Dennis Ritchie, Jean Bartik, Leslie Lamport, Annie Easley, Robin Milner, Karen Jones, Michael Rabin, Evelyn Granville, Dana Scott, Ida Rhodes, Stephen Cook, Lynn Conway';

/** Students with an odd submission, by their place in the list. */
const odd = { notStarted: 5, onPaper: 9, slip: 14, hostile: 17, absent: 30 };

const hour = 60 * 60 * 1000;

/**
 * Writes a sample class of students who are right, wrong, late, barely started, hostile or in a hurry; and a roster.
 * Every third one begins with the idea of the day, and some keep it.
 *
 * @param hasGit whether to make repositories with histories; else folders with the final files.
 * @returns the folder of the class, the roster, and the text of an overrides file.
 */
export function writeClass(
  course: Course,
  place: string,
  hasGit: boolean,
): { root: string; roster: string; overrides: string } {
  const root = path.join(place, 'worksheet-submissions');
  const students = names.split(', ').map((name) => ({ name, login: name.toLowerCase().replace(' ', '-') }));
  for (const [index, { login }] of students.entries()) {
    if (index === odd.absent) continue;
    const commits = commitsOf(course, index);
    const folder = path.join(root, `worksheet-${login}`);
    if (hasGit) makeRepository(folder, login, commits);
    else
      for (const { files } of commits)
        for (const [file, text] of Object.entries(files)) writeFile(folder, file, text ?? '');
  }
  const rows = students.map(({ name, login }) => `${login},${name},${login}@example.org\n`);
  writeFile(place, 'roster.csv', `login,name,email\n${rows.join('')}`);
  const overrides = `login,total,adjust,reason,was\n${students[odd.onPaper]?.login},${course.rubric.possible},,Handed in on paper,\n`;
  return { root, roster: path.join(place, 'roster.csv'), overrides };
}

/** The commits of the handout, a first try, and the final files; every seventh student is late. */
function commitsOf(course: Course, index: number): MadeCommit[] {
  const { rubric } = course;
  const { file, reflection } = rubric;
  const end = Date.parse(`${due.due}Z`);
  const late = index % 7 === 3 ? (index % 2 === 0 ? 30 : 200) * hour : 0;
  const stub = Object.fromEntries(studentFiles(rubric).map((name) => [name, readText(course.root, name)]));
  const start = { time: end - 200 * hour, message: 'Initial commit', files: stub };
  if (index === odd.notStarted) return [start];
  const first = ideasAtFirst(course, index);
  const kept = first.filter((_, at) => (index + at) % 2 === 0);
  const [one, final] = [first, kept].map((ideas) => answersOf(course, ideas));
  const broken = index === odd.slip ? final?.replace(/\}[^}]*$/, '') : final;
  const answers =
    index === odd.hostile
      ? `require('node:child_process').execSync('id');\n${answersText(rubric, () => '"<script>alert(1)</script>"')}`
      : broken;
  const notes = reflection && reflectionOf(reflection, responsesOf(course, index));
  const handedIn = {
    [file]: answers ?? '',
    ...(reflection && notes !== undefined && { [reflection.file]: notes }),
  };
  return [
    start,
    ...(first.length === kept.length
      ? []
      : [{ time: end - (20 + index) * hour, message: 'First try', files: { [file]: one ?? '' } }]),
    { time: end - 2 * hour + late, message: 'Hand in', files: handedIn },
    ...(index % 5 === 4 || index === odd.slip || index === odd.hostile
      ? []
      : [
          {
            time: end - hour + late,
            message: 'The last table',
            files: { [file]: `${answers}${againText(course, kept, index)}` },
          },
        ]),
  ];
}

/** The mistakes of a student's first try: the idea of the day for every third student, and one or two others. */
function ideasAtFirst({ solution, rubric }: Course, index: number): Misconception[] {
  const rows = rowsOf(rubric);
  const known = solution.misconceptions;
  const ofTheDay = known.find(({ row }) => row === rows.at(-3)?.id);
  const others = [0, 1].flatMap((turn) =>
    (index + turn) % 4 === 0 ? (known[(7 * index + 3 * turn) % known.length] ?? []) : [],
  );
  return [...(index % 3 === 0 && ofTheDay ? [ofTheDay] : []), ...others];
}

function answersOf(course: Course, ideas: readonly Misconception[]): string {
  return answersIn({ tables: askedTables(course.rubric) }, course.solution, ideas);
}

/** The table at other sizes: right, but for every fourth student with an idea that is known there too. */
function againText({ rubric, atOtherSizes }: Course, ideas: readonly Misconception[], index: number): string {
  const table = againTable(rubric);
  const solution = table && atOtherSizes.get(table.export);
  if (!table || !solution) return '';
  const again = solution.misconceptions.filter(
    ({ id }) => index % 2 === 0 && ideas.some((idea) => idea.id === id),
  );
  return `\n${answersIn({ tables: [table] }, solution, again)}`;
}

function answersIn(
  rubric: { tables: readonly RubricTable[] },
  solution: Pick<Solution, 'expected'>,
  ideas: readonly Misconception[],
): string {
  const rows = rubric.tables.flatMap((table) => table.rows);
  return answersText({ tables: [...rubric.tables] }, (id, cell) => {
    const row = rowName(rows.find((one) => one.id === id) ?? { id });
    const wrong = ideas.find((idea) => idea.row === row)?.values[cell.id];
    const value = wrong ?? expectedIn(solution, row, cell.id)?.value;
    return value === undefined ? 'null' : kindOf(cell).sourceText(value);
  });
}

/** Responses to as many questions as asked for, and of some students to fewer. */
function responsesOf({ rubric }: Course, index: number): Record<string, string> {
  const { questions = [], choose = 0 } = rubric.reflection ?? {};
  const rows = rowsOf(rubric);
  const label = (at: number) => (rows[at % rows.length]?.label ?? '').replace(/ \(.*/, '');
  const said = [
    `I am still not sure about ${label(index)}. Why is it this and not something else?`,
    `That ${label(index + 1)} depends on what comes before it, and that I can check one by the other.`,
    `Drawing a picture helped. ${label(index + 2)} made sense only then.`,
    '=HYPERLINK("https://example.org") <img src=x onerror=alert(1)> ::error::\u001b[2J',
  ];
  const all = Array.from({ length: index % 6 === 5 ? 1 : choose }, (_, turn) => {
    const text = index === odd.hostile ? said[3] : said[(index + turn) % 3];
    return [questions[(index + 2 * turn) % questions.length]?.id ?? '', text ?? ''];
  });
  return Object.fromEntries(all);
}
