import { plainKey } from '../key/judge';
import type { KeyContent } from '../key/known-answers';
import { cellsOf } from '../rubric/rubric';
import { gradeTexts } from '../testing/grade';
import { rightBags, rightBoxes, twoTables, twoTablesRubric, twoTablesSolution } from '../testing/two-tables';
import {
  answersOf,
  blankAnswers,
  notesOf,
  rightAnswers,
  rubric,
  rubricIn,
  rubricYaml,
  solution,
} from '../testing/worksheet';

describe('points', () => {
  test('the right table and two responses earn everything, and more responses no more', async () => {
    const { possible } = rubric;
    const reflection = { points: 6, possible: 6, present: true };
    for (const notes of [notesOf('Pears', 'Lemons'), notesOf('a', 'b', 'c')])
      expect(await gradeTexts(rightAnswers, notes)).toMatchObject({ points: possible, possible, reflection });
  });

  test('each single wrong cell loses exactly its own point, and says why unless it is blank', async () => {
    for (const at of [0, 1, 2, 3])
      for (const wrong of ['1', '8', '1000', '"7"', 'null', 'f']) {
        const [a, b, c, d] = [7, 11, 7, 13].map((right, index) => (index === at ? wrong : right));
        const answers = answersOf(`{ down: ${a}, across: ${b} }`, `{ down: ${c}, across: ${d} }`);
        const report = await gradeTexts(answers, notesOf('a', 'b'));
        expect([wrong, report.points]).toEqual([wrong, rubric.possible - 1]);
        const lost = cellsOf(report).filter(({ points }) => points === 0);
        expect(lost).toEqual([cellsOf(report)[at]]);
        const isBlank = wrong === 'null';
        expect([lost[0]?.outcome === 'blank', lost[0]?.reason === undefined]).toEqual([isBlank, isBlank]);
      }
  });

  test.each([
    ['the untouched stub', blankAnswers, notesOf(), false, 0],
    ['one cell', answersOf('{ down: 9, across: null }', 'null'), notesOf(), true, 0],
    ['one response', blankAnswers, notesOf('Pears'), true, 3],
    ['a file that cannot be read', 'export const boxes = {', notesOf('a'), true, 3],
  ])('%s is a start or not, and has its points', async (_name, answers, notes, started, points) => {
    const report = await gradeTexts(answers, notes);
    expect(report).toMatchObject({ started, points });
  });
});

describe('what a wrong cell is told', () => {
  /** Each cause in the report: its kind, the number of its cell, and its text. */
  async function told(answers: string, key?: KeyContent, of = rubric) {
    const report = await gradeTexts(answers, notesOf(), key && plainKey(of, key), of);
    return cellsOf(report).flatMap(({ cause, reason }, at) =>
      cause ? `${cause.kind} ${at}: ${reason?.text}` : [],
    );
  }
  const row = (down: number | string, across: number | string) => `{ down: ${down}, across: ${across} }`;
  const right = row(7, 13);
  const turned = /^misconception 0: Turn it round\.\nmisconception 1: Turn it round\.$/;
  const meanings =
    /^quantity 0: .* 70, which could be how many seeds .*, or how many leaves .* did you mean\?$/;

  test.each([
    ['a known wrong row, where it is wrong', row(7, 24), right, /^misconception 1: Only one kind .*$/],
    ['a known wrong number, whatever is beside it', 'null', row(1000, 99), /^misconception 3: .* peeled\.$/],
    ['what a number is', row(8, 7), 'null', /^quantity 1: 7 is how many apples there are\.$/],
    ['which of two things was meant', row('7 * 10', 1), 'null', meanings],
    ['that one row among others is transposed', row(11, 7), right, turned],
    ['that one row alone is transposed', row(11, 7), 'null', turned],
  ])('%s', async (_name, basket, crate, expected) => {
    expect((await told(answersOf(basket, crate))).join('\n')).toMatch(expected);
  });

  test('a table that is transposed throughout gets one hint, not one a row', async () => {
    const answers = answersOf(row(11, 7), row(13, 7));
    const { tables } = await gradeTexts(answers);
    expect(tables[0]?.hint).toEqual({ misconception: 'transposed', text: 'Turn it round.' });
    expect(await told(answers)).toEqual([]);
  });

  test('without any cause it asks the question of its column', async () => {
    const [down, across] = cellsOf(await gradeTexts(answersOf(row('3 + 5', 1), 'null')));
    expect(down?.reason).toEqual({
      code: 'cell/wrong',
      text: '{typed} comes to 8, which is not right here. How many lie below each other?',
      quotes: { typed: '3 + 5' },
    });
    expect(across?.reason?.text).toBe('{typed} is not right here.');
  });

  const bare = { ...solution, misconceptions: [], quantities: [] };
  const laws = 'laws:\n  - { law: basket.across = crate.across, because: So it is. }\n';
  const withLaws = rubricIn(`${rubricYaml}${laws}`);

  test.each([
    ['copied from its row', row(7, 7), row(3, 3), /^place 1: .* in Basket of fruit · down, but not here\.$/],
    ['copied from its column', row(7, 11), row(3, 11), /^place 3: .* in Basket of fruit, but not here\.$/],
    // Pointing to a cell that is wrong itself would give away its right answer.
    ['nothing of a cell that is wrong', row(99, 7), 'null', /^$/],
    ['nothing of two that are wrong', row(99, 98), row(99, 11), /^$/],
  ])('an answer that is right elsewhere: %s', async (_name, basket, crate, expected) => {
    expect((await told(answersOf(basket, crate), bare)).join('\n')).toMatch(expected);
  });

  test('an option that is right in another row is no answer in the wrong place: with a few, each is', async () => {
    const choices = rubricIn(
      'title: T\nfile: a.ts\ntables:\n- { export: t, points: 1, rows: [{ id: a, label: A }, { id: b, label: B }], columns: [{ id: ripe, label: Ripe, kind: choice, options: [yes, no, maybe] }] }\n',
    );
    const expected = ['yes', 'no'].map((value, index) => ({
      id: 'ab'[index] ?? '',
      cells: [{ id: 'ripe', value }],
    }));
    const answers = "export const t = { a: { ripe: 'yes' }, b: { ripe: 'yes' } };";
    expect(await told(answers, { ...bare, expected }, choices)).toEqual([]);
  });

  test('an answer that is right elsewhere is followed by the question of its own row', async () => {
    const own = 'label: Crate, cells: { across: { ask: How wide is the crate? } } }';
    const asking = rubricIn(rubricYaml.replace('label: Crate }', own));
    expect((await told(answersOf(row(7, 11), row(3, 11)), bare, asking)).join()).toMatch(
      /^place 3: .* in Basket of fruit, but not here\. How wide is the crate\?$/,
    );
  });

  test('a hint, a quantity and a law come before a place', async () => {
    expect((await told(answersOf(row(7, 7), 'null'))).join()).toMatch(/^quantity 1: [^:]*$/);
    expect((await told(answersOf(row(7, 7), row(7, 9)), bare, withLaws)).join()).not.toContain('place');
  });

  test('a hint for a row comes before one for its cell, and of two causes the first sentences are told', async () => {
    const ofCrate = (id: string, text: string) => ({
      id,
      row: 'crate',
      values: { down: 5, across: 99 },
      text,
    });
    const cut = ofCrate('cut', 'It was cut. How wide is a whole one?');
    const withKnown = (...known: (typeof cut)[]) => ({
      ...solution,
      misconceptions: [...solution.misconceptions, ...known],
    });
    const answers = answersOf('null', row(5, 99));
    expect(await told(answers, withKnown(cut))).toEqual([
      `misconception 2: ${cut.text}`,
      `misconception 3: ${cut.text}`,
    ]);
    const [first] = await told(answers, withKnown(cut, ofCrate('dried', 'It was dried. Why?')));
    expect(first).toBe('misconception 2: Either: It was cut. Or: It was dried.');
  });

  test('a number of three meanings is told none of them', async () => {
    const quantities = [...solution.quantities, { value: 70, phrase: 'how many pips a core has' }];
    expect(await told(answersOf(row(70, 11), 'null'), { ...solution, quantities })).toEqual([]);
  });
});

describe('a worksheet of two tables', () => {
  const key = plainKey(twoTablesRubric, twoTablesSolution);
  const notes = notesOf('a', 'b');
  const gradeText = (text: string) => gradeTexts(text, notes, key, twoTablesRubric);
  const { possible } = twoTablesRubric;
  const both = twoTables(rightBoxes, rightBags);

  test('counts the points of both, and marks each as it is filled in', async () => {
    expect(await gradeText(both)).toMatchObject({ points: possible, problems: [] });
    const report = await gradeText(twoTables({}, { ...rightBags, pouch: [10, 29] }));
    expect(report.points).toBe(possible - 4 - 2);
    expect(cellsOf(report).map(({ outcome }) => outcome)).toEqual([
      ...Array(4).fill('blank'),
      ...['correct', 'correct', 'wrong', 'wrong'],
    ]);
  });

  const next = 'export const bags';
  test.each<[string, string]>([
    ['its last brace is missing', both.replace(/\};\n$/, '')],
    ['a row is there twice', both.replace('  pouch: { down: 12', '  sack: {},\n  sack: {},\n$&')],
    ['it is no const', both.replace(next, 'export let bags')],
    ['a line above it is no statement', both.replace(next, 'now the second\n$&')],
    ['a comment above it does not end', both.replace(next, '/* mine\n$&')],
    ['git left a mark of a conflict above it', both.replace(`;\n${next}`, `\n<<<<<<< HEAD\n${next}`)],
    ['a note is below it', `${both}I used 3 * 4 here: "apples".\n`],
    ['a cell is changed below it', `${both}boxes.basket.down = 8;\n`],
    ['a function below it may change a cell', `${both}Object.assign(boxes, bags);\n`],
    ['the first table is there again', `${both}${rightAnswers}`],
    ['another file may run below it', `${both}import './other';\n`],
    ['a sign that nobody sees is below it', both + rightAnswers.replace('boxes', '\u200bboxes')],
    ['something else is exported in place of all', `${both}export = { boxes: bags };\n`],
    ['the slip is the first of the file', `"abc\n${both}`],
    ['answers stand between the tables', twoTables({}).replace(next, `Basket: 7 x 11\n${next}`)],
  ])('a slip costs the file, with its line, where %s', async (_name, text) => {
    const { unreadable, points, problems } = await gradeText(text);
    expect({ unreadable, points }).toEqual({ unreadable: true, points: 6 });
    expect(problems[0]?.location?.line).toBeGreaterThan(0);
  });

  test('loses one table alone where its name is misspelled', async () => {
    const report = await gradeText(both.replace(next, 'export const bagses'));
    expect(report).toMatchObject({ points: possible - 4, state: 'read', problems: [{ table: 'bags' }] });
  });

  const stub = twoTables({});
  test.each<[string, string, slip: string | undefined]>([
    ['a second table of that name', stub + rightAnswers, 'answers/duplicate'],
    ['a table of another name', stub + rightAnswers.replace('export const boxes', 'const mine'), undefined],
    ['assignments', `${stub}boxes.basket = { down: 7, across: 11 };\n`, 'answers/assignment'],
    ['words and numbers', `${stub}\nBasket: 7 x 11\n`, 'answers/stray-word'],
    ['constants', `${stub}const basket = { down: 7, across: 11 };\n`, undefined],
  ])(
    'is told of answers below an untouched table, beside a slip if there is one: %s',
    async (_name, text, slip) => {
      const { points, problems, outside, started, unreadable } = await gradeText(text);
      expect({ points, started, unreadable }).toEqual({ points: 6, started: true, unreadable: slip && true });
      expect(problems.map(({ reason }) => reason.code)).toEqual(slip ? [slip] : []);
      expect(outside?.reason.code).toBe('answers/elsewhere');
    },
  );

  test('never has one table taken for the other, nor a const or an export of the student’s own', async () => {
    for (const text of [
      `export const bag = 3;\n${both}`,
      `const boxed = { basket: 1 };\n${both}`,
      `${both}export const more = { basket: { down: 1, across: 2 }, sack: { down: 1, across: 2 } };\n`,
    ])
      expect(await gradeText(text)).toMatchObject({ points: possible, problems: [] });
    for (const text of [
      both.replace(/export const boxes[^;]*;\n/, ''),
      both.replace('const boxes =', 'default'),
    ]) {
      const { problems } = await gradeText(text);
      expect(problems.map(({ table, reason }) => [table, reason.code])).toEqual([
        ['boxes', 'answers/no-export'],
      ]);
    }
  });

  const answered = 'basket: { down: 7, across: 11 }';
  test.each<[string, string]>([
    [
      'the other table',
      `export const boxes = { sack: { down: 12, across: 16 } };\nexport const bags = { ${answered} };\n`,
    ],
    ['the other table, too', twoTables({}).replace('  sack', `  ${answered},\n  sack`)],
    ['a level too deep', twoTables({}).replace('  basket', `  mine: {\n    ${answered},\n  },\n  basket`)],
  ])('tells where answers stand that are in %s', async (_where, text) => {
    const { outside } = await gradeText(text);
    expect(text.split('\n')[(outside?.location?.line ?? 0) - 1]).toMatch(/basket|sack/);
  });
});
