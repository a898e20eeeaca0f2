import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { loadCourse } from '../../course';
import { worksheetPart } from '../../grading/score';
import { plainKey } from '../../key/plain';
import { asUntrusted, message } from '../../message';
import { rowsOf } from '../../rubric/rubric';
import {
  againRubric,
  againSolution,
  rightAgain,
  rightFirst,
  twoTables,
  type WrittenRow,
} from '../../testing/again';
import { startBrowser } from '../../testing/browser';
import { newCourse, newFolder, removeFolders } from '../../testing/folders';
import { gradeTexts } from '../../testing/grade';
import { needs } from '../../testing/needs';
import { answersOf, blankAnswers, courseFiles, notesOf, rightAnswers, rubric } from '../../testing/worksheet';
import { People } from '../members/people';
import type { StudentResult } from '../results/student-result.schema';
import { warning } from '../results/student-result.schema';
import { feedbackOn, feedbackPage } from '../returns/feedback';
import { renderFollowUp } from './follow-up';
import { renderPoll } from './poll';
import { renderPage } from './report';
import { ClassStats } from './statistics';
import type { Poll } from './vote';

const evil = '<script>document.title = "run"</script><img src=x onerror="document.title = 1">';
const essay = 'Every token keeps a row of its own from the first of these matrices to the very last one.';

const key = plainKey(againRubric, againSolution);

async function row(
  login: string,
  answers: string,
  notes: string,
  more: Partial<StudentResult> = {},
): Promise<StudentResult> {
  const report = await gradeTexts(answers, notes, key, againRubric);
  return {
    key: login,
    login,
    status: 'graded',
    enrolled: true,
    folder: login,
    adjustments: [],
    points: report.points,
    report,
    responses: [],
    warnings: [],
    ...more,
  };
}

const said = (question: string, text: string) => ({ question, text: asUntrusted(text) });

/** Class statistics that produce every possible part of the pages. */
async function madeStats(students = 0, askedAgain = 0): Promise<ClassStats> {
  const stats = new ClassStats(
    againRubric,
    ({ login }) => ({ label: login, link: `https://github.com/org/${login}` }),
    [{ id: 'peeled', title: 'Peeled first' }, { id: 'sliced' }],
  );
  const shows = {
    cause: { kind: 'misconception', name: 'all-fruit' },
    reason: message('cell/misconception', 'Only one kind lies in a basket.'),
  } as const;
  const first: NonNullable<StudentResult['first']> = {
    tables: [],
    rows: [
      {
        id: 'basket',
        label: 'Basket of fruit',
        table: 'boxes',
        cells: [
          { id: 'down', label: 'down', value: 7, outcome: 'correct', points: 1, possible: 1 },
          { id: 'across', label: 'across', value: 24, outcome: 'wrong', points: 0, possible: 1, ...shows },
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
      warnings: [warning('other', 'x', 'Odd: {text}.', { text: evil })],
      enrolled: false,
    }),
  );
  for (let index = 0; index < askedAgain; index++) {
    const basket: WrittenRow = index % 3 === 0 ? [12, 40] : [12, 16];
    const tried = { ...rightAgain, basket };
    const started = { ...rightFirst, ...(index % 2 === 0 && { basket: [7, 24] as const }) };
    const { tables, rows } = worksheetPart(
      await gradeTexts(twoTables(started, tried), notesOf(), key, againRubric),
    );
    stats.add(await row(`z${index}`, twoTables(rightFirst, tried), notesOf(), { first: { tables, rows } }));
  }
  for (let index = 0; index < students; index++) {
    stats.add(
      await row(`s${index}`, rightAnswers, notesOf(), { responses: [said('wish', `Wish ${index}`)] }),
    );
  }
  return stats;
}

/** A question that one of five classes might vote on. */
const poll: Poll = {
  idea: {
    id: 'peeled',
    title: 'Peeled first',
    row: rowsOf(rubric)[0] as Poll['idea']['row'],
    stats: {
      students: 5,
      first: 5,
      still: 5,
      rows: new Map(),
      held: new Map(),
      written: new Map(),
    },
  },
  asked: `Basket ${evil}?`,
  given: ['apples: 20'],
  stated: [{ value: 24, phrase: evil }],
  options: [
    { text: 'across 24', isRight: true, source: 'right', why: '' },
    { text: evil, isRight: false, source: 'class', why: 'Only one kind lies in a basket.' },
  ],
  explanation: 'A basket holds all apples.',
};

let browser: Browser;
let folder: string;

const pages = ['report.html', 'again.html', 'follow-up.html', 'poll.html'] as const;
type PageName = (typeof pages)[number];
afterAll(removeFolders);

needs('chromium', () => {
  beforeAll(async () => {
    browser = await startBrowser();
    folder = newFolder();
    const stats = await madeStats(300);
    const asked = await madeStats(0, 12);
    const texts: Record<PageName, string> = {
      'report.html': renderPage(stats, {
        notes: [`Look at ${evil}`],
        asked: poll.idea,
        explanations: {},
      }),
      'again.html': renderPage(asked, { notes: [], asked: undefined, explanations: {} }),
      'follow-up.html': renderFollowUp(stats, {
        lines: new Map([['dan', { line: 3 }]]),
        rows: new Map(),
        people: new People([]),
      }),
      'poll.html': renderPoll(poll, rubric.title),
    };
    for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(folder, name), text);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
  });

  /** Opens the page and records each request and console message. */
  async function open(options: Parameters<Browser['newPage']>[0] = {}, name: PageName = 'report.html') {
    const page: Page = await browser.newPage(options);
    const noted: string[] = [];
    page.on('console', (entry) => noted.push(entry.text()));
    page.on('request', (request) => noted.push(request.url()));
    const address = pathToFileURL(path.join(folder, name)).href;
    await page.goto(address);
    return { page, noted, address };
  }

  test.each([
    ['in a light room', { colorScheme: 'light' }],
    ['in a dark room', { colorScheme: 'dark' }],
    ['on a telephone', { viewport: { width: 360, height: 640 } }],
    ['without JavaScript', { javaScriptEnabled: false }],
  ] as const)('%s it is there, and loads and runs nothing', async (_name, options) => {
    const { page, noted, address } = await open(options);
    expect(noted).toEqual([address]);
    expect(await page.title()).toBe('Fruit in boxes: the class');
    expect(await page.locator('h2').allTextContents()).toEqual([
      ...['The worksheet', 'Tomorrow’s five minutes', 'Ideas', 'Wrong answers without a reason'],
      ...['Points', 'At other sizes', 'Reflections'],
    ]);
    await page.close();
  });

  const looks = pages.flatMap((name) => [
    [name, 'light', 1280] as const,
    [name, 'dark', 1280] as const,
    [name, 'light', 400] as const,
  ]);
  test.each(looks)('axe finds no fault with %s, %s, %s pixels wide', async (name, colorScheme, width) => {
    const { page, noted, address } = await open({ colorScheme, viewport: { width, height: 800 } }, name);
    expect(noted).toEqual([address]);
    expect(await page.title()).not.toBe('run');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.evaluate(axe);
    const found = (await page.evaluate('axe.run()')) as { violations: { id: string }[]; passes: unknown[] };
    expect(found.violations.map(({ id }) => id)).toEqual([]);
    expect(found.passes.length).toBeGreaterThan(10);
    await page.close();
  });

  /** A vote page with five options and long reasons. */
  function longVote(): string {
    const why =
      'That is the shape of a learned parameter, and this is computed from what comes in. Which one is asked for?';
    const stated = [80, 2560, 32, 50_304].map((value) => ({
      value,
      phrase: 'how wide a basket is, side by side',
    }));
    const longPoll = {
      ...poll,
      asked: 'Basket: which down and across?',
      given: ['apples: 20', 'brand: Shiny'],
      stated,
      options: [1, 20, 24, 63, 576].map((value) => ({
        ...({ text: `down 60, across ${value}`, isRight: value === 24, source: 'class', why } as const),
      })),
    };
    const file = path.join(newFolder(), 'poll.html');
    writeFileSync(file, renderPoll(longPoll, rubric.title));
    return pathToFileURL(file).href;
  }

  const shownOn = async (page: Page) => String(await page.evaluate('document.body.innerText'));

  test.each([
    ['an arrow key', (page: Page) => page.keyboard.press('ArrowRight')],
    ['a click', (page: Page) => page.locator('label.next:visible').first().click()],
  ])('%s shows the next step of the vote, and only the last one the answer', async (_name, next) => {
    const { page } = await open({ javaScriptEnabled: true }, 'poll.html');
    await page.keyboard.press('ArrowLeft');
    expect(await shownOn(page)).not.toMatch(/✓ right|A basket holds all apples/);
    await page.locator('#alone').check();
    for (const step of ['Vote for one answer', 'Find a neighbor', 'Vote once more']) {
      expect(await shownOn(page)).toContain(step);
      expect(await shownOn(page)).not.toMatch(/✓ right|A basket holds all apples/);
      await next(page);
    }
    expect(await shownOn(page)).toMatch(
      /✓ right[\s\S]*Only one kind lies in a basket[\s\S]*A basket holds all apples/,
    );
    await next(page);
    expect(await shownOn(page)).not.toContain('✓ right');
    await page.close();
  });

  test.each([
    [1280, 720],
    [1920, 1080],
  ])('a vote with five options fits a projector of %i by %i at every step', async (width, height) => {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.goto(longVote());
    for (const step of ['alone', 'discuss', 'again', 'answer', 'end']) {
      await page.locator(`#${step}`).check();
      expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(height);
      expect((await shownOn(page)).includes('✓ right')).toBe(step === 'answer');
    }
    await page.close();
  });

  test.each([
    [2, 640],
    [4, 320],
  ])('at %i times the size nothing runs over the side', async (deviceScaleFactor, width) => {
    for (const name of pages) {
      // At this scale factor, the window is 1,280 device pixels wide.
      const { page } = await open({ viewport: { width, height: width / 2 }, deviceScaleFactor }, name);
      const { scrollWidth } = (await page.evaluate(
        '({ scrollWidth: document.documentElement.scrollWidth })',
      )) as {
        scrollWidth: number;
      };
      expect({ name, isWithin: scrollWidth <= width, scrollWidth }).toMatchObject({ name, isWithin: true });
      await page.close();
    }
  });

  test('in forced colors axe finds no fault, and what a color says is said in words as well', async () => {
    for (const name of pages) {
      const { page } = await open({ forcedColors: 'active', viewport: { width: 1280, height: 800 } }, name);
      const words = await page.evaluate('document.body.innerText');
      await page.evaluate(axe);
      const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string }[] };
      expect({ name, violations: violations.map(({ id }) => id) }).toEqual({ name, violations: [] });
      const { page: plain } = await open({ viewport: { width: 1280, height: 800 } }, name);
      expect(words).toBe(await plain.evaluate('document.body.innerText'));
      await Promise.all([page.close(), plain.close()]);
    }
  });

  test.each(['light', 'dark'] as const)(
    'axe finds no fault with the feedback of a student, %s',
    async (colorScheme) => {
      const result = await row(
        'ada',
        answersOf('{ down: 7, across: "24" }', '{ down: 5, across: 24 }'),
        notesOf('a'),
      );
      const feedback = path.join(newFolder(), 'ada.html');
      const course = loadCourse(newCourse(courseFiles));
      const comments = new Map([['ada', 'Well begun.']]);
      const view = feedbackOn(result, {
        course,
        comments,
        started: new Date(),
        feedback: { hasAnswers: true, why: '' },
      });
      writeFileSync(feedback, feedbackPage(course.rubric.title, view));
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
      ...['The grades ', 'Ideas', 'Wrong answe', 'Points', 'At other si', 'Reflections'],
    ]);
    await page.close();
  });

  test('its first screen has the worksheet, the idea to teach with an example, and the way to the vote', async () => {
    const { page } = await open({ viewport: { width: 1280, height: 720 } });
    const bottom = await page.evaluate('document.querySelector(".first").getBoundingClientRect().bottom');
    expect(bottom).toBeLessThanOrEqual(720);
    const text = String(await page.evaluate('document.querySelector(".first").innerText'));
    expect(text).toMatch(/301 of 303\s+at first 0 of 2/);
    expect(text).toMatch(/all-fruit\s+Basket of fruit: down 7, across 24, by 2 of 303/);
    expect(text).toMatch(/2 of the 303 who started still show it in their final answer, in Basket of fruit/);
    expect(text).toContain('Open the question for the projector');
    await page.close();
  });

  test('it tells what was missed, at first and in the end, and what the mistakes show', async () => {
    const { page } = await open();
    await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true');
    const text = String(await page.evaluate('document.body.innerText'));
    expect(text).toMatch(/Peeled first, or: sliced[\s\S]*?\s0\s+2/);
    expect(text).toContain('Thank you for your work on “Fruit in boxes”.');
    expect(text).toContain('Look at <script>');
    expect(text).toMatch(
      /All 305 students:\s+304 graded\s+1 not started: starter files unchanged\s+1 not on the roster/,
    );
    expect(text).toMatch(
      /Basket of fruit · across\s+0 of 2 \(0\s%\)\s+301 of 303 \(99\s%\)\s+24, by 2: all-fruit/,
    );
    expect(text).toMatch(/all-fruit[\s\S]*?\s2\s+2/);
    expect(text).toContain('responses.csv has 100 more.');
    expect(text).not.toMatch(/\bben\b|Odd: /);
    await page.close();
  });

  test('the page with names says who may want a conversation, and what to look at and where', async () => {
    const { page } = await open({}, 'follow-up.html');
    const text = String(await page.evaluate('document.body.innerText'));
    expect(text).toContain('Not for the projector.');
    expect(text).toMatch(/Not started \(1\)\s+To begin with: “What would help you get started\?”\s+cyd/);
    expect(text).toMatch(
      /Others \(1\)\s+Look at the submission.\s+dan: Odd: “<script>.* Set by hand: overrides.csv, line 3\./,
    );
    await page.close();
  });
});

test('a class of nobody has a page too', async () => {
  const empty = renderPage(new ClassStats(rubric, () => ({ label: '' })), {
    notes: [],
    asked: undefined,
    explanations: {},
  });
  expect(empty).toContain('Nobody has started yet.');
  expect(empty).not.toMatch(/NaN|undefined|Infinity/);
});
