import { GraderError, message } from '../../message';
import { feedbackBegins } from '../../render/feedback-mark';
import { printPlain } from '../../render/view-plain';
import type { Rubric } from '../../rubric/rubric';
import { groupBy, joinNames } from '../../system/lists';
import { type CsvTable, decimalIn, type TableRow } from '../members/csv-table';
import type { Entry, Owner } from '../members/download';
import { type Student, teamOf } from '../members/people';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';
import {
  type ClassHost,
  type Gradebook,
  type HostFiles,
  type HostGrade,
  type HostSteps,
  isKeptAtHost,
  type KnownClass,
  keyCell,
  misfit,
  pointsCell,
  type ResultPoints,
  sectionCell,
  type ToDo,
} from '../returns/class-host';
import { feedbackOn } from '../returns/feedback';
import { archived, feedbackName, fullyTold, pageOf, teamsBy, uploadText } from '../returns/feedback-files';

const gradebookFile = 'gradebooks/canvas.csv';

/**
 * `[LATE_]<user id>_<attachment id>_<file>` after the name; text or a link that was typed in has no attachment
 * (`lib/content_zipper.rb` of Canvas, 05e9653c12).
 */
const afterCanvasName =
  /^(?<late>LATE_)?(?:anon_(?<anonymous>[A-Za-z0-9]+)|(?<userId>\d+))_(?:(?<attachment>\d+)_(?<file>.+)|(?<typed>text\.html|link\.html))$/;

/**
 * Canvas takes any part that is all digits for the user's number, and skips names whose last part begins with `link`.
 */
function isMisread(name: string, file: string) {
  return /(?:^|_)\d+_/.test(name) || /(?:^|_)link[^_]*$/.test(file);
}

const markedLate = message(
  'download/late',
  'Canvas marks this as late. The download does not say how late, so it costs nothing here.',
);

/** A flat list of files. Anonymous submissions have an id that is on no roster. */
export const canvas: ClassHost = {
  id: 'canvas',
  title: 'Canvas',
  entriesOf(path) {
    // Canvas adds a number to a file that is handed in again: `boxes-1.ts`. A student may have done the same.
    const resent = /-[1-7](?=(?:\.[A-Za-z][A-Za-z0-9]*)+$)/;
    // The name ends at any underscore.
    return ['', ...Array.from(path.matchAll(/_/g), ({ index }) => path.slice(0, index + 1))].flatMap(
      (begin): Entry | readonly [] => {
        const groups = afterCanvasName.exec(path.slice(begin.length))?.groups;
        if (!groups) return [];
        const { late, anonymous, userId = '', attachment = '', file, typed } = groups;
        const name = begin.slice(0, -1);
        const id = anonymous ? `anon_${anonymous}` : userId;
        return {
          name: anonymous ? id : `${name}_${userId}`,
          // Canvas drops spaces and all other punctuation.
          owner: anonymous ? {} : { userId, name: name.replaceAll('_', '') },
          file: file ?? typed,
          sentAs: file?.replace(resent, ''),
          isTyped: typed !== undefined,
          isTest: /^student_?test_?$/i.test(name),
          order: Number(attachment),
          remark: late === undefined ? undefined : markedLate,
          returnsAs:
            file &&
            (isMisread(begin, file) ? `${id}_${attachment}_feedback${/\.[^.]*$/.exec(file) ?? ''}` : path),
        };
      },
    );
  },
  returnsAs: (names) =>
    ends.flatMap(([end]) => names.filter((name) => name.toLowerCase().endsWith(end)).sort()[0] ?? [])[0],
  ofOneFile:
    'Canvas gives only the latest attempt, which lacks one of the two files. An earlier one may hold it.',
  rowsOf: (table) => (isGradebook(table) ? studentsIn(table) : membersIn(table)),
  noteOn: (owners) => (owners.length > 0 && owners.every(isAnonymous) ? anonymous : undefined),
  gradebooks: { [gradebookFile]: gradebook },
  hostGrades,
  stepsFor,
  archive: 'canvas-feedback.zip',
  feedback: (graded) => {
    // Canvas would give the page to the student who uploaded the work, even if a person gave that to somebody else.
    const teams = teamsBy(
      graded,
      ({ returnsAs }) => returnsAs,
      ({ returnsAs }) => canvasNumbers(returnsAs).attachment,
    ).filter(({ rows }) => rows.some(isUploader));
    const pages = teams.map(({ row, rows, readers, way: name }) => {
      const [, content = pageOf] = ends.find(([end]) => name.toLowerCase().endsWith(end)) ?? [];
      return { name, content: content(row, graded, readers), rows };
    });
    return { reached: teams.flatMap((team) => fullyTold(team, graded)).filter(isUploader), pages };
  },
};

/** The forms of feedback, by the end of a file's name, best first: Canvas keeps the name of the student's own file. */
const ends: readonly (readonly [
  end: string,
  content: (...of: Parameters<typeof pageOf>) => string | Uint8Array,
])[] = [
  ['.html', pageOf],
  ['.zip', (...of) => archived([[feedbackName, pageOf(...of)]])],
  ['.md', feedbackText],
  ['.txt', feedbackText],
  ['.ts', feedbackText],
];

function feedbackText(row: StudentResult, graded: GradedClass, readers?: readonly StudentResult[]) {
  const what = `${feedbackBegins} Canvas gives it the name of the file that you handed in.`;
  return `${what}\n\n${printPlain(feedbackOn(row, graded, readers))}\n`;
}

/** The numbers by which Canvas finds a user and an attachment. The members of a group share an attachment. */
function canvasNumbers(returnsAs = '') {
  const [, user, attachment] = /(?:^|_)(\d+|anon_[A-Za-z0-9]+)_(\d+)_/.exec(returnsAs) ?? [];
  return { user, attachment };
}

/** Whether Canvas gives the page to a student, who uploaded the work or is in the group that did. */
function isUploader(row: StudentResult) {
  return row.matched !== 'matches.csv' || canvasNumbers(row.returnsAs).user === row.student.userId;
}

/** An assignment in Canvas's gradebook: a column. */
interface Assignment {
  /** `Shapes (55)` */
  readonly heading: string;
  readonly index: number;
  /** Undefined if the gradebook does not say. */
  readonly possible: number | undefined;
}

/** Whether a table is Canvas's gradebook, with names in one column or two, and maybe an added login column anywhere. */
function isGradebook({ headings, titles }: CsvTable): boolean {
  const isOf = (...wanted: string[]) => wanted.every((name) => headings.includes(name));
  const hasNames = isOf('student', 'id') || isOf('lastname', 'firstname', 'id');
  return hasNames && (isOf('section') || titles.some((title) => numbered.test(title)));
}

/** The rows of a group set, “Download Course Roster CSV”: there, `user_id` is the school's number of a student. */
function membersIn({ headings, rows }: CsvTable): TableRow[] | undefined {
  if (!headings.includes('canvas_user_id')) return undefined;
  return rows.map(({ cells, ...row }) => {
    const { canvas_user_id: id = '', user_id: sis_user_id = '', login_id: sis_login_id = '' } = cells;
    return { ...row, cells: { ...cells, id, sis_user_id, sis_login_id, section: cells.sections ?? '' } };
  });
}

const anonymous = `The work is anonymous: Canvas takes no grades for it before they are posted, so there is no ${gradebookFile}. The feedback goes back all the same.`;

function isAnonymous({ userId, studentId, email }: Owner) {
  return !userId && !studentId && !email;
}

const numbered = / \(\d+\)$/;
const total = /\b(?:current|unposted|final|override) (?:score|grade|points)\b/i;

/** The students' rows, without the rows for possible points, for how grades are posted, and for the test student. */
function studentsIn({ rows }: CsvTable): TableRow[] {
  return rows.filter((row) => {
    const name = nameIn(row);
    return name !== '' && !isPoints(row) && !/^student, test$/i.test(name);
  });
}

function nameIn({ cells }: TableRow): string {
  return cells.student ?? [cells.lastname, cells.firstname].filter(Boolean).join(', ');
}

const isPoints = (row: TableRow) => /^points possible$/i.test(nameIn(row));

function assignmentsIn({ titles, rows }: CsvTable): Assignment[] {
  const possible = rows.find(isPoints)?.record ?? [];
  return titles.flatMap((heading, index) => {
    const cell = possible[index] ?? '';
    const assignment = { heading, index, possible: decimalIn(cell) };
    // A column that an instructor added has no points, and Canvas drops columns that are named like its totals.
    const isOwn = numbered.test(heading) && !total.test(heading) && assignment.possible !== undefined;
    return isOwn ? [assignment] : [];
  });
}

/** The column that takes the grades, or only its heading if the gradebook is not known. */
type Column = Partial<Assignment> & { readonly heading: string; readonly warning?: string };

/** Steps to follow if the column is not known, and the columns that it may be. */
interface NoColumn {
  readonly instead: HostSteps;
  readonly candidates?: readonly Assignment[];
}

/**
 * Finds the column: the one that was named, the one at the address where the worksheet says to hand in, the only one
 * with its title, or the only one with as many points.
 *
 * @returns if the column is not clear, what to do or to know instead: all students would see a new column.
 * @throws {GraderError} if the name that was given fits no column, or several.
 */
function columnOf({ canvasColumn, course, roster, students }: KnownClass): Column | NoColumn {
  const table = roster?.host?.id === canvas.id && isGradebook(roster.table) ? roster.table : undefined;
  const ofCanvas = students.filter(({ host }) => host === canvas.id).map(({ student }) => student);
  if (ofCanvas.length > 0 && ofCanvas.every(isAnonymous))
    return { instead: { toDo: [], notices: [anonymous] } };
  if (!table) return { heading: canvasColumn ?? course.rubric.title };
  const assignments = assignmentsIn(table);
  const listed =
    assignments.map(({ heading, possible }) => `${heading}, ${possible ?? 'no'} points`).join('; ') || 'none';
  if (canvasColumn !== undefined) return columnNamed(canvasColumn, assignments, listed);
  const [, linked] = /\/assignments\/(\d+)/.exec(course.file.hand_in?.upload ?? '') ?? [];
  const ofAddress = assignments.find(({ heading }) => linked !== undefined && numberOf(heading) === linked);
  if (ofAddress) return ofAddress;
  const warning =
    linked === undefined
      ? undefined
      : `hand_in.upload in rubric.yaml leads to assignment ${linked}, which is not in the gradebook. Is this the gradebook of that course?`;
  const candidates = columnsLike(course.rubric, assignments, table, ofCanvas);
  const [column, ...others] = candidates;
  if (column && others.length === 0) return { ...column, warning };
  const why = `there is no ${gradebookFile}, because the gradebook has no assignment of ${course.rubric.possible} points that fits, or several: ${listed}.${warning === undefined ? '' : ` ${warning}`}`;
  const toDo = {
    command: `Name the column for the points with --canvas-column "<its title>", and grade again: ${why}`,
    page: `Under More, write the column for the points into “Canvas’s column”, and grade again: ${why}`,
  };
  return { instead: { toDo: [toDo], notices: [] }, candidates };
}

/**
 * The only assignment with the worksheet's title. Otherwise, all assignments with as many points that are assigned to
 * everyone who handed in.
 */
function columnsLike(
  { title, possible }: Rubric,
  assignments: readonly Assignment[],
  table: CsvTable,
  ofCanvas: readonly Student[],
): Assignment[] {
  const ofTitle = assignments.filter(({ heading }) => titleOf(heading).toLowerCase() === title.toLowerCase());
  if (ofTitle.length === 1) return ofTitle;
  const handedIn = new Set(ofCanvas.map(({ line }) => line));
  const isFor = ({ index }: Assignment) =>
    table.rows.every(({ line, record }) => !isNotAssigned(record[index]) || !handedIn.has(line));
  return assignments.filter((one) => one.possible === possible && isFor(one));
}

const titleOf = (heading: string) => heading.replace(numbered, '');
const numberOf = (heading: string) => /\((\d+)\)$/.exec(heading)?.[1];

/** @throws {GraderError} if no assignment has this name, or several do. */
function columnNamed(name: string, assignments: readonly Assignment[], listed: string): Assignment {
  const wanted = name.toLowerCase();
  const named = assignments.filter(({ heading }) =>
    [heading, titleOf(heading), numberOf(heading)].some((one) => one?.toLowerCase() === wanted),
  );
  const exact = named.find(({ heading }) => heading.toLowerCase() === wanted);
  const only = exact ?? (named.length === 1 ? named[0] : undefined);
  if (only) return only;
  throw new GraderError(
    'usage',
    'canvas-column',
    `The column ${name} fits ${named.length === 0 ? 'none' : 'several'} of the gradebook’s assignments: ${listed}. Nothing was graded.`,
  );
}

/** Whether somebody is excused or not assigned, which a number or an empty cell would undo. */
function exemptBy(cell: string): HostGrade['exempt'] {
  if (isNotAssigned(cell)) return 'not assigned';
  return /^ex$/i.test(cell) ? 'excused' : undefined;
}

const isNotAssigned = (cell = '') => /^n\/a$/i.test(cell);

/**
 * Canvas finds students by its own id or their SIS ids, in this order; a roster from elsewhere has the SIS ids in its
 * own columns. `Section` is the last of the student columns.
 */
function gradebook(graded: GradedClass): Gradebook | undefined {
  const column = columnOf(graded);
  if ('instead' in column) return undefined;
  const { possible } = graded.course.rubric;
  return {
    columns: [
      ['Student', ({ student }) => student.name || student.login, '    Points Possible'],
      ['ID', keyCell(({ columns }) => columns.id ?? '')],
      [
        'SIS User ID',
        keyCell(({ columns, studentId }) => columns.sis_user_id ?? (columns.id ? '' : studentId)),
      ],
      ['SIS Login ID', keyCell(({ columns, email }) => columns.sis_login_id || email)],
      ['Section', sectionCell],
      [column.heading, pointsCell, possible],
    ],
    leavesOut: new Set(ofSplitGroups(graded)),
  };
}

/**
 * Reads the grades that the column has now. A grade there stays if the student is excused or if `isKeptAtHost` says so.
 * If several columns are possible, we only know who is excused in one of them.
 */
function hostGrades(knownClass: KnownClass) {
  const column = columnOf(knownClass);
  const isKnown = !('instead' in column);
  const indexes = (isKnown ? [column] : (column.candidates ?? [])).flatMap(({ index }) => index ?? []);
  const rows = knownClass.roster?.table.rows ?? [];
  const records = new Map(rows.map(({ line, record }) => [line, record]));
  return (row: ResultPoints): HostGrade | undefined => {
    const record = records.get(row.student.line);
    const texts = record ? indexes.map((index) => record[index] ?? '') : [];
    const ofExempt = texts.find((text) => exemptBy(text) !== undefined);
    const text = ofExempt ?? (isKnown ? texts[0] : undefined);
    if (text === undefined) return undefined;
    const exempt = exemptBy(text);
    return { text, exempt, stays: exempt !== undefined || isKeptAtHost(row, text) };
  };
}

/**
 * The students in groups that Canvas grades as one, where each row sets everybody's grade, but whose points differ. If
 * one group is graded as one, all are, whether or not they handed in.
 */
function ofSplitGroups({ students }: GradedClass): StudentResult[] {
  const inGroups = students.filter(({ student }) => student.group !== '');
  const isAsOne = inGroups.some(({ host, shared }) => host === canvas.id && shared);
  const groups = isAsOne ? [...groupBy(inGroups, ({ student }) => teamOf(student)).values()] : [];
  return groups.filter((rows) => new Set(rows.map((row) => row.points)).size > 1).flat();
}

/** The steps in Canvas: see `docs/hosts.md`. */
function stepsFor(graded: GradedClass, files: HostFiles): HostSteps {
  const column = columnOf(graded);
  const upload = uploadSteps(files);
  if ('instead' in column)
    return { toDo: [...column.instead.toDo, ...upload], notices: column.instead.notices };
  const { heading, index, possible, warning } = column;
  const filled =
    index === undefined
      ? 'Canvas asks which assignment it is: choose yours, never “A new assignment”.'
      : `It fills ${heading}. Look at what changes, then press “Save Changes”.`;
  const toDo = [
    ...misfit(`${heading} in Canvas`, possible, graded),
    'Hide the grades until everything is there: in Canvas, under Grades, set “Grade Posting Policy” in the menu of the assignment’s column to “Manually”.',
    `Import ${files.at(gradebookFile)}: in Canvas, under Grades, “Import”, “Upload Data”. ${filled}`,
    ...splitSteps(graded),
    ...upload,
  ];
  const posting = 'Post the grades: in Canvas, under Grades, the column’s menu, “Post grades”.';
  return { toDo, posting, notices: warning === undefined ? [] : [warning] };
}

function uploadSteps({ at, feedback }: HostFiles): ToDo[] {
  if (!feedback) return [];
  const where =
    'In Canvas, under Grades, choose “Re-Upload Submissions” in the column’s menu (it is there once you have used “Download Submissions”), then “Upload Files”. Do this only once: each upload adds a comment.';
  return [`${uploadText(feedback, at)} ${where}`];
}

function splitSteps(graded: GradedClass): ToDo[] {
  const split = ofSplitGroups(graded).map(({ student }) => graded.people.nameOf(student));
  if (split.length === 0) return [];
  return [
    `Tick “Assign Grades to Each Student Individually” in Canvas, or set these grades by hand: ${gradebookFile} leaves out ${joinNames(split)}, because Canvas grades their groups as one, and their points differ.`,
  ];
}
