import { interpolate } from '../../message';
import { type CsvCell, csvRows, gradebookKey, keptAbove, own, untrusted } from '../../render/escape/csv';
import { textLines } from '../../render/escape/html';
import { completeAgain, gradedCells } from '../../render/status';
import { groupBy, joinNames } from '../../system/lists';
import { byKey, type Student, wordFor } from '../members/people';
import type { CanvasAssignment } from '../members/roster';
import { notesIn } from '../results/by-hand';
import type { GradedClass } from '../results/run';
import type { StudentResult, UnmatchedResult } from '../results/student-result.schema';
import { adjustmentsOf, headlineText } from './feedback';

/** A plain text may be anybody's, so it is escaped. */
type Cell = CsvCell | string | undefined;
type CellOf<Row = StudentResult> = (row: Row, graded: GradedClass) => Cell;

/** A heading, the cell under it for a student of a class, and the cell between them, in a row of its own. */
type GradebookColumn<Row = StudentResult> = readonly [heading: string, cellOf: CellOf<Row>, top?: Cell];

/** The key by which a host finds a student. */
function keyOf(textOf: (student: Student) => string): CellOf {
  return ({ student }) => gradebookKey(textOf(student));
}

const points: CellOf = (row) => row.points;
const section: CellOf = ({ student }) => student.section;
const email = keyOf((student) => student.email);

/** A student, or a submission that is nobody's. */
type AnyResult = StudentResult | UnmatchedResult;
const studentOf = (row: AnyResult) => ('student' in row ? row.student : undefined);

/** Everything about each student's grade in one table. Notes about the whole run are in `run.json`. */
export const gradesColumns: readonly GradebookColumn<AnyResult>[] = Object.entries<CellOf<AnyResult>>({
  // A student without a login gets the word that stands for it in the tables that are filled in by hand.
  login: (row, { people }) => row.login || ('student' in row ? people.wordFor(row.student) : ''),
  name: (row) => studentOf(row)?.name,
  email: (row) => studentOf(row)?.email,
  section: (row) => studentOf(row)?.section,
  status: ({ status }) => status,
  points: (row) => row.points,
  possible: (_, { course }) => course.rubric.possible,
  worksheet: ({ report }) => report && gradedCells(report).reduce((sum, cell) => sum + (cell.points ?? 0), 0),
  reflection: ({ report }) => report?.reflection?.points,
  adjustments: adjustmentsOf,
  override: (row) => ('override' in row && row.override ? 'yes' : ''),
  again: rowsRight,
  submitted: ({ submitted }) => submitted,
  folder: ({ folder }) => folder,
  source: ({ source }) => source,
  matched_by: ({ matched }) => matched,
  repository: ({ repository }) => repository,
  group: ({ group }) => group,
  needs_review: (row) => {
    const notes = 'beside' in row ? notesIn(row).map(({ note }) => note) : row.notes;
    return notes.map((note) => interpolate(note, String)).join(' ');
  },
});

/** Every row of a run, for people. */
const gradesFile = 'grades.csv';

const worksheetFile = 'gradebooks/moodle-worksheet.csv';

/** Functions that make the columns of each gradebook for a host, if there is something to make it from, by its file. */
const hostGradebooks = {
  'gradebooks/canvas.csv': canvas,
  'gradebooks/moodle.csv': moodle,
  [worksheetFile]: moodleWorksheet,
};

export const gradebooks = [gradesFile, ...Object.keys(hostGradebooks)];

/**
 * Makes every gradebook of a class. One leaves out a student whom its host cannot find by any key, or whose first key
 * another has too: one grade would overwrite the other.
 *
 * @returns the files by name, and a line for each that leaves out somebody, and where a host's own has other points.
 */
export function gradebookFiles(graded: GradedClass) {
  const everybody = [...graded.students, ...graded.unmatched].sort(byKey);
  const grades = everybody.map((row) => gradesColumns.map(([, cellOf]) => cellOf(row, graded)));
  const files: [name: string, text: string][] = [[gradesFile, tableOf(gradesColumns, grades, graded)]];
  const leavingOut = Object.entries(hostGradebooks).flatMap(([name, make]) => {
    const columns = make(graded);
    if (columns.length === 0) return [];
    const lines = graded.students.map((row) => {
      const cells = columns.map(([, cellOf]) => cellOf(row, graded));
      const keys = cells.map((cell, index) => keyIn(cell) && `${index} ${keyIn(cell).toLowerCase()}`);
      return { row, cells, keys: keys.filter(Boolean) };
    });
    const allKeys = lines.flatMap(({ keys }) => keys);
    const owners = groupBy(allKeys, (key) => key);
    // A table in which nobody has a key is for people, and holds everybody.
    const isThere = ({ keys: [first = ''] }: { keys: string[] }) =>
      allKeys.length === 0 || owners.get(first)?.length === 1;
    // An empty cell would take back a grade that is there; Moodle's worksheet skips it (`mod/assign/feedback/offline`).
    const written = lines.filter(
      (line) => isThere(line) && (name === worksheetFile || line.row.points !== null),
    );
    const rows = written.map(({ cells }) => cells);
    const top = columns.map(([, , cell]) => cell);
    if (top.some(Boolean)) rows.unshift(top);
    files.push([name, tableOf(columns, rows, graded)]);
    const leftOut = lines.flatMap((line) => (isThere(line) ? [] : wordFor(line.row.student)));
    return leftOut.length > 0
      ? `${name} leaves out ${joinNames(leftOut)}: the roster lacks what it finds users by, or has it for two of them.`
      : [];
  });
  return { files, told: [...leavingOut, ...misfits(graded)] };
}

function tableOf(
  columns: readonly (readonly [heading: string, ...unknown[]])[],
  rows: readonly (readonly Cell[])[],
  graded: GradedClass,
) {
  const table = rows.map((cells) => cells.map((cell) => csvCell(cell, graded)));
  return csvRows([columns.map(([heading]) => own(heading)), ...table]);
}

/** The box without which Moodle skips grades that changed there since the worksheet was downloaded. */
const moodleBox =
  'Allow updating records that have been modified more recently in Moodle than in the spreadsheet';

/**
 * Says how Moodle takes the worksheet, or why there is none. The zip of feedback comes after it: see `docs/hosts.md`.
 */
export function moodleSteps(graded: GradedClass, at: (file: string) => string) {
  if (graded.roster?.worksheet)
    return [
      `${at(worksheetFile)}: for Moodle, before any zip of feedback, under “Upload grading worksheet”, with the box “${moodleBox}”. Import no gradebook there as well.`,
    ];
  return graded.students.some(({ host }) => host === 'moodle')
    ? [
        'Moodle takes back neither a worksheet nor a zip of feedback from this run: give its grading worksheet as --roster.',
      ]
    : [];
}

/** The text by which a host finds a student, if the cell holds it. */
function keyIn(cell: Cell) {
  return typeof cell === 'object' && cell && 'key' in cell ? cell.key : '';
}

/** A key is verbatim from a roster, and untrusted text if only a download has it. */
function csvCell(cell: Cell, { roster }: GradedClass): CsvCell {
  const text = roster ? cell : keyIn(cell) || cell;
  return typeof text === 'string' ? untrusted(text) : (text ?? null);
}

/** `2 of 3`: how many rows of the second table are right, once it is complete. It is not part of the points. */
function rowsRight({ report }: AnyResult) {
  const rows = report && completeAgain(report)?.rows;
  const right = rows?.filter(({ cells }) => cells.every(({ outcome }) => outcome === 'correct'));
  return right && `${right.length} of ${rows?.length}`;
}

/** The assignment of Canvas's gradebook that was named, or its only one; else it will be a new column. */
function canvasAssignment({ canvasColumn, roster, course }: GradedClass): CanvasAssignment {
  const [first, ...others] =
    roster?.assignments.filter(({ title }) => title === (canvasColumn ?? title)) ?? [];
  return first && others.length === 0 ? first : { title: canvasColumn ?? course.rubric.title };
}

/** Says where a gradebook that is the roster has other points than we have: a host would scale or refuse ours. */
function misfits(graded: GradedClass) {
  const { possible } = graded.course.rubric;
  const assignment = canvasAssignment(graded);
  const there = {
    [`${assignment.title} in Canvas`]: assignment.possible,
    'The worksheet in Moodle': graded.roster?.worksheet?.possible,
  };
  return Object.entries(there).flatMap(([what, most = possible]) =>
    most === possible
      ? []
      : `${what} is worth ${most} points there, and there are ${possible} here: make them equal before you upload grades.`,
  );
}

/**
 * Requires a roster that has Canvas's ids: one exported from there with a column for the login added. Canvas finds
 * students by its own id or their SIS ids, in this order. `Section` is the last of the student columns.
 */
function canvas(graded: GradedClass): GradebookColumn[] {
  return [
    ['Student', ({ student }) => student.name || student.login, '    Points Possible'],
    ['ID', keyOf(({ columns }) => columns.id ?? '')],
    ['SIS User ID', keyOf(({ columns, studentId }) => columns.sis_user_id ?? (columns.id ? '' : studentId))],
    ['SIS Login ID', keyOf(({ columns, email }) => columns.sis_login_id || email)],
    ['Section', section],
    [canvasAssignment(graded).title, points, graded.course.rubric.possible],
  ];
}

/**
 * Moodle imports nothing if it cannot find one of the users (`grade/import/csv/classes/load_data.php`; tried with
 * 4.5.5), so all are named by the first fact that somebody has.
 */
function moodle(graded: GradedClass): GradebookColumn[] {
  const users: GradebookColumn[] = [
    ['useremail', email],
    ['useridnumber', keyOf(({ studentId }) => studentId)],
    // A GitHub login is rarely a user name of Moodle's.
    ['username', keyOf(({ login }) => login.toLowerCase())],
  ];
  const user = users.find(([, cellOf]) => graded.students.some((row) => keyIn(cellOf(row, graded))));
  // Moodle's own worksheet, filled in, has the same grades and cannot miss a user.
  if (!user || graded.roster?.worksheet) return [];
  return [user, ['grade', points], ['feedback', adjustmentsOf]];
}

/**
 * The lines around our part of a comment, by which the next run recognizes it. They are plain words, because Moodle's
 * editor drops HTML comments and rewrites tags.
 */
const begins = 'Automatic feedback, replaced whenever the work is graded again:';
const ends = 'End of the automatic feedback.';

/** From the first such line to the last, because a student may have typed one, with the line breaks before it. */
const earlier = new RegExp(String.raw`(?:\s*<br\s*/?>)*\s*${begins}.*${ends}`, 'isu');

/**
 * Fills in Moodle's offline grading worksheet. It takes grades and comments, and cannot name a user whom Moodle does
 * not know. Its headings stay as they were, in any language.
 */
function moodleWorksheet({ roster, course, comments }: GradedClass): GradebookColumn[] {
  if (!roster?.worksheet) return [];
  const { headings, rows, grade, comments: place } = roster.worksheet;
  // Our comment is HTML. What the teacher wrote around an earlier one stays above it.
  const commentOf = (row: StudentResult, before: string) => {
    const told = `${headlineText(row, course.rubric)}\n${comments.get(row.key) ?? ''}`.trim();
    return keptAbove(before.replace(earlier, ''), textLines(`\n${begins}\n${told}\n${ends}`));
  };
  return headings.map(
    (heading, index): GradebookColumn => [
      heading,
      (row) => {
        const before = rows.get(row.student.participant)?.[index] ?? '';
        // A hyphen would be read as 0, and an empty cell is skipped: mod/assign/feedback/offline of Moodle 4.5.
        if (index === grade) return row.points;
        if (index === place) return commentOf(row, before);
        return index === 0 ? gradebookKey(before) : before;
      },
    ],
  );
}
