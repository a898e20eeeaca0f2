import fc from 'fast-check';
import { cellsOf } from '../rubric/rubric';
import { casesIn } from '../testing/cases';
import { tries } from '../testing/long';
import { rubric } from '../testing/worksheet';
import { readAnswers } from './cells';

/** A file with four numbers, before and after a slip. */
interface Slip {
  readonly right: string;
  readonly slipped: string;
}

// No round thousands: with a point in it, such a number is no slip but a small number (1.000 is 1).
const unround = fc.integer({ min: 1000, max: 99_999 }).filter((value) => value % 1000 > 0);
const numbers = fc.array(unround, { minLength: 4, maxLength: 4 });
const chance = fc.infiniteStream(fc.boolean());

const fileOf = ([a, b, c, d]: readonly number[]) =>
  `export const boxes = {\n  basket: { down: ${a}, across: ${b} },\n  crate: { down: ${c}, across: ${d} },\n};\n`;

/** A slip in some of the matching places of a file, or in exactly one. */
function slip(place: RegExp, makeOf: (text: string) => string, isOne = false): fc.Arbitrary<Slip> {
  return fc.tuple(numbers, chance, fc.nat()).map(([values, coins, chosen]) => {
    const right = fileOf(values);
    const places = right.match(place)?.length ?? 1;
    const must = chosen % places;
    let at = 0;
    const slipped = right.replace(place, (text) => {
      const isHere = at++ === must || (!isOne && coins.next().value);
      return isHere ? makeOf(text) : text;
    });
    return { right, slipped };
  });
}

const inFile = (makeOf: (right: string) => string) =>
  numbers.map(fileOf).map((right) => ({ right, slipped: makeOf(right) }));

const anyNumber = /\b\d+\b/g;
const digitsFrom = (zero: number) => (text: string) =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
const grouped = (sign: string) => (text: string) => text.replace(/\B(?=\d{3}$)/, sign);
const everyName = /\b(?:down|across)\b/g;

/** Slips of each kind in advice.txt, by its number. */
const slips: Readonly<Record<string, readonly fc.Arbitrary<Slip>[]>> = {
  1: [slip(anyNumber, grouped(','))],
  2: [' ', '.', '\u202f', "'"].map((sign) => slip(anyNumber, grouped(sign), true)),
  3: [slip(anyNumber, (text) => `${text} 1024`, true), slip(anyNumber, (text) => `12,${text}`, true)],
  4: [
    slip(anyNumber, (text) => text.replace(/^./, 'l'), true),
    slip(anyNumber, (text) => text.replace(/.$/, 'O'), true),
    ...['%', '–', '€', 'null'].map((sign) => slip(anyNumber, (text) => `${text}${sign}`, true)),
    slip(anyNumber, (text) => `null${text}`, true),
  ],
  5: [0x660, 0x966, 0xff10, 0x1d7ce].map((zero) => slip(anyNumber, digitsFrom(zero))),
  6: ['"', "'"].map((mark) => slip(anyNumber, (text) => mark + text + mark)),
  7: [slip(anyNumber, (text) => `\`${text}\``), slip(anyNumber, (text) => `${text}\``, true)],
  8: [slip(/: (?=[\d{])/g, () => ' = '), slip(/: (?=[\d{])/g, () => ' => ')],
  9: [slip(/,/g, () => ';')],
  10: [slip(/: (?=[\d{])/g, () => ' ')],
  11: [slip(/,(?!\n\})/g, () => '')],
  12: [
    slip(anyNumber, (text) => `“${text}”`),
    slip(everyName, (text) => `‘${text}’`),
    slip(/^/g, () => 'import type { Boxes } from ‘./boxes’;\n'),
  ],
  13: [
    slip(everyName, (text) => text.toUpperCase()),
    slip(everyName, (text) => text.slice(0, 3)),
    slip(/basket|crate/g, (text) => text.charAt(0).toUpperCase() + text.slice(1)),
  ],
  14: [
    slip(/(?<=basket).*/g, (text) =>
      text.replace(':', ' =').replace(', ', '; ').replace(/\d+/, '"$&"').replace('across', 'Across'),
    ),
  ],
  15: [slip(/^ {2}(?=basket|crate)/gm, () => '  // ')],
  16: [
    inFile((right) => right.replace('export const boxes = ', '{ "boxes": ').replace('};', '}}')),
    inFile((right) =>
      JSON.stringify(
        {
          boxes: Object.fromEntries(
            [...right.matchAll(/(\w+): \{ down: (\d+), across: (\d+)/g)].map(([, row = '', down, across]) => [
              row,
              { down: Number(down), across: Number(across) },
            ]),
          ),
        },
        null,
        2,
      ),
    ),
  ],
  17: [inFile(() => 'export const boxes = {};\n')],
  18: ['/* my notes', '/* my notes\nof today', '"my notes', '`my notes'].map((end) =>
    inFile((right) => `${right}${end}\n`),
  ),
  19: [', ', ' ', ': ', ' = '].map((sign) =>
    inFile((right) => {
      const [value = ''] = right.match(anyNumber) ?? [];
      return `apples${sign}${value}\n${right.replace(value, 'apples')}`;
    }),
  ),
};

const valuesOf = (source: string) =>
  cellsOf(readAnswers(source, rubric)).map((cell) => (cell.kind === 'value' ? cell.value : cell.kind));

/**
 * The file after a student did as the messages say: took the corrected lines or, if none are shown, retyped the line
 * that the message points to as it was meant, or deleted what does not belong there.
 */
function followed(source: string, right: string): string {
  const { problems, rows, corrected, outside } = readAnswers(source, rubric);
  if (corrected) return corrected.source;
  const told = [...problems, ...cellsOf({ rows }), ...(outside ? [outside] : [])];
  const lines = source.split('\n');
  const meant = right.split('\n');
  for (const part of told) {
    const { location, reason } = { reason: undefined, location: undefined, ...part };
    if (reason?.text.includes('Take the original')) return right;
    if (reason === undefined || location === undefined) continue;
    if (reason.text.includes('without the slashes')) return source.replaceAll('// ', '');
    if (reason.text.includes('ends with */')) return `${source}*/\n`;
    lines[location.line - 1] = meant[location.line - 1] ?? '';
  }
  return lines.join('\n');
}

const kinds = [...new Set(casesIn('advice.txt').map(({ section }) => section))];

test('each kind of slip is tried', () => {
  expect(kinds.map((kind) => kind.split('.')[0])).toEqual(Object.keys(slips));
});

test.each(kinds)('what is told of a slip leads to the points in two rounds: %s', (kind) => {
  const all = slips[kind.split('.')[0] ?? ''] ?? [];
  fc.assert(
    fc.property(fc.oneof(...all), ({ right, slipped }) => {
      const wanted = valuesOf(right);
      expect(valuesOf(slipped)).not.toEqual(wanted);
      const first = followed(slipped, right);
      const second = valuesOf(first).join() === wanted.join() ? first : followed(first, right);
      expect([slipped, first, valuesOf(second)]).toEqual([slipped, first, wanted]);
    }),
    { numRuns: tries(100) },
  );
});
