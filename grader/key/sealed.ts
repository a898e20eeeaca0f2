import { GraderError } from '../error';
import type { Answer, Kind } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { fromBase64, sha256 } from '../platform';
import { allRowsOf, type Rubric } from '../rubric/rubric';
import { openBox, rowSecret, secretsOf } from './encryption';
import { type KnownAnswer, recognize } from './hints';
import type { AnswerKey, FilledCell, Hint, Judgement } from './key';
import type { SealedFile } from './sealed-file.schema';

/** One value of a place, as the box of that place describes it. */
export interface KnownValue extends Pick<KnownAnswer, 'rank'> {
  /** The secret of the text with the hint or quantity for the value. */
  readonly text?: string;
  /** The value, and its part of the row's secret, if the place may have other values too. */
  readonly value?: Answer;
  readonly secret?: string;
}

/** The content of a text. A box of a row holds only the secret of one. */
export type SealedText = Hint | { readonly quantity: readonly string[] } | { readonly explanation: string };

/**
 * The key of a student's copy. It judges a value by the boxes that the value opens. Its judgments contain no values. In
 * its file, only the boxes of decimals contain any, and only a value within about their tolerance opens them.
 *
 * @throws {GraderError} if the file is damaged, or was made for another rubric.
 */
export function sealedKey(file: SealedFile, rubric: Rubric): AnswerKey {
  assertUsable(file, rubric);
  const all = allRowsOf(rubric);
  const rows = new Map(all.map(({ id, cells }) => [id, cells.map(kindOf)]));
  const secretOf = secretsOf(file.scrypt);

  /** Opens the boxes for the values of a row: one for each cell, and one for the row if all values are there. */
  const open = async (id: string, cells: readonly FilledCell[]) => {
    const row = file.rows.find((one) => one.id === id);
    const found = await Promise.all(
      (row?.cells ?? []).map(async (cell, index) => {
        const value = cells.find((one) => one.id === cell.id)?.value;
        const kind = rows.get(id)?.[index];
        if (value === undefined || !kind) return undefined;
        const secret = await secretOf(id, cell.id, kind.placeOf(value));
        const known = find(value, kind, opened(secret, cell.boxes, isKnownValues) ?? []);
        return { id: cell.id, known, secret: known?.secret ? fromBase64(known.secret) : secret };
      }),
    );
    const all = found.flatMap((one) => one?.secret ?? []);
    const text =
      row && all.length === found.length
        ? opened(rowSecret(id, all), row.boxes, (content) => typeof content === 'string')
        : undefined;
    return {
      known: new Map(found.flatMap((one) => (one ? [[one.id, one.known] as const] : []))),
      forRow: text === undefined ? undefined : sealedTextOf(file, text),
    };
  };

  return {
    digest: `sealed:${file.digest}`,
    judge: async ({ id, cells }) => {
      const { known, forRow } = await open(id, cells);
      return cells.map((cell) => {
        const text = known.get(cell.id)?.text;
        const sealedText = forRow ?? (text === undefined ? undefined : sealedTextOf(file, text));
        return {
          ...cell,
          ...judgement(known.has(cell.id), known.get(cell.id), sealedText, forRow !== undefined),
        };
      });
    },
    explain: async ({ id, cells }) => {
      const { forRow } = await open(id, cells);
      return forRow && 'explanation' in forRow ? forRow.explanation : undefined;
    },
  };
}

function judgement(
  isFilled: boolean,
  known: KnownValue | undefined,
  sealedText: SealedText | undefined,
  isOfRow: boolean,
): Judgement {
  if (!isFilled) return { verdict: 'unknown' };
  if (known?.rank === 'right') return { verdict: 'right' };
  if (!sealedText || 'explanation' in sealedText) return { verdict: 'wrong' };
  if ('quantity' in sealedText) return { verdict: 'wrong', quantity: sealedText.quantity };
  return { verdict: 'wrong', hint: sealedText, ...(isOfRow && { isOfRow }) };
}

/** Finds the entry of a box that a value counts as. Kinds that compare exactly have only one per box. */
function find(value: Answer, kind: Kind, inBox: readonly KnownValue[]): KnownValue | undefined {
  if (kind.isExact) return inBox[0];
  const answers = inBox.flatMap((known) =>
    known.value === undefined ? [] : [{ ...known, value: known.value }],
  );
  return recognize(value, { kind, answers });
}

function sealedTextOf({ texts }: SealedFile, secret: string): SealedText {
  const sealedText = opened(fromBase64(secret), texts, isText);
  if (!sealedText) throw unusableKey('sealed-text-missing', 'lacks a text');
  return sealedText;
}

function opened<Content>(
  secret: Uint8Array,
  boxes: readonly string[],
  isContent: (content: unknown) => content is Content,
): Content | undefined {
  let content: unknown;
  try {
    content = openBox(secret, boxes);
  } catch {
    throw unusableKey('sealed-box-damaged', 'holds a box that does not open');
  }
  if (content === undefined || isContent(content)) return content;
  throw unusableKey('sealed-box-foreign', 'holds a box with unknown content');
}

function isText(content: unknown): content is SealedText {
  const record = (content ?? {}) as Record<string, unknown>;
  const has = (...names: readonly string[]) => names.every((name) => typeof record[name] === 'string');
  const { quantity } = record;
  const isQuantity = Array.isArray(quantity) && quantity.every((phrase) => typeof phrase === 'string');
  return has('misconception', 'text') || isQuantity || has('explanation');
}

function isKnownValues(content: unknown): content is KnownValue[] {
  return (
    Array.isArray(content) &&
    content.length > 0 &&
    content.every(
      (known: KnownValue | null) =>
        ['right', 'wrong', 'quantity'].includes(String(known?.rank)) &&
        ['number', 'string', 'undefined'].includes(typeof known?.value) &&
        [known?.text, known?.secret].every((text) => ['string', 'undefined'].includes(typeof text)),
    )
  );
}

/** The path of the key in a student's copy, from the root of the course, with forward slashes. */
export const sealedKeyFile = 'grader/sealed-key.json';

/** The content that the digest of a sealed key covers. */
export type SealedContent = Omit<SealedFile, 'about' | 'digest'>;

/** @throws {GraderError} if a sealed key is damaged, or was made for another rubric. */
export function assertUsable(file: SealedFile, rubric: Rubric): void {
  if (file.digest !== sealedDigest(file))
    throw unusableKey('sealed-key-changed', 'has been changed since it was made');
  if (file.rubric !== rubric.digest) {
    const both = `${sealedKeyFile} and rubric.yaml as they came`;
    throw unusableKey('sealed-for-other-rubric', 'was made for another version of rubric.yaml', both);
  }
  const cells = ({ rows }: { rows: readonly { id: string; cells: readonly { id: string }[] }[] }) =>
    JSON.stringify(rows.map((row) => [row.id, row.cells.map(({ id }) => id)]));
  if (cells(file) !== cells({ rows: allRowsOf(rubric) }))
    throw unusableKey('sealed-other-cells', 'does not have the cells of rubric.yaml');
}

/** SHA-256 of the content of a sealed key, independent of the spacing and line ends of its file. */
export function sealedDigest({ version, rubric, scrypt, texts, rows }: SealedContent): string {
  const content = JSON.stringify([version, rubric, scrypt, texts, rows]);
  return sha256(content);
}

/** A sealed key that cannot be used for grading. The message tells a student, who has it in a copy, what to do. */
export class UnusableKey extends GraderError {
  /** The problem without that advice, for readers other than students. */
  readonly problem: string;

  constructor(code: string, problem: string, original: string) {
    super(
      'key',
      code,
      `${problem} Put back ${original} with the assignment; your answers are not the cause.`,
    );
    this.problem = problem;
  }
}

export function unusableKey(
  code: string,
  reason: string,
  original = `${sealedKeyFile} as it came`,
): UnusableKey {
  return new UnusableKey(code, `${sealedKeyFile} ${reason}, so nothing can be graded with it.`, original);
}
