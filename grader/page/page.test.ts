import { seal } from '../authoring/release/seal';
import { loadCourse } from '../course';
import { hosts } from '../hosts/registry';
import { newCourse, removeFolders } from '../testing/folders';
import { rubricYaml, wholeCourse } from '../testing/worksheet';
import { worksheetPage } from './page';

afterAll(removeFolders);

/** The page of a course with these files added or replaced. */
async function pageWith(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const course = loadCourse(newCourse({ ...wholeCourse, ...files }), false);
  return worksheetPage(course, await seal(course.rubric, course.solution));
}

const withSettings = (settings: string) => ({ 'rubric.yaml': `${rubricYaml}${settings}` });

test('where rubric.yaml names the place to hand in, the page shows that one, with its address', async () => {
  const page = await pageWith(withSettings('hand_in: { gradescope: "https://example.edu/a?b=1&c=2" }\n'));
  expect(page).toContain('<h3>Gradescope</h3>');
  expect(page).toContain(
    'href="https://example.edu/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer"',
  );
  expect(page).not.toMatch(/Canvas|Classroom 50/);
});

test('without a setting the page has the steps of every host that takes files', async () => {
  const page = await pageWith({});
  for (const title of [
    'Canvas, Moodle or another site',
    'GitHub, in its web editor',
    'Classroom 50',
    'Gradescope',
  ])
    expect(page).toContain(`<summary>${title}</summary>`);
  expect(page).toContain('Press Copy boxes.ts above.');
});

test('the page says whom to write to, where rubric.yaml does', async () => {
  expect(await pageWith(withSettings('contact: "boxes@x.org <script>"\n'))).toContain(
    'boxes@x.org &lt;script&gt;',
  );
});

test('a host that there is not is refused, and those that there are are named', async () => {
  const known = hosts.flatMap(({ id, handIn }) => (handIn ? id : []));
  await expect(pageWith(withSettings('hand_in: { blackboard: }\n'))).rejects.toThrow(
    `hand_in names the host blackboard; write one of upload, ${known.join(', ')}. Canvas and Moodle are upload.`,
  );
});

test.each([
  ['self_check: form\n', false],
  ['', true],
])('with %j the page has a key: %s', async (settings, hasKey) => {
  expect((await pageWith(withSettings(settings))).includes('"salt":"')).toBe(hasKey);
});

const onPage = (handout: string, more: Readonly<Record<string, string | Buffer>> = {}) =>
  pageWith({ 'solution/handout.md': handout, ...more });

test('a handout on the page leads to the web alone, and has its own pictures in it', async () => {
  const page = await onPage(
    '# Fruit\n\n[web](https://example.org/x "t") [file](../work/boxes.ts) [script](javascript:alert(1)) ![Own](assignment/a.png) ![Far](https://example.org/b.png)\n',
    { 'assignment/a.png': Buffer.from('not really') },
  );
  const [, handout = ''] = /<summary>The handout<\/summary>([\s\S]*?)<\/details>/.exec(page) ?? [];
  expect(handout).toContain('<h2>Fruit</h2>');
  expect(handout.match(/(?:href|src)="[^"]*"/g)).toEqual([
    'href="https://example.org/x"',
    `src="data:image/png;base64,${Buffer.from('not really').toString('base64')}"`,
  ]);
  expect(handout).toContain(' file ');
  expect(handout).toContain('Far');
});

test('comments of a handout are left out, other HTML is shown as it is written, and a table has no style of its own', async () => {
  const page = await onPage(
    '# F\n\n<!-- to myself -->\n\n<img src=x onerror=alert(1)>\n\n| | A |\n| :-- | --: |\n| a | 1 |\n',
  );
  expect(page).not.toContain('to myself');
  expect(page).toContain('&lt;img src=x');
  expect(page).toContain('<td class="left"></td>');
  expect(page).not.toMatch(/ style="/);
});

test('without scripts the page has the handout, the way to hand in and a hint, and no empty fields', async () => {
  const body = (await onPage('# Fruit\n\nIn boxes.\n')).replaceAll(/<script[\s\S]*?<\/script>/g, '');
  for (const text of ['In boxes.', 'Gradescope', 'needs JavaScript']) expect(body).toContain(text);
  expect(body).not.toMatch(/<(?:input|textarea|button)/);
});

test('a flowchart whose nodes are rows stands beside the table, with its numbers as written; other diagrams are text', async () => {
  const flow =
    '```mermaid\nflowchart LR\n  basket["<b>Basket</b> 0.0884"] -- 0.125 --> crate["Crate"]\n```\n';
  const page = await onPage(`# F\n\n${flow}\n\`\`\`mermaid\npie\n  "a" : 1\n\`\`\`\n`);
  expect(page).toContain('data-id="basket"');
  expect(page).toContain('0.0884');
  expect(page).toContain('0.125');
  expect(page).not.toContain('<b>Basket');
  expect(page).toMatch(/<ul class="unseen"[^>]*><li>.*Basket.* → Crate<\/li><\/ul>/);
  expect(page).toMatch(/<pre><code[^>]*>pie/);
});

test('names of numbers that the handout gives can be typed, and no others', async () => {
  const page = await onPage('# F\n\n{{ apples }} of {{ brand }}, and {{ cells }} cells.\n');
  expect(page).toMatch(/"facts":\{"apples":\d+\}/);
  expect(await onPage('# F\n')).toContain('"facts":{}');
});
