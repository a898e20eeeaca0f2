import { type KeyContent, type KnownRow, knownRows } from '../../key/known-answers';
import {
  cellName,
  rowFactName,
  type Scope,
  type SealedContent,
  type SealedFile,
  sealBox,
  sealedDigest,
  sealedVersion,
  secretsOf,
} from '../../key/sealed-key';
import type { Answer } from '../../kinds/kind';
import type { Rubric } from '../../rubric/rubric';
import { groupBy } from '../../system/lists';
import { randomBytes, toBase64 } from '../../system/platform';

const sealedNotice =
  'The answer key of this assignment, encrypted. It can tell whether a value is right, and holds no value that can be read. Leave it as it is: the grader refuses a key that has been changed.';

/** The file text of a sealed key: a single line, because nothing in it is readable. */
export function sealedKeyText(key: SealedFile): string {
  return `${JSON.stringify(key)}\n`;
}

/** A fact, what it is about, and the buckets of the values that reveal it. */
interface PlacedFact {
  readonly at: readonly [of: Scope, buckets: readonly string[]];
  readonly name: string;
  readonly fact: SealedContent[number][0];
}

/** Seals an answer key. Sealing a key twice gives different lookup ids and different boxes. */
export async function seal(rubric: Rubric, keyContent: KeyContent): Promise<SealedFile> {
  const salt = toBase64(randomBytes(16));
  const secretOf = secretsOf(salt);
  const facts = knownRows(rubric, keyContent).flatMap((row) => [...ofCells(row), ...ofRow(row)]);
  const boxes = [...groupBy(facts, ({ at }) => JSON.stringify(at))].map(async ([at, inBox]) => {
    // A text that several cells share is in the box only once.
    const inSameBox = [...groupBy(inBox, ({ fact }) => JSON.stringify(fact))].map(
      ([fact, same]) => [JSON.parse(fact), ...same.map(({ name }) => name)] as const,
    );
    return sealBox(await secretOf(...(JSON.parse(at) as PlacedFact['at'])), inSameBox);
  });
  const content = {
    version: sealedVersion,
    rubric: rubric.digest,
    salt,
    boxes: (await Promise.all(boxes)).sort(),
  };
  return { about: sealedNotice, digest: sealedDigest(content), ...content };
}

function ofCells({ id: row, cells }: KnownRow): PlacedFact[] {
  return cells.flatMap(({ id, kind, answers }) => {
    const inBuckets = answers.flatMap(({ value, ...known }) =>
      kind.bucketsOf(value).map((bucket) => ({ bucket, fact: kind.isExact ? known : { ...known, value } })),
    );
    return [...groupBy(inBuckets, ({ bucket }) => bucket)].map(([bucket, inBucket]) => ({
      at: ['cell', [bucket]],
      name: cellName(row, id),
      fact: inBucket.map(({ fact }) => fact),
    }));
  });
}

function ofRow({ id, cells, explanation, rowHints }: KnownRow): PlacedFact[] {
  const columns = cells.map((cell) => cell.id);
  const right =
    explanation === undefined ? [] : rightRows(cells).map((values) => ({ columns, values, explanation }));
  return [...rowHints, ...right].map(({ columns: hintColumns, values, ...fact }) => ({
    at: ['row', values.map(String)],
    name: rowFactName(id, hintColumns),
    fact,
  }));
}

/** The most combinations of right answers in a row to seal: many cells with many right answers each have too many. */
const maxRightRows = 64;

/** Every combination of right answers in a row, up to the limit. */
function rightRows(cells: KnownRow['cells']): Answer[][] {
  return cells.reduce<Answer[][]>(
    (rows, { answers }) => {
      const right = answers.filter(({ rank }) => rank === 'right');
      return rows.flatMap((row) => right.map(({ value }) => [...row, value])).slice(0, maxRightRows);
    },
    [[]],
  );
}
