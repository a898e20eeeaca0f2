import { gradebookKey, inTable, keptAbove } from '../../render/escape/csv';
import { textLines, wordsOfHtml } from '../../render/escape/html';
import { decimalIn } from '../members/csv-table';
import { isLeftAtHost } from '../results/changed-at-host';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';
import {
  type ClassHost,
  emailCell,
  type Gradebook,
  type GradebookColumn,
  type HostFiles,
  type HostGrade,
  type HostSteps,
  isKeptAtHost,
  type KnownClass,
  keyCell,
  keyIn,
  misfit,
  pointsCell,
  type ResultPoints,
  type ToDo,
} from '../returns/class-host';
import { adjustmentsOf, headlineText } from '../returns/feedback';
import { feedbackName, pageOf, uploadText } from '../returns/feedback-files';
import { duesOf, handedInOf, moodleWorksheet } from './moodle-worksheet';

const worksheetFile = 'gradebooks/moodle-worksheet.csv';

/**
 * The worksheet without comments. If Moodle grants attempts by itself, each grade opens a new one: a comment after it
 * belongs to an ungraded attempt, and the gradebook gets none (`mod/assign/feedback/offline/locallib.php` of 4.5.5,
 * from line 179 on). No column shows that setting.
 */
const gradesAloneFile = 'gradebooks/moodle-grades-alone.csv';

const noTeamZip =
  'There is no zip for Moodle: in an assignment for teams, Moodle reads the numbers in such a zip as numbers of groups, so pages could reach other students. The comments in the worksheet tell each member the points and where they come from.';

/**
 * `<name>_<number>_assignsubmission_file`, with one more underscore in older versions; or the same as a prefix of each
 * file (`mod/assign/classes/downloader.php` of Moodle 4.5.5).
 */
const moodleName = /^(?<whole>.*?)_assignsubmission_(?:file|(?<typed>onlinetext))(?:_(?<file>.*))?$/;

/** A folder or a prefix for each student or team. It does not say whether its number is a participant's or a team's. */
export const moodle: ClassHost = {
  id: 'moodle',
  title: 'Moodle',
  entriesOf(path) {
    const { whole: name, file, typed } = moodleName.exec(path)?.groups ?? {};
    if (name === undefined) return [];
    const [, before, participant] = /^(.*)_(\d+)$/.exec(name) ?? [];
    // Moodle drops the `&` of an HTML entity and keeps the rest: `Tom &amp; Co` becomes `Tom amp; Co`.
    const plain = (text: string) => text.replace(/\b(?:amp|lt|gt|quot|#039);/g, '');
    // The folder of the default group has no number, and a name may end with one.
    const isTyped = typed !== undefined;
    const withoutNumber = { name, file, isTyped, owner: { name: plain(name) } };
    return before === undefined
      ? [withoutNumber]
      : [{ ...withoutNumber, owner: { name: plain(before), participant } }, withoutNumber];
  },
  rowsOf: (table) => moodleWorksheet(table)?.students,
  handedInOf,
  duesOf,
  gradebooks: {
    'gradebooks/moodle.csv': gradebook,
    [worksheetFile]: worksheet,
    [gradesAloneFile]: gradesAlone,
  },
  hostGrades,
  stepsFor,
  archive: 'moodle-feedback.zip',
  /**
   * Moodle reads a participant's number from a folder's name. For team assignments, some versions read a group's number
   * instead, so a page would reach nobody, or another team (`mod/assign/feedback/file` of Moodle 4.5).
   */
  feedback: (graded) => {
    const participants = graded.students.filter(({ student }) => student.participant);
    // A person may have given one student's work to two students, even without groups.
    const isTeams = graded.students.some(
      ({ host, shared, matched, student }) =>
        student.participant &&
        host === moodle.id &&
        shared &&
        (matched !== 'matches.csv' || student.group !== ''),
    );
    if (isTeams) return { reached: [], refused: noTeamZip };
    const hostGrade = hostGrades(graded);
    // Moodle counts a page as a change to the grade.
    const rows = participants.filter((row) => !hostGrade(row)?.stays);
    const pages = rows.map((row) => {
      const { participant, name } = row.student;
      const moodleName = `${name.replace(/[_/\\]/g, ' ')}_${participant}_assignfeedback_file`;
      return { name: `${moodleName}/${feedbackName}`, content: pageOf(row, graded), rows: [row] };
    });
    return { reached: rows, pages };
  },
};

/** The box that must be checked, or Moodle skips grades that changed there since the worksheet was downloaded. */
const moodleBox =
  'Allow updating records that have been modified more recently in Moodle than in the spreadsheet';

/** The steps in Moodle, where the worksheet is uploaded before the zip of feedback: see `docs/hosts.md`. */
function stepsFor(graded: GradedClass, files: HostFiles): HostSteps {
  const { at, has, feedback } = files;
  const toDo: ToDo[] = [];
  const notices: string[] = [];
  const sheet = worksheetIn(graded);
  const { possible: possibleHere } = graded.course.rubric;
  if (!sheet) {
    const lost = feedback ? 'no worksheet' : 'neither a worksheet nor a zip of feedback';
    if (graded.students.some(({ host }) => host === moodle.id))
      toDo.push(
        `Give Moodle’s grading worksheet as the roster, and grade again: without it, Moodle takes back ${lost} from this run.`,
      );
  } else if (takesPoints(sheet, graded)) {
    if (!has(worksheetFile))
      notices.push(`Moodle has all these grades and comments: there is no ${worksheetFile}.`);
    else
      toDo.push(
        ...misfit('The worksheet in Moodle', sheet.possible, graded),
        `Upload ${at(worksheetFile)}: in Moodle, go to “Upload grading worksheet” and tick the box “${moodleBox}”. Do not import a gradebook there as well.${whereGranted(sheet, files)}`,
      );
  } else {
    const maximum = sheet.possible === undefined ? 'a scale' : `the maximum grade ${sheet.possible}`;
    toDo.push(
      `Set the maximum grade in Moodle to ${possibleHere}, download the worksheet again, and grade again. The assignment in Moodle has ${maximum}, but there are ${possibleHere} points here, so there is no ${worksheetFile}.`,
    );
  }
  if (feedback) {
    const where =
      'In Moodle, that is under “Upload multiple feedback files in a zip”. Moodle then notifies the students.';
    toDo.push(`${uploadText(feedback, at)} ${where}`);
  }
  return { toDo, notices };
}

/**
 * The file to upload if Moodle grants attempts by itself. A page uploaded after a grade is for an ungraded attempt too,
 * and removes the grade the next time Moodle writes its gradebook.
 */
function whereGranted({ comments }: Worksheet, { at, has, feedback }: HostFiles): string {
  if (comments === undefined && !feedback) return '';
  const where = ' But if Moodle grants attempts automatically (also “until pass”),';
  const file = comments === undefined ? worksheetFile : gradesAloneFile;
  if (!has(file)) return `${where} skip this: Moodle already has all these grades.`;
  const grades = at(file);
  const order = feedback ? `the feedback first, and then ${grades}` : `${grades} in its place`;
  return `${where} upload ${order}: otherwise grades would disappear.`;
}

/**
 * Moodle imports nothing if it cannot find one of the users (`grade/import/csv/classes/load_data.php`; tried with
 * 4.5.5), so all of them are identified by the same field: the first that anybody has.
 */
function gradebook(graded: GradedClass): Gradebook | undefined {
  const users: GradebookColumn[] = [
    ['useremail', emailCell],
    ['useridnumber', keyCell(({ studentId }) => studentId)],
    // A GitHub login is rarely a user name in Moodle.
    ['username', keyCell(({ login }) => login.toLowerCase())],
  ];
  const user = users.find(([, cellOf]) => graded.students.some((row) => keyIn(cellOf(row, graded))));
  // Moodle's own worksheet, filled in, has the same grades and cannot miss a user.
  if (!user || worksheetIn(graded)) return undefined;
  return { columns: [user, ['grade', pointsCell], ['feedback', adjustmentsOf]] };
}

/**
 * The lines around our part of a comment, by which the next run recognizes it. They are plain words, because Moodle's
 * editor drops HTML comments and rewrites tags.
 */
const begins = 'Automatic feedback, replaced whenever the work is graded again:';
const ends = 'End of the automatic feedback.';

/** Matches from the first such line to the last, since a student may have typed one, with the line breaks before it. */
const earlier = new RegExp(String.raw`(?:\s*<br\s*/?>)*\s*${begins}.*${ends}`, 'isu');

/**
 * Fills in Moodle's offline grading worksheet. It takes grades and comments, and cannot name a user whom Moodle does
 * not know. Its headings stay as they were, in any language.
 */
function worksheet(graded: GradedClass): Gradebook | undefined {
  const sheet = worksheetIn(graded);
  if (!sheet || !takesPoints(sheet, graded)) return undefined;
  const { headings, rows, identifier, grade, comments: commentColumn, possible } = sheet;
  const { course, comments } = graded;
  const cellBefore = ({ student }: StudentResult, index = -1) => rows.get(student.participant)?.[index] ?? '';
  // Our comment is HTML. Anything that the teacher wrote around an earlier one stays above it.
  const commentOf = (row: StudentResult) => {
    const comment = `${headlineText(row, course.rubric)}\n${comments.get(row.key) ?? ''}`.trim();
    const kept = cellBefore(row, commentColumn).replace(earlier, '');
    return { kept, ours: textLines(`\n${begins}\n${comment}\n${ends}`) };
  };
  // Moodle exports a comment without its markup, so an upload removes the teacher's links and lists. It does not matter
  // whether the teacher wrote above or below ours: only ours is compared.
  const isAtHost = (row: StudentResult) => {
    const [oursBefore = ''] = earlier.exec(cellBefore(row, commentColumn)) ?? [];
    const oursAfter = wordsOfHtml(inTable(commentOf(row).ours));
    const hasComment = commentColumn === undefined || withoutSpaces(oursBefore) === withoutSpaces(oursAfter);
    return hasComment && isGradeAtHost(sheet, row);
  };
  const columns = headings.map(
    (heading, index): GradebookColumn => [
      heading,
      (row) => {
        const before = cellBefore(row, index);
        if (index === identifier) return gradebookKey(before);
        // A hyphen would be read as 0, and an empty cell is skipped: mod/assign/feedback/offline of Moodle 4.5.
        if (index === grade) return cappedPoints(row, possible);
        if (index !== commentColumn) return before;
        const { kept, ours } = commentOf(row);
        return keptAbove(kept, ours);
      },
    ],
  );
  return { columns, isAtHost };
}

/** Moodle accepts no more than its maximum. */
const cappedPoints = ({ points }: StudentResult, possible = 0) => points && Math.min(points, possible);

/** Whether Moodle already has the grade of a student. */
function isGradeAtHost({ rows, grade, possible }: Worksheet, row: StudentResult): boolean {
  return decimalIn(rows.get(row.student.participant)?.[grade]) === cappedPoints(row, possible);
}

/** A comment in a form for comparison: an export changes spaces and escapes apostrophes. */
const withoutSpaces = (comment: string) => comment.replaceAll('&#39;', "'").replace(/\s+/g, '');

/** The worksheet without comments; undefined if it has none. */
function gradesAlone(graded: GradedClass): Gradebook | undefined {
  const sheet = worksheetIn(graded);
  const filled = worksheet(graded);
  if (!sheet || !filled || sheet.comments === undefined) return undefined;
  return {
    columns: filled.columns.filter((_, index) => index !== sheet.comments),
    isAtHost: (row) => isGradeAtHost(sheet, row),
  };
}

type Worksheet = NonNullable<ReturnType<typeof moodleWorksheet>>;

/** Whether all points fit: Moodle silently drops a grade above its maximum, and accepts only the words of a scale. */
function takesPoints(
  sheet: Worksheet,
  { course }: GradedClass,
): sheet is Worksheet & { readonly possible: number } {
  return sheet.possible !== undefined && sheet.possible >= course.rubric.possible;
}

function worksheetIn({ roster }: Pick<GradedClass, 'roster'>): Worksheet | undefined {
  return roster?.host?.id === moodle.id ? moodleWorksheet(roster.table) : undefined;
}

/** Whether the grade there is neither ours nor from an earlier run. No grade in Moodle is above its maximum. */
function isByHand({ points, gradesWritten = [] }: ResultPoints, text: string, possible = 0): boolean {
  const gradeAtHost = decimalIn(text);
  const ours = [points ?? 0, ...gradesWritten].map((grade) => Math.min(grade, possible));
  return gradeAtHost !== undefined && !ours.includes(gradeAtHost);
}

/**
 * Reads the grades that the worksheet has now. A grade there stays if it is locked, if `isKeptAtHost` says so, or if a
 * person changed it there and nobody has chosen to set it yet. If there are no points here, the line stays as it is,
 * even without a grade: the attempt may have been reopened, and then any comment would take away the grade of the
 * previous attempt, which the worksheet does not show.
 */
function hostGrades(knownClass: KnownClass) {
  const sheet = worksheetIn(knownClass);
  return (row: ResultPoints): HostGrade | undefined => {
    const { participant } = row.student;
    const line = sheet?.rows.get(participant);
    if (!sheet || !line) return undefined;
    const text = line[sheet.grade] ?? '';
    const { possible } = sheet;
    const isFixed = sheet.isLocked(participant) || row.points === null;
    const stays = isFixed || isKeptAtHost(row, text) || isLeftAtHost(row);
    return { text, stays, maximum: possible, isByHand: !isFixed && isByHand(row, text, possible) };
  };
}
