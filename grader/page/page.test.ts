import fc from 'fast-check';
import { worksheetFiles } from '../authoring/generate/worksheet';
import { seal } from '../authoring/release/sealed-facts';
import { loadCourse } from '../course';
import { hosts } from '../hosts/registry';
import { plainKey } from '../key/key';
import { parseRubric } from '../rubric/load';
import { newCourse, removeFolders } from '../testing/folders';
import { gradeTexts } from '../testing/grade';
import { tries } from '../testing/long';
import { anyText } from '../testing/texts';
import { rubric as fruit, notesOf, rubricYaml, solution, wholeCourse } from '../testing/worksheet';
import { worksheetPage } from './page';
import { fieldOf, type Sheet, workFilesOf } from './work-files';

afterAll(removeFolders);

/** The page of a course with these settings, handout and files. */
async function pageWith(
  settings: string,
  handout?: string,
  files: Record<string, Buffer> = {},
): Promise<string> {
  const text: Record<string, string> = handout === undefined ? {} : { 'solution/handout.md': handout };
  const yaml = { 'rubric.yaml': `${rubricYaml}${settings}` };
  const course = loadCourse(newCourse({ ...wholeCourse, ...yaml, ...text, ...files }), false);
  return worksheetPage(course, await seal(course.rubric, course.solution));
}

test('the page shows the place to hand in that rubric.yaml names, and otherwise that of every host', async () => {
  const named = await pageWith(
    'hand_in: { gradescope: "https://example.edu/a?b=1&c=2" }\ncontact: "a@x.org <b>"\n',
  );
  const link = 'href="https://example.edu/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer"';
  for (const part of ['<h3>Gradescope</h3>', link, 'a@x.org &lt;b&gt;']) expect(named).toContain(part);
  expect(named).not.toMatch(/Canvas|Classroom 50/);
  const page = await pageWith('');
  for (const title of [
    'Canvas, Moodle or another site',
    'GitHub, in its web editor',
    'Classroom 50',
    'Gradescope',
  ])
    expect(page).toContain(`<summary>${title}</summary>`);
  expect(page).toContain('Press Copy boxes.ts above.');
  const known = hosts.flatMap(({ id, handIn }) => (handIn ? id : []));
  await expect(pageWith('hand_in: { blackboard: }\n')).rejects.toThrow(
    `hand_in names the host blackboard; write one of upload, ${known.join(', ')}. Canvas and Moodle are upload.`,
  );
});

test('the page has the sealed key unless students are to check their form alone', async () => {
  const [form, scored] = [await pageWith('self_check: form\n'), await pageWith('')];
  expect([form, scored].map((page) => page.includes('"salt":"'))).toEqual([false, true]);
});

test('a handout on the page leads to the web alone, has its own pictures, and its other HTML is shown as written', async () => {
  const picture = Buffer.from('not really');
  const links = '[web](https://example.org/x "t") [file](../work/boxes.ts) [script](javascript:alert(1))';
  const pictures = '![Own](assignment/a.png) ![Far](https://example.org/b.png)';
  const rest = '<!-- to myself -->\n\n<img src=x onerror=alert(1)>\n\n| | A |\n| :-- | --: |\n| a | 1 |';
  const page = await pageWith('', `# Fruit\n\n${links} ${pictures}\n\n${rest}\n`, {
    'assignment/a.png': picture,
  });
  const [, handout = ''] = /<summary>The handout<\/summary>([\s\S]*?)<\/details>/.exec(page) ?? [];
  expect(handout.match(/(?:href|src)="[^"]*"/g)).toEqual([
    'href="https://example.org/x"',
    `src="data:image/png;base64,${picture.toString('base64')}"`,
  ]);
  for (const part of ['<h2>Fruit</h2>', ' file ', 'Far', '&lt;img src=x', '<td class="left"></td>'])
    expect(handout).toContain(part);
  expect(page).not.toMatch(/to myself| style="/);
});

test('without scripts the page has the handout, the way to hand in and a hint, and no empty fields', async () => {
  const body = (await pageWith('', '# Fruit\n\nIn boxes.\n')).replaceAll(/<script[\s\S]*?<\/script>/g, '');
  for (const text of ['In boxes.', 'Gradescope', 'needs JavaScript']) expect(body).toContain(text);
  expect(body).not.toMatch(/<(?:input|textarea|button)/);
});

test('a flowchart whose nodes are rows stands beside the table, with its numbers as written; other diagrams are text', async () => {
  const flow = 'flowchart LR\n  basket["<b>Basket</b> 0.0884"] -- 0.125 --> crate["Crate"]';
  const blocks = [flow, 'pie\n  "a" : 1'].map((text) => `\`\`\`mermaid\n${text}\n\`\`\`\n`);
  const page = await pageWith('', `# F\n\n${blocks.join('\n')}`);
  for (const part of ['data-id="basket"', '0.0884', '0.125']) expect(page).toContain(part);
  expect(page).not.toContain('<b>Basket');
  expect(page).toMatch(/<ul class="unseen"[^>]*><li>.*Basket.* → Crate<\/li><\/ul>/);
  expect(page).toMatch(/<pre><code[^>]*>pie/);
});

test('names of numbers that the handout gives can be typed, and no others', async () => {
  const handout = '# F\n\n{{ apples }} of {{ brand }}, and {{ cells }} cells.\n';
  expect(await pageWith('', handout)).toMatch(/"facts":\{"apples":7\}/);
  expect(await pageWith('', '# F\n')).toContain('"facts":{}');
});

describe('the files that the page makes of what is typed', () => {
  const sheetOf = (rubric: Sheet['rubric']): Sheet => ({
    rubric,
    stub: worksheetFiles(rubric)[rubric.file] ?? '',
    facts: { apples: 7, pears: 24 },
  });
  const plain = sheetOf(fruit);
  const basket = '{ id: basket, label: Basket of fruit';
  const kinds = 'down: { kind: text }, across: { kind: choice, options: [ripe, "not yet"] }';
  const mixed = sheetOf(parseRubric(rubricYaml.replace(basket, `${basket}, cells: { ${kinds} }`)));
  const [down, across] = [fieldOf.cell('basket', 'down'), fieldOf.cell('basket', 'across')];

  test('are those that are handed out if nothing is typed', () => {
    for (const sheet of [plain, mixed]) {
      const { file, reflection } = sheet.rubric;
      const handedOut = worksheetFiles(sheet.rubric);
      const made = workFilesOf({}, sheet);
      expect([made.answers, made.reflection]).toEqual([handedOut[file], handedOut[reflection?.file ?? '']]);
    }
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
    const code = [
      "'",
      '`',
      '1 // x',
      '/*',
      '*/',
      '{',
      '}',
      '1), b: (2',
      '1, across: 2',
      '=>',
      'hack()',
      '\\',
    ];
    const pieces = fc.constantFrom(...numbers, ...code, '<!--', '\u2028', '\u202e', '\u201cripe\u201d');
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
