import { momentOf } from '../../rubric/moment';
import { groupBy } from '../../system/lists';
import { type CsvTable, decimalIn, type TableRow } from '../members/csv-table';
import type { Dues, HandedIn } from '../members/download';
import type { Student } from '../members/people';
import { loginHeadings } from '../members/roster';

/** A date with its year and time in any language, or a hyphen for none. A comment may contain a time alone. */
const dateOrNone = /^-$|^(?=.*\d{4}).*\d[:.]\d\d/;

/** A due date in this form; empty if an override leaves it unchanged. */
const dateOrEmpty = /^-?$|^(?=.*\d{4}).*\d[:.]\d\d/;

/**
 * Reads Moodle's offline grading worksheet for one assignment. Once filled in, with its headings unchanged, it can be
 * uploaded again. It cannot name a user whom Moodle does not know. Its headings are in the language of the site, and
 * the site's settings decide which facts identify users, so its columns are recognized by their content.
 *
 * @returns undefined if the file is another table.
 * @see mod/assign/gradingtable.php and mod/assign/feedback/offline of Moodle 4.5
 */
export function moodleWorksheet(table: CsvTable) {
  const columns = columnsIn(table);
  if (!columns) return undefined;
  const { most, isBlind, changeable } = columns;
  const students = table.rows.map(({ line, record }) => {
    const cell = (index = -1) => record[index] ?? '';
    const [, word = '', participant = ''] = identifierForm.exec(cell(columns.identifier)) ?? [];
    const cells: TableRow['cells'] = {
      participant,
      // In blind marking everybody has the same name, which tells a participant from the team with the same number.
      full_name: isBlind ? word : cell(columns.name),
      id_number: cell(columns.number) || cell(columns.sid),
      section: cell(columns.section),
      email: cell(columns.email),
      group: cell(columns.group),
      login: cell(columns.login),
      status: cell(columns.status),
      submitted: cell(columns.submitted),
      due: cell(columns.due),
    };
    return { line, record, cells };
  });
  // By participant, in the order of the file.
  const lines = new Map(students.map(({ cells, record }) => [cells.participant ?? '', record]));
  return {
    students,
    headings: table.titles,
    rows: lines,
    // The indexes of columns.
    identifier: columns.identifier,
    grade: columns.grade,
    comments: columns.comments,
    /** Whether the grade of a participant must not be changed. */
    isLocked: (participant: string) => isNo.test(lines.get(participant)?.[changeable] ?? ''),
    /** The maximum; undefined if the assignment is graded with a scale. */
    possible: decimalIn(table.rows[0]?.record[most]),
  };
}

/** Every row begins with the same word and its own number: `Participant 123`, `Teilnehmer/in123`. A login may, too. */
const identifierForm = /^(\p{L}\D{2,}?)\s*(\d+)$/u;

/** Headings that somebody may add for the roster, anywhere. In English, Moodle's own group column has one of them. */
const addedHeadings = ['login', 'section', 'group', 'sid'];

/** Finds the columns of a worksheet, by index; undefined if it is another table. */
function columnsIn({ headings, titles, rows }: CsvTable) {
  const ownColumns = titles.flatMap((title, index) =>
    addedHeadings.includes(headings[index] ?? '') ? [] : { title, index },
  );
  const layout = ownColumnsIn(
    ownColumns.map(({ title }) => title),
    rows.map(({ record }) => ownColumns.map(({ index }) => record[index] ?? '')),
  );
  if (!layout) return undefined;
  const { most, isBlind, comments, ...others } = layout;
  const columnIndex = (index: number) => ownColumns[index]?.index ?? -1;
  const group = titles.findIndex((title) => groupHeading.test(title));
  // A login that somebody added for another host is not a user name on this site.
  const login = headings.findIndex(
    (name, index) => name === 'login' || (index > columnIndex(most) && loginHeadings.includes(name)),
  );
  const isComments =
    comments < ownColumns.length && columnIndex(comments) !== group && columnIndex(comments) !== login;
  return {
    isBlind,
    group,
    login,
    section: headings.indexOf('section'),
    sid: headings.indexOf('sid'),
    identifier: columnIndex(0),
    name: columnIndex(1),
    grade: columnIndex(most - 1),
    most: columnIndex(most),
    comments: isComments ? columnIndex(comments) : undefined,
    status: columnIndex(others.status),
    submitted: columnIndex(others.submitted),
    due: columnIndex(others.due),
    email: columnIndex(others.email),
    number: columnIndex(others.number),
    changeable: columnIndex(others.changeable),
  };
}

/** Finds Moodle's own columns by their content and order; undefined if it is another table. */
function ownColumnsIn(titles: readonly string[], records: readonly (readonly string[])[]) {
  const column = (index: number) => records.map((record) => record[index] ?? '');
  const isEach = (index: number, form: RegExp) => column(index).every((text) => form.test(text));
  const words = new Set(column(0).map((text) => identifierForm.exec(text)?.[1]));
  // The column that says whether the grade can be changed: after the maximum, maybe with a workflow state in between,
  // and before a time.
  const changeableAfter = (index: number) =>
    [index + 2, index + 1].find((next) => isEach(next, yesOrNo) && isEach(next + 1, dateOrNone));
  // The maximum grade is the same number for everybody, and follows the grade; a scale has its words there instead.
  const most = titles.findIndex((_, index) => {
    const [first = '', ...others] = new Set(column(index));
    const isMost = (decimalIn(first) ?? 0) > 0 && isEach(index - 1, /^[-\d.,]*$/);
    return others.length === 0 && (isMost || scaleForm.test(first)) && changeableAfter(index) !== undefined;
  });
  if (words.size !== 1 || words.has(undefined) || most === -1) return undefined;
  // The status has several parts, most of them empty: `Submitted for grading -  - `.
  const status = titles.findIndex((_, index) => index < most && isEach(index, / -(?: |$)/));
  const identity = titles.flatMap((title, index) => (index > 1 && index < most - 1 ? { title, index } : []));
  // A user name may look like an address, and comes before it.
  const email = identity.findLast(
    ({ index }) => isEach(index, /^$|^\S+@\S+$/) && column(index).some((text) => text !== ''),
  );
  const number = identity.find(({ title }) => numberHeading.test(title));
  const changeable = changeableAfter(most) ?? -1;
  // Next come the time of the submission, maybe what was typed, the time of the grade, and the comments, in any form.
  const submitted = changeable + 1;
  const gradeTime = [submitted + 1, submitted + 2].find((index) => isEach(index, dateOrNone));
  // If anybody has dates of their own, three columns follow the status: open from, due, cut off at.
  const dates = [status + 1, status + 2, status + 3];
  const areDates = status + 3 < most - 1 && dates.every((index) => isEach(index, dateOrEmpty));
  return {
    most,
    // With blind marking, the status comes directly after.
    isBlind: status === 1,
    status,
    // If nothing can be submitted, the only time is the time of the grade.
    submitted: gradeTime === undefined ? -1 : submitted,
    due: areDates ? status + 2 : -1,
    comments: (gradeTime ?? submitted) + 1,
    email: email?.index ?? -1,
    number: number?.index ?? -1,
    changeable,
  };
}

/** `Fail   Pass   Good`: Moodle writes line breaks as spaces (`lib/table/classes/base_export_format.php` of 4.5). */
const scaleForm = /\S {3,}\S/;

/** A short word in any language; a workflow's state, such as “Not marked”, may be longer or have several words. */
const yesOrNo = /^\p{L}{1,5}$/u;

/** `No` in the languages of most sites. */
const isNo = /^[nн]|^ei$|^hayır$|^いいえ$|^否$|^아니|^όχι$|^tidak$/iu;

/** `ID number` in the languages of many sites; in others, students are known by whatever else the site shows. */
const numberHeading =
  /^(?:ID[ -](?:number|nummer)|num(?:é|e)ro d.identification|n(?:ú|u)mero (?:de )?id|numero id)/iu;

/** `Group` in the languages of most sites; in others, somebody may add a column called group. */
const groupHeading =
  /^(?:groups?|team|gruppen?|groupes?|grupos?|grupp[oi]|groep|grupp|grupa|grup|skupina|csoport|ryhmä|ομάδα|группа|група|グループ|小组|群組|組別|그룹)$/iu;

/**
 * How Moodle writes a date, and the state of work that was not submitted: see `lang/en/langconfig.php` and
 * `lang/en/assign.php` of 4.5, and German.
 */
const languages = [
  {
    date: /\p{L}+, (\d{1,2}) (\p{L}+) (\d{4}), (\d{1,2}):(\d\d) ([AP])M/iu,
    months: 'january february march april may june july august september october november december',
    draft: 'Draft (not submitted)',
    reopened: 'Reopened',
  },
  {
    date: /\p{L}+, (\d{1,2})\. (\p{L}+) (\d{4}), (\d{1,2}):(\d\d)/u,
    months: 'januar februar märz april mai juni juli august september oktober november dezember',
    draft: 'Entwurf (nicht abgegeben)',
    reopened: 'Erneut geöffnet',
  },
];

/**
 * Returns the worksheet's entry for a student's work.
 *
 * @param timezone the course's, which Moodle is assumed to use.
 * @returns undefined if the student is in no Moodle worksheet or handed in nothing.
 */
export function handedInOf(student: Student | undefined, timezone: string): HandedIn | undefined {
  const { status = '', submitted: text = '' } = student?.columns ?? {};
  if (!student?.participant || !dateOrNone.test(text) || text === '-') return undefined;
  const stateIn = (language: (typeof languages)[number]) =>
    (['draft', 'reopened'] as const).find((state) => status.startsWith(language[state])) ?? [];
  const [state = 'submitted'] = languages.flatMap(stateIn);
  return { text, at: timeIn(text, timezone), state };
}

/**
 * The due dates of individual students: an extension that was granted, shown in the status, or a date in the due date
 * column that most students do not have; the later of the two if there are both. Once anybody has their own date, the
 * column has a date for everybody.
 */
export function duesOf(students: readonly Student[], timezone: string): Dues {
  const dueOf = ({ columns }: Student) => (columns.due === '-' ? '' : (columns.due ?? ''));
  const [[most = ''] = []] = [...groupBy(students, dueOf)].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  const ownDues = students.flatMap((student) => {
    const [, extended = ''] = /: ([^:]*\d[:.]\d\d.*?)(?: -|$)/.exec(student.columns.status ?? '') ?? [];
    const due = dueOf(student) === most ? '' : dueOf(student);
    const [latest] = [extended, due]
      .filter(Boolean)
      .map((text) => ({ text, at: timeIn(text, timezone) }))
      .sort((one, other) => (other.at ?? 0) - (one.at ?? 0));
    return latest ? [[student.key, latest] as const] : [];
  });
  return {
    most: most === '' ? undefined : { text: most, at: timeIn(most, timezone) },
    own: new Map(ownDues),
  };
}

/** The first time in a text, in milliseconds since 1970; undefined if we cannot read its language. */
function timeIn(text: string, timezone: string): number | undefined {
  for (const { date, months } of languages) {
    const [, day = '', monthName = '', year = '', hour = '', minute = '', half] = date.exec(text) ?? [];
    const month = months.split(' ').indexOf(monthName.toLowerCase()) + 1;
    if (month === 0) continue;
    const hoursBefore = half?.toUpperCase() === 'P' ? 12 : 0;
    const clock = half ? hoursBefore + (Number(hour) % 12) : Number(hour);
    const twoDigits = (value: number | string) => String(value).padStart(2, '0');
    return momentOf(`${year}-${twoDigits(month)}-${twoDigits(day)}T${twoDigits(clock)}:${minute}`, timezone);
  }
  return undefined;
}
