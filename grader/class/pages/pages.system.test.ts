import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { loadCourse } from '../../course';
import { worksheetPart } from '../../grading/score';
import { plainKey } from '../../key/key';
import { asUntrusted, message } from '../../message';
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
import { type StudentResult, warning } from '../results/student-result.schema';
import { feedbackOn, feedbackPage } from '../returns/feedback';
import { renderFollowUp } from './follow-up';
import { style } from './layout';
import { renderPage } from './report';
import { type ClassStats, statisticsOf } from './statistics';
import { type Poll, renderPoll } from './vote';

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
  const made: StudentResult[] = [];
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
  made.push(
    await row('ada', rightAnswers, notesOf('a', 'b'), {
      responses: [said('sweetest', essay)],
      first,
    }),
  );
  made.push(
    await row('ben', partly, notesOf(), {
      responses: [said('sweetest', essay), said('sourest', evil)],
      first,
    }),
  );
  made.push(
    await row(evil, partly, notesOf(), {
      responses: [said('sourest', `basket\r\nbasket ${'x'.repeat(3000)}`)],
    }),
  );
  made.push(await row('cyd', blankAnswers, notesOf(), { status: 'not started' }));
  made.push(
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
    made.push(await row(`z${index}`, twoTables(rightFirst, tried), notesOf(), { first: { tables, rows } }));
  }
  for (let index = 0; index < students; index++) {
    made.push(
      await row(`s${index}`, rightAnswers, notesOf(), { responses: [said('wish', `Wish ${index}`)] }),
    );
  }
  return statisticsOf(againRubric, made, [{ id: 'peeled', title: 'Peeled first' }, { id: 'sliced' }]);
}

/** A question with five options, and facts and explanations as long as those of a real worksheet. */
const poll: Poll = {
  asked: 'Basket of fruit: rows, columns?',
  facts: [
    'apples 48, brand Shiny',
    '80: the width of one box',
    '2,560: the width of the whole shelf, and of all boxes side by side',
    '32: the number of boxes on the shelf',
    '50,304: the number of kinds of fruit in shops',
  ],
  options: ['48 and 80', '50304 and 2560', '48 and 48', '1176 and 48', '2560 and 2560'].map(
    (text, index) => ({
      text,
      isRight: index === 2,
      why:
        index === 2
          ? 'A basket holds all apples.'
          : `${evil}: that is the shape of an empty box, but a basket is filled from this very shelf and says how much of one kind of fruit lies in each of them. For which pairs is there a box?`,
    }),
  ),
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
        vote: poll,
        explanations: { basket: 'A basket holds all apples.' },
      }),
      'again.html': renderPage(asked, { notes: [], vote: { reason: 'none.' }, explanations: {} }),
      'follow-up.html': renderFollowUp(stats, {
        overrides: new Map([['dan', { line: 3 }]]),
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
      ...['Nearly every answer is right.', 'Ideas', 'Frequent wrong answers'],
      ...['Points', 'At other sizes', 'Responses'],
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

  const shownOn = async (page: Page) => String(await page.evaluate('document.body.innerText'));

  /** The step that is shown, and what is visible of it. */
  async function steps(page: Page, next: (id: string) => Promise<void>) {
    const ids = (await page.evaluate(
      '[...document.querySelectorAll("input")].map(({ id }) => id)',
    )) as string[];
    const shown: Record<string, string> = {};
    for (const [index, id] of ids.entries()) {
      if (index > 0) await next(id);
      expect(await page.evaluate('document.querySelector(":checked").id')).toBe(id);
      shown[id] = await shownOn(page);
    }
    return shown;
  }

  test.each([
    ['arrow keys alone', (page: Page) => () => page.keyboard.press('ArrowRight')],
    ['clicks', (page: Page) => (id: string) => page.locator(`label[for=${id}]`).click()],
  ])(
    '%s reach every step of the vote, and only those after the votes show the answer',
    async (_name, next) => {
      const { page } = await open({ javaScriptEnabled: true }, 'poll.html');
      const shown = await steps(page, next(page));
      expect(Object.keys(shown)).toEqual(['alone', 'discuss', 'again', 'C', 'A', 'B', 'D', 'E', 'end']);
      for (const [id, text] of Object.entries(shown)) {
        const isAnswer = /^[A-E]$/.test(id);
        expect([id, text.includes('✓ right'), text.includes('A basket holds all apples')]).toEqual([
          id,
          isAnswer,
          id === 'C',
        ]);
        expect([id, text.includes('For which pairs')]).toEqual([id, isAnswer && id !== 'C']);
        expect([id, text.includes('the width of one box')]).toEqual([id, id !== 'end' && !isAnswer]);
      }
      // The step before the first shows no answer.
      await page.locator('#alone').check();
      await page.keyboard.press('ArrowLeft');
      expect(await shownOn(page)).not.toMatch(/right|A basket/);
      await page.close();
    },
  );

  test.each([
    [1280, 720],
    [1920, 1080],
  ])(
    'a vote with five options fits a projector of %i by %i at every step, in letters for the last row',
    async (width, height) => {
      const { page } = await open({ viewport: { width, height } }, 'poll.html');
      const sizeOf = (selector: string) =>
        page.evaluate(
          `Math.min(...[...document.querySelectorAll('${selector}')].map((one) => Number.parseFloat(getComputedStyle(one).fontSize)))`,
        );
      expect(await sizeOf('.options li, .facts li, h1')).toBeGreaterThanOrEqual((50 * width) / 1280);
      expect(await sizeOf('.why')).toBeGreaterThanOrEqual((38 * width) / 1280);
      for (const id of ['alone', 'discuss', 'again', 'C', 'A', 'E', 'end']) {
        await page.locator(`#${id}`).check();
        expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(height);
      }
      await page.close();
    },
  );

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
    for (let press = 0; press < 9; press++) {
      await page.keyboard.press('Tab');
      reached.push(String(await page.evaluate('document.activeElement.textContent.slice(0, 11)')));
    }
    expect(reached).toEqual([
      ...[
        '1 note on t',
        'Right, of t',
        'Vote on it',
        'Grades to d',
        'How many st',
        'The workshe',
        'Points of 1',
      ],
      ...['Which fruit', 'Which fruit'],
    ]);
    await page.close();
  });

  test.each([
    [
      'again.html',
      /15 of 15\s+13 of 15[\s\S]*6 of 15 show this idea:\s+all-fruit\s+Basket of fruit at other sizes: down 12, across 40, written by 4/,
    ],
    ['report.html', /Nearly every answer is right[\s\S]*Vote on it/],
  ] as const)(
    'the first screen of %s has the worksheet beside what to talk about, in letters for the whole room',
    async (name, said) => {
      const { page } = await open({ viewport: { width: 1280, height: 720 } }, name);
      const bottom = await page.evaluate('document.querySelector(".first").getBoundingClientRect().bottom');
      expect(bottom).toBeLessThanOrEqual(720);
      const size = await page.evaluate(
        'Number.parseFloat(getComputedStyle(document.querySelector(".sheet td strong")).fontSize)',
      );
      expect(size).toBeGreaterThanOrEqual(30);
      const text = String(await page.evaluate('document.querySelector(".first").innerText'));
      expect(text).toMatch(said);
      await page.close();
    },
  );

  test('a cell that more have wrong is darker, and its color is in one place', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open({ colorScheme }, 'again.html');
      const colors = (await page.evaluate(
        `[0, 1, 2, 3, 4, 5].map((shade) => { const cell = document.querySelector('.sheet td'); cell.className = 'wrong' + shade; return getComputedStyle(cell).backgroundColor; })`,
      )) as string[];
      expect(new Set(colors).size).toBe(6);
      await page.close();
    }
    expect(style.match(/--wrong:/g)).toHaveLength(2);
  });

  test('names are on the page with names alone', async () => {
    const { page } = await open({}, 'follow-up.html');
    const text = String(await page.evaluate('document.body.innerText'));
    expect(text).toMatch(/^All 305 have a grade\./);
    expect(text).toContain('Not for the projector.');
    expect(text).toMatch(/Not started \(1\)\s+cyd: not started/);
    expect(text).toMatch(/Other remarks \(1\)[\s\S]*dan: Odd: “<script>/);
    for (const name of ['report.html', 'poll.html'] as const) {
      const { page: other } = await open({}, name);
      expect(await other.evaluate('document.documentElement.textContent')).not.toMatch(
        /\b(?:ben|cyd)\b|Odd: /,
      );
      await other.close();
    }
    await page.close();
  });
});

test('a class of nobody has a page too', () => {
  const empty = renderPage(statisticsOf(rubric, []), {
    notes: [],
    vote: { reason: 'none.' },
    explanations: {},
  });
  expect(empty).toContain('Nobody’s answers are known yet.');
  expect(empty).not.toMatch(/NaN|undefined|Infinity/);
});
