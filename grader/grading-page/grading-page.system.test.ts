import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { compareWithRelease } from '../class/grade-class';
import { listFiles } from '../system/files';
import { startBrowser } from '../testing/browser';
import { gradeClass } from '../testing/classes';
import { fileOf, newFolder } from '../testing/folders';
import { course, hosts } from '../testing/mixed-class';
import { needs } from '../testing/needs';
import { writeGradingPage } from './grading-page';

const { Canvas: canvas } = hosts;

needs('chromium', () => {
  const folder = newFolder();
  const file = path.join(folder, 'grading.html');
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  beforeAll(async () => {
    browser = await startBrowser();
    writeGradingPage(course, folder, compareWithRelease(course, {}));
    expect(statSync(file).size).toBeLessThan(1_000_000);
  }, 120_000);
  afterAll(() => browser.close());

  /** Opens the page and gives it files. It has to ask for nothing but itself and what it makes. */
  async function open(files: readonly string[], address = pathToFileURL(file).href) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('request', (request) => {
      if (request.url() !== address) expect(request.url()).toMatch(/^(?:blob|data|about):/);
    });
    await page.goto(address);
    await give(page, files);
    return page;
  }
  async function give(page: Page, files: readonly string[]) {
    await page.locator('#files').setInputFiles([...files]);
    await page
      .locator('.files li')
      .nth(files.length - 1)
      .locator('b')
      .first()
      .waitFor();
    await idle(page);
  }
  const idle = (page: Page) => page.locator('progress').waitFor({ state: 'detached', timeout: 60_000 });
  const gone = (page: Page, selector: string, index: number) =>
    page.locator(selector).nth(index).waitFor({ state: 'detached' });
  const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();
  const textOf = (page: Page) => page.locator('#view').textContent();
  async function graded(page: Page) {
    await press(page, /^Grade$/);
    await page.locator('.todo').waitFor({ timeout: 60_000 });
  }
  /** Takes the zip. @returns the files in it by name. */
  async function saved(page: Page) {
    await press(page, '4. Take');
    await idle(page);
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save the zip')]);
    return unzipSync(readFileSync(await download.path()));
  }
  const text = (content: Uint8Array | Buffer | undefined) => Buffer.from(content ?? []).toString();

  test.each(Object.entries(hosts))(
    'a class at %s is graded to the same files as by the command',
    async (_, [download, table]) => {
      const [source, roster] = [fileOf('class.zip', download), fileOf('list.csv', table)];
      const { out } = await gradeClass(course, source, { roster, feedback: true });
      const page = await open([roster, source]);
      await graded(page);
      const files = await saved(page);
      await page.close();
      const known = listFiles(out);
      expect(Object.keys(files).sort()).toEqual([...known].sort());
      const timeless = (run: string) => ({ ...JSON.parse(run), node: 0, started: 0, ended: 0 });
      for (const name of known) {
        const expected = readFileSync(path.join(out, ...name.split('/')));
        if (name === 'run.json') expect(timeless(text(files[name]))).toEqual(timeless(text(expected)));
        else expect([name, Buffer.from(files[name] ?? []).equals(expected)]).toEqual([name, true]);
      }
    },
    120_000,
  );

  test('the keyboard alone decides cases, and the command reads the saved tables alike', async () => {
    const [source, roster] = [fileOf('class.zip', canvas[0]), fileOf('list.csv', canvas[1])];
    const page = await open([source, roster]);
    await graded(page);
    const byKey = async (name: string | RegExp) => {
      await page.getByRole('button', { name }).first().focus();
      await page.keyboard.press('Enter');
      await idle(page);
    };
    const cases = () => page.locator('.cases tbody tr').count();
    const before = await cases();
    await byKey(/^Take boxes \(1\)/);
    await byKey(/^Give \d+/);
    await gone(page, '.cases tbody tr', before - 1);
    // The focus is on the next case.
    expect(await page.evaluate('document.activeElement.className')).toContain('choice');
    await byKey(/^Somebody else/);
    await page.getByRole('combobox', { name: 'Student' }).selectOption({ index: 3 });
    await press(page, /^Decide$/);
    await idle(page);
    await press(page, /^Points or a comment/);
    await page.getByRole('combobox', { name: 'Student' }).selectOption({ index: 5 });
    await press(page, /^Next$/);
    await page.getByRole('spinbutton', { name: /^Points/ }).fill('4');
    await page.getByRole('textbox', { name: /^Reason/ }).fill('Spoke, "for long", about it');
    await page.getByRole('textbox', { name: /^Comment/ }).fill('Well done');
    await press(page, /^Decide$/);
    await idle(page);
    const lines = () => page.locator('.made tbody tr').count();
    await byKey('Undo');
    // Another file takes away no decision.
    const kept = await lines();
    await press(page, '1. Give');
    await give(page, [fileOf('photo.jpg', 'no class')]);
    await press(page, /^Grade$/);
    await gone(page, '.drop', 0);
    expect(await lines()).toBe(kept);
    expect(await textOf(page)).toMatch(/\d+ decisions? not saved/);
    const files = await saved(page);
    expect(await textOf(page)).not.toContain('not saved');
    const names = ['overrides.csv', 'extensions.csv', 'comments.csv', 'matches.csv'];
    const tables = Object.fromEntries(names.map((name) => [name, text(files[name])]));
    const { out } = await gradeClass(course, source, { roster, feedback: true, tables });
    const results = readFileSync(path.join(out, 'results.jsonl'), 'utf8');
    expect(text(files['results.jsonl'])).toBe(results);
    expect(results).toContain('"override"');
    await page.close();
  }, 120_000);

  test('nothing is asked of a server or stored, and closing with open decisions asks', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.setHeader('content-type', 'text/html').end(readFileSync(file));
    })
      .listen(0, '127.0.0.1')
      .unref();
    await new Promise((done) => server.once('listening', done));
    const address = server.address() as { port: number };
    const url = `http://127.0.0.1:${address.port}/`;
    const page = await open([fileOf('class.zip', canvas[0]), fileOf('list.csv', canvas[1])], url);
    await graded(page);
    await page.evaluate(axe);
    for (const view of ['1. Give', '2. Decide', '3. Class', '4. Take']) {
      await press(page, view);
      await idle(page);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
      const found = await page.evaluate('axe.run({ iframes: false })');
      expect(found).toMatchObject({ violations: [] });
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    await press(page, '2. Decide');
    await press(page, /^(?:Take|Give)/);
    await idle(page);
    expect(await textOf(page)).toMatch(/\d decisions? not saved/);
    const stored =
      'Promise.all([localStorage.length, sessionStorage.length, indexedDB.databases().then((all) => all.length), document.cookie.length])';
    expect(await page.evaluate(stored)).toEqual([0, 0, 0, 0]);
    expect(await page.title()).toContain('grade the class');
    const said: string[] = [];
    page.on('dialog', (dialog) => {
      said.push(dialog.type());
      void dialog.accept();
    });
    await page.reload();
    expect(said).toEqual(['beforeunload']);
    await page.close();
    server.close();
    expect(asked.filter((one) => one !== '/favicon.ico')).toEqual(['/', '/']);
  }, 120_000);
});
