import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { loadCourse } from '../../course';
import { worksheetPart } from '../../grading/score';
import { plainKey } from '../../key/plain';
import { asUntrusted, message } from '../../message';
import { againRubric, againSolution, rightAgain, rightFirst, twoTables } from '../../testing/again';
import { startBrowser } from '../../testing/browser';
import { courseWith } from '../../testing/classes';
import { newFolder, removeFolders } from '../../testing/folders';
import { gradeTexts } from '../../testing/grade';
import { needs } from '../../testing/needs';
import { answersOf, blankAnswers, notesOf, rightAnswers, rubric } from '../../testing/worksheet';
import { People } from '../members/people';
import { type StudentResult, warning } from '../results/student-result.schema';
import { feedbackOn, feedbackPage } from '../returns/feedback';
import { renderFollowUp } from './follow-up';
import { style } from './layout';
import { renderPoll } from './poll';
import { renderPage } from './report';
import { type ClassStats, statisticsOf } from './statistics';
import type { Poll } from './vote';

const evil = '<script>document.title = "run"</script><img src=x onerror="document.title = 1">';
const essay = 'Every token keeps a row of its own from the first of these matrices to the very last one.';
const key = plainKey(againRubric, againSolution);

async function row(
  login: string,
  answers: string,
  responses: Readonly<Record<string, string>> = {},
  more: Partial<StudentResult> = {},
): Promise<StudentResult> {
  const report = await gradeTexts(answers, notesOf(), key, againRubric);
  return {
    key: login,
    login,
    status: 'graded',
    enrolled: true,
    folder: login,
    adjustments: [],
    points: report.points,
    report,
    responses: Object.entries(responses).map(([question, text]) => ({ question, text: asUntrusted(text) })),
    warnings: [],
    ...more,
  };
}

/** The statistics of a class in which everything happens that a page says, and of others who are as one. */
async function madeStats(others: readonly StudentResult[]): Promise<ClassStats> {
  const partly = answersOf('{ down: 7, across: 24 }', '{ down: 5, across: 24 }');
  const across = {
    id: 'across',
    label: 'across',
    value: 24,
    outcome: 'wrong',
    points: 0,
    possible: 1,
  } as const;
  const shows = {
    cause: { kind: 'misconception', name: 'all-fruit' },
    reason: message('cell/misconception', 'Only one kind lies in a basket.'),
  } as const;
  const down = { id: 'down', label: 'down', value: 7, outcome: 'correct', points: 1, possible: 1 } as const;
  const basket = { id: 'basket', label: 'Basket of fruit', table: 'boxes' };
  const first = { tables: [], rows: [{ ...basket, cells: [down, { ...across, ...shows }] }] };
  const odd = [warning('other', 'x', 'Odd: {text}.', { text: evil })];
  const made = [
    await row('ada', rightAnswers, { sweetest: essay }, { first }),
    await row('ben', partly, { sweetest: essay, sourest: evil }, { first }),
    await row(evil, partly, { sourest: `basket\r\nbasket ${'x'.repeat(3000)}` }),
    await row('cyd', blankAnswers, {}, { status: 'not started' }),
    await row('dan', blankAnswers, {}, { warnings: odd, enrolled: false }),
  ];
  const unseen = [{ id: 'peeled', title: 'Peeled first' }, { id: 'sliced' }];
  return statisticsOf(againRubric, [...made, ...others], unseen);
}

/** Forty students who have all of it right, and have a wish. */
async function manyRight(): Promise<StudentResult[]> {
  const right = await row('s', rightAnswers);
  return Array.from({ length: 40 }, (_, index) => ({
    ...right,
    ...{ key: `s${index}`, login: `s${index}` },
    responses: [{ question: 'wish', text: asUntrusted(`Wish ${index}`) }],
  }));
}

/** Twelve students with a second table, a third of whom show an idea in it, and half of whom did at first. */
function someAgain(): Promise<StudentResult[]> {
  return Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const tried = { ...rightAgain, basket: [12, index % 3 === 0 ? 40 : 16] as const };
      const started = { ...rightFirst, basket: [7, index % 2 === 0 ? 24 : 11] as const };
      const before = await gradeTexts(twoTables(started, tried), notesOf(), key, againRubric);
      const { tables, rows } = worksheetPart(before);
      return row(`z${index}`, twoTables(rightFirst, tried), {}, { first: { tables, rows } });
    }),
  );
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
const folder = newFolder();
const pages = ['report.html', 'again.html', 'follow-up.html', 'poll.html', 'ada.html'] as const;
type PageName = (typeof pages)[number];
afterAll(removeFolders);

needs('chromium', () => {
  beforeAll(async () => {
    browser = await startBrowser();
    const explanations = { basket: 'A basket holds all apples.' };
    const stats = await madeStats(await manyRight());
    const again = await madeStats(await someAgain());
    const course = loadCourse(courseWith());
    const feedback = feedbackOn(
      await row('ada', answersOf('{ down: 7, across: "24" }', '{ down: 5, across: 24 }')),
      {
        course,
        comments: new Map([['ada', 'Well begun.']]),
        started: new Date(),
        feedback: { hasAnswers: true, why: '' },
      },
    );
    const texts: Record<PageName, string> = {
      'report.html': renderPage(stats, { notes: [`Look at ${evil}`], vote: poll, explanations }),
      'again.html': renderPage(again, { notes: [], vote: { reason: 'none.' }, explanations: {} }),
      'follow-up.html': renderFollowUp(stats, {
        overrides: new Map([['dan', { line: 3 }]]),
        people: new People([]),
      }),
      'poll.html': renderPoll(poll, rubric.title),
      'ada.html': feedbackPage(course.rubric.title, feedback),
    };
    for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(folder, name), text);
  }, 120_000);
  afterAll(() => browser.close());

  /** Each page is loaded once, and every request and console message since is recorded. */
  const opened = new Map<PageName, Promise<{ page: Page; noted: string[] }>>();

  function open(name: PageName) {
    const load = async () => {
      const page = await browser.newPage();
      const noted: string[] = [];
      page.on('console', (entry) => noted.push(entry.text()));
      page.on('request', (request) => noted.push(request.url()));
      await page.goto(pathToFileURL(path.join(folder, name)).href);
      await page.evaluate(axe);
      return { page, noted };
    };
    const known = opened.get(name) ?? load();
    opened.set(name, known);
    return known;
  }

  async function show(
    name: PageName,
    width: number,
    height: number,
    colorScheme: 'light' | 'dark' = 'light',
  ) {
    const { page } = await open(name);
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, media: 'screen' });
    return page;
  }

  const number = (page: Page, expression: string) => page.evaluate(expression) as Promise<number>;
  const textOf = async (page: Page, selector = 'body') =>
    String(await page.evaluate(`document.querySelector('${selector}').innerText`));
  const isWithin = async (page: Page, width: number) =>
    (await number(page, 'document.documentElement.scrollWidth')) <= width;

  async function faultsOf(page: Page, options: object = {}) {
    const found = await page.evaluate(`axe.run(${JSON.stringify(options)})`);
    const { violations, passes } = found as { violations: { id: string }[]; passes: unknown[] };
    expect(passes).not.toEqual([]);
    return violations.map(({ id }) => id);
  }

  test.each(pages)(
    'axe finds no fault with %s, it runs and loads nothing, and it fits a telephone and paper',
    async (name) => {
      const small = await show(name, 320, 640);
      expect([await faultsOf(small), await isWithin(small, 320)]).toEqual([[], true]);
      // Where the colors are others, only they can be at fault.
      const dark = await show(name, 1280, 800, 'dark');
      expect([await faultsOf(dark, { runOnly: ['color-contrast'] }), await isWithin(dark, 1280)]).toEqual([
        [],
        true,
      ]);
      await dark.emulateMedia({ media: 'print' });
      await dark.setViewportSize({ width: 794, height: 1123 });
      expect(await isWithin(dark, 794)).toBe(true);
      expect((await open(name)).noted).toEqual([dark.url()]);
      expect(await dark.title()).toContain('Fruit in boxes');
    },
  );

  test('arrow keys and clicks reach every step of the vote, and only those after the votes show the answer', async () => {
    const page = await show('poll.html', 1280, 720);
    // The first step has the focus of a page that was just opened.
    await page.reload();
    const all = (await page.evaluate(
      '[...document.querySelectorAll("input")].map(({ id }) => id)',
    )) as string[];
    expect(all).toEqual(['alone', 'discuss', 'again', 'C', 'A', 'B', 'D', 'E', 'end']);
    const assertStep = async (id: string) => {
      expect(await page.evaluate('document.querySelector(":checked").id')).toBe(id);
      const text = await textOf(page);
      const isAnswer = /^[A-E]$/.test(id);
      expect({
        right: text.includes('✓ right'),
        why: text.includes('A basket holds all apples'),
        other: text.includes('For which pairs'),
        facts: text.includes('the width of one box'),
      }).toEqual({
        right: isAnswer,
        why: id === 'C',
        other: isAnswer && id !== 'C',
        facts: id !== 'end' && !isAnswer,
      });
    };
    for (const [index, id] of all.entries()) {
      if (index > 0) await page.keyboard.press('ArrowRight');
      await assertStep(id);
    }
    for (const id of all.slice(1)) {
      await page.locator(`label[for=${id}]`).click();
      await assertStep(id);
    }
    // The step before the first shows no answer.
    await page.locator('#alone').check();
    await page.keyboard.press('ArrowLeft');
    expect(await textOf(page)).not.toMatch(/right|A basket/);
  });

  test('a vote with five options fits a projector at every step, in letters for the last row', async () => {
    for (const [width, height] of [
      [1280, 720],
      [1920, 1080],
    ] as const) {
      const page = await show('poll.html', width, height);
      const sizeOf = (selector: string) =>
        number(
          page,
          `Math.min(...[...document.querySelectorAll('${selector}')].map((one) => Number.parseFloat(getComputedStyle(one).fontSize)))`,
        );
      expect(await sizeOf('.options li, .facts li, h1')).toBeGreaterThanOrEqual((50 * width) / 1280);
      expect(await sizeOf('.why')).toBeGreaterThanOrEqual((38 * width) / 1280);
      for (const id of ['alone', 'again', 'C', 'E', 'end']) {
        await page.locator(`#${id}`).check();
        expect(await number(page, 'document.documentElement.scrollHeight')).toBeLessThanOrEqual(height);
      }
    }
  });

  test('every part of the report is reached by the keyboard', async () => {
    const page = await show('report.html', 1280, 720);
    const reached: string[] = [];
    for (let press = 0; press < 9; press++) {
      await page.keyboard.press('Tab');
      reached.push(String(await page.evaluate('document.activeElement.textContent.slice(0, 11)')));
    }
    const parts =
      '1 note on t|Right, of t|Vote on it|Grades to d|How many st|The workshe|Points of 1|Which fruit|Which fruit';
    expect(reached).toEqual(parts.split('|'));
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
      const page = await show(name, 1280, 720);
      expect(
        await number(page, 'document.querySelector(".first").getBoundingClientRect().bottom'),
      ).toBeLessThanOrEqual(720);
      expect(
        await number(
          page,
          'Number.parseFloat(getComputedStyle(document.querySelector(".sheet td strong")).fontSize)',
        ),
      ).toBeGreaterThanOrEqual(30);
      expect(await textOf(page, '.first')).toMatch(said);
    },
  );

  test('a cell that more have wrong is darker, and its color is in one place', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const page = await show('again.html', 1280, 720, scheme);
      const colors = await page.evaluate(
        `[0, 1, 2, 3, 4, 5].map((shade) => { const cell = document.querySelector('.sheet td'); cell.className = 'wrong' + shade; return getComputedStyle(cell).backgroundColor; })`,
      );
      expect(new Set(colors as string[]).size).toBe(6);
    }
    expect(style.match(/--wrong:/g)).toHaveLength(2);
  });

  test('names are on the page with names alone', async () => {
    const text = await textOf(await show('follow-up.html', 1280, 720));
    expect(text).toMatch(/^All 45 have a grade\./);
    expect(text).toContain('Not for the projector.');
    expect(text).toMatch(/Not started \(1\)\s+cyd: not started/);
    expect(text).toMatch(/Other remarks \(1\)[\s\S]*dan: Odd: “<script>/);
    for (const name of ['report.html', 'again.html', 'poll.html'] as const) {
      const { page } = await open(name);
      expect(await page.evaluate('document.documentElement.textContent')).not.toMatch(
        /\b(?:ben|cyd)\b|Odd: /,
      );
    }
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
