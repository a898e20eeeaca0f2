import { sites } from './sites';
import { formatTable, readTable, withoutExamples } from './table';

const all = sites();

test('messages.txt holds each message as the source words it; npm run messages writes it', () => {
  expect(withoutExamples(readTable())).toBe(formatTable(all));
});

test('no two errors share a code', () => {
  const codes = all.filter((site) => site.isError && site.code !== '…').map(({ code }) => code);
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
});
