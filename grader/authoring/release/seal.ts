import type { Course } from '../../course';
import { randomSalt, randomSecret, rowSecret, type Scrypt, sealBox, secretsOf } from '../../key/encryption';
import type { KnownAnswer, KnownCell } from '../../key/hints';
import { type KeyContent, type KeyRow, knownRows } from '../../key/plain';
import { type KnownValue, type SealedContent, type SealedText, sealedDigest } from '../../key/sealed';
import type { SealedFile } from '../../key/sealed-file.schema';
import type { Answer } from '../../kinds/kind';
import { fromBase64 } from '../../platform';
import type { Rubric } from '../../rubric/rubric';

/** 4 MiB and about 6 ms per guess. This hides values from readers and searches; no setting could do more. */
export const usualScrypt: Omit<Scrypt, 'salt'> = { log2N: 12, r: 8, p: 1 };

const sealedNotice =
  'The sealed answer key of this assignment. It can tell whether a value is right, and holds no value that can be read. Leave it as it is: the grader refuses a key that has been changed.';

/** Returns the sealed key of a students' copy, if it has one. */
export async function keyForStudents({ rubric, solution }: Course): Promise<SealedFile | undefined> {
  return rubric.selfCheck === 'scored' ? seal(rubric, solution) : undefined;
}

/** The file text of a sealed key: a single line, because nothing in it is readable. */
export function sealedKeyText(key: SealedFile): string {
  return `${JSON.stringify(key)}\n`;
}

/** Seals an answer key. Sealing a key twice gives no lookup id and no box in common. */
export async function seal(
  rubric: Rubric,
  keyContent: KeyContent,
  strength = usualScrypt,
): Promise<SealedFile> {
  const scrypt = { ...strength, salt: randomSalt() };
  const secretOf = secretsOf(scrypt);
  /** The secrets of the texts that boxes refer to, by text. */
  const texts = new Map<string, string>();
  const refer = (sealedText: SealedText): string => {
    const text = JSON.stringify(sealedText);
    const secret = texts.get(text) ?? randomSecret();
    texts.set(text, secret);
    return secret;
  };

  const sealCell = async (row: string, { id, kind, answers }: KnownCell) => {
    const inPlaces = new Map<string, KnownValue[]>();
    const secrets = new Map<Answer, Uint8Array | Promise<Uint8Array>>();
    for (const answer of answers) {
      const { value, rank } = answer;
      const answerText = textFor(answer);
      const known: KnownValue = { rank, ...(answerText && { text: refer(answerText) }) };
      const secret = randomSecret();
      secrets.set(value, kind.isExact ? secretOf(row, id, kind.placeOf(value)) : fromBase64(secret));
      // A wrong value that has a place of its own and no text needs no box.
      if (kind.isExact && rank === 'wrong' && !answerText) continue;
      for (const place of kind.placesOf(value)) {
        const others = inPlaces.get(place) ?? [];
        inPlaces.set(place, [...others, kind.isExact ? known : { ...known, value, secret }]);
      }
    }
    const boxes = [...inPlaces].map(async ([place, known]) => sealBox(await secretOf(row, id, place), known));
    return { id, secrets, boxes: (await Promise.all(boxes)).sort() };
  };

  const sealRow = async (row: KeyRow) => {
    const cells = await Promise.all(row.cells.map((cell) => sealCell(row.id, cell)));
    const sealedRows = [
      ...row.rowHints.map(({ values, hint }) => ({ values, said: hint })),
      ...rightRows(row),
    ];
    const boxes = sealedRows.map(async ({ values, said }) => {
      const secrets = values.flatMap((value, index) => cells[index]?.secrets.get(value) ?? []);
      return sealBox(rowSecret(row.id, await Promise.all(secrets)), refer(said));
    });
    return {
      id: row.id,
      cells: cells.map(({ id, boxes }) => ({ id, boxes })),
      boxes: (await Promise.all(boxes)).sort(),
    };
  };
  const sealedRows = await Promise.all(knownRows(rubric, keyContent).map(sealRow));

  const content: SealedContent = {
    version: 8,
    rubric: rubric.digest,
    scrypt,
    texts: [...texts].map(([text, secret]) => sealBox(fromBase64(secret), JSON.parse(text))).sort(),
    rows: sealedRows,
  };
  return { about: sealedNotice, digest: sealedDigest(content), ...content };
}

function textFor({ hint, quantity }: KnownAnswer): SealedText | undefined {
  return hint ?? (quantity === undefined ? undefined : { quantity });
}

/** The limit on right combinations per row: many cells with many accepted answers have too many. */
const maxRightRows = 64;

/** Every combination of right answers in a row, up to the limit, with its explanation. */
function rightRows({ cells, explanation }: KeyRow) {
  if (explanation === undefined) return [];
  const all = cells.reduce<Answer[][]>(
    (rows, { answers }) =>
      rows.flatMap((row) =>
        answers.flatMap(({ rank, value }) => (rank === 'right' ? [[...row, value]] : [])),
      ),
    [[]],
  );
  return all.slice(0, maxRightRows).map((values) => ({ values, said: { explanation } }));
}
