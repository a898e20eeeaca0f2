import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import type { Locator, Page } from 'playwright-core';
import { compareWithRelease } from '../class/grade-class';
import { listFiles } from '../system/files';
import { askingCourse } from '../testing/asking-course';
import { hiddenPart, startBrowser } from '../testing/browser';
import { gradeClass, releasedCourse, timeless } from '../testing/classes';
import { fileOf, newFolder } from '../testing/folders';
import { hosts, listOfTutorials } from '../testing/mixed-class';
import { needs } from '../testing/needs';
import { hostileClass, oddClass, reached } from '../testing/odd-classes';
import { disputable } from '../testing/worksheet';
import { writeGradingPage } from './grading-page';

const yaml = disputable(askingCourse['rubric.yaml'] ?? '');
const course = releasedCourse({}, { ...askingCourse, 'rubric.yaml': yaml });

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

  /** Opens the page, gives it files, and grades. The page may request only itself and what it makes. */
  async function graded(files: readonly string[], address = pathToFileURL(file).href) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    page.on('request', (request) => {
      if (request.url() !== address) expect(request.url()).toMatch(/^(?:blob|data|about):/);
    });
    await page.goto(address);
    await page.locator('#files').setInputFiles([...files]);
    await page.locator(`.files li:nth-child(${files.length}) b.good`).waitFor();
    await idle(page);
    await page.locator('#view .main:text-is("Grade")').click();
    await page.locator('.todo').waitFor({ timeout: 60_000 });
    return page;
  }
  const idle = (page: Page) => page.locator('progress').waitFor({ state: 'detached', timeout: 60_000 });
  const view = (page: Page, name: string) => page.locator('.views button', { hasText: name }).click();

  /** Takes the zip. @returns the files in it by name. */
  async function saved(page: Page): Promise<Readonly<Record<string, Buffer>>> {
    await view(page, 'Take');
    await idle(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^Save / }).click(),
    ]);
    const files = Object.entries(unzipSync(readFileSync(await download.path())));
    return Object.fromEntries(files.map(([name, content]) => [name, Buffer.from(content)]));
  }

  // The host that is left out is compared in orders.test.ts.
  test.each(Object.entries(hosts).filter(([name]) => name !== 'Moodle, with grades there'))(
    'a class at %s is graded to the same files as by the command',
    async (_, [download, table]) => {
      const [source, roster] = [fileOf('class.zip', download), fileOf('list.csv', table)];
      const { out } = await gradeClass(course, source, { roster, feedback: true });
      const page = await graded([roster, source]);
      const files = await saved(page);
      const known = listFiles(out);
      expect(Object.keys(files).sort()).toEqual([...known].sort());
      for (const name of known) {
        const expected = readFileSync(path.join(out, ...name.split('/')));
        if (name === 'run.json') expect(timeless(`${files[name]}`)).toEqual(timeless(`${expected}`));
        else expect([name, files[name]?.equals(expected)]).toEqual([name, true]);
      }
    },
  );

  test('the zip is the same whichever section is shown', async () => {
    const [download] = hosts.Canvas;
    const given = [fileOf('list.csv', listOfTutorials), fileOf('class.zip', download)];
    const taken = await Promise.all(
      ['All', 'Monday', 'Thursday'].map(async (name) => {
        const page = await graded(given);
        await page.locator('.sections button', { hasText: name }).click();
        const files = await saved(page);
        return Object.entries(files).map(([file, content]) =>
          file === 'run.json' ? [file, timeless(`${content}`)] : [file, content.toString('base64')],
        );
      }),
    );
    const [whole, ...others] = taken;
    for (const one of others) expect(one).toEqual(whole);
    expect(whole?.map(([file]) => file)).toContain('report-thursday.html');
  });

  /** How many people and submissions wait for a decision, according to each file that says so. */
  function waitingIn(files: Readonly<Record<string, Buffer>>) {
    const rows: Record<string, string>[] = parse(files['grades.csv'] ?? '', { columns: true });
    const waiting = rows.filter(({ needs_review: why }) => why);
    const submissions = waiting.filter(({ status }) => status === 'unmatched').length;
    const counted = { people: waiting.length - submissions, submissions };
    expect(JSON.parse(`${files['run.json']}`).toDecide).toEqual(counted);
    return counted;
  }

  const marked = (page: Page) => page.locator('.case[aria-current]');
  const topOf = async (page: Page) => (await marked(page).boundingBox())?.y ?? Number.NaN;

  type Way = 'mouse' | 'keyboard';
  async function goTo(target: Locator, way: Way) {
    if (way === 'mouse') return target.click();
    const focused = target.and(target.page().locator(':focus'));
    while ((await focused.count()) === 0) await target.page().keyboard.press('Tab');
  }

  /** Opens each file that the marked case names. @returns their names. */
  async function openNamed(page: Page, way: Way): Promise<string[]> {
    const buttons = marked(page).locator('[data-file]');
    const names = await buttons.allTextContents();
    for (const [at, name] of names.entries()) {
      await goTo(buttons.nth(at), way);
      if (way === 'keyboard') await page.keyboard.press('Enter');
      await page.locator('.tabs [aria-pressed=true]', { hasText: name }).waitFor();
      await page.locator('#panel .body p.row').waitFor();
    }
    return names;
  }

  /** Decides the marked case by its first choice, or by a form for points or for an owner. */
  async function decide(page: Page, way: Way, isByForm: boolean) {
    const buttons = marked(page).locator('.row button');
    if (way === 'keyboard') await page.keyboard.press(isByForm ? 'o' : '1');
    else await (isByForm ? buttons.last() : buttons.first()).click();
    if (!isByForm) return;
    const asksWho = (await page.locator('dialog [name=who]').count()) > 0;
    for (const [name, text] of Object.entries(
      asksWho ? { who: 'Absent, Ada' } : { total: '4', reason: 'Spoke' },
    )) {
      await goTo(page.locator(`dialog [name=${name}]`), way);
      await page.keyboard.type(text);
    }
    await (way === 'mouse' ? page.locator('dialog .main').click() : page.keyboard.press('Enter'));
  }

  test.each(['mouse', 'keyboard'] as const)(
    'a class with odd work is decided by %s, the next takes the place of the last, and all counts agree',
    async (way) => {
      const { download: source, gradebook: roster } = oddClass();
      const page = await graded([source, roster]);
      const { people, submissions } = waitingIn(await saved(page));
      await view(page, 'Decide');
      expect(await page.locator('.todo .open').textContent()).toBe(
        `${people} people to decide, and ${submissions} submissions not matched to a student`,
      );
      const first = await topOf(page);
      for (const key of way === 'keyboard' ? ['j', 'j', 'k', 'k'] : []) {
        await page.keyboard.press(key);
        expect(Math.abs((await topOf(page)) - first)).toBeLessThanOrEqual(4);
      }
      const opened = new Set<string>();
      for (let left = await page.locator('.case').count(); left > 0; left -= 1) {
        for (const name of await openNamed(page, way)) opened.add(name);
        const top = await topOf(page);
        await decide(page, way, left % 3 === 0);
        await page.locator(`:nth-match(.case, ${left})`).waitFor({ state: 'detached' });
        await idle(page);
        if (left === 1) break;
        expect(Math.abs((await topOf(page)) - top)).toBeLessThanOrEqual(4);
        expect(await page.locator('.case[aria-current]:focus').count()).toBe(1);
      }
      const expected = 'boxes (1).ts, boxes.docx, boxes.ts, photo.jpg, text.html, worksheet.pdf';
      expect([...opened].sort().join(', ')).toBe(expected);
      expect(await page.locator('.todo .good').textContent()).toBe('✓ Nothing is left to decide');
      const files = await saved(page);
      expect(waitingIn(files)).toEqual({ people: 0, submissions: 0 });
      const names = ['overrides.csv', 'comments.csv', 'matches.csv'];
      const tables = Object.fromEntries(names.map((name) => [name, `${files[name] ?? ''}`]));
      const { out } = await gradeClass(course, source, { roster, feedback: true, tables });
      expect(`${files['results.jsonl']}`).toBe(readFileSync(path.join(out, 'results.jsonl'), 'utf8'));
      await page.close();
    },
  );

  /** How the page shows the file that was opened last. */
  async function shownFile(page: Page) {
    await page.locator('#panel .body > p:is(.row, .open)').waitFor();
    if ((await page.locator('#panel .code').count()) > 0) return 'as text';
    return (await page.locator('#panel .body > .open').count()) > 0 ? 'refused' : 'to save';
  }

  test('no script in the names, files or answers of a hostile zip reaches the page', async () => {
    const page = await graded(Object.values(hostileClass()));
    const title = await page.title();
    await page.locator('summary', { hasText: 'Everybody' }).click();
    const kinds = new Set<string>();
    for (const student of await page.locator('th .file').all()) {
      await student.click();
      await page.locator('#panel .facts').waitFor();
      for (const tab of await page.locator('.tabs button:not(:first-child)').all()) {
        await tab.click();
        const shownAs = await shownFile(page);
        kinds.add(`${path.extname(`${await tab.textContent()}`)} ${shownAs}`);
      }
    }
    const shown =
      '.html as text, .md as text, .pdf to save, .svg as text, .ts as text, .ts refused, .txt as text, .zip to save';
    expect([...kinds].sort().join(', ')).toBe(shown);
    await page.locator('[data-file]', { hasText: 'form.pdf' }).click();
    await Promise.all([page.context().waitForEvent('page'), page.locator('#panel a').click()]);
    for (const name of ['Class', 'Decide', 'Give']) await view(page, name).then(() => idle(page));
    expect(await page.evaluate(`[window.${reached}, document.title]`)).toEqual([undefined, title]);
  });

  /** Moves the focus through everything that takes it, and lists anything that is then not fully visible. */
  async function tabbing(page: Page, key: string) {
    const stop = `document.activeElement === document.body ? [] : [document.activeElement.textContent, ${hiddenPart}]`;
    const stops: (readonly [text: string, fault: string])[] = [];
    for (let isLeft = true; isLeft; ) {
      await page.keyboard.press(key);
      const [text = '', fault] = (await page.evaluate(stop)) as string[];
      isLeft = fault !== undefined;
      if (fault !== undefined) stops.push([text, fault]);
    }
    return { seen: stops.length, faults: stops.filter(([, fault]) => fault !== '') };
  }

  test('the first case is high on the page, a small screen shows all that has the focus, and paper has no buttons', async () => {
    const page = await graded(Object.values(oddClass()));
    expect(await topOf(page)).toBeLessThanOrEqual(260);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.case:visible').count()).toBe(await page.locator('.case').count());
    // Names are buttons on a screen, but stay on paper.
    expect(await page.locator(':is(button:not(.file), nav, .todo, #panel):visible').count()).toBe(0);
    await page.emulateMedia({ media: null });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.keyboard.press('Escape');
    for (let pressed = 0; pressed < 3; pressed += 1) await page.keyboard.press('1').then(() => idle(page));
    await page.evaluate("for (const fold of document.querySelectorAll('.fold')) fold.open = true");
    await page.locator('#view').focus();
    const stops = await page.locator('#view :is(button, summary, input, select):enabled:visible').count();
    for (const key of ['Tab', 'Shift+Tab']) {
      const { seen, faults } = await tabbing(page, key);
      expect([key, faults, seen >= stops]).toEqual([key, [], true]);
    }
  });

  test('nothing is asked of a server or stored, no view has a barrier or is too wide, and closing with decisions not saved asks', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.setHeader('content-type', 'text/html').end(readFileSync(file));
    }).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
    const page = await graded(Object.values(oddClass()), url);
    await page.keyboard.press('1');
    await idle(page);
    await page.evaluate(axe);
    for (const name of ['Take', 'Class', 'Give', 'Decide']) {
      await view(page, name);
      await idle(page);
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 720 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      }
      const found = await page.evaluate('axe.run({ iframes: false })');
      expect([name, found]).toMatchObject([name, { violations: [] }]);
    }
    const stored =
      'indexedDB.databases().then((bases) => [...bases, ...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie].join())';
    expect(await page.evaluate(stored)).toBe('');
    const said: string[] = [];
    page.on('dialog', (dialog) => {
      said.push(dialog.type());
      void dialog.accept();
    });
    await page.reload();
    expect(said).toEqual(['beforeunload']);
    await page.close();
    server.close();
    expect(asked.filter((address) => address !== '/favicon.ico')).toEqual(['/', '/']);
  });
});
