import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { makeCopy } from '../grader/authoring/release/make';
import { seal } from '../grader/authoring/release/seal';
import { type Course, loadCourse } from '../grader/course';
import type { Report } from '../grader/grading/report.schema';
import { score } from '../grader/grading/score';
import { partsOf } from '../grader/key/hints';
import { type AnswerKey, noKey } from '../grader/key/key';
import { sealedKey } from '../grader/key/sealed';
import { kindOf } from '../grader/kinds/registry';
import { type PageData, worksheetPageFile, writePage } from '../grader/page/page';
import { fieldOf, type TypedWork, workFilesOf } from '../grader/page/work';
import { gradedCells, outcomes, scoreLine } from '../grader/render/status';
import { allRowsOf, rowsAgain, rowsOf, studentFiles } from '../grader/rubric/rubric';
import { findInFolder } from '../grader/submission/folder';
import { readSubmission } from '../grader/submission/submission';
import { wrongAnswers } from '../grader/testing/answers';
import { startBrowser } from '../grader/testing/browser';
import { newCourse, newFolder, packageRoot, removeFolders, writeFiles } from '../grader/testing/folders';
import { files as fuzzed } from '../grader/testing/fuzz/files';
import { asFoundFiles } from '../grader/testing/grade';
import { runInProcess } from '../grader/testing/in-process';
import { tries } from '../grader/testing/long';
import { needs } from '../grader/testing/needs';
import { wholeCourse } from '../grader/testing/worksheet';

/** A course, its page, and the key in that page. */
interface Made {
  readonly course: Course;
  readonly address: string;
  readonly data: PageData;
  readonly key: AnswerKey;
}

const hostile = [
  '<script>document.title = "run"</script>',
  '<img src=x onerror="document.title = 1">',
  '"><svg onload=alert(1)>',
  '</textarea></script><b>bold</b>',
  '{{7*7}} &lt;b&gt;',
  '\u001b[2J\u202e\u2066\u200b\u2028\ufeff\ud800',
  "=cmd|' /C calc'!A0",
  '::error::x ##[error]y',
  '`7` ; alert(1) //',
];

let browser: Browser;
const made: Record<string, Made> = {};
afterAll(removeFolders);

async function make(name: string, course: Course, hasKey = true): Promise<void> {
  const folder = newFolder();
  const file = hasKey ? await seal(course.rubric, course.solution) : undefined;
  await writePage(course, folder, file);
  const html = readFileSync(path.join(folder, worksheetPageFile), 'utf8');
  const data = JSON.parse(/id="data">(.*?)<\/script>/s.exec(html)?.[1] ?? '') as PageData;
  const address = pathToFileURL(path.join(folder, worksheetPageFile)).href;
  made[name] = { course, address, data, key: file ? sealedKey(file, course.rubric) : noKey };
}

function pageOf(name: string): Made {
  const found = made[name];
  if (!found) throw new Error(`no page ${name}`);
  return found;
}

/** Opens a page and records its requests, its console output, its errors and violations of its policy. */
async function open(name: string, options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser.newContext(options);
  const opened = await openIn(context, name);
  return { ...opened, context, close: () => context.close() };
}

async function openIn(context: BrowserContext, name: string, isEmpty = true) {
  const { address } = pageOf(name);
  const page = await context.newPage();
  const noted: string[] = [];
  page.on('console', (entry) => noted.push(`console: ${entry.text()}`));
  page.on('pageerror', (error) => noted.push(`error: ${error.message}`));
  page.on('request', (request) => noted.push(request.url()));
  page.on('dialog', (dialog) => void dialog.accept());
  await page.addInitScript(
    'addEventListener("securitypolicyviolation", (event) => console.log(event.violatedDirective))',
  );
  await page.goto(address);
  if (isEmpty) await graded(page, 0);
  /** Everything noted except the page itself and its worker, whose script is the page's own. */
  const loaded = () => noted.filter((entry) => entry !== address && !entry.startsWith('blob:null/'));
  return { page, loaded, field: (id: string) => page.locator(`[id="${id}"]`) };
}

/** How many Reports the page has shown. */
const count = async (page: Page) =>
  Number(await page.evaluate('document.documentElement.dataset.graded ?? 0'));

async function graded(page: Page, before: number): Promise<void> {
  await until(page, `Number(document.documentElement.dataset.graded ?? 0) > ${before}`);
}

/** Waits until an expression holds. The page's policy does not let such a check run inside the page. */
async function until(page: Page, expression: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await page.evaluate(expression))) {
    if (Date.now() > end) throw new Error(`this never came to hold: ${expression}`);
    await page.waitForTimeout(5);
  }
}

/** Does something, and waits until the page has graded it. */
async function andGraded(page: Page, act: () => Promise<unknown>): Promise<void> {
  const before = await count(page);
  await act();
  await graded(page, before);
}

const check = (page: Page) =>
  andGraded(page, () => page.getByRole('button', { name: 'Check', exact: true }).click());

/** Types everything at once, as typing one field after the other would. */
async function typeAll(page: Page, work: TypedWork): Promise<void> {
  await page.evaluate(`for (const [id, typed] of Object.entries(${JSON.stringify(work)})) {
    const field = document.getElementById(id);
    if (field.value === typed) continue;
    field.value = typed;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }`);
}

/** The outcomes that the marks of cells on a page stand for. */
async function outcomesOn(page: Page, cells: readonly string[]): Promise<Record<string, string | undefined>> {
  const marks = (await page.evaluate(
    `${JSON.stringify(cells)}.map((id) => document.getElementById(id + '.state').textContent)`,
  )) as string[];
  const outcomeOf = (mark = '') =>
    Object.entries(outcomes).find(([, { sign, word }]) => mark.startsWith(`${sign} ${word}`))?.[0];
  return Object.fromEntries(cells.map((id, index) => [id, outcomeOf(marks[index])]));
}

async function saved(page: Page, button: string): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFileSync(await download.path());
}

async function savedFiles(page: Page, { course }: Made): Promise<Record<string, string>> {
  const files = unzipSync(await saved(page, 'Save both as a zip'));
  return Object.fromEntries(
    studentFiles(course.rubric).map((file) => [file, strFromU8(files[file] ?? new Uint8Array())]),
  );
}

const textOf = async (page: Page) => String(await page.evaluate('document.body.innerText'));

/** Generates entries for the fields: right, wrong, with a slip, or hostile. */
function typedInto({ course }: Made): fc.Arbitrary<TypedWork> {
  const { rubric, solution } = course;
  const fields = rowsOf(rubric).flatMap(({ id: row, cells }) =>
    cells.map((cell) => {
      const kind = kindOf(cell);
      const right =
        solution.expected.find(({ id }) => id === row)?.cells.find(({ id }) => id === cell.id)?.value ?? 1;
      const known = [right, ...wrongAnswers(kind, right)].map(String);
      const any = kind.options
        ? fc.constantFrom(...kind.options.map(String), '')
        : fc.oneof(
            fc.constantFrom(...known),
            fc.constantFrom(
              '',
              ...known,
              ...hostile,
              '4,096',
              '100 x 128',
              '0x64',
              '2 * 64',
              ...Object.keys(pageOf('own').data.facts),
            ),
          );
      return any.map((typed) => [fieldOf.cell(row, cell.id), typed.replace(/[\r\n]/g, '')] as const);
    }),
  );
  const responses = (rubric.reflection?.questions ?? []).map(({ id }) =>
    fc
      .constantFrom('', 'Why it is scaled.', '# A heading\n- and\n- a list', ...hostile)
      .map((typed) => [fieldOf.response(id), typed] as const),
  );
  return fc.tuple(...fields, ...responses).map((all) => Object.fromEntries(all));
}

needs('chromium', () => {
  beforeAll(async () => {
    browser = await startBrowser();
    const own = loadCourse(packageRoot, false);
    await make('own', own);
    await make('form', own, false);
    await make('example', loadCourse(path.join(packageRoot, 'examples', 'grouped-query-attention'), false));
    await make('fruit', loadCourse(newCourse(wholeCourse), false));
  }, 120_000);
  afterAll(async () => {
    await browser.close();
  });

  test('the Report of a page is that of the command line, byte for byte, for hundreds of submissions', async () => {
    const seed = 20_261_126;
    for (const [name, runs] of [
      ['own', tries(200)],
      ['example', tries(100)],
      ['fruit', tries(100)],
      ['form', tries(100)],
    ] as const) {
      const one = pageOf(name);
      const { course, data, key } = one;
      const { rubric } = course;
      const typed = typedInto(one).map((work) => workFilesOf(work, data));
      const written = fc.record({
        answers: fc.oneof(
          fuzzed.mutated,
          fuzzed.spliced,
          fc.constantFrom(...hostile),
          fc.constant(data.stub),
        ),
        reflection: fc.constantFrom(
          '',
          ...hostile,
          '## 2\n\nA response.\n\n<h2>3</h2>\nx &nbsp; y',
          'x'.repeat(70_000),
        ),
      });
      const submissions = fc.sample(
        fc.oneof({ weight: 4, arbitrary: typed }, { weight: 1, arbitrary: written }),
        { numRuns: runs, seed },
      );
      const folder = newFolder();
      const { page, close } = await open(name);
      const reports = (await page.evaluate(gradeInWorker, submissions)) as Report[];
      await close();
      expect(reports).toHaveLength(runs);
      const seen = new Set<string>();
      for (const [index, { answers, reflection }] of submissions.entries()) {
        const files = {
          [rubric.file]: answers,
          ...(rubric.reflection && { [rubric.reflection.file]: reflection ?? '' }),
        };
        writeFiles(folder, files);
        const report = await score(rubric, readSubmission(await findInFolder(folder, rubric), rubric), key);
        expect(JSON.stringify(reports[index], null, 2)).toBe(JSON.stringify(report, null, 2));
        for (const { outcome } of gradedCells(report)) seen.add(outcome);
      }
      expect([...seen].sort()).toEqual([
        ...(name === 'form' ? ['blank', 'invalid', 'ungraded'] : ['blank', 'correct', 'invalid', 'wrong']),
      ]);
    }
  });

  test('the marks of sixty half-done sheets are those of npm run grade on the files that the page saves', async () => {
    const one = pageOf('own');
    const { course, data, key } = one;
    const { rubric } = course;
    const copy = newFolder();
    makeCopy(course, copy, await seal(rubric, course.solution));
    const folder = newFolder();
    const { page, close } = await open('own');
    const cells = allRowsOf(rubric).flatMap(({ id, cells: all }) =>
      all.map((cell) => fieldOf.cell(id, cell.id)),
    );
    const sheets = fc.sample(typedInto(one), { numRuns: 60, seed: 7 });
    for (const [index, sheet] of sheets.entries()) {
      // UTF-8 has no halves of surrogate pairs.
      const work = Object.fromEntries(
        Object.entries(sheet).map(([field, typed]) => [field, typed.replace('\ud800', '')]),
      );
      // Tables are half done in every way: each sheet leaves out other cells.
      for (const [at, field] of cells.entries()) if ((at * 7 + index) % 5 === 0) work[field] = '';
      await typeAll(page, work);
      await andGraded(page, () => page.getByRole('button', { name: 'Check', exact: true }).click());
      const { answers, reflection = '' } = workFilesOf(work, data);
      const files = { [rubric.file]: answers, [rubric.reflection?.file ?? '']: reflection };
      const report = await score(rubric, readSubmission(asFoundFiles(files), rubric), key);
      if (index % 10 === 0) {
        writeFiles(folder, await savedFiles(page, one));
        const { stdout } = await runInProcess(copy, 'grade', '--json', folder);
        // The key of a copy is sealed anew.
        expect({ ...JSON.parse(stdout), key: report.key }).toEqual(JSON.parse(JSON.stringify(report)));
      }
      const graded = report.rows.flatMap(({ id, cells: all }) =>
        all.map((cell) => [fieldOf.cell(id, cell.id), cell.outcome]),
      );
      expect(await outcomesOn(page, cells)).toEqual(Object.fromEntries(graded));
      expect(await textOf(page)).toContain(scoreLine(report));
    }
    await close();
  });

  test('it loads nothing, says nothing to the console, and nothing that somebody wrote becomes a part of it', async () => {
    const { page, loaded, close } = await open('example');
    const elements = () =>
      page.evaluate('document.querySelectorAll("script, img, b, svg, iframe, object, link").length');
    const before = await elements();
    const inputs = page.locator('#worksheet input');
    for (let index = 0; index < (await inputs.count()); index++)
      await inputs.nth(index).fill(hostile[index % hostile.length] ?? '');
    const areas = page.locator('#worksheet textarea');
    for (let index = 0; index < (await areas.count()); index++)
      await areas.nth(index).fill(hostile.join('\n'));
    await check(page);
    expect(await page.title()).toBe(pageOf('example').course.rubric.title);
    expect(await elements()).toBe(before);
    expect(loaded()).toEqual([]);
    await close();
  });

  const looks = [
    ['own', { viewport: { width: 1280, height: 740 } }],
    ['own', { colorScheme: 'dark', viewport: { width: 1280, height: 740 } }],
    ['own', { forcedColors: 'active', viewport: { width: 320, height: 640 }, deviceScaleFactor: 4 }],
    ['example', { viewport: { width: 640, height: 370 }, deviceScaleFactor: 2 }],
    ['form', { colorScheme: 'dark', viewport: { width: 360, height: 740 } }],
  ] as const;
  test.each(looks)(
    'axe finds no fault, marks are words, and nothing runs over the side: %s, %j',
    async (name, options) => {
      const { page, field, close } = await open(name, options);
      await page.evaluate(axe);
      const look = async (state: string) => {
        const { violations, passes } = (await page.evaluate('axe.run()')) as {
          violations: { id: string }[];
          passes: unknown[];
        };
        expect([state, ...violations.map(({ id }) => id)]).toEqual([state]);
        expect(passes.length).toBeGreaterThan(10);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
          options.viewport.width,
        );
      };
      await fillHalf(page, name);
      await check(page);
      await field(fieldOf.cell('queries', 'rows')).focus();
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none');
      await look('half done');
      for (const mark of name === 'form' ? ['· filled in'] : ['✓ correct', '✗ wrong', '! not read'])
        expect(await textOf(page)).toContain(mark);
      await page.getByRole('button', { name: 'Start over' }).click();
      await look('asked whose work it is');
      if (name === 'own' && 'colorScheme' in options === false && 'forcedColors' in options === false) {
        await andGraded(page, () => page.getByRole('button', { name: 'Start over' }).click());
        await look('blank');
        await fillRight(page, pageOf(name));
        await check(page);
        await look('all right');
      }
      await close();
    },
  );

  test('the whole worksheet is done with the keyboard alone', async () => {
    const one = pageOf('own');
    const { page, close } = await open('own');
    const focused = () =>
      page.evaluate('document.activeElement.id || document.activeElement.textContent.trim().slice(0, 30)');
    const press = async (key: string) => {
      await page.keyboard.press(key);
    };
    await press('Tab');
    expect(await focused()).toBe('Skip to the worksheet');
    await press('Enter');
    expect(await focused()).toBe('worksheet');
    const names = Object.keys(one.data.facts).length;
    for (let index = 0; index <= names; index++) await press('Tab');
    const rows = rowsOf(one.course.rubric);
    const [first] = rows;
    expect(await focused()).toBe(fieldOf.cell(first?.id ?? '', 'rows'));
    const right = (row: string, column: string) =>
      String(
        one.course.solution.expected.find(({ id }) => id === row)?.cells.find(({ id }) => id === column)
          ?.value,
      );
    for (const { id } of rows)
      for (const column of ['rows', 'columns']) {
        expect(await focused()).toBe(fieldOf.cell(id, column));
        expect(await page.evaluate('document.activeElement.matches(":focus-visible")')).toBe(true);
        await page.keyboard.type(right(id, column));
        if (id !== rows.at(-1)?.id || column === 'rows') await press(column === 'rows' ? 'Enter' : 'Tab');
      }
    await press('Tab');
    expect(await focused()).toBe('Check');
    await andGraded(page, () => press('Enter'));
    expect(await textOf(page)).toContain('14 of 16 points');
    const { questions = [] } = one.course.rubric.reflection ?? {};
    for (const { id } of questions.slice(0, 2)) {
      while ((await focused()) !== fieldOf.response(id)) await press('Tab');
      await page.keyboard.type('Every token keeps its row.');
    }
    while ((await focused()) !== 'Save both as a zip') await press('Tab');
    const [download] = await Promise.all([page.waitForEvent('download'), press('Enter')]);
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
    expect(await textOf(page)).toContain('16 of 16 points');
    await close();
  });

  test('whoever hears the page has a name, a state and a reason for each field, and is told what is graded', async () => {
    const { page, context, close } = await open('own');
    const cell = (name: string) => page.getByRole('textbox', { name, exact: true });
    await cell('Queries: Rows').fill('100');
    await cell('Queries: Columns').fill('4096');
    await cell('Queries: Columns').press('Tab');
    const heard = (words: string) =>
      page.getByRole('status').filter({ hasText: words }).waitFor({ state: 'attached' });
    await heard('Queries: Rows correct, Columns wrong.');
    const session = await context.newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const node = nodes.find(
      ({ role, name }) => role?.value === 'textbox' && name?.value === 'Queries: Columns',
    );
    const hint = pageOf('own').course.solution.misconceptions.find(
      ({ row, values }) => row === 'queries' && values.rows === 100 && values.columns === 4096,
    );
    const description = String(node?.description?.value);
    expect(description).toMatch(/✗ wrong.*What does one row of this matrix hold/s);
    expect(description).toContain(String(hint?.text));
    expect(node?.properties?.find(({ name }) => name === 'invalid')?.value.value).toBe('true');
    expect(await page.getByRole('rowheader').allTextContents()).toEqual(
      allRowsOf(pageOf('own').course.rubric).map(({ label }) => label),
    );
    const first = page.getByRole('table', { name: 'shapes' });
    expect(await first.getByRole('columnheader').count()).toBe(2);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await first.getByRole('rowheader').count()).toBe(7);
    expect(await first.getByRole('cell').count()).toBeGreaterThanOrEqual(14);
    await check(page);
    await heard('Next:');
    await close();
  });

  test.each([
    ['beside the table', 1280, '.picture'],
    ['in its row', 390, 'tr:has([id="cell.keys.rows"])'],
  ])('the diagram is %s at %i pixels, with a mark on the row', async (_where, width, place) => {
    const { page, field, close } = await open('own', { viewport: { width, height: 800 } });
    await field(fieldOf.cell('keys', 'rows')).focus();
    const box = (selector: string) => page.locator(selector).boundingBox();
    const mark = await box(`${place} svg > rect`);
    const inSvg = (await page.evaluate(
      `(() => { const { x, y } = document.querySelector('#diagram [data-id="keys"]').getBBox(); const mark = document.querySelector('${place} svg > rect'); return [x - mark.x.baseVal.value, y - mark.y.baseVal.value]; })()`,
    )) as number[];
    expect(inSvg).toEqual([0, 0]);
    const [typed, picture] = [await box('[id="cell.keys.rows"]'), await box(`${place} svg`)];
    expect(mark && typed && picture).not.toBeNull();
    if (width === 390) expect((typed?.y ?? 0) - (picture?.y ?? 0)).toBeLessThan(200);
    else expect(picture?.x ?? 0).toBeGreaterThan((typed?.x ?? 0) + (typed?.width ?? 0));
    await close();
  });

  test('a row that is not complete is not marked until Check is pressed', async () => {
    const { page, field, close } = await open('own');
    await andGraded(page, async () => {
      await field(fieldOf.cell('keys', 'rows')).fill('5');
      await field(fieldOf.cell('keys', 'rows')).blur();
    });
    expect(await page.locator('[id="cell.keys.rows.state"]').textContent()).toBe('· filled in');
    expect(await textOf(page)).not.toMatch(/\d+ of 16 points/);
    await check(page);
    expect(await page.locator('[id="cell.keys.rows.state"]').textContent()).toBe('✗ wrong');
    expect(await textOf(page)).toContain('0 of 16 points');
    await close();
  });

  test('what is asked again has no mark before all of it is filled in, and changes no points', async () => {
    const { page, field, close } = await open('own');
    const again = rowsAgain(pageOf('own').course.rubric);
    const cells = again.flatMap(({ id, cells: all }) => all.map((cell) => fieldOf.cell(id, cell.id)));
    const stateOf = (name: string) => page.locator(`[id="${name}.state"]`).textContent();
    const last = cells.at(-1) ?? '';
    for (const name of cells.slice(0, -1)) await field(name).fill('7');
    await field(last).fill('x1');
    await field(last).blur();
    await page.locator(`[id="${last}.state"]`).filter({ hasText: 'not read' }).waitFor();
    expect(await Promise.all(cells.map(stateOf))).toEqual([
      ...cells.slice(0, -1).map(() => '· filled in'),
      '! not read',
    ]);
    await field(last).fill('8');
    await andGraded(page, () => page.getByRole('button', { name: 'Check this table' }).click());
    expect(new Set(await Promise.all(cells.map(stateOf)))).toEqual(new Set(['✗ wrong']));
    expect(await textOf(page)).not.toMatch(/\d+ of 16 points/);
    await close();
  });

  test('whoever opens the page where somebody has worked is asked first, and sees none of it before', async () => {
    const { page, field, context, close } = await open('own');
    const cell = fieldOf.cell('keys', 'rows');
    await field(cell).fill('1');
    await field(fieldOf.response('muddiest')).fill('Mine alone.');
    const entries = (at: Page) => at.evaluate('Object.keys(localStorage).length');
    expect(await entries(page)).toBe(1);
    const next = await openIn(context, 'own', false);
    const shown = await next.page.evaluate('document.body.innerHTML.replace(/<script.*/s, "")');
    expect(shown).toContain('Continue or start over?');
    expect(shown).not.toMatch(/Mine alone|cell\.keys/);
    await next.page.getByRole('button', { name: 'Continue' }).click();
    expect(await next.field(cell).inputValue()).toBe('1');
    await next.page.close();
    const third = await openIn(context, 'own', false);
    await andGraded(third.page, () => third.page.getByRole('button', { name: 'Start over' }).click());
    expect(await third.field(cell).inputValue()).toBe('');
    expect(await entries(third.page)).toBe(0);
    await third.field(cell).fill('2');
    expect(await entries(third.page)).toBe(1);
    await third.page.close();
    await page.reload();
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await field(cell).inputValue()).toBe('2');
    await close();
  });

  test('a page that was saved by the browser shows nothing of the work that was on it, and works', async () => {
    const { page, close } = await open('own');
    await fillHalf(page, 'own');
    await check(page);
    const file = path.join(newFolder(), 'saved.html');
    writeFileSync(file, `<!doctype html>${await page.evaluate('document.documentElement.outerHTML')}`);
    await close();
    const again = await browser.newPage();
    await again.goto(pathToFileURL(file).href);
    await graded(again, 0);
    expect(await textOf(again)).not.toMatch(/✓|✗|Every token keeps its row/);
    await fillHalf(again, 'own');
    await check(again);
    expect(await textOf(again)).toMatch(/✓ correct[\s\S]*✗ wrong/);
    await again.close();
  });

  test('where the browser keeps nothing the page says so at once, and works all the same', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const html = readFileSync(new URL(pageOf('own').address), 'utf8');
    const outer = path.join(newFolder(), 'frame.html');
    writeFileSync(
      outer,
      `<iframe sandbox="allow-scripts" width="1000" height="700" srcdoc="${html.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`,
    );
    await page.goto(pathToFileURL(outer).href);
    const frame = page.frameLocator('iframe');
    await frame
      .locator('.notes')
      .filter({ hasText: 'This browser does not store what you type here.' })
      .waitFor();
    await frame.locator('[id="cell.keys.rows"]').fill('5');
    await frame.getByRole('button', { name: 'Check', exact: true }).click();
    const result = frame.locator('.box').filter({ hasText: '0 of 16 points' });
    await result.waitFor();
    expect(await result.isVisible()).toBe(true);
    await context.close();
  });

  test('closing asks first while something is not saved, and not afterwards', async () => {
    const { page, field, close } = await open('own');
    const asked: string[] = [];
    page.on('dialog', (dialog) => asked.push(dialog.type()));
    await page.reload();
    expect(asked).toEqual([]);
    await field(fieldOf.cell('keys', 'rows')).click();
    await page.keyboard.type('5');
    await page.reload();
    expect(asked).toEqual(['beforeunload']);
    await page.getByRole('button', { name: 'Continue' }).click();
    await field(fieldOf.cell('keys', 'rows')).click();
    await page.keyboard.type('5');
    await saved(page, 'Save answers.ts');
    expect(await textOf(page)).toContain('Not saved yet: reflection.md.');
    await saved(page, 'Save reflection.md');
    await page.reload();
    expect(asked).toEqual(['beforeunload']);
    await close();
  });

  test('a page without a key tells what is filled in, and claims no points', async () => {
    const { page, close } = await open('form');
    const html = readFileSync(new URL(pageOf('form').address), 'utf8');
    expect(html).not.toContain('"salt":"');
    await fillHalf(page, 'form');
    await check(page);
    expect(await textOf(page)).toMatch(/Checked for form only: \d+ of 14 cells/);
    expect(await textOf(page)).not.toMatch(/✗ wrong|✓ correct|\d+ of 16 points/);
    await close();
  });

  test('Check says what to do where nothing is filled in, and a completed worksheet is printed whole on one sheet', async () => {
    const { page, field, close } = await open('own');
    await check(page);
    expect(await page.locator('.box').textContent()).toMatch(/Not started yet[\s\S]*Fill in each cell/);
    await fillRight(page, pageOf('own'));
    const long = `${'50 + '.repeat(40)}50 - 1950`;
    await field(fieldOf.cell('queries', 'rows')).fill(long);
    await check(page);
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('button:visible').count()).toBe(0);
    expect(await textOf(page)).toContain(long);
    expect(await page.locator(':is(input, textarea):visible').count()).toBe(0);
    await close();
  });

  test('the page of this worksheet takes less than 400 kB', () => {
    expect(statSync(new URL(pageOf('own').address)).size).toBeLessThan(400_000);
  });
});

/** Types right answers, wrong ones and slips into the first rows. */
async function fillHalf(page: Page, name: string): Promise<void> {
  const { course } = pageOf(name);
  for (const { id: row, cells } of rowsOf(course.rubric).slice(1, 6))
    for (const cell of cells) {
      const kind = kindOf(cell);
      const right =
        course.solution.expected.find(({ id }) => id === row)?.cells.find(({ id }) => id === cell.id)
          ?.value ?? 1;
      const typed =
        row === 'keys' ? '4,096' : row === 'values' ? String(wrongAnswers(kind, right)[0]) : String(right);
      if (!kind.options) await page.locator(`[id="${fieldOf.cell(row, cell.id)}"]`).fill(typed);
    }
  await page.locator('textarea').first().fill('Every token keeps its row.');
}

/** Types every right answer, and enough responses. */
async function fillRight(page: Page, { course }: Made): Promise<void> {
  const { rubric, solution } = course;
  for (const { id, cells } of partsOf(solution).flatMap(({ expected }) => expected))
    for (const cell of cells)
      await page.locator(`[id="${fieldOf.cell(id, cell.id)}"]`).fill(String(cell.value));
  for (const { id } of rubric.reflection?.questions.slice(0, rubric.reflection.choose) ?? [])
    await page.locator(`[id="${fieldOf.response(id)}"]`).fill('Every token keeps its row.');
}

/** Runs in the page: starts a worker as the page does, and has it grade one submission after the other. */
async function gradeInWorker(submissions: readonly unknown[]): Promise<unknown[]> {
  const scope = globalThis as unknown as {
    document: {
      getElementById(id: string): { textContent: string };
      scripts: ArrayLike<{ textContent: string }>;
    };
    Worker: new (
      address: string,
    ) => {
      onmessage: (event: { data: { report?: unknown; error?: string } }) => void;
      postMessage(order: unknown): void;
    };
  };
  const data = JSON.parse(scope.document.getElementById('data').textContent) as PageData;
  const script = scope.document.scripts[scope.document.scripts.length - 1]?.textContent ?? '';
  const worker = new scope.Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  worker.postMessage({ rubric: data.rubric, ...(data.key && { key: data.key }) });
  const reports: unknown[] = [];
  for (const files of submissions) {
    const reply = await new Promise<{ report?: unknown; error?: string }>((resolve) => {
      worker.onmessage = (event) => resolve(event.data);
      worker.postMessage({ files });
    });
    if (reply.error !== undefined) throw new Error(reply.error);
    reports.push(reply.report);
  }
  return reports;
}
