import { askingCourse } from './asking-course';
import { courseWith, work } from './classes';
import type { MadeCommit, MadeHistory } from './histories';
import { at } from './history-cases';
import { answersOf, blankAnswers, disputable, disputing, notesOf, rightAnswers } from './worksheet';

// A class in which everything happens that its pages report.

export const evil = '<script>document.title=1</script><img src=x onerror=document.title=1>';

export const course = courseWith(
  {},
  { ...askingCourse, 'rubric.yaml': disputable(askingCourse['rubric.yaml'] ?? '') },
);

const squares = answersOf('{ down: 7, across: 7 }', '{ down: 7, across: 13 }');
const fruit = answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }');
const peeled = answersOf('{ down: 7, across: 11 }', '{ down: 5, across: 5 }');

/** Answers in the student's own object, below the blank table. */
const outside = `${blankAnswers}const mine = {\n  basket: { down: 7, across: 11 },\n  crate: { down: 7, across: 13 },\n};\n`;

/** Work that was handed in some hours after the deadline, or before it (-). */
const handedIn = (hours: number, ...texts: Parameters<typeof work>) => at(hours, work(...texts));

/** Each kind of student of the class: how many there are, and their commits. */
const kinds: readonly (readonly [students: number, ...commits: MadeCommit[]])[] = [
  [8, handedIn(-5, squares, evil, 'Lemons')],
  [3, handedIn(-9, fruit), handedIn(-5, rightAnswers, evil, 'Lemons')],
  [3, handedIn(-9, peeled), handedIn(-5, squares, 'Pears')],
  [2, handedIn(-9, squares), handedIn(-5, peeled, 'Pears')],
  [5, handedIn(-5, fruit, evil)],
  [2, handedIn(20, peeled, evil, 'Lemons')],
  [3, handedIn(-5, 'export const boxes = {{{\n', evil, 'Lemons')],
  [2, handedIn(100, rightAnswers, evil)],
  [2, at(-5, { ...work(rightAnswers, evil, 'Lemons'), 'work/boxes (1).ts': fruit })],
  [1, handedIn(-5, blankAnswers)],
  [1, handedIn(-5, blankAnswers, evil)],
  // Slips: with a fix, and only in the last work.
  [2, handedIn(-5, rightAnswers.replace('across: 11', 'across 11'), 'Pears')],
  [1, handedIn(-5, answersOf('{ down: 9, across: null }', '{ down: 8, across: 8 }'), 'Pears')],
  [1, handedIn(-5, outside, 'Pears')],
  [1, handedIn(-9, squares, 'Pears'), handedIn(-5, 'export const boxes = {{{\n', 'Pears')],
  [1, handedIn(-9, rightAnswers, 'Pears', 'Lemons'), handedIn(-5, squares, 'Pears')],
  [1, handedIn(-9, fruit, 'Pears'), handedIn(100, rightAnswers, 'Pears', 'Lemons')],
  [1, handedIn(90_000, rightAnswers, 'Pears')],
  [1, at(-5, { 'work/boxes.pdf': '%PDF', 'work/notes.md': notesOf('Pears') })],
  [1, at(-5, { 'work/boxes.ts': fruit, 'work/notes.md': disputing(`24 is right. ${evil}`, 'Pears') })],
];
const students = kinds
  .flatMap(([count, ...commits]) => Array<readonly MadeCommit[]>(count).fill(commits))
  .map((commits, index) => ({ login: `s${String(index).padStart(2, '0')}`, commits }));
export const logins = [...students.map(({ login }) => login), 's98', 's99'];

/** The pushes of each student. */
export const histories: Readonly<Record<string, MadeHistory>> = Object.fromEntries(
  students.map(({ login, commits }) => [
    login,
    {
      commits: Object.fromEntries(commits.map((commit, index) => [`c${index}`, commit])),
      origin: `https://github.com/org/fruit-${login}.git`,
    },
  ]),
);
export const roster = ['login,name', ...logins.map((login) => `${login},Student ${login} ${evil}`), ''].join(
  '\n',
);
