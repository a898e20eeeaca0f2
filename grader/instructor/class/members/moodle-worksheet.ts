import { assertNoProblems, type CsvRecord, type CsvTable, readRecords } from './csv-table';

/** The column of a participant's number, by the name that the rest of the program gives it. */
export const participantHeading = 'participant';

/**
 * Moodle's offline grading worksheet of one assignment. Filled in and with its headings unchanged it can
 * be uploaded again, and cannot name a user whom Moodle does not know.
 */
export interface MoodleWorksheet {
  /** Who is in it, as a roster. */
  readonly table: CsvTable;
  /** What everybody is called where marking is blind: `Participant`. */
  readonly blindName: string;
  /** The participants of whom it says that they handed in nothing. */
  readonly withoutSubmission: ReadonlySet<string>;
  /** The headings as they stand there, in the language of the site. */
  readonly headings: readonly string[];
  /** Its rows as they stand there, by participant. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
  readonly identifier: number;
  readonly grade: number;
  /** Missing where the assignment takes no comments. */
  readonly comments?: number;
  /** The most points that Moodle gives. */
  readonly possible: number;
}

/** `Participant 123`, `Teilnehmer/in123`; a login may be as `s-12`. */
const participant = /^(\p{L}\D*?)\s*(\d+)$/u;
const minWord = 3;

/**
 * Its headings are in the language of the site, so its columns are known by where they stand and by what
 * is in them.
 *
 * @returns nothing where the file is another table.
 * @throws {GraderError} where it is one whose columns cannot be told from each other.
 */
export function readMoodleWorksheet(file: string): MoodleWorksheet | undefined {
  // A spreadsheet of another country saves it with semicolons, or in UTF-16 with tabs.
  const read = [',', ';', '\t'].map((delimiter) => readRecords(file, delimiter));
  const found = read.find(([first, ...rest]) => first && isWorksheet(first, rest));
  const [first, ...records] = found ?? [];
  if (!first) return undefined;
  const headings = first.record;
  const column = (index: number) => records.map(({ record }) => (record[index] ?? '').trim());
  const indexes = headings.map((_, index) => index);
  // The most points are the same number for everybody, and stand behind the grade.
  const group = indexes.find((index) => index > 1 && groupHeading.test(headings[index]?.trim() ?? ''));
  const [most] = indexes
    .filter((index) => index > 1 && isSameNumber(column(index)) && column(index - 1).every(isGrade))
    .reverse();
  if (most === undefined) {
    const there = headings.slice(0, 14).join(', ');
    const text = `this looks like Moodle’s grading worksheet, and no column of it is the grade with the maximum behind it: ${there}. Set a maximum grade for the assignment, and download it again.`;
    assertNoProblems(file, [{ line: 1, text }]);
    return undefined;
  }
  const email = indexes.find((index) => index < most && column(index).some((cell) => /^\S+@\S+$/.test(cell)));
  // Where marking is blind, the status stands there, which is the same for many.
  const hasNames = email !== undefined ? email > 1 : new Set(column(1)).size * 2 > records.length;
  // A column that somebody added at the end is none of Moodle's.
  const last = group === headings.length - 1 ? group - 1 : headings.length - 1;
  const comments = last > most + 2 && !column(last).some(isMoment) ? last : undefined;
  const submitted = indexes.find((index) => index > most && column(index).every(isMoment));
  const named: readonly (readonly [string, number | undefined])[] = [
    [participantHeading, 0],
    ['full_name', hasNames ? 1 : undefined],
    ['id_number', hasNames && email === 3 ? 2 : undefined],
    ['email', email],
    ['group', group],
  ];
  return {
    table: {
      titles: headings,
      headings: named.flatMap(([name, index]) => (index === undefined ? [] : name)),
      rows: records.map(({ record, line }) => ({
        line,
        cells: Object.fromEntries(
          named.flatMap(([name, index]) =>
            index === undefined
              ? []
              : [[name, index === 0 ? localizedNumber(record) : (record[index] ?? '').trim()]],
          ),
        ),
      })),
    },
    blindName: participant.exec((records[0]?.record[0] ?? '').trim())?.[1] ?? '',
    withoutSubmission: new Set(
      records.flatMap(({ record }) =>
        submitted !== undefined && record[submitted]?.trim() === '-' ? localizedNumber(record) : [],
      ),
    ),
    headings,
    rows: new Map(records.map(({ record }) => [localizedNumber(record), record])),
    identifier: 0,
    grade: most - 1,
    comments,
    possible: numberOf(column(most)[0] ?? ''),
  };
}

/** Whether every row begins with the same word and a number of its own, as no other table does. */
function isWorksheet({ record }: CsvRecord, records: readonly CsvRecord[]): boolean {
  const words = new Set(records.map((row) => participant.exec((row.record[0] ?? '').trim())?.[1]));
  const [word] = words;
  const isLogin = record.some((heading) => /^(?:user\W?name|login|github.*)$/i.test(heading.trim()));
  return !isLogin && record.length >= 6 && words.size === 1 && (word?.length ?? 0) >= minWord;
}

function localizedNumber(record: readonly string[]): string {
  return participant.exec((record[0] ?? '').trim())?.[2] ?? '';
}

const numberPattern = /^\d+(?:[.,]\d+)?$/;

function isSameNumber(cells: readonly string[]): boolean {
  return new Set(cells).size === 1 && numberPattern.test(cells[0] ?? '') && numberOf(cells[0] ?? '') > 0;
}

function isGrade(cell: string): boolean {
  return cell === '' || cell === '-' || numberPattern.test(cell);
}

function numberOf(cell: string): number {
  return Number(cell.replace(',', '.'));
}

/** A moment in any language, or that there was none. */
function isMoment(cell: string): boolean {
  return cell === '-' || (/\d{4}/.test(cell) && /\d{1,2}[:.]\d{2}/.test(cell) && cell.length < 60);
}

/** `Group` in the languages of most sites; for another, a column called group may be added. */
const groupHeading =
  /^(?:groups?|team|gruppen?|groupes?|grupos?|grupp[oi]|groep|grupp|grupa|grup|skupina|csoport|ryhmä|ομάδα|группа|група|グループ|小组|群组|組別|그룹)$/iu;
