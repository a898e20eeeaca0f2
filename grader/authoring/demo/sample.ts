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
  const first = ideasAtFirst(course, index);
  const kept = first.filter((_, at) => (index + at) % 2 === 0);
  const [one = '', right = ''] = [first, kept].map((ideas) =>
    answersIn(askedTables(rubric), course.solution, ideas),
  );
  const hostile = `require('node:child_process').execSync('id');\n${answersText(rubric, () => '"<script>alert(1)</script>"')}`;
  const final = index === odd.hostile ? hostile : index === odd.slip ? right.replace(/\}[^}]*$/, '') : right;
  const notes: Record<string, string> = {};
  if (reflection) notes[reflection.file] = reflectionOf(reflection, responsesOf(course, index));
  const again = `${final}\n${againText(course, kept, index)}`;
  const at = (time: number, message: string, files: MadeCommit['files']) => ({
    time: end + time,
    message,
    files,
  });
  const made = [at(-200 * hour, 'Initial commit', stub)];
  if (index === odd.notStarted) return made;
  if (first.length > kept.length) made.push(at(-(20 + index) * hour, 'First try', { [file]: one }));
  made.push(at(late - 2 * hour, 'Hand in', { [file]: final, ...notes }));
  if (index % 5 !== 4 && final === right) made.push(at(late - hour, 'The last table', { [file]: again }));
  return made;
}

/** The mistakes of a student's first try: the idea of the day for every third student, and one or two others. */
function ideasAtFirst({ solution, rubric }: Course, index: number): Misconception[] {
  const known = solution.misconceptions;
  const ofTheDay = known.find(({ row }) => row === rowsOf(rubric).at(-3)?.id);
  const others = [0, 1].flatMap((turn) =>
    (index + turn) % 4 === 0 ? (known[(7 * index + 3 * turn) % known.length] ?? []) : [],
  );
  return [...(index % 3 === 0 && ofTheDay ? [ofTheDay] : []), ...others];
}

/** The table at other sizes: right, but for every second student with an idea that is known there too. */
function againText({ rubric, atOtherSizes }: Course, ideas: readonly Misconception[], index: number): string {
  const table = againTable(rubric);
  const solution = table && atOtherSizes.get(table.export);
  if (!table || !solution) return '';
  const isKept = ({ id }: Misconception) => index % 2 === 0 && ideas.some((idea) => idea.id === id);
  return answersIn([table], solution, solution.misconceptions.filter(isKept));
}

function answersIn(
  tables: readonly RubricTable[],
  solution: Pick<Solution, 'expected'>,
  ideas: readonly Misconception[],
): string {
  const rows = tables.flatMap((table) => table.rows);
  return answersText({ tables: [...tables] }, (id, cell) => {
    const row = rowName(rows.find((one) => one.id === id) ?? { id });
    const wrong = ideas.find((idea) => idea.row === row)?.values[cell.id];
    const value = wrong ?? expectedIn(solution, row, cell.id)?.value;
    return value === undefined ? 'null' : kindOf(cell).sourceText(value);
  });
}

/** Responses to as many questions as asked for, and of some students to fewer. */
function responsesOf({ rubric }: Course, index: number): Record<string, string> {
  const { questions = [], choose = 0 } = rubric.reflection ?? {};
  const rows = rowsOf(rubric).map(({ label }) => label.replace(/ \(.*/, ''));
  const [row, next] = [rows[index % rows.length], rows[(index + 1) % rows.length]];
  const texts = [
    `I am still not sure about ${row}. Why is it this and not something else?`,
    `That ${next} depends on what comes before it, and that I can check one by the other.`,
    `Drawing a picture helped. ${next} made sense only then.`,
  ];
  const hostile = '=HYPERLINK("https://example.org") <img src=x onerror=alert(1)> ::error::\u001b[2J';
  const all = Array.from({ length: index % 6 === 5 ? 1 : choose }, (_, turn) => {
    const text = index === odd.hostile ? hostile : texts[(index + turn) % 3];
    return [questions[(index + 2 * turn) % questions.length]?.id ?? '', text ?? ''];
  });
  return Object.fromEntries(all);
}
