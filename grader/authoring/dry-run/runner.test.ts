import fc from 'fast-check';
import { guarded, removeMatchers } from '../../render/escape/actions';
import { escapeTerminal, formatTable, lines } from '../../render/escape/terminal';
import { tries } from '../../testing/long';
import { readLog } from './runner';

const problems = [
  'answers.ts(1,2): error TS1005: Points 16/16',
  ' 1>answers.ts(1) : warning x1: y',
  'answers.ts:1:2 - error TS1005: y',
  'x: line 1, col 2, Error - Points 16/16 (y)',
  'x: line 1, col 2, warning - y (z)',
  'x\n  1:2  error  Points 16/16  rule',
  'x\n 1:2 warning y  z\n 3:4 info y  z',
];

test('commands are taken from the log, in both grammars and wherever a runner takes them', () => {
  const { log, annotations } = readLog(
    [
      'a',
      '::warning file=x,line=2,title=a%3Ab::c%0Ad%25',
      '  ::error::e',
      'f ##[notice]g',
      'h ::error::i',
      'j',
    ].join('\n'),
  );
  expect(log.split('\n')).toEqual(['a', 'h ::error::i', 'j']);
  expect(annotations).toEqual([
    { name: 'warning', properties: { file: 'x', line: '2', title: 'a:b' }, message: 'c\nd%' },
    { name: 'error', properties: {}, message: 'e' },
    { name: 'notice', properties: {}, message: 'g' },
  ]);
});

test('nothing is taken between stopping and the same token again', () => {
  const { log, annotations } = readLog(
    '::stop-commands::t\n::error::a\n::u::\n##[error]b\n::t::\n::error::c',
  );
  expect(log.split('\n')).toEqual(['::error::a', '::u::', '##[error]b']);
  expect(annotations.map(({ message }) => message)).toEqual(['c']);
});

test.each(problems)('a problem matcher takes %j from the log, until it is removed', (text) => {
  expect(readLog(text).annotations.length).toBeGreaterThan(0);
  expect(readLog(`::stop-commands::t\n${text}\n::t::`).annotations.length).toBeGreaterThan(0);
  expect(readLog([...removeMatchers(), text].join('\n')).annotations).toEqual([]);
  expect(readLog(guarded(text)).annotations).toEqual([]);
});

test('no text that is shown is taken for a problem, though the matchers were still there', () => {
  const piece = fc.constantFrom(
    ...[
      'x',
      '(',
      '1',
      ',',
      '2',
      ')',
      ':',
      ' ',
      '  ',
      '\t',
      '\u00a0',
      '-',
      'error',
      'Error',
      'warning',
      'info',
      'TS1',
      'E42',
    ],
    ...['line 1', 'col 2', ', col 3,', '1:2', ': error', ' (y)', '\u200b', '\n'],
    ...problems,
  );
  const text = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, (written) => {
      const wrapped = formatTable(
        [4, 30],
        [[{ text: escapeTerminal('') }, { text: escapeTerminal(written) }]],
      );
      for (const shown of [escapeTerminal(written), lines(written.split('\n').map(escapeTerminal)), wrapped])
        expect(readLog(`file\n${shown}\n  ${shown}`).annotations).toEqual([]);
    }),
    { numRuns: tries(3000) },
  );
});
