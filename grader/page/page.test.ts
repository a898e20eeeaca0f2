import fc from 'fast-check';
import { seal } from '../authoring/release/sealed-facts';
import { loadCourse } from '../course/course';
import { worksheetFiles } from '../course/stub';
import { hosts } from '../hosts/registry';
import { plainKey } from '../key/judge';
import { asForField, interpolate } from '../message';
import { rowsOf } from '../rubric/rubric';
import { newCourse } from '../testing/folders';
import { gradeTexts } from '../testing/grade';
import { tries } from '../testing/long';
import { anyText } from '../testing/texts';
import { rubric as fruit, notesOf, rubricYaml, solution, wholeCourse } from '../testing/worksheet';
import { fieldOf, type PageSheet, rowOfField, workFilesOf } from './work-files';
import { worksheetPage } from './worksheet-page';

/** The page of a course with these settings, handout and files. */
async function pageWith(
  settings: string,
  handout?: string,
  files: Record<string, Buffer> = {},
): Promise<string> {
  const text: Record<string, string> = handout === undefined ? {} : { 'solution/handout.md': handout };
  const yaml = { 'rubric.yaml': `${rubricYaml}${settings}` };
  const course = loadCourse(newCourse({ ...wholeCourse, ...yaml, ...text, ...files }), false);
  // Sealing is slow on purpose, and tests of a handout do not need it.
  const key = handout === undefined ? await seal(course.rubric, course.solution) : undefined;
  return worksheetPage(course, key);
}

test('the page has the sealed key, and how to hand in on every host', async () => {
  const page = await pageWith('');
  const places = [
    'Canvas, Moodle or another site',
    'GitHub, in its web editor',
    'Classroom 50',
    'Gradescope',
  ];
  for (const title of places) expect(page).toContain(`<summary>${title}</summary>`);
  for (const part of ['Above, open “More ways to save” and press Copy boxes.ts.', '"salt":"'])
    expect(page).toContain(part);
});

// To update: npx jest page/page.test -u
test('the page names who holds the rights of each package in it, and each license text once', async () => {
  const [, notices = ''] = /<script type="text\/plain">(.*?)<\/script>/s.exec(await pageWith('')) ?? [];
  const lines = notices.replace(/ \d+\.\d+\.\d+(?=:)/g, '').split('\n');
  // The beginning identifies a license.
  expect(lines.map((line) => line.slice(0, 100)).join('\n')).toMatchSnapshot();
});

test('the page leads to the place to hand in that rubric.yaml names, and has no key where only the form is checked', async () => {
  const page = await pageWith(
    'self_check: form\nhand_in: { gradescope: "https://example.edu/a?b=1&c=2" }\ncontact: "a@x.org <b>"\n',
  );
  const link = 'href="https://example.edu/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer"';
  for (const part of ['<h3>Gradescope</h3>', link, 'a@x.org &lt;b&gt;']) expect(page).toContain(part);
  expect(page).not.toMatch(/Canvas|Classroom 50|"salt":"/);
  const known = hosts.flatMap(({ id, handIn }) => (handIn ? id : []));
  await expect(pageWith('hand_in: { blackboard: }\n')).rejects.toThrow(
    `hand_in names the host blackboard; write one of upload, ${known.join(', ')}.`,
  );
});

test('a handout on the page leads to the web alone, has its own pictures, and its other HTML is shown as written', async () => {
  const picture = Buffer.from('not really');
  const links = '[web](https://example.org/x "t") [file](../work/boxes.ts) [script](javascript:alert(1))';
  const pictures = '![Own](assignment/a.png) ![Far](https://example.org/b.png)';
  const rest = '<!-- to myself -->\n\n<img src=x onerror=alert(1)>\n\n| | A |\n| :-- | --: |\n| a | 1 |';
  const page = await pageWith('', `# Fruit\n\n# Apples\n\n${links} ${pictures}\n\n${rest}\n`, {
    'assignment/a.png': picture,
  });
  const [, handout = ''] = /<summary>The handout<\/summary>([\s\S]*?)<\/details>/.exec(page) ?? [];
  expect(handout.match(/(?:href|src)="[^"]*"/g)).toEqual([
    'href="https://example.org/x"',
    `src="data:image/png;base64,${picture.toString('base64')}"`,
  ]);
  expect(handout).not.toContain('Fruit');
  for (const part of ['<h2>Apples</h2>', ' file ', 'Far', '&lt;img src=x', '<td class="left"></td>'])
    expect(handout).toContain(part);
  expect(page).not.toMatch(/to myself| style="/);
  expect(page).toContain('"constants":{}');
});

test('a flowchart of rows stands beside the table, other diagrams are text, and all of it is there without scripts', async () => {
  const flow = 'flowchart LR\n  basket["<b>Basket</b> 0.0884"] -- 0.125 --> crate["Crate"]';
  const blocks = [flow, 'pie\n  "a" : 1'].map((text) => `\`\`\`mermaid\n${text}\n\`\`\`\n`);
  const page = await pageWith('', `# F\n\n{{ apples }} of {{ brand }}.\n\n${blocks.join('\n')}`);
  for (const part of ['data-id="basket"', '0.0884', '0.125']) expect(page).toContain(part);
  expect(page).not.toContain('<b>Basket');
  expect(page).toMatch(/<ul class="unseen"[^>]*><li>.*Basket.* → Crate<\/li><\/ul>/);
  expect(page).toMatch(/<pre><code[^>]*>pie/);
  // Students can type the names of numbers that the handout gives, and no others.
  expect(page).toContain('"constants":{"apples":7}');
  const body = page.replaceAll(/<script[\s\S]*?<\/script>/g, '');
  for (const text of ['7 of Sunny', 'Gradescope', 'needs JavaScript']) expect(body).toContain(text);
  expect(body).not.toMatch(/<(?:input|textarea|button)/);
});

test('a field of a cell is known by its row, and another by none', () => {
  for (const row of rowsOf(fruit))
    for (const cell of row.cells) expect(rowOfField(fruit, fieldOf.cell(row.id, cell.id))).toBe(row);
  expect(rowOfField(fruit, fieldOf.response('sweetest'))).toBeUndefined();
});

describe('the files that the page makes of what is typed', () => {
  const plain: PageSheet = { rubric: fruit, constants: { apples: 7, pears: 24 } };
  const [down, across] = [fieldOf.cell('basket', 'down'), fieldOf.cell('basket', 'across')];

  test('are those that are handed out if nothing is typed', () => {
    const { answers, reflection } = workFilesOf({}, plain);
    expect(worksheetFiles(fruit)).toMatchObject({ 'work/boxes.ts': answers, 'work/notes.md': reflection });
  });

  test('keep the values of all other cells, whatever is typed into one', async () => {
    const numbers = [
      '7',
      '4,096',
      '100 x 128',
      'apples * 2',
      '"7"',
      '½',
      '2¹²',
      '7kg',
      '3,5',
      'null',
      'ripe',
    ];
    const code = "' ` /* */ { } => \\ hack() <!-- \u2028 \u202e \u201cripe\u201d".split(' ');
    const pieces = fc.constantFrom(...numbers, ...code, '1 // x', '1), b: (2', '1, across: 2');
    const several = fc.array(pieces, { maxLength: 3 }).map((all) => all.join(' '));
    // An input element has no line ends.
    const line = fc.oneof(anyText(20), several).map((text) => text.replace(/[\r\n]/g, ''));
    await fc.assert(
      fc.asyncProperty(line, async (typed) => {
        const crate = { [fieldOf.cell('crate', 'down')]: '7', [fieldOf.cell('crate', 'across')]: '13' };
        const { rows, problems } = await gradeTexts(workFilesOf({ [down]: typed, ...crate }, plain).answers);
        expect(problems).toEqual([]);
        const outcomes = rows.flatMap(({ cells }) => cells.map(({ outcome }) => outcome));
        expect(outcomes.slice(1)).toEqual(['blank', 'correct', 'correct']);
      }),
      { numRuns: tries(400) },
    );
  });

  test.each([
    ['14÷2', '“÷” looks like an ordinary character, but it is a different one. Write “14/2”.'],
    ['2⁷', 'A power is written with two stars, not with small digits. Write “2**7”.'],
    ['１２８', '“１” looks like an ordinary character, but it is a different one. Write “128”.'],
    ['2^7', '“^” cannot be used here. Numbers can, with + - * / % and **. Write “2**7”.'],
    ['“128”', '““128”” is neither a number nor arithmetic that can be read. Write “128”.'],
    ['100 4096', '“100 4096” is not one number. Two numbers belong in two cells.'],
    ['2,048', 'Write “2048”, without the comma.'],
    ...['100 128', '100,128', '2 048'].map((typed) => [
      typed,
      `“${typed}” may be one number or two. One number has nothing between its digits; two numbers belong in two cells.`,
    ]),
    ['128 (one head)', '“128 (one head)” is neither a number nor arithmetic that can be read.'],
    ['{128', '“{128” is neither a number nor arithmetic that can be read.'],
    ['appless', 'There is no name “appless” here. Did you mean “apples”?'],
    ['100;', '“100;” is neither a number nor arithmetic that can be read.'],
  ])('are graded, and whoever typed %s into a field reads: %s', async (typed, said) => {
    const { rows } = await gradeTexts(workFilesOf({ [down]: typed }, plain).answers);
    const reason = rows[0]?.cells[0]?.reason;
    expect(reason && interpolate(asForField(reason))).toBe(said);
  });

  test('have the names of the handout with their values, and only what cannot be read in quotes', async () => {
    const { answers } = workFilesOf({ [down]: 'apples', [across]: 'apples + 4' }, plain);
    expect(answers).toContain("from './worksheet';\n\nconst apples = 7;\n");
    expect(answers).not.toContain('pears');
    const { rows } = await gradeTexts(answers, notesOf(), plainKey(fruit, solution));
    expect(rows[0]?.cells.map(({ outcome }) => outcome)).toEqual(['correct', 'correct']);
    const typed = ['4,096', '100 x 128', '7 8', '2¹²', '7', '"7"', 'abc', ''];
    const quoted = typed.filter((text) => workFilesOf({ [down]: text }, plain).quoted.has(down));
    expect(quoted).toEqual(['4,096', '100 x 128', '7 8', '2¹²']);
  });

  test('keep the lines of a response, and the questions after it', async () => {
    const [first = '', second = ''] = fruit.reflection?.questions.map(({ id }) => fieldOf.response(id)) ?? [];
    const typed = { [first]: '# mine\r\n```\n<!-- x\n---', [second]: 'An answer.' };
    const { answers, reflection } = workFilesOf(typed, plain);
    expect(reflection).toContain('\\# mine\n\\```\n\\<!-- x\n\\---\n');
    const report = await gradeTexts(answers, reflection ?? '');
    expect(report.reflection?.responses.map(({ answered }) => answered)).toEqual([true, true, false]);
  });
});
