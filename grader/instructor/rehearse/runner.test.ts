import { readLog } from './runner';

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
