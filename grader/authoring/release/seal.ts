import { groupBy } from '../../key/group-by';
import type { KeyContent, KnownRow } from '../../key/hints';
import { knownRows } from '../../key/plain';
import {
  type CellFact,
  cellName,
  type RowFact,
  type Scope,
  type SealedFile,
  sealBox,
  sealedDigest,
  sealedVersion,
  secretsOf,
} from '../../key/sealed';
import type { Answer } from '../../kinds/kind';
import { randomBytes, toBase64 } from '../../platform';
import type { Rubric } from '../../rubric/rubric';

const sealedNotice =
  'The sealed answer key of this assignment. It can tell whether a value is right, and holds no value that can be read. Leave it as it is: the grader refuses a key that has been changed.';

/** The file text of a sealed key: a single line, because nothing in it is readable. */
export function sealedKeyText(key: SealedFile): string {
  return `${JSON.stringify(key)}\n`;
}

/** A fact, what it is about, and the places of the values that tell it. */
interface Told {
  readonly of: Scope;
  readonly places: readonly string[];
  readonly name: string;
  readonly fact: CellFact | RowFact;
}

/** Seals an answer key. Sealing a key twice gives no lookup id and no box in common. */
export async function seal(rubric: Rubric, keyContent: KeyContent): Promise<SealedFile> {
  const salt = toBase64(randomBytes(16));
  const secretOf = secretsOf(salt);
  const told = knownRows(rubric, keyContent).flatMap((row) => [...ofCells(row), ...ofRow(row)]);
  const inBoxes = [...groupBy(told, ({ of, places }) => JSON.stringify([of, places])).values()];
  const boxes = inBoxes.flatMap(async (inBox) => {
    const [{ of, places }] = inBox as [Told];
    // A text that several cells share is in the box once.
    const facts = [...groupBy(inBox, ({ fact }) => JSON.stringify(fact)).values()].map(
      (same) => [(same[0] as Told).fact, ...same.map(({ name }) => name)] as const,
    );
    return sealBox(await secretOf(of, places), facts);
  });
  const content = {
    version: sealedVersion,
    rubric: rubric.digest,
    salt,
    boxes: (await Promise.all(boxes)).sort(),
  };
  return { about: sealedNotice, digest: sealedDigest(content), ...content };
}

function ofCells({ id: row, cells }: KnownRow): Told[] {
  return cells.flatMap(({ id, kind, answers }) => {
    const inPlaces = answers.flatMap(({ value, ...known }) => {
      // A wrong value that has a place of its own and no text needs no box.
      if (kind.isExact && known.rank === 'wrong' && !known.hint && !known.quantity) return [];
      const fact = kind.isExact ? known : { ...known, value };
      return kind.placesOf(value).map((place) => ({ place, fact }));
    });
    return [...groupBy(inPlaces, ({ place }) => place)].map(([place, inPlace]) => ({
      of: 'cell' as const,
      places: [place],
      name: cellName(row, id),
      fact: inPlace.map(({ fact }) => fact),
    }));
  });
}

function ofRow(row: KnownRow): Told[] {
  const hints = [...row.rowHints.values()].map(({ values, hint }) => ({ values, fact: { hint } }));
  return [...hints, ...rightRows(row)].map(({ values, fact }) => ({
    of: 'row',
    places: values.map(String),
    name: row.id,
    fact,
  }));
}

/** The limit on right combinations per row: many cells with many accepted answers have too many. */
const maxRightRows = 64;

/** Every combination of right answers in a row, up to the limit, with its explanation. */
function rightRows({ cells, explanation }: KnownRow) {
  if (explanation === undefined) return [];
  const all = cells.reduce<Answer[][]>(
    (rows, { answers }) =>
      rows.flatMap((row) =>
        answers.flatMap(({ rank, value }) => (rank === 'right' ? [[...row, value]] : [])),
      ),
    [[]],
  );
  return all.slice(0, maxRightRows).map((values) => ({ values, fact: { explanation } }));
}
