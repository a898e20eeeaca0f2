import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Course, loadCourse } from '../../course/course';
import { warning } from '../../grading-page/grading-page';
import { newCourse, newFolder, writeFiles } from '../../testing/folders';
import { runInProcess } from '../../testing/in-process';
import { notesOf, rubricYaml, wholeCourse } from '../../testing/worksheet';
import { atBothSizes, fixtures, foundBy, leaks, misnamed, outOfDate, telling } from './check';

type Find = (course: Course) => Parameters<typeof foundBy>[0] extends () => infer Found ? Found : never;

const courseOf = (changes: Readonly<Record<string, string>> = {}) =>
  loadCourse(newCourse({ ...wholeCourse, ...changes }), false);

const found = async (find: Find, course: Course) =>
  (await foundBy(() => find(course))).map(({ kind, text }) => `${kind}: ${text}`);

/** A rubric with one table of one column. */
const small = (rows: string, column: string) =>
  `title: T\nfile: work/a.ts\ntables:\n- { export: t, points: 1, rows: [${rows}], columns: [{ ${column} }] }\n`;

/** The source of the solution's index, from the body of `derive` and some misconceptions. */
const solutionOf = (derived: string, ...ideas: string[]) => `
export const derive = ({ apples, brand }) => {
  if (brand === 'Nobody') throw new RangeError('there is no brand Nobody');
  return ${derived};
};
export const measure = derive;
export const misconceptions = ({ apples }) => [${ideas.map((idea, index) => `{ ${idea}, text: 'Idea ${'abcdef'[index]}.' }`).join(', ')}];
export const handoutFacts = () => ({ otherNames: ['Pear Tree-2', 'Plum'] });
`;

test('in a whole course there is nothing to correct, and a file that is not as generated is named', async () => {
  const course = courseOf();
  for (const find of [outOfDate, telling, fixtures, atBothSizes, misnamed])
    expect(await found(find, course)).toEqual([]);
  for (const [file, from, to, place, source] of [
    ['assignment/README.md', '7 apples', '8 apples', ':3', 'solution/handout.md'],
    ['solution/reference/work/boxes.ts', '13', '12', ':3', 'solution/index.ts'],
    ['solution/fixtures/blank/work/more.ts', '', 'more', ':1', 'rubric.yaml'],
  ] as const) {
    const text = wholeCourse[file] ?? '';
    writeFiles(course.root, { [file]: text.replace(from, to) });
    expect(await found(outOfDate, course)).toEqual([
      `fault: ${file}${place}: not what ${source} gives. Run npm run generate.`,
    ]);
    writeFiles(course.root, { [file]: text });
    if (text === '') rmSync(path.join(course.root, file));
  }
  rmSync(path.join(course.root, 'assignment', 'README.md'));
  expect((await found(outOfDate, course)).join()).toMatch(/^fault: assignment\/README\.md: not what/);
  writeFiles(course.root, { 'solution/reference/work/boxes.ts': '' });
  expect((await found(outOfDate, course)).join()).toContain(
    'not what solution/index.ts, solution/handout.md give. Run',
  );
});

test('a cell that is void may keep its other settings', () => {
  const row = '{ id: pear, label: Pear, cells: { across: { void: true, label: Kilos } } }';
  const { rubric } = loadCourse(
    newCourse({
      'rubric.yaml': `title: T\nfile: work/a.ts\ntables:\n- { export: t, points: 1, rows: [${row}], columns: [{ id: down, label: Down }, { id: across, label: Across }] }\n`,
      'solution/index.ts': solutionOf('{ pear: { down: 3 } }'),
    }),
    false,
  );
  expect(rubric.tables[0]?.rows[0]?.cells.map(({ id }) => id)).toEqual(['down']);
});

test('a solution may start timers, and those that it does not clear end with it', async () => {
  const starting = `clearTimeout(setTimeout(() => {}, 100));
  setTimeout(() => Object.assign(globalThis, { isLate: true }));
  if (brand`;
  courseOf({ 'solution/index.ts': solutionOf(growing).replace('if (brand', starting) });
  // Timers of equal length fire in the order in which they were started.
  await setTimeout();
  expect(globalThis).not.toHaveProperty('isLate');
});

test('a right text in a label is found, in whatever letters, and only as a whole word', async () => {
  const course = courseOf({
    'rubric.yaml': small(
      '{ id: a, label: A starfish }, { id: b, label: B }',
      'id: it, label: "Is it a STAR?", kind: text',
    ),
    'solution/index.ts': solutionOf("{ a: { it: 'star' }, b: { it: 'starf' } }"),
  });
  expect(await found(telling, course)).toEqual([
    'fault: rubric.yaml:4: “A starfish · is it a STAR?” gives away what is right for A starfish · is it a STAR?. Reword it.',
  ]);
});

test('a right answer in another text that students read is noted, and a label that ends before its #', async () => {
  const course = courseOf({
    'rubric.yaml': `${small('{ id: a, label: A }', 'id: it, label: Word, kind: text')}`.replace(
      'title: T',
      '# title: the number #2 of it\ntitle: Worksheet #3',
    ),
    'solution/index.ts': solutionOf("{ a: { it: 'star' } }").replace(
      'export const handoutFacts',
      "export const quantities = () => [{ value: 7, phrase: 'the arms of a star' }];\nexport const handoutFacts",
    ),
    'solution/handout.md': '# {{ title }}\n\nLook at a star, and [a star](star.html).\n',
  });
  expect(await found(telling, course)).toEqual([
    'note: solution/handout.md:3: “star” is right for A · word. If this gives it away, reword it.',
    'note: solution/index.ts:8: “star” is right for A · word. If this gives it away, reword it.',
  ]);
  expect(await found(misnamed, course)).toEqual([
    'note: rubric.yaml:2: this text ends before “#3”, which YAML reads as a comment. If that belongs to the text, put the text in quotes.',
  ]);
});

const growing =
  '{ basket: { down: apples, across: apples + 7 }, crate: { down: apples, across: 2 * apples } }';

test('what is right only by chance is noted, and two causes of one value are found', async () => {
  const idea = (id: string, values: string) => `id: '${id}', row: 'crate', values: ${values}`;
  const course = courseOf({
    'rubric.yaml': `${rubricYaml}ask_again: { apples: 30 }\n`,
    'solution/index.ts': solutionOf(
      growing,
      idea('luck', '{ across: apples + 7 }'),
      idea('wide', '{ across: 50 }'),
      idea('deep', '{ across: 50 }'),
      // Two misconceptions may explain the same whole row; its hint then names both.
      idea('one', '{ down: 5, across: 51 }'),
      idea('two', '{ down: 5, across: 51 }'),
    ),
  });
  const what = (id: string, why: string) =>
    `The misconception ${id} of row crate (across) ${why}, so it gives no hint.`;
  expect(await found(atBothSizes, course)).toEqual([
    `note: solution/index.ts:7: ${what('luck', 'counts as right')} At the sizes of ask_again it does.`,
    `fault: solution/index.ts:7: ${what('wide', 'has the value of deep')} Change it or given, or remove it.`,
    `fault: solution/index.ts:7: ${what('deep', 'has the value of wide')} Change it or given, or remove it.`,
  ]);
});

describe('at the sizes of ask_again', () => {
  const foundIn = (more: string, derived: string) =>
    found(
      atBothSizes,
      courseOf({ 'rubric.yaml': `${rubricYaml}${more}`, 'solution/index.ts': solutionOf(derived) }),
    );

  test('a law that holds at one of the two sizes alone is found, with its line', async () => {
    const lawAnd = (sizes: string) =>
      `ask_again: ${sizes}\nlaws: [{ law: basket.across = crate.across, because: So it is. }]\n`;
    expect(await foundIn(lawAnd('{ apples: 30 }'), growing)).toEqual([
      'fault: rubric.yaml:27: the law basket.across = crate.across does not hold at the sizes of ask_again (rubric.yaml:26). Correct it, or remove it.',
    ]);
    const crossing =
      '{ basket: { down: apples, across: apples + 23 }, crate: { down: apples, across: 2 * apples - 7 } }';
    expect(await foundIn(lawAnd('{ apples: 30 }'), crossing)).toEqual([
      'fault: rubric.yaml:27: the law basket.across = crate.across does not hold in the worksheet. Correct it, or remove it.',
    ]);
  });

  test('sizes that the solution refuses are found with the line', async () => {
    const refused = growing.replace(
      'apples,',
      '(() => { if (apples > 20) throw new Error("too many"); return apples; })(),',
    );
    expect(await foundIn('ask_again: { apples: 30 }\n', refused)).toEqual([
      expect.stringMatching(
        /^fault: rubric\.yaml:26: at the sizes of ask_again: solution\/index\.ts:.*too many/,
      ),
    ]);
  });

  test('a right answer that is right in the worksheet, too, is noted, and no sizes are proposed', async () => {
    const crateStays = '{ basket: { down: apples, across: apples + 4 }, crate: { down: apples, across: 3 } }';
    expect(await foundIn('ask_again: { apples: 30 }\n', crateStays)).toEqual([
      'note: rubric.yaml:26: what is right at these sizes is right in the worksheet, too: Crate · across.',
    ]);
    expect(await foundIn('ask_again: { apples: 30 }\n', growing)).toEqual([]);
  });

  test('a word or a zero, which no size changes, is not noted', async () => {
    const rows = '{ id: a, label: A, cells: { it: { kind: text } } }, { id: b, label: B }';
    const course = courseOf({
      'rubric.yaml': `${small(rows, 'id: it, label: It, kind: integer')}given: { apples: 7 }\nask_again: { apples: 30 }\n`,
      'solution/index.ts': solutionOf("{ a: { it: 'word' }, b: { it: 0 } }"),
    });
    expect(await found(atBothSizes, course)).toEqual([]);
  });

  test('a known wrong answer that gives no hint at these sizes alone is noted', async () => {
    const files = {
      'rubric.yaml': `${rubricYaml}ask_again: { apples: 30 }\n`,
      'solution/index.ts': solutionOf(growing, "id: 'late', row: 'crate', values: { across: 60 }"),
    };
    expect(await found(atBothSizes, courseOf(files))).toEqual([
      'note: rubric.yaml:26: at these sizes: The misconception late of row crate (across) counts as right, so it gives no hint.',
    ]);
  });

  test('a name that given does not have is a fault, also where nothing is given', () => {
    const rubric = rubricYaml.replace(/^given:\n(?: {2}.*\n)+/m, 'ask_again: { appels: 30 }\n');
    expect(() => courseOf({ 'rubric.yaml': rubric })).toThrow('There is no appels in given');
  });
});

test('a hint for a whole row that takes the place of a hint for its one wrong cell is found', async () => {
  const course = courseOf({
    'solution/index.ts': solutionOf(
      growing,
      "id: 'too-wide', row: 'crate', values: { across: 50 }",
      "id: 'boxes', row: 'crate', values: { across: 50, down: apples }",
      // If the rest of the row is wrong too, the hint for the row says more.
      "id: 'crates', row: 'crate', values: { down: 3, across: 50 }",
    ),
  });
  expect(await found(atBothSizes, course)).toEqual([
    'fault: solution/index.ts:7: The misconception too-wide of row crate (across) is hidden by boxes where the rest of the row is right, so it gives no hint. Change it or given, or remove it.',
  ]);
});

test('numbers that are equal by chance are named, and nothing else is said of them', async () => {
  // Two numbers are not equal by chance if one is computed from the other.
  const courseAnd = (more: string) =>
    courseOf({
      'solution/index.ts': `${solutionOf(
        '{ basket: { down: apples, across: 7 }, crate: { down: 1, across: 2 } }',
        "id: 'swapped', row: 'basket', values: { down: 7, across: apples }",
      )
        .replace('handoutFacts = ()', 'handoutFacts = ({ apples })')
        .replace("otherNames: ['Pear Tree-2', 'Plum']", `fruits: apples, layers: 7${more}`)}`,
    });
  const says = 'are SIZE 7: 1 known mistake counts as right. Change apples, or what it is equal to.';
  const two = courseAnd('');
  expect(await found(atBothSizes, two)).toEqual([
    `fault: rubric.yaml:2: layers and apples ${says.replace('SIZE', 'both')}`,
  ]);
  expect(await found(atBothSizes, courseAnd(', boxes: 7'))).toEqual([
    `fault: rubric.yaml:2: layers, boxes and apples ${says.replace('SIZE', 'all')}`,
  ]);
  const folder = newFolder();
  writeFiles(folder, { 'student/a.md': 'A basket of fruit has 7 apples in 7 layers.\n' });
  expect(leaks(two, folder)).toEqual([]);
});

test('a fixture for other sizes is graded at those, so that another given needs no new numbers', async () => {
  const half = (name: string, more: string) => ({
    [`solution/fixtures/${name}/work/boxes.ts`]:
      'export const boxes = { basket: { down: 7, across: 11 } };\n',
    [`solution/fixtures/${name}/work/notes.md`]: notesOf('Pears, and why they are sweet.'),
    [`solution/fixtures/${name}/fixture.yaml`]: `about: Half.\nright: [basket]\nresponses: [sweetest]\n${more}`,
  });
  const course = courseOf({
    'rubric.yaml': rubricYaml.replace('apples: 7', 'apples: 8'),
    'solution/index.ts': solutionOf(
      '{ basket: { down: apples, across: 11 }, crate: { down: 1, across: 1 } }',
    ),
    ...half('own', ''),
    ...half('sized', 'given: { apples: 7, brand: Sunny }\n'),
  });
  const said = (await found(fixtures, course)).filter((text) => text.includes('fixtures/'));
  expect(said).toEqual([
    'fault: solution/fixtures/own/fixture.yaml:2: basket.down is listed under right, but is wrong. Correct its files, what it says, or the sizes under given there.',
  ]);
});

test('responses of a fixture are compared where its file asks what rubric.yaml asks, and not where it is older', async () => {
  const fixture = (name: string, heading: string, responses: string, more = '') => ({
    [`solution/fixtures/${name}/work/notes.md`]: `## ${heading}\n\nPears, and why they are sweet.\n`,
    [`solution/fixtures/${name}/fixture.yaml`]: `about: A reflection.\nright: none\nresponses: [${responses}]\n${more}`,
  });
  const course = courseOf({
    ...fixture('listed', 'Which fruit was the sweetest?', 'sweetest'),
    ...fixture('not-listed', 'Which fruit was the sweetest?', 'sourest'),
    ...fixture('older', 'Which was the ripest?', 'sourest'),
    ...fixture('partly-older', 'Which was the ripest?\n\n## Which fruit was the sweetest?', 'sourest'),
    ...fixture(
      'other-names',
      'Which fruit was the sweetest?',
      'sweetest',
      'given: { pears: 7, brand: Sunny }\n',
    ),
    ...fixture('too-few', 'Which fruit was the sweetest?', 'sweetest', 'given: { apples: 7 }\n'),
  });
  const said = (await found(fixtures, course)).filter((text) => /response|given|pears/.test(text));
  expect(said.sort()).toEqual([
    expect.stringMatching(/not-listed.*sweetest has a response, but is not listed under responses/),
    expect.stringMatching(/other-names.*:4: rubric\.yaml does not have pears\. Delete that there/),
    expect.stringMatching(/too-few.*:4: given lacks brand, which rubric\.yaml has/),
  ]);
});

test('a row or question that is gone is one fault, with each line that still has it', async () => {
  const half = (name: string, right: string) => ({
    [`solution/fixtures/${name}/fixture.yaml`]: `about: Without a melon.\nright: ${right}\nresponses: [sweetest]\n`,
  });
  const rubric = rubricYaml.replace('id: sweetest', 'id: ripest');
  const course = courseOf({
    'rubric.yaml': rubric,
    ...half('one', '[melon]'),
    ...half('two', '[basket, melon]'),
  });
  expect((await found(fixtures, course)).filter((text) => text.includes('not have'))).toEqual([
    'fault: solution/reference/fixture.yaml:2, solution/fixtures/one/fixture.yaml:2, solution/fixtures/one/fixture.yaml:3, solution/fixtures/two/fixture.yaml:2, solution/fixtures/two/fixture.yaml:3: rubric.yaml does not have sweetest, melon. Delete that there.',
  ]);
});

test('a title or a label that names what is not given is noted', async () => {
  const course = courseOf({ 'solution/index.ts': solutionOf(growing) });
  const titled = (title: string) => found(misnamed, { ...course, rubric: { ...course.rubric, title } });
  expect(await titled('Fruit of the pear-tree 2')).toEqual([
    'note: rubric.yaml:1: “Fruit of the pear-tree 2” names Pear Tree-2, which given does not. Change the text, or given.',
  ]);
  expect(await titled('Fruit of the pear-tree 22')).toEqual([]);
});

test('a right row, and words in a row of the solution, are found in whatever a release holds', () => {
  const course = courseOf();
  const leaksIn = (file: string, text: string) => {
    const folder = newFolder();
    writeFiles(folder, { [file]: text });
    return leaks(course, folder).join('\n');
  };
  for (const text of ['A crate is 7 x 13.\n', 'const right = { crate: { down: 7, across: 13 } };\n'])
    expect(leaksIn('student/a.md', text)).toMatch(
      /^student\/a\.md:1: it says “Crate … .*”, which is a right answer\. Remove it\.$/,
    );
  // Parts of larger numbers, and a single value.
  for (const text of ['Crate: 7,100 and 13\n', 'Crate: 7 and 13,500\n', 'Crate: 7\n'])
    expect(leaksIn('a.md', text)).toBe('');
  expect(leaksIn('student/rubric.yaml', 'label: Crate\ngiven: { apples: 7, pears: 13 }\n')).toBe('');
  expect(leaksIn('page/worksheet.html', '<script>Crate 7 13</script><p>Crate</p>')).toBe('');
  expect(leaksIn('page/worksheet.html', '<p>Crate <b>7</b> 13</p>')).toContain('a right answer');
  expect(leaksIn('page/g.html', `<p>${warning}</p>`)).toContain('is the grading page');
  const hint = '// Turn It round — text:\nOnly one kind lies in a basket.\n';
  for (const text of [hint, wholeCourse['solution/index.ts'] ?? ''])
    expect(leaksIn('student/grader/grade.js', text)).toMatch(
      /^solution\/index\.ts:\d: student\/grader\/grade\.js says “.*”, too\. Reword it\.$/,
    );
});

test('a course with a fault is not released, and the check says so to whoever runs it', async () => {
  const course = newCourse({ ...wholeCourse, 'rubric.yaml': rubricYaml.replace('apples: 7', 'apples: 8') });
  const { status, stdout } = await runInProcess(course, 'release');
  expect(status).toBe(1);
  // Update with: npx jest check.test -u
  expect(`\n${stdout}`).toMatchSnapshot();
  expect(existsSync(path.join(course, 'dist'))).toBe(false);
});
