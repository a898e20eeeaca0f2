import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { tableAt } from '../class/disk';
import { classHosts } from '../class/downloads/class-hosts';
import { type GradeOptions, gradeToFolder } from '../class/grade-class';
import { readRoster, studentOf } from '../class/members/roster';
import { readRun } from '../class/outputs';
import { codePattern } from '../class/results/note-code';
import type { StudentResult, UnmatchedResult } from '../class/results/student-result.schema';
import { notesIn } from '../class/results/to-decide';
import { type Course, loadCourse } from '../course/course';
import { manifestOf } from '../course/released';
import type { Report } from '../grading/report.schema';
import { newCourse, newFolder, writeFiles } from './folders';
import { runInProcess } from './in-process';
import type { Finished } from './run';
import { courseFiles, notesOf, rubricYaml } from './worksheet';

/** Makes a folder with one folder per student. */
export function classOf(
  students: Readonly<Record<string, Readonly<Record<string, string | Buffer>>>>,
  name = 'fruit-submissions',
): string {
  const root = path.join(newFolder('class é'), name);
  mkdirSync(root);
  for (const [student, files] of Object.entries(students)) {
    mkdirSync(path.join(root, student));
    writeFiles(path.join(root, student), files);
  }
  return root;
}

/** The two files of a submission. */
export const work = (answers: string, ...notes: string[]) => ({
  'work/boxes.ts': answers,
  'work/notes.md': notesOf(...notes),
});

export const runClass = (course: string, ...args: string[]): Promise<Finished> =>
  runInProcess(course, 'grade:class', ...args);

/** Grades a class into a new folder. The run must succeed. */
export const graded = (course: string, ...args: string[]) => gradedWith({}, course, ...args);

/** Grades a class whose output folder has tables that the instructor filled in. */
export async function gradedWith(
  tables: Readonly<Record<string, string>>,
  course: string,
  ...args: readonly string[]
) {
  const out = path.join(newFolder(), 'out');
  writeFiles(out, tables);
  return gradedInto(out, course, ...args);
}

/** Grades a class into a folder. The run must succeed. */
export async function gradedInto(out: string, course: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = await runClass(course, ...args, '--out', out);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return { out, stdout, ...outputsIn(out) };
}

/** Makes a course of the invented worksheet, with additions to its rubric.yaml. */
export function courseWith(more: object = {}, files: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(more).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  const yaml = files['rubric.yaml'] ?? rubricYaml;
  return newCourse({ ...courseFiles, ...files, 'rubric.yaml': yaml + lines.join('') });
}

/** That course as its instructor has it, with the release that students started from. */
export function releasedCourse(...content: Parameters<typeof courseWith>): Course {
  const course = loadCourse(courseWith(...content), false);
  writeFiles(course.root, { 'dist/release.json': JSON.stringify(manifestOf(course, newFolder())) });
  return course;
}

type Given = Omit<GradeOptions, 'roster'> & {
  readonly roster?: string;
  /** Tables that the instructor filled in. */
  readonly tables?: Readonly<Record<string, string>>;
};

/** Grades a class as the command does, for a course that was already loaded. */
export async function gradeClass(course: Course, source: string | readonly string[], given: Given = {}) {
  const { tables = {}, out = path.join(newFolder(), 'out') } = given;
  writeFiles(out, tables);
  const said: string[] = [];
  const print = (text: string) => said.push(text);
  const context = { courseRoot: course.root, print, printError: print, hasColors: false };
  const options = {
    ...given,
    out,
    roster: given.roster === undefined ? undefined : readRoster(tableAt(given.roster), classHosts),
  };
  await gradeToFolder({ ...context, status: 0 }, course, [source].flat(), options);
  return { out, stdout: said.join('\n'), ...outputsIn(out) };
}

/** The result of a student whose work was graded and for whom there is nothing else to report. */
export const resultOf = (report: Report, index = 0): StudentResult => ({
  ...{ key: `s${index}`, login: `Secret${index}`, student: studentOf({ login: `Secret${index}` }, 0) },
  ...{ status: report.started ? 'graded' : 'not started', points: report.points, report },
  ...{ adjustments: [], responses: [], notes: [], otherVersions: [] },
});

/** The codes of all notes on a student, or on a submission that is nobody's. */
export const codesOf = (row: StudentResult | UnmatchedResult): string[] =>
  'otherVersions' in row ? notesIn(row).map(({ note }) => note.code) : row.notes.map(({ code }) => code);

/** `9 found/elsewhere`, by student: the points, or the status if there are none, and the codes that begin with `begin`. */
export const toldOf = (rows: readonly (StudentResult | UnmatchedResult)[], begin = '') =>
  Object.fromEntries(
    rows.map((row) => {
      const codes = codesOf(row).filter((code) => code.startsWith(begin));
      return [row.key, [row.points ?? row.status, ...codes].join(' ')];
    }),
  );

/** Reads the outputs of a run. */
export function outputsIn(out: string) {
  const { students } = readRun(out);
  const lines = readFileSync(path.join(out, 'unmatched.jsonl'), 'utf8').split('\n').filter(Boolean);
  const unmatched = lines.map((line): UnmatchedResult => JSON.parse(line));
  const rows = [...students, ...unmatched].sort((one, other) => (one.key < other.key ? -1 : 1));
  const read = (file: string) => readFileSync(path.join(out, ...file.split('/')), 'utf8');
  return {
    students,
    unmatched,
    /** Students and unmatched submissions, sorted by key. */
    rows,
    row: (key: string) => students.find((row) => row.key === key) as StudentResult,
    codes: (key: string) => rows.filter((row) => row.key === key).flatMap(codesOf),
    table: (file: string): string[][] => parse(read(file), { record_delimiter: '\r\n' }),
    /** The lines of a table, each by the headings of its columns. */
    records: (file: string): Record<string, string>[] =>
      parse(read(file), { record_delimiter: '\r\n', columns: true, bom: true }),
    // Empty if there is no class page.
    page: existsSync(path.join(out, 'report.html')) ? read('report.html') : '',
    run: JSON.parse(read('run.json')),
  };
}

/** The text of a `run.json` without what depends on when it was written, and by which Node. */
export function timeless(text: string) {
  const run = JSON.parse(text);
  return { ...run, archives: Object.keys(run.archives), node: '', started: '', ended: '' };
}

/** The blocks of lines to copy on follow-up.html, each with the table that it is for. */
export function linesIn(page: string): { file: string; lines: string[] }[] {
  return [...page.matchAll(/lines? for ([\w.]+); [^<]*<\/p><pre>(.*?)\n<\/pre>/gs)].map(
    ([, file = '', lines = '']) => ({
      file,
      lines: lines.replaceAll('&quot;', '"').replaceAll('&#39;', "'").split('\n'),
    }),
  );
}

/** A line to copy, with `…` in place of the codes of open notes, which note-code.test.ts checks. */
export const withoutCodes = (line: string) => line.replace(new RegExp(`(?: ${codePattern})+$`), ' …');

/** Writes a roster with a line for each student, and returns its path. */
export const rosterOf = (...lines: string[]) => tableFile('roster.csv', lines);

export function tableFile(name: string, lines: readonly string[]): string {
  const folder = newFolder();
  writeFiles(folder, { [name]: `${lines.join('\n')}\n` });
  return path.join(folder, name);
}
