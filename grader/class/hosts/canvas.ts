import { GraderError, message } from '../../message';
import { printPlain } from '../../render/plain';
import { groupBy, joinNames } from '../../system/lists';
import type { CsvTable, TableRow } from '../members/csv-table';
import type { Entry } from '../members/download';
import type { GradedClass } from '../results/run';
import type { StudentResult } from '../results/student-result.schema';
import { keyOf, misfit, points, section } from '../returns/columns';
import { feedbackOn } from '../returns/feedback';
import type { Gradebook, GradeThere, Host, PlaceOf } from '../returns/host';
import { archived, archiveOf, feedbackName, fullyTold, pageOf, teamsBy } from '../returns/team-pages';

const archive = 'canvas-feedback.zip';
const gradebookFile = 'gradebooks/canvas.csv';

/**
 * `[LATE_]<user id>_<attachment id>_<file>` after the name; what was typed in, a text or a link, has no attachment
 * (`lib/content_zipper.rb` of Canvas, 05e9653c12).
 */
const afterCanvasName =
  /^(?<late>LATE_)?(?:anon_(?<anonymous>[A-Za-z0-9]+)|(?<userId>\d+))_(?:(?<attachment>\d+)_(?<file>.+)|(?<typed>text\.html|link\.html))$/;

const markedLate = message(
  'download/late',
  'Canvas marks this as late. The download does not say how late, so it costs nothing here.',
);

/** A flat list of files. Anonymous submissions have an id that is on no roster. */
export const canvas: Host = {
  id: 'canvas',
  title: 'Canvas',
  entriesOf(path) {
    // Canvas adds a number to a file that is handed in again: `boxes-1.ts`. A student may have done so, too.
    const again = /-\d{1,3}(?=\.[^.]+$)/;
    // The name ends at any underscore.
    return ['', ...Array.from(path.matchAll(/_/g), ({ index }) => path.slice(0, index + 1))].flatMap(
      (begin): Entry | readonly [] => {
        const groups = afterCanvasName.exec(path.slice(begin.length))?.groups;
        if (!groups) return [];
        const { late, anonymous, userId = '', attachment = '', file, typed } = groups;
        const name = begin.slice(0, -1);
        return {
          name: anonymous ? `anon_${anonymous}` : `${name}_${userId}`,
          // Canvas keeps only these of all punctuation, and no spaces.
          owner: anonymous ? {} : { userId, name: name.replaceAll('_', '') },
          file: file?.replace(again, '') ?? typed,
          order: Number(attachment),
          remark: late === undefined ? undefined : markedLate,
          // Canvas would take a part of digits alone for the number of the user.
          returnsAs: file && (/(?:^|_)\d+_/.test(begin) ? `${userId}_${attachment}_${file}` : path),
        };
      },
    );
  },
  returnsAs: (names) => fitting(names)?.name,
  ofOneFile:
    'Canvas gives only the latest attempt, which lacks one of the two files. An earlier one may hold it.',
  rowsOf: (table) => (isGradebook(table) ? studentsIn(table) : undefined),
  gradebooks: { [gradebookFile]: gradebook },
  gradesThere,
  stepsFor,
  archive,
  feedback: (graded, at) => {
    // The host would give a page to whoever uploaded the work, though a person said that it is somebody else's.
    const teams = teamsBy(graded.students, ({ returnsAs }) => returnsAs, attachmentIn).filter(({ rows }) =>
      rows.some(isUploader),
    );
    const pages = teams.map(({ row, readers, way }) => {
      const content = fitting([way])?.content ?? pageOf;
      return [way, content(row, graded, readers)] as const;
    });
    const how =
      'Canvas, under Grades, the column’s menu, “Re-Upload Submissions”, which is there after its download. Once only: each upload adds a comment.';
    return {
      told: teams.flatMap((team) => fullyTold(team, graded)).filter(isUploader),
      ...archiveOf(archive, pages, how, at),
    };
  },
};

/** What goes back under the name of a student's own file, by its end: Canvas keeps that name whatever is in the file. */
const contents: Readonly<Record<string, (...of: Parameters<typeof pageOf>) => string | Uint8Array>> = {
  html: pageOf,
  zip: (...of) => archived([[feedbackName, pageOf(...of)]]),
  md: textOf,
  txt: textOf,
  ts: textOf,
};

/** The name of a file that can carry the feedback, the best first, and what it carries. */
function fitting(names: readonly string[]) {
  const all = Object.entries(contents).flatMap(([end, content]) =>
    names.filter((name) => name.toLowerCase().endsWith(`.${end}`)).map((name) => ({ name, content })),
  );
  return all[0];
}

function textOf(row: StudentResult, graded: GradedClass, readers?: readonly StudentResult[]) {
  const what = 'This is the feedback on your work. Canvas gives it the name of the file that you handed in.';
  return `${what}\n\n${printPlain(feedbackOn(row, graded, readers))}\n`;
}

/** The number of the attachment: the same under several students where a group handed it in. */
function attachmentIn({ returnsAs = '' }: StudentResult) {
  return /(?:^|_)(?:\d+|anon_[A-Za-z0-9]+)_(\d+)_/.exec(returnsAs)?.[1] ?? returnsAs;
}

/** Whether Canvas gives the page to a student: as the one who uploaded it, or as one of that group. */
function isUploader({ matched, returnsAs, student }: StudentResult) {
  return matched !== 'matches.csv' || `_${returnsAs}`.includes(`_${student.userId || 'nobody'}_`);
}

/** An assignment in Canvas's gradebook: a column. */
interface Assignment {
  /** `Shapes (55)` */
  readonly heading: string;
  readonly index: number;
  /** Undefined where the gradebook does not say. */
  readonly possible: number | undefined;
}

/** Whether a table is Canvas's gradebook, with names in one column or two. */
function isGradebook({ headings }: CsvTable): boolean {
  const isOf = (...wanted: string[]) => wanted.every((name) => headings.includes(name));
  return isOf('student', 'id') || isOf('lastname', 'firstname', 'id');
}

/** The rows of students: not those of points and of how grades are posted, nor that of a student for tests. */
function studentsIn({ rows }: CsvTable): TableRow[] {
  return rows.filter(({ record: [first = '', second = ''] }) => {
    const isTest = /^student, test$/i.test(first) || (first === 'Student' && second === 'Test');
    return first !== '' && !isPoints(first) && !isTest;
  });
}

const isPoints = (cell: string) => /^points possible$/i.test(cell);

function assignmentsIn({ headings, titles, rows }: CsvTable): Assignment[] {
  const possible = rows.find(({ record }) => isPoints(record[0] ?? ''))?.record ?? [];
  return titles.flatMap((heading, index) => {
    const cell = possible[index] ?? '';
    const isOwn =
      / \(\d+\)$/.test(heading) && index > headings.indexOf('section') && !/read\s+only/i.test(cell);
    return isOwn ? [{ heading, index, possible: numberIn(cell) }] : [];
  });
}

/** A number with the decimal sign of any country. */
function numberIn(cell: string): number | undefined {
  return /^\d+(?:[.,]\d+)?$/.test(cell) ? Number(cell.replace(',', '.')) : undefined;
}

/** The column that takes the grades: what it is called, or why none is. */
type Column = Partial<Assignment> & { readonly heading: string };

/**
 * Finds the column: the one that was named, that of the address at which the worksheet says to hand in, the only one of
 * its title, or the only one of as many points.
 *
 * @returns a reason where it cannot be known: a new column would be seen by all students.
 * @throws {GraderError} if the one that was named is none, or several.
 */
function columnOf(graded: GradedClass): Column | { readonly reason: string } {
  const { canvasColumn, course, roster, students } = graded;
  const table = roster?.host?.id === canvas.id ? roster.table : undefined;
  if (!table) return { heading: canvasColumn ?? course.rubric.title };
  const all = assignmentsIn(table);
  const listed =
    all.map(({ heading, possible }) => `${heading}, ${possible ?? 'no'} points`).join('; ') || 'none';
  const titleOf = (heading: string) => heading.replace(/ \(\d+\)$/, '');
  const numberOf = (heading: string) => /\((\d+)\)$/.exec(heading)?.[1];
  if (canvasColumn !== undefined) {
    const wanted = canvasColumn.toLowerCase();
    const named = all.filter(({ heading }) =>
      [heading, titleOf(heading), numberOf(heading)].some((name) => name?.toLowerCase() === wanted),
    );
    const [exact = named[0]] = named.filter(({ heading }) => heading.toLowerCase() === wanted);
    if (exact && (named.length === 1 || exact.heading.toLowerCase() === wanted)) return exact;
    throw new GraderError(
      'usage',
      'canvas-column',
      `--canvas-column ${canvasColumn} is ${named.length === 0 ? 'none' : 'several'} of the gradebook’s assignments: ${listed}. Nothing was graded.`,
    );
  }
  const { upload } = course.file.hand_in ?? {};
  const [, linked] = /\/assignments\/(\d+)/.exec(upload ?? '') ?? [];
  const ofAddress = all.find(({ heading }) => linked !== undefined && numberOf(heading) === linked);
  if (ofAddress) return ofAddress;
  const ofTitle = all.filter(
    ({ heading }) => titleOf(heading).toLowerCase() === course.rubric.title.toLowerCase(),
  );
  if (ofTitle.length === 1 && ofTitle[0]) return ofTitle[0];
  // Whoever handed in has a cell there.
  const handedIn = students.filter(({ host }) => host === canvas.id).map(({ student }) => student.line);
  const isFor = ({ index }: Assignment) =>
    table.rows.every(({ line, record }) => !handedIn.includes(line) || !isNotAssigned(record[index]));
  const fitting = all.filter((one) => one.possible === course.rubric.possible && isFor(one));
  if (fitting.length === 1 && fitting[0]) return fitting[0];
  const unknown =
    linked === undefined
      ? ''
      : ` hand_in.upload of rubric.yaml is of assignment ${linked}, which is not in the gradebook.`;
  return {
    reason: `No ${gradebookFile}: the gradebook has several assignments, or none that fits: ${listed}.${unknown} Add --canvas-column "<its title>", and grade again.`,
  };
}

const isNotAssigned = (cell = '') => /^n\/a$/i.test(cell);
const isExcused = (cell = '') => /^ex$/i.test(cell);

/**
 * Requires a roster that has Canvas's ids: one exported from there with a column for the login added. Canvas finds
 * students by its own id or their SIS ids, in this order. `Section` is the last of the student columns.
 */
function gradebook(graded: GradedClass): Gradebook | undefined {
  const column = columnOf(graded);
  if ('reason' in column) return undefined;
  const { possible } = graded.course.rubric;
  const there = gradesThere(graded);
  return {
    columns: [
      ['Student', ({ student }) => student.name || student.login, '    Points Possible'],
      ['ID', keyOf(({ columns }) => columns.id ?? '')],
      [
        'SIS User ID',
        keyOf(({ columns, studentId }) => columns.sis_user_id ?? (columns.id ? '' : studentId)),
      ],
      ['SIS Login ID', keyOf(({ columns, email }) => columns.sis_login_id || email)],
      ['Section', section],
      [column.heading, points, possible],
    ],
    leavesOut: new Set([...graded.students.filter((row) => there(row)?.stays), ...ofSplitGroups(graded)]),
  };
}

/** Reads the grades that the column has now. It stays of whoever is excused, and where there is none here. */
function gradesThere(graded: GradedClass) {
  const column = columnOf(graded);
  const index = 'reason' in column ? undefined : column.index;
  const rows = graded.roster?.table.rows ?? [];
  const cells = new Map(rows.map(({ line, record }) => [line, record[index ?? -1] ?? '']));
  return (row: StudentResult): GradeThere | undefined => {
    const text = cells.get(row.student.line) ?? '';
    if (text === '') return undefined;
    // A number, and an empty cell, would end that somebody is excused.
    const hasNone = isExcused(text) || isNotAssigned(text);
    return { text, stays: hasNone || (!row.points && !row.override && (numberIn(text) ?? 0) > 0) };
  };
}

/** Those of groups that are graded as one, of which each row sets the grade of all, where their points differ. */
function ofSplitGroups({ students }: GradedClass): StudentResult[] {
  const inGroups = students.filter(({ host, matched }) => host === canvas.id && matched === 'group');
  const groups = [...groupBy(inGroups, ({ folder }) => folder).values()];
  return groups.filter((rows) => new Set(rows.map((row) => row.points)).size > 1).flat();
}

function stepsFor(graded: GradedClass, at: PlaceOf): string[] {
  const column = columnOf(graded);
  if ('reason' in column) return [column.reason];
  const steps = misfit(`${column.heading} in Canvas`, column.possible, graded);
  const isUsed =
    graded.roster?.host?.id === canvas.id || graded.students.some(({ host }) => host === canvas.id);
  if (isUsed) {
    const choose =
      column.index === undefined
        ? ' Canvas asks which assignment it is: choose yours, never “A new assignment”.'
        : ` It fills ${column.heading}.`;
    steps.push(`${at(gradebookFile)}: for Canvas, under Grades, Import.${choose}`);
  }
  const split = ofSplitGroups(graded).map(({ student }) => graded.people.nameOf(student));
  if (split.length > 0)
    steps.push(
      `It leaves out ${joinNames(split)}: their groups are graded as one in Canvas, and their points differ. Tick “Assign Grades to Each Student Individually” there, or set them by hand.`,
    );
  return steps;
}
