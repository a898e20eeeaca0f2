import { assertNoProblems, type CsvRecord, type CsvTable, readRecords } from './csv-table';

/** The heading that the rest of the program uses for the column of a participant's number. */
export const participantHeading = 'participant';

/**
 * Moodle's offline grading worksheet for one assignment. Once filled in, with its headings unchanged, it can be
 * uploaded again. It cannot name a user whom Moodle does not know.
 */
export interface MoodleWorksheet {
  /** The students in it, as a roster. */
  readonly table: CsvTable;
  /** The headings exactly as in the file, in the language of the site. */
  readonly headings: readonly string[];
  /** Its rows exactly as in the file, by participant. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
  readonly identifier: number;
  readonly grade: number;
  /** Missing if the assignment takes no comments. */
  readonly comments?: number;
  /** The maximum grade in Moodle. */
  readonly possible: number;
}

/** `Participant 123`, `Teilnehmer/in123`; a login may look like `s-12`. */
const participant = /^(\p{L}\D*?)\s*(\d+)$/u;
const minWord = 3;

/**
 * Reads Moodle's grading worksheet. Its headings are in the language of the site, so its columns are recognized by
 * their position and content.
 *
 * @returns undefined if the file is another table.
 * @throws {GraderError} if it is a worksheet whose columns cannot be told apart.
 */
export function readMoodleWorksheet(file: string): MoodleWorksheet | undefined {
  // In some countries, a spreadsheet saves it with semicolons, or in UTF-16 with tabs.
  const read = [',', ';', '\t'].map((delimiter) => readRecords(file, delimiter));
  const found = read.find(([first, ...rest]) => first && isWorksheet(first, rest));
  const [first, ...records] = found ?? [];
  if (!first) return undefined;
  const headings = first.record;
  // In blind marking everybody has one name, by which a team is told from the participant of its number.
  const blindName = participant.exec((records[0]?.record[0] ?? '').trim())?.[1] ?? '';
  const column = (index: number) => records.map(({ record }) => (record[index] ?? '').trim());
  const indexes = headings.map((_, index) => index);
  // The maximum grade is the same number for everybody, and follows the grade.
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
  // With blind marking, the status is there instead, which is the same for many.
  const hasNames = email !== undefined ? email > 1 : new Set(column(1)).size * 2 > records.length;
  // A group column that someone added at the end is not Moodle's.
  const last = group === headings.length - 1 ? group - 1 : headings.length - 1;
  const comments = last > most + 2 && !column(last).some(isMoment) ? last : undefined;
  const cell = (index: number) => (record: readonly string[]) => (record[index] ?? '').trim();
  const named: readonly (readonly [string, (record: readonly string[]) => string])[] = [
    [participantHeading, numberIn],
    ['full_name', hasNames ? cell(1) : () => blindName],
    ...(hasNames && email === 3 ? [['id_number', cell(2)] as const] : []),
    ...(email === undefined ? [] : [['email', cell(email)] as const]),
    ...(group === undefined ? [] : [['group', cell(group)] as const]),
  ];
  return {
    table: {
      titles: headings,
      headings: named.map(([name]) => name),
      rows: records.map(({ record, line }) => ({
        line,
        cells: Object.fromEntries(named.map(([name, of]) => [name, of(record)])),
      })),
    },
    headings,
    rows: new Map(records.map(({ record }) => [numberIn(record), record])),
    identifier: 0,
    grade: most - 1,
    comments,
    possible: numberOf(column(most)[0] ?? ''),
  };
}

/** Whether every row begins with the same word and its own number, as in no other table. */
function isWorksheet({ record }: CsvRecord, records: readonly CsvRecord[]): boolean {
  const words = new Set(records.map((row) => participant.exec((row.record[0] ?? '').trim())?.[1]));
  const [word] = words;
  const isLogin = record.some((heading) => /^(?:user\W?name|login|github.*)$/i.test(heading.trim()));
  return !isLogin && record.length >= 6 && words.size === 1 && (word?.length ?? 0) >= minWord;
}

function numberIn(record: readonly string[]): string {
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

/** Whether a cell is a date and time in any language, or `-` for none. */
function isMoment(cell: string): boolean {
  return cell === '-' || (/\d{4}/.test(cell) && /\d{1,2}[:.]\d{2}/.test(cell) && cell.length < 60);
}

/** `Group` in the languages of most sites; in another language, a column called group may be added. */
const groupHeading =
  /^(?:groups?|team|gruppen?|groupes?|grupos?|grupp[oi]|groep|grupp|grupa|grup|skupina|csoport|ryhmä|ομάδα|группа|група|グループ|小组|群组|組別|그룹)$/iu;
