import { GraderError } from '../error';
import type { Answer, Kind } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { fromBase64, sha256 } from '../platform';
import { type Rubric, rowsOf } from '../rubric/rubric';
import { boxKeys, decrypt, decryptText, rowSecret, type SecretOf, secretsOf } from './encryption';
import { recognize } from './hints';
import type { AnswerKey, FilledCell, Hint, Judgement } from './key';
import type { SealedCell, SealedFile } from './sealed-file.schema';

/** One value that a box of a cell knows of. */
export interface KnownValue {
  /** Whether the value is right, or the text that says what it shows or is. */
  readonly is?: 'right' | TextRef;
  /** The value, and what stands for it in a row, where others lie in the same place. */
  readonly value?: Answer;
  readonly token?: string;
  /** It is a quantity, and also a value that hints for the row know. */
  readonly isKnown?: true;
}

/** A text of the key: its number, and the token that opens it, in base64. A box of a row holds nothing else. */
export type TextRef = readonly [index: number, token: string];

/** What a text says. */
export type SealedText = Hint | { readonly quantity: string } | { readonly explanation: string };

/**
 * The key of a student's copy. It judges a value by what opens: nothing that it says holds a value, and
 * in its file only the boxes of decimals do, for whoever comes within about their tolerance.
 *
 * @throws {GraderError} where the file is damaged, or was made for another rubric.
 */
export function sealedKey(file: SealedFile, rubric: Rubric): AnswerKey {
  assertUsable(file, rubric);
  const rubrics = new Map(rowsOf(rubric).map(({ id, cells }) => [id, cells]));
  const rows = new Map(
    file.rows.map((row) => [row.id, { row, kinds: (rubrics.get(row.id) ?? []).map((cell) => kindOf(cell)) }]),
  );
  const secretOf = secretsOf(file.scrypt);
  return {
    digest: `sealed:${file.digest}`,
    judge: ({ id, cells }) => {
      const found = rows.get(id);
      return found
        ? judge(file, secretOf, found.row, found.kinds, cells)
        : Promise.resolve(cells.map((cell) => ({ ...cell, verdict: 'unknown' })));
    },
    explain: async ({ id, cells }) => {
      const found = rows.get(id);
      const said = found && (await openRow(file, secretOf, found.row, found.kinds, cells)).forRow;
      return said && 'explanation' in said ? said.explanation : undefined;
    },
  };
}

/** What the boxes of one cell are bound to. */
export function cellAad(row: string, { id, salt }: Pick<SealedCell, 'id' | 'salt'>): string {
  return JSON.stringify(['cell', row, id, salt]);
}

/** What the boxes of one row are bound to, given its cells in order. */
export function rowAad(row: string, cells: readonly Pick<SealedCell, 'salt'>[]): string {
  return JSON.stringify(['row', row, ...cells.map(({ salt }) => salt)]);
}

/** What was found of one cell: what a box says of its value, and its part of the row's secret. */
interface Found {
  readonly is?: KnownValue['is'];
  readonly secret: Uint8Array;
}

/** What opens for the values of a row: a box of each cell, and one of the row where all of them are there. */
async function openRow(
  file: SealedFile,
  secretOf: SecretOf,
  row: SealedFile['rows'][number],
  kinds: readonly Kind[],
  cells: readonly FilledCell[],
): Promise<{ readonly found: ReadonlyMap<string, Found>; readonly forRow?: SealedText }> {
  const found = new Map<string, Found>();
  await Promise.all(
    row.cells.map(async (cell, index) => {
      const value = cells.find(({ id }) => id === cell.id)?.value;
      const kind = kinds[index];
      if (value === undefined || !kind) return;
      const secret = await secretOf(row.id, cell, kind.placeOf(value));
      const inBox = open(secret, cellAad(row.id, cell), cell.boxes, isKnownValues);
      found.set(cell.id, find(file, value, kind, secret, inBox));
    }),
  );
  const all = row.cells.flatMap(({ id }) => found.get(id)?.secret ?? []);
  const whole =
    all.length === row.cells.length
      ? open(rowSecret(all), rowAad(row.id, row.cells), row.boxes, isTextRef)
      : undefined;
  return { found, ...(whole && { forRow: textOf(file, whole) }) };
}

async function judge<Cell extends FilledCell>(
  file: SealedFile,
  secretOf: SecretOf,
  row: SealedFile['rows'][number],
  kinds: readonly Kind[],
  cells: readonly Cell[],
): Promise<(Cell & Judgement)[]> {
  const { found, forRow } = await openRow(file, secretOf, row, kinds, cells);
  return cells.map((cell) => {
    const known = found.get(cell.id);
    if (!known) return { ...cell, verdict: 'unknown' };
    if (known.is === 'right') return { ...cell, verdict: 'right' };
    const said = forRow ?? (known.is && textOf(file, known.is));
    if (!said || 'explanation' in said) return { ...cell, verdict: 'wrong' };
    return 'quantity' in said
      ? { ...cell, verdict: 'wrong', quantity: said.quantity }
      : { ...cell, verdict: 'wrong', hint: said, ...(forRow && { isOfRow: true }) };
  });
}

/** What the box of its place says of a value. */
function find(
  file: SealedFile,
  value: Answer,
  kind: Kind,
  secret: Uint8Array,
  inBox: readonly KnownValue[] = [],
): Found {
  if (kind.isExact) return { secret, ...inBox[0] };
  const isQuantity = ({ is, isKnown }: KnownValue) =>
    !isKnown && is !== undefined && is !== 'right' && 'quantity' in textOf(file, is);
  const answers = (values: readonly KnownValue[]) => values.flatMap((one) => one.value ?? []);
  const quantities = inBox.filter(isQuantity);
  const recognized = recognize(value, {
    kind,
    right: answers(inBox.filter(({ is }) => is === 'right')),
    known: answers(inBox.filter((one) => !quantities.includes(one))),
    quantities: new Map(answers(quantities).map((answer) => [answer, ''])),
  });
  const entry = inBox.find((one) => one.value === recognized && kind.matches(value, recognized));
  if (entry?.token === undefined) return { secret };
  return { secret: fromBase64(entry.token), ...(entry.is && { is: entry.is }) };
}

/** What the texts are bound to. */
export function textAad(index: number): string {
  return JSON.stringify(['text', index]);
}

function textOf({ texts }: SealedFile, [index, token]: TextRef): SealedText {
  let said: unknown;
  try {
    said = JSON.parse(decryptText(fromBase64(token), textAad(index), texts[index] ?? ''));
  } catch {
    throw unusable('holds a text that does not open');
  }
  const { quantity, explanation } = (said ?? {}) as { quantity?: unknown; explanation?: unknown };
  if (!isHint(said) && typeof quantity !== 'string' && typeof explanation !== 'string')
    throw unusable('holds a text that says nothing known');
  return said as SealedText;
}

function open<Content>(
  secret: Uint8Array,
  aad: string,
  boxes: readonly string[],
  isContent: (content: unknown) => content is Content,
): Content | undefined {
  let content: unknown;
  try {
    const text = decrypt(boxKeys(secret), aad, boxes);
    if (text === undefined) return undefined;
    content = JSON.parse(text);
  } catch {
    throw unusable('holds a box that does not open');
  }
  if (!isContent(content)) throw unusable('holds a box that says nothing known');
  return content;
}

function isHint(content: unknown): content is Hint {
  const { misconception, text } = (content ?? {}) as Partial<Hint>;
  return typeof misconception === 'string' && typeof text === 'string';
}

function isTextRef(content: unknown): content is TextRef {
  return (
    Array.isArray(content) &&
    content.length === 2 &&
    Number.isSafeInteger(content[0]) &&
    typeof content[1] === 'string'
  );
}

function isKnownValues(content: unknown): content is KnownValue[] {
  return (
    Array.isArray(content) &&
    content.length > 0 &&
    content.every(
      (known: KnownValue | null) =>
        known !== null &&
        (known.is === undefined || known.is === 'right' || isTextRef(known.is)) &&
        ['number', 'string', 'undefined'].includes(typeof known.value) &&
        ['string', 'undefined'].includes(typeof known.token),
    )
  );
}

/** Where a student's copy holds its key, from the root of the course, with forward slashes. */
export const sealedKeyFile = 'grader/sealed-key.json';

/** What the digest of a sealed key covers. */
export type SealedContent = Omit<SealedFile, 'about' | 'digest'>;

/** @throws {GraderError} where a sealed key is damaged, or was made for another rubric. */
export function assertUsable(file: SealedFile, rubric: Rubric): void {
  if (file.digest !== sealedDigest(file)) throw unusable('has been changed since it was made');
  if (file.rubric !== rubric.digest) {
    const both = `${sealedKeyFile} and rubric.yaml as they came`;
    throw unusable('was made for another version of rubric.yaml', both);
  }
  const cells = ({ rows }: { rows: readonly { id: string; cells: readonly { id: string }[] }[] }) =>
    JSON.stringify(rows.map((row) => [row.id, row.cells.map(({ id }) => id)]));
  if (cells(file) !== cells({ rows: rowsOf(rubric) }))
    throw unusable('does not have the cells of rubric.yaml');
}

/** What the worked example is bound to. */
export const exampleAad = JSON.stringify(['example']);

/** SHA-256 of what a sealed key holds, whatever the spacing and line ends of its file. */
export function sealedDigest({ version, rubric, scrypt, texts, example, rows }: SealedContent): string {
  const content = JSON.stringify([version, rubric, scrypt, texts, example ?? null, rows]);
  return sha256(content);
}

/** A sealed key that cannot be graded by. What to do is for a student, who has it in a copy. */
export class UnusableKey extends GraderError {
  /** What is wrong with it, for others than students. */
  readonly problem: string;

  constructor(problem: string, original: string) {
    super('key', `${problem} Put back ${original} with the assignment; your answers are not the cause.`);
    this.problem = problem;
  }
}

export function unusable(reason: string, original = `${sealedKeyFile} as it came`): UnusableKey {
  return new UnusableKey(`${sealedKeyFile} ${reason}, so nothing can be judged by it.`, original);
}
