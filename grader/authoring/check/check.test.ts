import { type Course, loadCourse } from '../../course';
import { withAgain } from '../../testing/again';
import { newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { notesOf, rubricYaml, wholeCourse } from '../../testing/worksheet';
import { fairness, findingsOf, fixtures, leaks, misnamed, outOfDate, telling } from './check';

afterAll(removeFolders);

type Find = (course: Course) => Parameters<typeof findingsOf>[0] extends () => infer Found ? Found : never;

/** The findings of a check in the whole course with some files changed; null removes one. */
async function found(find: Find, changes: Readonly<Record<string, string | null>> = {}): Promise<string[]> {
  const files = Object.entries({ ...wholeCourse, ...changes }).flatMap(([file, text]) =>
    text === null ? [] : [[file, text] as const],
  );
  const course = loadCourse(newCourse(Object.fromEntries(files)), false);
  return (await findingsOf(() => find(course))).map(({ kind, text }) => `${kind}: ${text}`);
}

/** A file of the course with a part of it replaced. */
function changed(file: string, from: string | RegExp, to: string): Record<string, string> {
  const text = wholeCourse[file] ?? '';
  expect(text).toMatch(from);
  return { [file]: text.replace(from, () => to) };
}

test.each([outOfDate, telling, fixtures, fairness, misnamed])(
  'in a whole course, %p finds nothing to correct',
  async (find) => {
    expect((await found(find)).filter((text) => text.startsWith('failed'))).toEqual([]);
  },
);

describe('generated files', () => {
  const rerun = 'not what rubric.yaml and solution/ give. Run npm run generate.';

  test.each<[string, Record<string, string | null>, string]>([
    [
      'a handout that was changed by hand',
      changed('assignment/README.md', '7 apples', '8 apples'),
      'assignment/README.md: ',
    ],
    ['a handout that is missing', { 'assignment/README.md': null }, 'assignment/README.md: '],
    ['types of another row', changed('work/worksheet.ts', 'crate: {', 'barrel: {'), 'worksheet.ts:'],
    ['another stub in blank', changed('solution/fixtures/blank/work/boxes.ts', 'null', '7'), 'boxes.ts:'],
    ['a file that blank no longer has', { 'solution/fixtures/blank/work/x.ts': 'x' }, 'work/x.ts: '],
    [
      'a reference with another answer',
      changed('solution/reference/work/boxes.ts', '13', '12'),
      'reference/work/boxes.ts: ',
    ],
  ])('%s is out of date, and what to run is said', async (_name, changes, place) => {
    const [text = '', ...others] = await found(outOfDate, changes);
    expect(others).toEqual([]);
    expect(text).toContain(place);
    expect(text).toContain(rerun);
  });

  test('a number that was typed into the handout is named with its place', async () => {
    const handout = `${wholeCourse['solution/handout.md']}\nEach basket takes 77 pears.\n`;
    expect((await found(outOfDate, { 'solution/handout.md': handout })).join('\n')).toMatch(
      /^failed: solution\/handout\.md:\d+:19: 77 is typed by hand\./m,
    );
  });
});

describe('what is told', () => {
  const solution = (...ideas: string[]) => `
    export const derive = ({ apples }) => ({ basket: { down: apples, across: 11 }, crate: { down: apples, across: 2 * apples } });
    export const measure = derive;
    export const misconceptions = ({ apples }) => [${ideas.join(', ')}];
    export const explanations = () => ({ crate: 'Two rows.' });
  `;
  const withIdeas = (...ideas: string[]) => found(telling, { 'solution/index.ts': solution(...ideas) });

  test.each([
    ['the label of its row', changed('rubric.yaml', 'Basket of fruit', '"Basket of fruit, 11 wide"')],
    ['the label of its column', changed('rubric.yaml', 'label: Across', 'label: Across 11')],
    [
      'the explanation of another row',
      changed('solution/index.ts', 'A crate holds', 'Unlike 11, a crate holds'),
    ],
  ])('a right answer in %s is found', async (_name, changes) => {
    expect((await found(telling, changes)).join('\n')).toMatch(
      /^failed: .*“.*11.*” tells what is right for Basket of fruit.* · across.*\. Reword it\.$/m,
    );
  });

  test('a right text in a label is found, in whatever letters, and only as a whole word', async () => {
    const words = (label: string, right: string) =>
      found(telling, {
        'rubric.yaml': `title: T\nfile: work/a.ts\ntables:\n- export: t\n  points: 1\n  rows: [{ id: a, label: A }]\n  columns: [{ id: it, label: "${label}", kind: text }]\n`,
        'solution/index.ts': `export const derive = () => ({ a: { it: '${right}' } });\nexport const measure = derive;\nexport const misconceptions = () => [];\n`,
      });
    expect(await words('Is it a STAR?', 'star')).toEqual([
      'failed: rubric.yaml:7: “A · is it a STAR?” tells what is right for A · is it a STAR?. Reword it.',
    ]);
    expect(await words('Which starfish?', 'star')).toEqual([]);
  });

  test('a known wrong answer that is right everywhere is a slip, and one that is right by chance here is noted', async () => {
    const always = "{ id: 'same', row: 'crate', values: { across: 2 * apples }, text: 'So?' }";
    const byChance = "{ id: 'same', row: 'crate', values: { across: apples + 7 }, text: 'So?' }";
    const what = 'The misconception same of row crate (across) counts as right, so it gives no hint.';
    expect(await withIdeas(always)).toEqual([`failed: solution/: ${what} Change it, or remove it.`]);
    const vote = {
      'rubric.yaml': `${rubricYaml}vote: { apples: 30 }\n`,
      'solution/index.ts': solution(byChance),
    };
    expect(await found(telling, vote)).toEqual([`note: ${what} At other sizes it does.`]);
  });

  test('one value of one cell with two causes gives no hint, and a whole row with two causes gives one', async () => {
    const idea = (id: string, values: string) =>
      `{ id: '${id}', row: 'crate', values: ${values}, text: 'So?' }`;
    expect(await withIdeas(idea('wide', '{ across: 50 }'), idea('deep', '{ across: 50 }'))).toEqual([
      expect.stringContaining('The misconception wide of row crate (across) has the value of deep'),
      expect.stringContaining('The misconception deep of row crate (across) has the value of wide'),
    ]);
    const both = '{ down: 5, across: 50 }';
    expect(await withIdeas(idea('wide', both), idea('deep', both))).toEqual([]);
  });

  test('a known wrong answer that the tolerance takes is found', async () => {
    const weighed = (tolerance: string) =>
      found(telling, {
        'rubric.yaml': `title: T\nfile: work/a.ts\ntables:\n- export: t\n  points: 1\n  rows: [{ id: pear, label: Pear }, { id: plum, label: Plum }]\n  columns: [{ id: kg, label: Weight, kind: decimal, tolerance: ${tolerance} }]\n`,
        'solution/index.ts':
          "export const derive = () => ({ pear: { kg: 100 }, plum: { kg: 104 } });\nexport const measure = derive;\nexport const misconceptions = () => [{ id: 'near', row: 'pear', values: { kg: 98 }, text: 'So?' }];\n",
      });
    expect(await weighed('1')).toEqual([]);
    expect(await weighed('5')).toEqual([
      'failed: solution/: The misconception near of row pear (kg) counts as right, so it gives no hint. Change it, or remove it.',
    ]);
  });

  test('a law that does not hold at other sizes is refused with their name', async () => {
    const laws = 'laws:\n  - { law: basket.across = basket.across, because: So it is. }\n';
    const broken = laws.replace('= basket.across', '= crate.across');
    const index = solution().replace('across: 11', 'across: 14');
    const rubric = `${rubricYaml}vote: { apples: 30 }\n${broken}`;
    expect(await found(telling, { 'rubric.yaml': rubric, 'solution/index.ts': index })).toEqual([
      'failed: rubric.yaml:28: the law basket.across = crate.across does not hold in the vote. Correct it, or remove it.',
    ]);
  });
});

describe('fixtures', () => {
  const half = {
    'solution/fixtures/half/work/boxes.ts': 'export const boxes = { basket: { down: 7, across: 11 } };\n',
    'solution/fixtures/half/work/notes.md': notesOf('Pears, and why they are sweet.'),
  };
  const described = (text: string) => ({ ...half, 'solution/fixtures/half/fixture.yaml': text });

  test('one that gives the points that it says passes', async () => {
    expect(await found(fixtures, described('about: Half.\npoints: 5\n'))).toEqual([]);
  });

  test('one that gives other points is named with the line to change', async () => {
    expect(await found(fixtures, described('about: Half.\npoints: 4\n'))).toEqual([
      expect.stringMatching(
        /^failed: solution\/fixtures\/half\/fixture\.yaml:2: gives 5 of 10 points, and not 4\. Write points: 5,/,
      ),
    ]);
  });

  test('one for other sizes is graded at those, so that another given needs no new numbers', async () => {
    const index = `
      export const derive = ({ apples }) => ({ basket: { down: apples, across: 11 }, crate: { down: apples, across: 13 } });
      export const measure = derive;
      export const misconceptions = () => [];
    `;
    const course = {
      'rubric.yaml': rubricYaml.replace('apples: 7', 'apples: 8'),
      'solution/index.ts': index,
    };
    const yaml = 'about: Half.\npoints: 5\n';
    expect((await found(fixtures, { ...course, ...described(yaml) })).join()).toContain(
      'fixtures/half/fixture.yaml:2: gives 4 of 10',
    );
    const sized = described(`${yaml}given: { apples: 7, brand: Sunny }\n`);
    expect((await found(fixtures, { ...course, ...sized })).join()).not.toContain('fixtures/half');
  });

  test.each([
    ['a setting that there is not', 'about: Half.\npoints: 5\nstarts: stub\n', 'fixture.yaml:3:1: '],
    ['no word on what it shows', 'points: 5\n', 'has no "about"'],
    ['half a point', 'about: Half.\npoints: 4.5\n', 'fixture.yaml:2:1: points is 4.5'],
  ])('%s is refused with its place', async (_name, yaml, says) => {
    expect((await found(fixtures, described(yaml))).join('\n')).toContain(says);
  });

  test('a reference with too few responses is found, and so is a stub that counts as answered', async () => {
    const yaml = 'about: All right.\nreflection: { sweetest: Pears are sweet and so are plums. }\n';
    const short = { 'solution/reference/work/notes.md': notesOf('Pears are sweet and so are plums.') };
    expect(await found(fixtures, { 'solution/reference/fixture.yaml': yaml, ...short })).toEqual([
      expect.stringContaining(
        'solution/reference/fixture.yaml:1: gives 7 of 10 points, and not 10. Run npm run generate, or correct its responses.',
      ),
    ]);
    const picture = notesOf().replace('Pick two.', 'Pick two.\n\n<img src="fruit.png">');
    expect((await found(fixtures, { 'solution/fixtures/blank/work/notes.md': picture })).join()).toContain(
      'something in intro is read as a response',
    );
  });
});

describe('the second table and the vote', () => {
  const ideas = {
    allFruit:
      "{ id: 'all-fruit', row: 'basket', values: { down: apples, across: 3 * apples }, text: 'One?' }",
    fixed: "{ id: 'fixed', row: 'basket', values: { down: apples, across: 36 }, text: 'Two?' }",
    same: "{ id: 'same', row: 'basket', values: { down: apples, across: apples === 7 ? 9 : apples + 4 }, text: 'Four?' }",
    asWide: "{ id: 'as-wide', row: 'basket', values: { across: 16 }, text: 'Three?' }",
  };

  /** For a course with a basket of `apples` by `apples + 4`, and a crate always three across. */
  const unfair = (rubric: string, ...known: (keyof typeof ideas)[]) =>
    found(fairness, {
      'rubric.yaml': rubric,
      'solution/index.ts': `
        export const derive = ({ apples, brand }) => {
          if (!['Sunny', 'Rainy'].includes(brand)) throw new RangeError('brand is one of Sunny, Rainy');
          return { basket: { down: apples, across: apples + 4 }, crate: { down: apples, across: 3 } };
        };
        export const measure = derive;
        export const misconceptions = ({ apples }) => [${known.map((name) => ideas[name]).join(', ')}];
      `,
    });
  const again = (given: string, rows?: string, vote = 'vote: { apples: 20 }\n') =>
    withAgain(given, rows) + vote;

  test('sizes that share no right answer with others, and tell every idea apart, are fair', async () => {
    expect(await unfair(again('{ apples: 12 }', '[basket]'), 'allFruit', 'fixed')).not.toEqual([]);
    expect(await unfair(again('{ apples: 13 }', '[basket]'), 'allFruit', 'fixed')).toEqual([]);
  });

  test('a cell whose answer is the same at any sizes may be asked again', async () => {
    expect(await unfair(again('{ apples: 13 }', '[basket, crate]'), 'allFruit')).toEqual([]);
  });

  test.each([
    ['the worksheet', again('{ apples: 7 }', '[basket]'), 'right in the worksheet too'],
    [
      'another cell of the worksheet',
      again('{ apples: 11 }', '[basket]'),
      'right in the worksheet too, at Basket',
    ],
    ['the vote', again('{ apples: 20 }', '[basket]'), 'right in the vote too'],
    ['the worksheet, in the vote', `${rubricYaml}vote: { apples: 7 }\n`, 'the vote asks for 7 at Basket'],
    [
      'the worksheet, for nothing else changes',
      again('{ brand: Rainy }', '[crate]'),
      'right in the worksheet too',
    ],
  ])('a right answer that is right in %s too fails', async (_name, rubric, says) => {
    const [text = ''] = await unfair(rubric, 'allFruit');
    expect(text).toMatch(/^failed: rubric\.yaml:\d+: /);
    expect(text).toContain(says);
  });

  test('ideas that give one answer, or the right one, where they do not in the worksheet, fail', async () => {
    expect((await unfair(again('{ apples: 12 }', '[basket]'), 'allFruit', 'fixed')).join()).toContain(
      'the table again has one answer in Basket of fruit for what differs in the worksheet: all-fruit, and fixed.',
    );
    expect((await unfair(again('{ apples: 12 }', '[basket]'), 'asWide')).join()).toContain(
      'what is right, and as-wide',
    );
  });

  test('the sizes that are proposed are fair', async () => {
    for (const [from, replace] of [
      ['{ apples: 7 }', (sizes: string) => again(sizes, '[basket]')],
      [
        '{ apples: 7, brand: Sunny }',
        (sizes: string) => again('{ apples: 50 }', '[basket]', `vote: ${sizes}\n`),
      ],
    ] as const) {
      const [text = ''] = await unfair(replace(from), 'allFruit', 'fixed', 'asWide');
      const [, sizes = ''] = /which are fair: (\{.*\})$/m.exec(text) ?? [];
      expect(JSON.parse(sizes).apples).not.toBe(7);
      expect(await unfair(replace(sizes), 'allFruit', 'fixed', 'asWide')).toEqual([]);
    }
  });

  test('sizes that are proposed for the vote and for the table at once are fair beside each other', async () => {
    const all = await unfair(again('{ apples: 7 }', '[basket]', 'vote: { apples: 7 }\n'), 'allFruit');
    const [table, vote] = all.map((text) => JSON.parse(/which are fair: (\{.*\})$/m.exec(text)?.[1] ?? '{}'));
    const written = again(`{ apples: ${table.apples} }`, '[basket]', `vote: { apples: ${vote.apples} }\n`);
    expect(await unfair(written, 'allFruit')).toEqual([]);
  });

  test('an error at the sizes of the vote says so', async () => {
    const [text = ''] = await unfair(`${rubricYaml}vote: { brand: Nobody }\n`, 'allFruit');
    expect(text).toMatch(/^failed: At the sizes of the vote: solution\/index\.ts:\d+:\d+: .*brand is one of/);
  });

  test('where no sizes are fair, that is said', async () => {
    expect((await unfair(again('{ apples: 7 }', '[basket]'), 'same')).join()).toContain(
      'No sizes near these are fair.',
    );
  });

  test('a title or a label that names what is not given is noted', async () => {
    const index = String(wholeCourse['solution/index.ts']).replace(
      'juicy: true',
      "otherNames: ['Pear Tree-2', 'Plum']",
    );
    const titled = (title: string) =>
      found(misnamed, {
        'solution/index.ts': index,
        'rubric.yaml': rubricYaml.replace('Fruit in boxes', title),
      });
    expect(await titled('Fruit of the pear-tree 2')).toEqual([
      'note: rubric.yaml: “Fruit of the pear-tree 2” names Pear Tree-2, which given does not. Change the text, or given.',
    ]);
    expect(await titled('Fruit of the pear-tree 22')).toEqual([]);
  });
});

describe('leaks', () => {
  const course = loadCourse(newCourse(wholeCourse), false);
  const leaksIn = (files: Readonly<Record<string, string>>) => {
    const folder = newFolder();
    writeFiles(folder, files);
    return leaks(course, folder);
  };

  test.each([
    ['at the end of a sentence', 'A crate is 7 x 13.\n'],
    ['with its columns first', 'A crate (13 across, 7 down).\n'],
    ['in a table', '| crate |\n| --- |\n| 7 |\n| 13 |\n'],
    ['in code', 'const right = { crate: { down: 7, across: 13 } };\n'],
  ])('a right row %s is found, with its file', (_name, text) => {
    expect(leaksIn({ 'student/a.md': text })).toEqual([
      expect.stringMatching(/^student\/a\.md says “Crate … .*”, which is right there\. Remove it\.$/),
    ]);
  });

  test('the sizes that a table states below a row are no answer, even if they are right in it', () => {
    expect(leaksIn({ 'student/rubric.yaml': 'label: Crate\ngiven: { apples: 7, pears: 13 }\n' })).toEqual([]);
  });

  test('a part of a larger number, or one value alone, is no answer', () => {
    expect(
      leaksIn({ 'a.md': 'Crate: 7,100 and 13\n', 'b.md': 'Crate: 7 and 13,500\n', 'c.md': 'Crate: 7\n' }),
    ).toEqual([]);
  });

  test('what only a program or a picture of a page says is not read, but its text is', () => {
    const row = 'Crate 7 13';
    expect(leaksIn({ 'page/worksheet.html': `<script>${row}</script><p>Crate</p>` })).toEqual([]);
    expect(leaksIn({ 'page/worksheet.html': `<p>Crate <b>7</b> 13</p>` })).toHaveLength(1);
  });

  test('words in a row that the solution has are found, also in the grader, and a whole file of it is', () => {
    const hint = 'Turn It round — text:\nOnly one kind lies in a basket.\n';
    const [said = ''] = leaksIn({ 'student/grader/grade.js': `// ${hint}` });
    expect(said).toMatch(/^student\/grader\/grade\.js says “.*”, as solution\/index\.ts does\./);
    expect(leaksIn({ 'student/x.txt': wholeCourse['solution/index.ts'] ?? '' }).join()).toContain(
      'as solution/index.ts does',
    );
  });
});
