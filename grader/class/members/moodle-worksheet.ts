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
  /** The name that everybody has in blind marking: `Participant`. */
  readonly blindName: string;
  /** The participants who handed in nothing, according to the worksheet. */
  readonly withoutSubmission: ReadonlySet<string>;
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

/** Whether every row begins with the same word and its own number, as in no other table. */
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

/** Whether a cell is a date and time in any language, or `-` for none. */
function isMoment(cell: string): boolean {
  return cell === '-' || (/\d{4}/.test(cell) && /\d{1,2}[:.]\d{2}/.test(cell) && cell.length < 60);
}

/** `Group` in the languages of most sites; in another language, a column called group may be added. */
const groupHeading =
  /^(?:groups?|team|gruppen?|groupes?|grupos?|grupp[oi]|groep|grupp|grupa|grup|skupina|csoport|ryhmä|ομάδα|группа|група|グループ|小组|群组|組別|그룹)$/iu;
