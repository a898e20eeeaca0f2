import fc from 'fast-check';
import { message } from '../../message';
import { tries } from '../../testing/long';
import { anyText } from '../../testing/texts';
import { indentedJson } from './json';
import { escapeTerminal, formatTable, terminalSentence } from './terminal';

/** Text that is hostile more often than random text. */
const hostile = fc
  .array(
    fc.oneof(
      anyText(),
      fc.constantFrom(
        '::error::',
        '##[error]',
        '\u001b[2J',
        '\u009b31m',
        '\r\n',
        '\u202e',
        '\u2066',
        '\u200b',
        '\ufeff',
        ':',
        '#',
        '[',
        '\\u{3a}',
        '\ud800',
        '\u{e0041}',
        '\u2028',
      ),
    ),
  )
  .map((parts) => parts.join(''));

/** Deliberately unlike the code under test: works by code point, with one rule per line. */
function isHarmless(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false; // controls
  if (code === 0x061c || code === 0x200e || code === 0x200f) return false; // direction marks
  if (code >= 0x2028 && code <= 0x202e) return false; // line ends, embeddings and overrides
  if (code >= 0x2060 && code <= 0x206f) return false; // isolates, invisible operators
  if (code === 0x200b || code === 0xfeff || code === 0x00ad) return false; // invisible characters
  if (code >= 0xd800 && code <= 0xdfff) return false; // halves of surrogate pairs
  return !(code >= 0xe0000 && code <= 0xe007f); // tags
}

test('no text on a terminal moves the cursor, turns the direction or is taken for a command', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const shown = escapeTerminal(text);
      expect([...shown].every(isHarmless)).toBe(true);
      expect(shown).not.toMatch(/::|##\[/);
    }),
    { numRuns: tries(2000) },
  );
});

test('ordinary text in any script is shown as it is', () => {
  for (const text of ['Basket · rows', '为什么', 'क्षत्रिय', '👩‍👩‍👧 🏳️‍🌈', 'naïve: a # b [c]', '100 : 128'])
    expect(escapeTerminal(text)).toBe(text);
});

test('a quote stands between quotation marks, in the place the message gives it', () => {
  expect(terminalSentence(message('x', 'Write {this}, not {that}.', { this: 'a\u001bb', that: 'c' }))).toBe(
    'Write “a\\u{1b}b”, not “c”.',
  );
});

test('a quote that looks like a place for another is left alone', () => {
  expect(terminalSentence(message('x', 'Found {text}.', { text: '{text} {x}' }))).toBe('Found “{text} {x}”.');
});

test('JSON for a terminal holds nothing harmful and parses to the very same value', () => {
  fc.assert(
    fc.property(hostile, hostile, (key, value) => {
      const text = indentedJson({ [key]: [value] });
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ [key]: [value] })));
      expect([...text.replaceAll('\n', '')].every(isHarmless)).toBe(true);
      expect(text).not.toMatch(/::|##\[/);
    }),
    { numRuns: tries(2000) },
  );
});

test('a sheet keeps to its width and says everything', () => {
  const words = Array.from({ length: 60 }, (_, n) => `word${n}`);
  const text = formatTable(
    [4, 40],
    [[{ text: escapeTerminal('') }, { text: escapeTerminal(words.join(' ')) }]],
  );
  const lines = text.split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(44);
  expect(lines.every((line) => line.startsWith('    '))).toBe(true);
  expect(text.split(/\s+/).filter(Boolean)).toEqual(words);
});
