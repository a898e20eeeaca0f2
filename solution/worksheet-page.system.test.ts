import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { seal } from '../grader/authoring/release/sealed-facts';
import { loadCourse } from '../grader/course/course';
import { gradeFolder } from '../grader/grading/context';
import { expectedIn, noKey } from '../grader/key/judge';
import { sealedKey } from '../grader/key/sealed-key';
import { kindOf } from '../grader/kinds/registry';
import { fieldOf, type TypedWork } from '../grader/page/work-files';
import { type PageData, worksheetPage, worksheetPageFile } from '../grader/page/worksheet-page';
import { outcomes, scoreLine } from '../grader/render/status';
import { type Rubric, type RubricRow, rowsOf } from '../grader/rubric/rubric';
import { startBrowser } from '../grader/testing/browser';
import { newFolder, packageRoot, writeFiles } from '../grader/testing/folders';
import { tries } from '../grader/testing/long';
import { needs } from '../grader/testing/needs';
import { wrongAnswers } from '../grader/testing/sampler';

/**
 * The pages of three courses: this worksheet, once scored and once checked only for form, and an example with every
 * kind of answer.
 */
const names = ['own', 'form', 'example'] as const;
type Name = (typeof names)[number];
type Made = Awaited<ReturnType<typeof make>>;
const made = {} as Record<Name, Made>;
let browser: Browser;

const opened: { readonly context: BrowserContext; readonly noted: readonly string[] }[] = [];

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const check = (page: Page) => andGraded(page, () => press(page, 'Check'));
const textOf = async (page: Page) => String(await page.evaluate('document.body.innerText'));

type Box = Record<'top' | 'bottom' | 'left' | 'right' | 'height', number>;

interface PlacedRow {
  readonly row: Box;
  readonly fields: readonly Box[];
  readonly marks: readonly Box[];
}

const response = 'Every token keeps its row.';

needs('chromium', () => {
  beforeAll(async () => {
    browser = await startBrowser();
    for (const name of names) made[name] = await make(name);
  }, 120_000);
  afterEach(async () => {
    for (const { context, noted } of opened.splice(0)) {
      expect(noted).toEqual([]);
      await context.close();
    }
  });
  afterAll(() => browser.close());

  test.each(names)(
    'the page “%s” marks what is typed as the grader marks the files that it saves, and runs none of it',
    async (name) => {
      const { course, file: own, key } = made[name];
      expect(statSync(own).size).toBeLessThan(400_000);
      const { page } = await open(name);
      const elements =
        'document.querySelectorAll("script, img, b, svg:not(.product svg), iframe, object, link").length';
      const parts = () => page.evaluate(`document.title + ${elements}`);
      const before = await parts();
      const folder = newFolder();
      const sheets = fc.sample(typedInto(made[name]), { numRuns: tries(40, 2), seed: 7 });
      for (const sheet of sheets) {
        await type(page, sheet);
        await check(page);
        const files = Object.entries(unzipSync(await saved(page, 'Save both as a zip')));
        writeFiles(folder, Object.fromEntries(files.map(([file, bytes]) => [file, Buffer.from(bytes)])));
        const report = await gradeFolder(folder, course.rubric, key);
        const marks = report.rows
          .flatMap(({ cells }) => cells)
          .map(({ outcome }) => `${outcomes[outcome].sign} ${outcomes[outcome].word}`);
        const states = await page.locator('[id^="cell."][id$=".state"]').allTextContents();
        // A mark is followed by the value if that is not what was typed.
        expect(states.map((state) => state.replace(/ = .*/s, ''))).toEqual(marks);
        expect(await textOf(page)).toContain(scoreLine(report));
        if (course.file.tables[0]?.draw)
          expect(await matricesOn(page)).toEqual(await matricesIn(page, course.rubric, sheet));
        expect(await parts()).toEqual(before);
      }
    },
  );

  test.each([
    ['own', [{ width: 1280, colorScheme: 'dark' }, { width: 320, forcedColors: 'active' }, { width: 1920 }]],
    ['example', [{ width: 640 }]],
    ['form', [{ width: 360, colorScheme: 'dark' }]],
  ] as const)(
    'axe finds no fault with the page “%s”, marks are words, and nothing runs over the side: %j',
    async (name, looks) => {
      const { page, field } = await open(name);
      await page.evaluate(axe);
      const look = async ({ width, ...media }: (typeof looks)[number]) => {
        await page.setViewportSize({ width, height: 740 });
        await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', ...media });
        const { violations = [], passes } = (await page.evaluate('axe.run()')) as Record<
          string,
          { id: string }[]
        >;
        expect(violations.map(({ id }) => id)).toEqual([]);
        expect(passes?.length).toBeGreaterThan(10);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      };
      await type(page, halfWork(made[name]));
      await check(page);
      const text = await textOf(page);
      expect(text).toMatch(
        name === 'form'
          ? /· filled in[\s\S]*Checked for form only: \d+ of 14 cells/
          : /✓ correct[\s\S]*! not read[\s\S]*✗ wrong/,
      );
      if (name === 'form') expect(text).not.toMatch(/✓ correct|✗ wrong|\d+ of 16 points/);
      await field(fieldOf.cell('queries', 'rows')).focus();
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none');
      for (const one of looks) await look(one);
      if (name !== 'own') return;
      await page.locator('summary', { hasText: 'More ways' }).click();
      await press(page, 'Start over');
      await look(looks[0]);
      await andGraded(page, () => press(page, 'Start over and delete it'));
      await look(looks[0]);
    },
    120_000,
  );

  test('the table is filled in and checked with the keyboard alone', async () => {
    const { page } = await open('own');
    const focused = () =>
      page.evaluate('document.activeElement.id || document.activeElement.textContent.trim()');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the worksheet');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('worksheet');
    const cells = cellsOf(made.own, rowsOf(made.own.course.rubric));
    for (let steps = 0; steps < 20 && (await focused()) !== cells[0]?.field; steps++)
      await page.keyboard.press('Tab');
    for (const { field, right } of cells) {
      expect(await focused()).toBe(field);
      expect(await page.evaluate('document.activeElement.matches(":focus-visible")')).toBe(true);
      await page.keyboard.type(String(right));
      await page.keyboard.press(field === cells.at(-1)?.field ? 'Tab' : 'Enter');
    }
    expect(await focused()).toBe('Check');
    await andGraded(page, () => page.keyboard.press('Enter'));
    expect(await textOf(page)).toContain('14 of 16 points');
  });

  test.each([1280, 360])(
    'at a width of %i nothing is said of empty cells before Check, lines are short, and buttons are large',
    async (width) => {
      const { page } = await open('own');
      await page.setViewportSize({ width, height: 740 });
      expect(await textOf(page)).not.toMatch(/○ blank|not a response yet/);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      const longest =
        await page.evaluate(`Math.max(...[...document.querySelectorAll('p, li')].flatMap((part) => {
      if (!part.offsetParent || part.closest('.unseen')) return 0;
      const [lines, range] = [{}, document.createRange()];
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode())
        for (let at = 0; at < node.length; at++) {
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const { top, width } = range.getBoundingClientRect();
          if (width > 0) lines[Math.round(top)] = (lines[Math.round(top)] ?? 0) + 1;
        }
      return Object.values(lines);
    }))`);
      expect(longest).toBeLessThanOrEqual(75);
      const small =
        await page.evaluate(`[...document.querySelectorAll('button, summary, input, select, textarea')]
      .filter((part) => part.offsetParent && part.getBoundingClientRect().height < 44)
      .map((part) => part.textContent || part.id)`);
      expect(small).toEqual([]);
      await check(page);
      expect(await textOf(page)).toMatch(/○ blank[\s\S]*not a response yet/);
    },
  );

  test('on a phone the page is short before anything is marked, and the bar with Check hides no focused field', async () => {
    const { page } = await open('own');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(5200);
    const first = await page.locator('.grid input').first().boundingBox();
    expect(first && first.y + first.height).toBeLessThanOrEqual(900);
    const hidden =
      await page.evaluate(`[...document.querySelectorAll('.grid input, .grid select')].filter((field) => {
      field.focus();
      return field.getBoundingClientRect().bottom > document.querySelector('.check').getBoundingClientRect().top + 1
        && field.closest('.asked');
    }).map(({ id }) => id)`);
    expect(hidden).toEqual([]);
  });

  test('two tabs of one browser show what is typed in each, and starting over empties both', async () => {
    const { page, field } = await open('own');
    const other = await page.context().newPage();
    await other.goto(page.url());
    const [rows, columns] = ['rows', 'columns'].map((column) => fieldOf.cell('queries', column));
    const valueIn = (tab: Page, id = '') => tab.locator(`[id="${id}"]`).inputValue();
    await field(String(rows)).fill('100');
    await until(other, `document.getElementById('${rows}').value === '100'`);
    await other.locator(`[id="${columns}"]`).fill('128');
    await until(page, `document.getElementById('${columns}').value === '128'`);
    expect(await valueIn(page, rows)).toBe('100');
    await page.locator('summary', { hasText: 'More ways' }).click();
    await press(page, 'Start over');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Continue');
    await press(page, 'Start over and delete it');
    await until(other, `document.getElementById('${columns}').value === ''`);
    expect(await textOf(other)).toContain('Somebody started over in another tab');
    expect(await page.evaluate('document.querySelector(".handout").open')).toBe(true);
  });

  /** Where the parts of each row are, in pixels. */
  const rowsOn = (page: Page) =>
    page.evaluate(`[...document.querySelectorAll('.grid tbody tr:not(.said)')].map((row) => {
      const box = (part) => part.getBoundingClientRect().toJSON();
      const all = (selector) => [...row.querySelectorAll(selector)].map(box);
      return { row: box(row), fields: all('input, select'), marks: all('.mark') };
    })`) as Promise<readonly PlacedRow[]>;

  test('on a laptop six rows are in view below the sizes, and marks stand clear of the ring of the focus', async () => {
    const { page } = await open('own');
    await page.setViewportSize({ width: 1280, height: 720 });
    await type(page, Object.fromEntries(cellsOf(made.own).map(({ field, right }) => [field, String(right)])));
    await check(page);
    await page.evaluate('document.querySelector(".grid").scrollIntoView()');
    const rows = await rowsOn(page);
    const top = Number(
      await page.evaluate('document.querySelector(".names").getBoundingClientRect().bottom'),
    );
    const bottom = Number(
      await page.evaluate('document.querySelector(".check").getBoundingClientRect().top'),
    );
    expect(top).toBeGreaterThan(0);
    expect(rows.filter(({ row }) => row.top >= top && row.bottom <= bottom).length).toBeGreaterThanOrEqual(6);
    // The focus ring takes up 5 pixels around a field.
    for (const { fields, marks } of rows)
      for (const mark of marks)
        for (const field of fields) {
          const isBeside = mark.left >= field.right + 5 + 6 || mark.right <= field.left - 5 - 6;
          expect(isBeside).toBe(true);
        }
    for (const { row } of rows.slice(0, -1)) expect(row.height).toBeLessThanOrEqual(60);
  });

  test('from 320 to 480 pixels fields of a row are in line, and no mark wraps or is cut', async () => {
    const { page } = await open('own');
    await type(page, halfWork(made.own));
    await check(page);
    for (const width of [320, 342, 360, 390, 414, 480]) {
      await page.setViewportSize({ width, height: 740 });
      for (const { fields, marks } of await rowsOn(page)) {
        expect(new Set(fields.map(({ top }) => Math.round(top))).size).toBe(1);
        for (const { height, right } of marks) {
          expect(height).toBeLessThan(28);
          expect(right).toBeLessThanOrEqual(width);
        }
      }
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
  });

  test('at 400 % a field is in view with its name, its mark and its reason', async () => {
    const { page, field } = await open('own');
    await page.setViewportSize({ width: 342, height: 192 });
    const [rows, columns] = ['rows', 'columns'].map((column) => fieldOf.cell('queries', column));
    await type(page, { [String(rows)]: '100', [String(columns)]: '4096' });
    await check(page);
    await field(String(columns)).focus();
    const places = await page.evaluate(`[...document.getElementById('queries.said').closest('tbody').rows]
      .filter((row) => row.contains(document.activeElement) || row.querySelector('[id="queries.said"]'))
      .map((row) => [row.getBoundingClientRect().top, row.getBoundingClientRect().bottom])`);
    const edges = (places as number[][]).flat();
    expect(Math.min(...edges)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...edges)).toBeLessThanOrEqual(192);
  });

  test.each(['A4', 'Letter'])(
    'on %s a full worksheet is one page, and a blank one two with boxes',
    async (format) => {
      const margin = { top: '10mm', bottom: '10mm', left: '12mm', right: '12mm' };
      const pagesOf = async (page: Page) =>
        (await page.pdf({ format, margin })).toString('latin1').match(/\/Type \/Page\b/g)?.length;
      const { page } = await open('own');
      expect(await pagesOf(page)).toBe(2);
      await page.emulateMedia({ media: 'print' });
      for (const part of ['.handout', '.field .paper', '.response .paper'])
        expect(await page.locator(part).first().isVisible()).toBe(true);
      await page.emulateMedia({ media: null });
      const questions = made.own.course.rubric.reflection?.questions ?? [];
      const lines = questions.map(({ id }) => [fieldOf.response(id), `${id}. ${response} `.repeat(5)]);
      await type(page, { ...halfWork(made.own), ...Object.fromEntries(lines) });
      await check(page);
      expect(await pagesOf(page)).toBe(1);
    },
  );

  test('what is drawn lies in its box of the diagram', async () => {
    const { page } = await open('own');
    const { cell } = fieldOf;
    for (const row of ['queries', 'scores'])
      await type(page, { [cell(row, 'rows')]: '100', [cell(row, 'columns')]: '128' });
    await check(page);
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    const drawn = await page.evaluate(`[...document.querySelectorAll('.picture svg > g')].map((group) => {
      const { x, y, width, height } = group.getBBox();
      return [...document.querySelectorAll('#diagram .node')].flatMap((node) => {
        const box = node.getBBox();
        const isIn = x >= box.x && y >= box.y && x + width <= box.x + box.width && y + height <= box.y + box.height;
        return isIn ? node.dataset.id : [];
      }).join();
    })`);
    expect(drawn).toEqual(['queries', 'scores']);
  });
});

/** A course, its page, and the content of that page. */
async function make(name: Name) {
  const root =
    name === 'example' ? path.join(packageRoot, 'examples', 'grouped-query-attention') : packageRoot;
  const [course, folder] = [loadCourse(root, false), newFolder()];
  const sealed = name === 'form' ? undefined : await seal(course.rubric, course.solution);
  writeFiles(folder, { [worksheetPageFile]: await worksheetPage(course, sealed) });
  const file = path.join(folder, worksheetPageFile);
  const text = readFileSync(file, 'utf8');
  const data: PageData = JSON.parse(/id="data">(.*?)<\/script>/s.exec(text)?.[1] ?? '');
  return { course, file, data, key: sealed ? sealedKey(sealed, course.rubric) : noKey };
}

/** Opens a page. By the end of the test it must have loaded, thrown and logged nothing, and kept to its policy. */
async function open(name: Name) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 740 } });
  const page = await context.newPage();
  const address = pathToFileURL(made[name].file).href;
  const noted: string[] = [];
  opened.push({ context, noted });
  page.on('console', (entry) => noted.push(`console: ${entry.text()}`));
  page.on('pageerror', (error) => noted.push(`error: ${error.message}`));
  page.on('request', (request) => {
    // The worker's script comes from the page itself.
    if (request.url() !== address && !request.url().startsWith('blob:null/')) noted.push(request.url());
  });
  await page.addInitScript(
    'addEventListener("securitypolicyviolation", (event) => console.log(event.violatedDirective))',
  );
  await page.goto(address);
  await until(page, 'Number(document.documentElement.dataset.graded) > 0');
  return { page, field: (id: string) => page.locator(`[id="${id}"]`) };
}

/** Waits until an expression is true. The page's policy does not let such a check run inside the page. */
async function until(page: Page, expression: string): Promise<void> {
  for (const end = Date.now() + 20_000; !(await page.evaluate(expression)); await page.waitForTimeout(5))
    if (Date.now() > end) throw new Error(`this never came to hold: ${expression}`);
}

/** Runs an action, and waits until the page has graded it. */
async function andGraded(page: Page, act: () => Promise<unknown>): Promise<void> {
  const before = await page.evaluate('document.documentElement.dataset.graded ?? 0');
  await act();
  await until(page, `Number(document.documentElement.dataset.graded ?? 0) > ${before}`);
}

/** Types everything at once, with the same effect as typing one field after the other. */
async function type(page: Page, work: TypedWork): Promise<void> {
  await page.evaluate(`for (const [id, typed] of Object.entries(${JSON.stringify(work)})) {
    const field = document.getElementById(id);
    if (field.value === typed) continue;
    field.value = typed;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }`);
}

/** The rows of the diagram as a screen reader reads them: which are filled in, and which do not fit. */
async function matricesOn(page: Page) {
  const lines = await page
    .getByRole('list', { name: 'Your matrices' })
    .getByRole('listitem')
    .allTextContents();
  return lines.map((line) => ({ label: line.split(': ')[0], isMisfit: line.endsWith('; does not fit') }));
}

/** Likewise, computed from what was typed and what the table says below a row. */
async function matricesIn(page: Page, { tables, laws }: Rubric, sheet: TypedWork) {
  const isFilled = ({ id, cells }: RubricRow) =>
    cells.some((cell) => (sheet[fieldOf.cell(id, cell.id)] ?? '').trim() !== '');
  return Promise.all(
    (tables[0]?.rows.filter(isFilled) ?? []).map(async ({ id, label }) => {
      const told = (await page.locator(`[id="${id}.said"]`).textContent()) ?? '';
      return { label, isMisfit: laws.some(({ because }) => told.includes(because)) };
    }),
  );
}

async function saved(page: Page, button: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, button)]);
  return readFileSync(await download.path());
}

/** The cells of some rows, each with its field and its right answer. */
const cellsOf = ({ course }: Made, rows = rowsOf(course.rubric)) =>
  rows.flatMap(({ id: row, cells }) =>
    cells.map((cell) => {
      const right = expectedIn(course.solution, row, cell.id)?.value ?? 1;
      return { kind: kindOf(cell), field: fieldOf.cell(row, cell.id), right };
    }),
  );

/** Right answers except for a slip, a wrong answer and an empty cell, and a response. */
function halfWork(one: Made): TypedWork {
  const answers = cellsOf(one).map(({ field, right }) => [field, String(right)]);
  const [, , slip, , wrong, , empty] = answers.map(([field]) => String(field));
  const question = fieldOf.response(one.course.rubric.reflection?.questions[0]?.id ?? '');
  const others = { [String(slip)]: '4,096', [String(wrong)]: '77777', [String(empty)]: '' };
  return { ...Object.fromEntries(answers), [question]: response, ...others };
}

const hostile = [
  '<script>document.title = "run"</script>',
  '<img src=x onerror="document.title = 1">',
  '</textarea></script><b>bold</b>',
  '\u001b[2J\u202e\u2066\u200b\u2028\ufeff\ud800',
];

/** Entries for the fields: right, wrong, with a slip, or hostile. */
function typedInto(one: Made): fc.Arbitrary<TypedWork> {
  const fields = cellsOf(one).map(({ kind, field, right }) => {
    const known = [right, ...wrongAnswers(kind, right)].map(String);
    const slips = ['4,096', '100 x 128', '0x64', '2 * 64', ...Object.keys(one.data.constants), ...hostile];
    const any = kind.options?.map(String) ?? [...known, ...known, ...slips];
    return fc
      .constantFrom('', '', String(right), String(right), ...any)
      .map((typed) => [field, typed.replace(/[\r\n]/g, '')] as const);
  });
  const responses = (one.course.rubric.reflection?.questions ?? []).map(({ id }) =>
    fc.constantFrom('', response, '# A', ...hostile).map((typed) => [fieldOf.response(id), typed] as const),
  );
  return fc.tuple(...fields, ...responses).map((all) => Object.fromEntries(all));
}
