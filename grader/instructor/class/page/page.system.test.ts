import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { asUntrusted, message } from '../../../message';
import { startBrowser } from '../../../testing/browser';
import { newFolder, newPlainCourse, removeFolders } from '../../../testing/folders';
import { gradeTexts } from '../../../testing/grade';
import { needs } from '../../../testing/needs';
import {
  answersOf,
  blankAnswers,
  courseFiles,
  notesOf,
  rightAnswers,
  rubric,
} from '../../../testing/worksheet';
import { loadCourse } from '../../course';
import { feedbackPage } from '../feedback/feedback';
import { ClassStats } from '../statistics';
import type { StudentResult } from '../student-result.schema';
import { renderPage } from './page';

const evil = '<script>document.title = "run"</script><img src=x onerror="document.title = 1">';
const essay = 'Every token keeps a row of its own from the first of these matrices to the very last one.';

async function row(
  key: string,
  answers: string,
  notes: string,
  more: Partial<StudentResult> = {},
): Promise<StudentResult> {
  const report = await gradeTexts(answers, notes);
  return {
    ...{ key, login: key, status: 'graded', enrolled: true, folder: key, adjustments: [] },
    ...{ points: report.points, report, responses: [], warnings: [] },
    ...more,
  };
}

const said = (question: string, text: string) => ({ question, text: asUntrusted(text) });

/** A page with everything that there can be on one. */
async function made(students = 0): Promise<string> {
  const stats = new ClassStats(
    rubric,
    ({ login }) => ({ label: login, link: `https://github.com/org/${login}` }),
    [{ id: 'peeled', title: 'Peeled first' }, { id: 'sliced' }],
  );
  const shows = {
    cause: { kind: 'misconception', name: 'all-fruit' },
    reason: message('cell/misconception', 'Only one kind lies in a basket.'),
  } as const;
  const first: NonNullable<StudentResult['first']> = {
    hints: {},
    rows: [
      {
        id: 'basket',
        table: 'boxes',
        cells: [
          { id: 'down', value: 7, outcome: 'correct' },
          { id: 'across', value: 24, outcome: 'wrong', ...shows },
        ],
      },
    ],
  };
  const partly = answersOf('{ down: 7, across: 24 }', '{ down: 5, across: 24 }');
  stats.add(
    await row('ada', rightAnswers, notesOf('a', 'b'), {
      responses: [said('sweetest', essay)],
      first,
    }),
  );
  stats.add(
    await row('ben', partly, notesOf(), {
      responses: [said('sweetest', essay), said('sourest', evil)],
      first,
    }),
  );
  stats.add(
    await row(evil, partly, notesOf(), {
      responses: [said('sourest', `basket\r\nbasket ${'x'.repeat(3000)}`)],
    }),
  );
  stats.add(await row('cyd', blankAnswers, notesOf(), { status: 'not started' }));
  stats.add(
    await row('dan', blankAnswers, notesOf(), {
      warnings: [message('x', 'Odd: {text}.', { text: evil })],
      enrolled: false,
    }),
  );
  for (let index = 0; index < students; index++) {
    stats.add(
      await row(`s${index}`, rightAnswers, notesOf(), { responses: [said('wish', `Wish ${index}`)] }),
    );
  }
  return renderPage(stats, { hasNames: true, notes: [`Look at ${evil}`], hasPoll: true });
}

let browser: Browser;
let file: string;
afterAll(removeFolders);

needs('chromium', () => {
  beforeAll(async () => {
    browser = await startBrowser();
    file = path.join(newFolder(), 'report.html');
    writeFileSync(file, await made(300));
  }, 120_000);
  afterAll(async () => {
    await browser.close();
  });

  /** Opens the page; whatever it would load from elsewhere, or complain of, is noted. */
  async function open(options: Parameters<Browser['newPage']>[0] = {}) {
    const page: Page = await browser.newPage(options);
    const noted: string[] = [];
    page.on('console', (entry) => noted.push(entry.text()));
    page.on('request', (request) => noted.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, noted };
  }

  test.each([
    ['in a light room', { colorScheme: 'light' }],
    ['in a dark room', { colorScheme: 'dark' }],
    ['on a telephone', { viewport: { width: 360, height: 640 } }],
    ['without JavaScript', { javaScriptEnabled: false }],
  ] as const)('%s it is there, and loads and runs nothing', async (_name, options) => {
    const { page, noted } = await open(options);
    expect(noted).toEqual([pathToFileURL(file).href]);
    expect(await page.title()).toBe('Fruit in boxes: the class');
    expect(await page.locator('h2').allTextContents()).toEqual([
      ...['At a glance', 'The worksheet', 'Misconceptions', 'Reasons', 'Reflections', 'Needs review'],
    ]);
    await page.close();
  });

  test.each(['light', 'dark'] as const)('axe finds no fault with it, %s', async (colorScheme) => {
    const { page } = await open({ colorScheme });
    await page.evaluate(axe);
    const found = (await page.evaluate('axe.run()')) as { violations: { id: string }[]; passes: unknown[] };
    expect(found.violations.map(({ id }) => id)).toEqual([]);
    expect(found.passes.length).toBeGreaterThan(15);
    await page.close();
  });

  test.each(['light', 'dark'] as const)(
    'axe finds no fault with the feedback of a student, %s',
    async (colorScheme) => {
      const result = await row(
        'ada',
        answersOf('{ down: 7, across: "24" }', '{ down: 5, across: 24 }'),
        notesOf('a'),
      );
      const told = { isPersonal: true, hasAnswers: true, comment: 'Well begun.' };
      const feedback = path.join(newFolder(), 'ada.html');
      const course = loadCourse(newPlainCourse(courseFiles));
      writeFileSync(feedback, feedbackPage(result, course, told));
      const page = await browser.newPage({ colorScheme, viewport: { width: 400, height: 800 } });
      await page.goto(pathToFileURL(feedback).href);
      await page.evaluate(axe);
      const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string }[] };
      expect(violations.map(({ id }) => id)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
      await page.close();
    },
  );

  test('it fits a page that is printed, and nothing runs over the side of a telephone', async () => {
    const { page } = await open({ viewport: { width: 360, height: 640 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    await page.close();
  });

  test('every part of it is reached by the keyboard', async () => {
    const { page } = await open();
    const reached: string[] = [];
    for (let press = 0; press < 8; press++) {
      await page.keyboard.press('Tab');
      reached.push(String(await page.evaluate('document.activeElement.textContent.slice(0, 11)')));
    }
    expect(reached.slice(0, 6)).toEqual([
      'At a glance',
      'The workshe',
      'Misconcepti',
      'Reasons',
      'Reflections',
      'Needs revie',
    ]);
    await page.close();
  });

  test('it tells what was missed, at first and in the end, and what the mistakes show', async () => {
    const { page } = await open();
    const text = String(await page.evaluate('document.body.innerText'));
    expect(text).toContain(
      'First attempts: 2 of the 2 whose history has a complete first attempt missed Basket of fruit · across.',
    );
    expect(text).toContain('Final answers: 2 of the 303 who started missed Crate · down.');
    expect(text).toContain('Look at <script>');
    expect(text).toMatch(
      /All 305 students:\s+304 graded\s+1 not started: starter files unchanged\s+1 not on the roster/,
    );
    expect(text).toMatch(/Basket of fruit · across 2 wrong\s+24\s+2\s+all-fruit \(2\)/);
    expect(text).toContain('Peeled first, or: sliced');
    expect(text).toContain('ben · missed Basket of fruit: across; Crate: down, across');
    expect(text).toContain('100 more are in responses.csv.');
    expect(text).toMatch(/Every token keeps a row.*\s+ada, ben/);
    expect(text).toContain('Odd: “<script>');
    await page.close();
  });
});

test('a class of nobody has a page too', async () => {
  const empty = renderPage(new ClassStats(rubric, () => ({ label: '' })), {
    hasNames: false,
    notes: [],
    hasPoll: false,
  });
  expect(empty).toContain('Nobody has started yet.');
  expect(empty).not.toMatch(/NaN|undefined|Infinity/);
});
