import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import type { Page } from 'playwright-core';
import { startBrowser } from '../../testing/browser';
import { graded, linesIn } from '../../testing/classes';
import { fileOf } from '../../testing/folders';
import { clonesOf } from '../../testing/histories';
import { needs } from '../../testing/needs';
import { course, histories, roster } from '../../testing/read-class';
import { shadeOf } from './layout';

const clones = clonesOf(histories, (history) => history);
const list = fileOf('roster.csv', roster);
let run: Awaited<ReturnType<typeof graded>>;
beforeAll(async () => {
  run = await graded(course, clones, '--roster', list, '--feedback');
}, 120_000);

test('what the terminal says of a class', () => {
  expect(run.stdout.replaceAll(run.out, 'out')).toMatchSnapshot();
});

needs('chromium', () => {
  const pages = ['report.html', 'follow-up.html', 'feedback/s00.html'];
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  /** Everything that an opened page has requested or written to the console. */
  const noted: string[] = [];

  beforeAll(async () => {
    browser = await startBrowser();
  }, 120_000);
  afterAll(() => browser.close());

  async function open(name: string, width: number, height: number) {
    const page = await browser.newPage({ viewport: { width, height } });
    noted.length = 0;
    page.on('console', (entry) => noted.push(entry.text()));
    page.on('request', (request) => noted.push(request.url()));
    await page.goto(pathToFileURL(path.join(run.out, name)).href);
    return page;
  }
  const inPage = <Value>(page: Page, expression: string) => page.evaluate(expression) as Promise<Value>;
  const widthOf = (page: Page) => inPage<number>(page, 'document.documentElement.scrollWidth');
  const smallest = (selector: string) =>
    `Math.min(...[...document.querySelectorAll('${selector}')].map((one) => Number.parseFloat(getComputedStyle(one).fontSize)))`;

  async function assertNoFaults(page: Page, options: object = {}) {
    const found = await page.evaluate(`axe.run(${JSON.stringify(options)})`);
    expect(found).toMatchObject({ violations: [], passes: expect.arrayContaining([expect.anything()]) });
  }

  test.each(pages)(
    'axe finds no fault with %s, it runs and loads nothing, and it fits a telephone and paper',
    async (name) => {
      const page = await open(name, 320, 640);
      expect(noted).toEqual([page.url()]);
      expect(await page.title()).toContain('Fruit in boxes');
      await page.evaluate(axe);
      await assertNoFaults(page);
      expect(await widthOf(page)).toBeLessThanOrEqual(320);
      // If only the colors differ, only they can be at fault.
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.emulateMedia({ colorScheme: 'dark' });
      await assertNoFaults(page, { runOnly: ['color-contrast'] });
      expect(await widthOf(page)).toBeLessThanOrEqual(1280);
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 794, height: 1123 });
      expect(await widthOf(page)).toBeLessThanOrEqual(794);
      await page.close();
    },
  );

  test('paper has what is folded on the screen, and the question that is asked again without its answer', async () => {
    const report = await open('report.html', 794, 1123);
    const isSeen = (text: string) => report.getByText(text).first().isVisible();
    expect(await isSeen('A basket holds all apples')).toBe(false);
    await report.emulateMedia({ media: 'print' });
    expect(await isSeen('A basket holds all apples')).toBe(true);
    expect(await report.locator('.responses li').first().isVisible()).toBe(true);
    const asked = report.getByRole('heading', { name: 'Ask it again, at other sizes' });
    expect(await asked.isVisible()).toBe(true);
    expect(await report.locator('details.not-on-paper').isVisible()).toBe(false);
  });

  test('on a phone no number is cut off from what it counts, and only tables scroll', async () => {
    const page = await open('report.html', 390, 844);
    expect(await widthOf(page)).toBeLessThanOrEqual(390);
    const heights =
      'new Set([...document.querySelectorAll(".sheet td")].map((cell) => cell.offsetHeight)).size';
    expect(await inPage(page, heights)).toBe(1);
  });

  test('a wide screen is filled by what to talk about, and shades tell shares of right answers apart', async () => {
    const page = await open('report.html', 1920, 1080);
    const box = 'document.querySelector(".first").getBoundingClientRect()';
    expect(await inPage<number>(page, `${box}.width`)).toBeGreaterThan(1600);
    expect(await inPage<number>(page, `${box}.bottom`)).toBeLessThanOrEqual(1080);
    const shades = [1, 0.95, 0.9, 0.8, 0.7, 0.6].map((right) => shadeOf(100 - 100 * right, 100));
    expect(new Set(shades).size).toBeGreaterThanOrEqual(4);
  });

  test('the lines for a table are copied by the button below them', async () => {
    const page = await open('follow-up.html', 1280, 720);
    const [first] = linesIn(readFileSync(path.join(run.out, 'follow-up.html'), 'utf8'));
    await page.getByText('Lines to copy').click();
    await page.locator('button.copy').first().click();
    expect(await page.locator('button.copy').first().textContent()).toBe('Copied');
    expect(await inPage<string>(page, 'getSelection().toString()')).toContain(first?.lines[0]);
  });

  test('what a student gets back fits a screen, and its grade is in the largest letters', async () => {
    const page = await open('feedback/s00.html', 1280, 720);
    const sizes = await inPage<number[]>(
      page,
      '[...document.querySelectorAll("main *")].map((one) => Number.parseFloat(getComputedStyle(one).fontSize))',
    );
    const grade = await inPage<number>(page, smallest('.grade'));
    expect(sizes.filter((size) => size >= grade)).toHaveLength(1);
    const last = page.getByText('If you think that the grade is wrong');
    expect((await last.boundingBox())?.y).toBeLessThan(700);
  });

  test('the report begins with what to talk about, in letters for the last row', async () => {
    const page = await open('report.html', 1280, 720);
    const bottom = await inPage(page, 'document.querySelector(".first").getBoundingClientRect().bottom');
    expect(bottom).toBeLessThanOrEqual(720);
    expect(await inPage(page, smallest('.sheet td strong'))).toBeGreaterThanOrEqual(30);
  });
});
