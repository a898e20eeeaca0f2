import fc from 'fast-check';
import type { Decision } from './decision.schema';
import { decisionsText, journalOf, readDecisions } from './journal';

/** A line without what no rule of standing depends on. */
const line = (id: string, more: Partial<Decision> = {}): Decision => ({
  ...{ version: 1, id, press: id, at: '2026-12-04T10:00:00Z', by: '' },
  ...{ about: { key: 'ada' }, aspect: 'points' },
  ...more,
});
const gives = (id: string, total: number, replaces: readonly string[] = []) =>
  line(id, { does: { total }, replaces: [...replaces] });
const back = (id: string, ...takesBack: string[]) => line(id, { takesBack });

const standing = (...lines: readonly Decision[]) => journalOf(lines).standing.map(({ id }) => id);

const fileOf = (text: string, name = 'decisions.jsonl') => ({ name, bytes: Buffer.from(text) });

test('undo brings back what stood before, and redo what was taken back', () => {
  const [first, second, third] = [gives('a', 14), gives('b', 15, ['a']), gives('c', 16, ['b'])];
  expect(standing(first, second, third)).toEqual(['c']);
  expect(standing(first, second, third, back('d', 'c'))).toEqual(['b']);
  expect(standing(first, second, third, back('d', 'c'), back('e', 'b'))).toEqual(['a']);
  expect(standing(first, second, third, back('d', 'c'), back('e', 'd'))).toEqual(['c']);
});

test('what somebody takes back is gone, whatever another person has put in its place', () => {
  const first = gives('a', 14);
  // Grace replaces what Ada takes back.
  expect(standing(first, back('ada', 'a'), gives('grace', 15, ['a']))).toEqual(['grace']);
  expect(standing(first, back('ada', 'a'), gives('grace', 15, ['a']), back('undo', 'grace'))).toEqual([]);
  // Two people who did not know of each other both stand.
  expect(standing(first, gives('b', 15, ['a']), gives('c', 16, ['a']))).toEqual(['b', 'c']);
});

/** What a person does in a page: decides something new, undoes the last thing that is done, or redoes it. */
type Act = number | 'undo' | 'redo';
const acts = fc.array(
  fc.oneof(
    { arbitrary: fc.nat(20) as fc.Arbitrary<Act>, weight: 3 },
    { arbitrary: fc.constantFrom<Act[]>('undo', 'redo'), weight: 2 },
  ),
  { maxLength: 12 },
);

/** The lines that a page writes about one thing, after those that it was given. */
function linesOf(did: readonly Act[], given: readonly Decision[], who = ''): Decision[] {
  const lines = [...given];
  const presses: string[] = [];
  const undone: string[] = [];
  const write = (made: Decision) => {
    lines.push(made);
    return made.id;
  };
  for (const [at, act] of did.entries()) {
    const id = `${who}${at}`;
    if (act === 'undo') {
      const last = presses.pop();
      if (last !== undefined) undone.push(write(back(id, last)));
    } else if (act === 'redo') {
      const last = undone.pop();
      if (last !== undefined) presses.push(write(back(id, last)));
    } else {
      undone.length = 0;
      presses.push(write(gives(id, act, standing(...lines))));
    }
  }
  return lines;
}

/** What an editor with undo and redo shows after all that. */
function shownBy(did: readonly Act[]): number | undefined {
  let [done, undone]: [number[], number[]] = [[], []];
  for (const act of did) {
    if (act === 'undo') undone = [...undone, ...done.splice(-1)];
    else if (act === 'redo') done = [...done, ...undone.splice(-1)];
    else [done, undone] = [[...done, act], []];
  }
  return done.at(-1);
}

test('of what one person decides, undoes and redoes, as much stands as an editor would show', () => {
  fc.assert(
    fc.property(acts, (did) => {
      const totals = journalOf(linesOf(did, [])).standing.map(({ does }) => does?.total);
      expect(totals).toEqual([shownBy(did)].filter((total) => total !== undefined));
    }),
  );
});

/** What the page of the docs says, word by word. */
function standsByDefinition(lines: readonly Decision[]): string[] {
  const isTakenBack = (id: string): boolean =>
    lines.some((other) => other.takesBack?.includes(id) && !isTakenBack(other.id));
  return lines.flatMap(({ id, takesBack }) => {
    const isReplaced = lines.some((other) => other.replaces?.includes(id) && !isTakenBack(other.id));
    return takesBack || isTakenBack(id) || isReplaced ? [] : [id];
  });
}

test('three people on copies of one class come to one result, in any order, split into any files, given twice', () => {
  const peoples = fc.record({ before: acts, ada: acts, ben: acts, cyd: acts });
  fc.assert(
    fc.property(peoples, fc.infiniteStream(fc.nat(999)), (did, chance) => {
      const draw = () => chance.next().value ?? 0;
      const base = linesOf(did.before, [], 'base');
      const all = (['ada', 'ben', 'cyd'] as const).flatMap((who) => linesOf(did[who], base, who));
      const files = [...all, ...all.filter(() => draw() % 3 === 0)]
        .map((one) => ({ one, file: draw() % 3, rank: draw() }))
        .sort((one, other) => one.rank - other.rank);
      const given = [0, 1, 2].map((number) =>
        fileOf(decisionsText(files.flatMap(({ one, file }) => (file === number ? one : [])))),
      );
      const read = readDecisions(given);
      expect(new Set(read.map(({ id }) => id))).toEqual(new Set(all.map(({ id }) => id)));
      expect(standing(...read).sort()).toEqual([...new Set(standsByDefinition(all))].sort());
      expect(journalOf(read).missing).toEqual([]);
      // What only one of them has done is as if the others were not there.
      if (did.ben.length + did.cyd.length === 0)
        expect(standing(...read).sort()).toEqual(standing(...linesOf(did.ada, base, 'ada')).sort());
    }),
  );
});

test('a line that another file has is told as missing, and is no error', () => {
  const { missing } = journalOf([gives('b', 15, ['a']), back('c', 'x', 'b')]);
  expect(missing).toEqual(['a', 'x']);
});

test('lines that name each other in a circle are refused, naming both', () => {
  expect(() => journalOf([gives('one', 14, ['two']), back('two', 'one'), gives('x', 1)])).toThrow(
    /(?=.*\bone\b)(?=.*\btwo\b)/,
  );
});

test.each([
  ['a line that is cut off', decisionsText([gives('a', 1)]).slice(0, -9), 'is cut off'],
  [
    'a file of something else',
    `${decisionsText([gives('a', 1)])}{"login":"ada"}\n`,
    'line 2, is no decision',
  ],
  ['a file of a later version', '{"version":2}\n', 'line 1, is no decision of version 1'],
  ['a table', 'login,total\n', 'line 1, is no decision'],
  [
    'two decisions with one id',
    decisionsText([gives('a', 1), gives('a', 2)]),
    'line 2, has the id a of another',
  ],
])('%s is refused, naming the file and the line', (_, text, says) => {
  const read = () => readDecisions([fileOf(text, 'decisions (1).jsonl')]);
  expect(read).toThrow('decisions (1).jsonl, line');
  expect(read).toThrow(says);
});
