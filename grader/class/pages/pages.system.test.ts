import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import type { Page } from 'playwright-core';
import { withAgain } from '../../testing/again';
import { startBrowser } from '../../testing/browser';
import { courseWith, graded, linesIn, roster } from '../../testing/classes';
import { removeFolders } from '../../testing/folders';
import { clonesOf } from '../../testing/histories';
import { at } from '../../testing/history-cases';
import { needs } from '../../testing/needs';
import { notesOf } from '../../testing/worksheet';
import { shadeOf } from './layout';
import { renderVote } from './vote-page';

afterAll(removeFolders);

const evil = '<script>document.title=1</script><img src=x onerror=document.title=1>';

/** A worksheet of two rows about 7 apples, a second table about 12 and a vote about 20. */
const course = courseWith(
  {},
  {
    'rubric.yaml': `${withAgain('{ apples: 12 }')}vote: { apples: 20 }
deadline: { due: 2026-10-01T12:00Z, late: { per_day: 1, until: 2026-10-03T12:00Z }, timezone: UTC }
`,
    'solution/index.ts': `
    export const derive = ({ apples }) => ({ basket: { down: apples, across: apples + 4 }, crate: { down: apples, across: apples + 6 } });
    export const measure = derive;
    export const misconceptions = ({ apples }) => [
      { id: 'all-fruit', title: 'All fruit', row: 'basket', values: { down: apples, across: 3 * apples + 3 }, text: 'Only one kind.' },
      { id: 'square', title: 'Square', row: 'basket', values: { down: apples, across: apples }, text: 'Not a square.' },
      { id: 'peeled', title: 'Peeled', row: 'crate', values: { down: apples - 2, across: apples - 2 }, text: 'Nothing was peeled.' },
      { id: 'peeled', title: 'Peeled', row: 'basket', values: { down: apples - 2, across: apples - 2 }, text: 'Nothing was peeled.' },
    ];
    export const quantities = () => [];
    export const explanations = () => ({ basket: 'A basket holds all apples.' });
  `,
  },
);

// The truth about each student, which every count below is made from.

/** The ideas that a student may have of a row of some apples and more: two numbers, which are right, and a known idea. */
interface Thought {
  readonly of: (apples: number, more: number) => unknown[];
  readonly right: string;
  readonly idea?: string;
}
const thoughts: Readonly<Record<string, Thought>> = {
  R: { of: (apples, more) => [apples, apples + more], right: 'down across' },
  F: { of: (apples) => [apples, 3 * apples + 3], right: 'down', idea: 'All fruit' },
  S: { of: (apples) => [apples, apples], right: 'down', idea: 'Square' },
  P: { of: (apples) => [apples - 2, apples - 2], right: '', idea: 'Peeled' },
  O: { of: (apples, more) => [1000, apples + more], right: 'across' },
  H: { of: (apples) => [apples, null], right: 'down' },
  '-': { of: () => [null, null], right: '' },
};
const of = (letter = '-') => thoughts[letter] as Thought;
const isRight = (letter: string, cell: string) => of(letter).right.includes(cell);
const isComplete = (letter: string) => !of(letter).of(1, 1).includes(null);

interface Version {
  readonly basket: string;
  readonly crate: string;
  readonly again: readonly string[];
  /** In hours after the deadline. */
  readonly at: number;
  /** A table that cannot be read, or other answers in a file beside. */
  readonly odd: string | undefined;
}

interface Truth {
  readonly login: string;
  readonly versions: readonly Version[];
  readonly notes: readonly string[];
}

// How many students, their notes and their versions: the basket and the crate, both again at other sizes, and the hours.
const table = `
6 2 FR -- -9, RR RR -5
4 1 FP -- -9, FR FR -5
3 2 RO -- -9, RR -- -5
3 0 SR -- -9, RP RP -5
2 2 OR -- -9, SR OR -5
3 1 FR -- -9, FR RH -5
2 2 SP -- -9, SP SR -5
3 1 F- -- -9, -R RR -5
3 2 FR FR -5
2 1 OR -- -5
3 1 RR RP -5
2 0 SO OR -5
2 2 PR PR -5
2 1 HR -- -5
3 2 FR -- -5 broken
2 1 RP -- 100
2 2 RR -- -5 double
2 2 FR RR 20
1 0 -- -- -5
1 1 -- -- -5
2 0
4 2 SR -- -5
`;

const students = table
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [, many = '', notes = '', rest = ''] = /^(\d+) (\d) ?(.*)$/.exec(line) ?? [];
    const written = rest.split(', ').filter(Boolean);
    const versions = written.map((text): Version => {
      const [first = '', again = '', hours = '', odd] = text.split(' ');
      return { basket: first.charAt(0), crate: first.charAt(1), again: [...again], at: Number(hours), odd };
    });
    const one = { notes: [evil, 'Lemons'].slice(0, Number(notes)), versions };
    return Array.from({ length: Number(many) }, () => one);
  })
  .map((one, index): Truth => ({ login: `s${String(index).padStart(2, '0')}`, ...one }));

function filesOf({ notes }: Truth, { basket, crate, again, odd }: Version) {
  const tableOf = (name: string, apples: number, rows: readonly string[]) => {
    const [one, other] = rows.map((thought, index) => {
      const [down, across] = of(thought).of(apples, index === 0 ? 4 : 6);
      return `{ down: ${down}, across: ${across} }`;
    });
    return `export const ${name} = { basket: ${one}, crate: ${other} };\n`;
  };
  const answers = (first: string) => tableOf('boxes', 7, [first, crate]) + tableOf('again', 12, again);
  return {
    'work/boxes.ts': odd === 'broken' ? 'export const boxes = {{{\n' : answers(basket),
    'work/notes.md': notesOf(...notes),
    ...(odd === 'double' && { 'work/boxes (1).ts': answers('O') }),
  };
}

// An oracle of its own: what counts, and for whom.

const cells = ['down', 'across'] as const;
const rowsHere = ['basket', 'crate'] as const;
const pointsFor = ({ notes }: Truth, version: Version) => {
  const right = rowsHere.flatMap((row) => cells.filter((cell) => isRight(version[row], cell)));
  const earned = (version.odd === 'broken' ? 0 : right.length) + 3 * notes.length;
  return Math.max(0, earned - (version.at > 0 ? 1 : 0));
};

/** The version that counts, if any does: the one with most points, or the later. */
function countingOf(truth: Truth): Version | undefined {
  const inTime = truth.versions.filter(({ at, odd }) => at <= 48 && odd !== 'double');
  return [...inTime].sort((a, b) => pointsFor(truth, b) - pointsFor(truth, a) || b.at - a.at)[0];
}

const counting = students.flatMap((truth) => {
  const now = countingOf(truth);
  return now && now.odd !== 'broken' && now.basket + now.crate !== '--' ? { truth, now } : [];
});
type Counting = (typeof counting)[number];
const ideasOf = (letters: readonly string[]) => letters.flatMap((letter) => of(letter).idea ?? []);
/** A square crate, and all fruit in a crate, are no known idea; none of the class writes them. */
const inWorksheet = ({ now }: Counting) => ideasOf([now.basket, now.crate]);
const isFilledIn = ({ now: { again } }: Counting) => again.every(isComplete);
const atOtherSizes = (one: Counting) => (isFilledIn(one) ? ideasOf(one.now.again) : []);
const firstOf = ({ truth }: Counting, row: (typeof rowsHere)[number]) =>
  truth.versions.map((version) => version[row]).find(isComplete);
/** Whether two versions that can be read hold different numbers in a cell of the worksheet. */
const hasChanged = ({ versions }: Truth) =>
  rowsHere.some((row) =>
    cells.some((_, column) => {
      const read = versions.filter(({ at, odd }) => at <= 48 && odd !== 'broken');
      const numbers = read.map((version) => of(version[row]).of(7, row === 'basket' ? 4 : 6)[column]);
      return new Set(numbers.filter((number) => number !== null)).size > 1;
    }),
  );
const compared = counting.filter(
  (one) => hasChanged(one.truth) && rowsHere.every((row) => isComplete(one.now[row]) && firstOf(one, row)),
);
const count = <Item>(items: readonly Item[], is: (item: Item) => boolean | undefined) =>
  items.filter(is).length;

const labels = { basket: 'Basket of fruit', crate: 'Crate' } as const;

let run: Awaited<ReturnType<typeof graded>>;
const handedIn = students.filter(({ versions }) => versions.length > 0);
const root = clonesOf(Object.fromEntries(handedIn.map((truth) => [truth.login, truth])), (truth) => ({
  commits: Object.fromEntries(
    truth.versions.map((version, index) => [`c${index}`, at(version.at, filesOf(truth, version))]),
  ),
}));
const list = ['--roster', roster(...students.map(({ login }) => `${login},Student ${login} ${evil},`))];
const pageOf = (name: string) =>
  readFileSync(path.join(run.out, name), 'utf8').replace(/<style>.*?<\/style>/gs, '');
const textOf = (html: string) => html.replace(/(?:<[^>]*>|\s)+/g, ' ').trim();
/** The rows of the table under a heading, as the texts of their cells. */
function tableUnder(heading: string): string[][] {
  const page = pageOf('report.html');
  const [, body = ''] = /<tbody>(.*?)<\/tbody>/s.exec(page.slice(page.indexOf(heading))) ?? [];
  return body
    .split('</tr>')
    .map((row) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => textOf(cell)))
    .filter((row) => row.length > 0);
}

beforeAll(async () => {
  run = await graded(course, root, ...list, '--feedback');
}, 120_000);

const pointsOf = (truth: Truth) => {
  const version = countingOf(truth);
  return version ? pointsFor(truth, version) : null;
};
const withoutGrade = count(students, (truth) => pointsOf(truth) === null);

test('the class is one in which everything happens, and everybody has the points of the rules', () => {
  expect(compared.length).toBeGreaterThan(5);
  expect(counting.length - compared.length).toBeGreaterThan(10);
  expect(run.rows.map(({ points }) => points)).toEqual(students.map(pointsOf));
});

test('the top of each page, and the terminal, say of how many nothing is known', () => {
  expect(textOf(pageOf('report.html'))).toContain(
    `Counted: ${counting.length} of 57 students, whose answers were read. Not counted: 3 not readable, 2 after the cutoff, 2 no submission, 2 undecided, 1 blank, 1 not started.`,
  );
  const line = `${withoutGrade} of 57 have no grade yet.`;
  expect(textOf(pageOf('follow-up.html').replace(/^.*<body>/s, ''))).toMatch(new RegExp(`^${line}`));
  expect(run.stdout).toContain(`\n${line}\n57 students: `);
});

test('the picture says of each cell how many have it right of those who answered it', () => {
  const expected = rowsHere.map((row) => [
    labels[row],
    ...cells.map((cell) => {
      const blank = cell === 'down' ? ['-'] : ['-', 'H'];
      const answered = counting.filter(({ now }) => !blank.includes(now[row]));
      return `${count(answered, ({ now }) => isRight(now[row], cell))} of ${answered.length}`;
    }),
  ]);
  expect(tableUnder('<main>')).toEqual(expected);
  const wrong = tableUnder('<h2>Frequent wrong answers').map(([, right]) => right);
  expect(wrong).toEqual(expected.flatMap(([, ...both]) => both));
});

test('the table of ideas counts who shows an idea now, and at first of the same students', () => {
  const titles = ['All fruit', 'Square', 'Peeled'];
  const ideas = titles.map((title) => {
    const here = (one: Counting) => inWorksheet(one).includes(title);
    const there = (one: Counting) => atOtherSizes(one).includes(title);
    const first = (one: Counting) => rowsHere.some((row) => of(firstOf(one, row)).idea === title);
    return {
      title,
      shown: count(counting, (one) => here(one) || there(one)),
      cells: [String(count(counting, here)), String(count(counting, there))],
      change: `${count(compared, first)} at first, ${count(compared, here)} now`,
    };
  });
  const found = tableUnder('<h2>Ideas').map(([title = '', ...rest]) => [
    title.split(/(?<=fruit|Square|Peeled)/)[0],
    ...rest,
  ]);
  expect(found.toSorted()).toEqual(ideas.map(({ title, cells, change }) => [title, ...cells, change]).sort());
  // Sorted by the first column with a number.
  const shown = found.map(([, inWorksheet]) => Number(inWorksheet));
  expect(shown).toEqual([...shown].sort((a, b) => b - a));
  const page = pageOf('report.html');
  expect(textOf(page)).toContain(`of the ${compared.length} who changed an answer and left none blank`);
});

test('the headline is the one wrong answer that most students gave, with how many are wrong there, and what is right is folded', () => {
  const isWrong = ({ now }: Counting) =>
    cells.some((cell) => !isRight(now.basket, cell)) && now.basket !== 'H';
  const wrote = (letter: string) => count(counting, ({ now }) => now.basket === letter);
  const haveWrong = count(counting, (one) => isWrong(one) && one.now.basket !== '-');
  // Squares are most; the class writes no wrong answer to the crate, and none at other sizes, as often.
  expect(wrote('S')).toBeGreaterThan(Math.max(...['F', 'P', 'O'].map(wrote)));
  const others = count(
    counting,
    (one) => one.now.basket !== 'S' && [...inWorksheet(one), ...atOtherSizes(one)].includes('Square'),
  );
  const elsewhere = ` ${others} ${others === 1 ? 'other shows' : 'others show'} the same idea in another answer.`;
  const page = pageOf('report.html');
  expect(textOf(page)).toContain(
    `${wrote('S')} of ${counting.length} wrote 7 and 7 for Basket of fruit: square. These are ${wrote('S')} of the ${haveWrong} who have this row wrong.${others > 0 ? elsewhere : ''} Vote on it , at other sizes`,
  );
  expect(textOf(/<details>(?:(?!<details>).)*basket holds all apples/s.exec(page)?.[0] ?? '')).toBe(
    'What is right, and why 7 and 11 A basket holds all apples',
  );
  expect(page.indexOf('poll.html')).toBeLessThan(page.indexOf('What is right, and why'));
});

test('the vote has the right answer, what most wrote, and two more, at other sizes', () => {
  const options = Array.from(
    pageOf('poll.html').matchAll(/<b>[A-D]<\/b> (\d+ and \d+)/g),
    ([, text]) => text,
  );
  expect(new Set(options).size).toBe(4);
  expect(options).toEqual(expect.arrayContaining(['20 and 24', '20 and 20']));
});

test('wrong answers, first answers, the second table and responses are those of the truth', () => {
  const wrongTable = tableUnder('<h2>Frequent wrong answers');
  for (const [cell, thought, said] of [
    ['across', 'F', '24: All fruit'],
    ['across', 'S', '7: Square'],
    ['down', 'P', '5: Peeled'],
    ['down', 'O', '1,000: no known reason'],
  ]) {
    const many = count(counting, ({ now }) => now.basket === thought);
    const [, , , wrong] = wrongTable.find(([name]) => name === `Basket of fruit · ${cell}`) ?? [];
    expect(wrong).toContain(`${said} (${many} ${many === 1 ? 'student' : 'students'})`);
  }
  const changes = rowsHere.flatMap((row) =>
    cells.map((cell) => {
      const first = count(compared, (one) => isRight(firstOf(one, row) ?? '-', cell));
      return `${first} at first, ${count(compared, ({ now }) => isRight(now[row], cell))} now`;
    }),
  );
  expect(wrongTable.map((row) => row[4])).toEqual(changes);
  const filled = counting.filter(isFilledIn);
  const right = [0, 1].map((row) => count(filled, ({ now }) => now.again[row] === 'R'));
  expect(tableUnder('<h2>At other sizes').map(([, many]) => many)).toEqual(
    right.map((many) => `${many} of ${filled.length}`),
  );
  const report = textOf(pageOf('report.html'));
  const responses = (which: number) =>
    count(students, (truth) => pointsOf(truth) !== null && truth.notes.length > which);
  expect(report).toContain(`Which fruit was the sweetest? (${responses(0)} responses)`);
  expect(report).toContain(`Which fruit was the sourest? (${responses(1)} responses)`);
});

test('names are on the page with names alone', () => {
  expect(textOf(pageOf('follow-up.html'))).toContain('Not for the projector.');
  for (const name of ['report.html', 'poll.html'])
    for (const word of ['Student s', ...students.map(({ login }) => login)])
      expect(pageOf(name)).not.toContain(word);
});

/** A question with four options, and facts and explanations as long as those of a real worksheet. */
const longVote = {
  asked: 'Basket of fruit: rows, columns?',
  stated: [
    'apples 48, brand Shiny',
    '2,560: the width of the whole shelf, and of all boxes side by side',
    '32: the number of boxes on the shelf',
    '50,304: the number of kinds of fruit in shops',
  ],
  options: ['48 and 80', '50,304 and 2,560', '48 and 48', '1,176 and 48'].map((text) => {
    const isRight = text === '48 and 48';
    const why = `${evil}: that is the shape of an empty box, but a basket is filled from this very shelf and says how much of one kind of fruit lies in each of them. For which pairs is there a box?`;
    return { text, isRight, why: isRight ? 'A basket holds all apples.' : why };
  }),
};

needs('chromium', () => {
  const pages = ['report.html', 'follow-up.html', 'poll.html', 'feedback/s00.html', 'long.html'];
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  /** All that an opened page has asked for and written to the console. */
  const noted: string[] = [];

  beforeAll(async () => {
    browser = await startBrowser();
    writeFileSync(path.join(run.out, 'long.html'), renderVote(longVote, 'Fruit in boxes'));
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
      // Where the colors are others, only they can be at fault.
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

  test('paper has what is folded on the screen, and the question of a vote without its answer', async () => {
    const report = await open('report.html', 794, 1123);
    const isSeen = (text: string) => report.getByText(text).first().isVisible();
    expect(await isSeen('A basket holds all apples')).toBe(false);
    await report.emulateMedia({ media: 'print' });
    expect(await isSeen('A basket holds all apples')).toBe(true);
    expect(await report.locator('.responses li').first().isVisible()).toBe(true);
    const vote = await open('long.html', 794, 1123);
    await vote.emulateMedia({ media: 'print' });
    expect(await inPage(vote, 'getComputedStyle(document.querySelector(".whys")).breakBefore')).toBe('page');
    expect(await vote.getByText('✓ right').isVisible()).toBe(false);
    expect(await vote.getByText('C. 48 and 48 A basket').isVisible()).toBe(true);
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

  test('arrow keys and clicks reach every step of the vote, and only those after the votes show the answer', async () => {
    const page = await open('long.html', 1280, 720);
    const all = 'alone discuss again C A B D end'.split(' ');
    const assertStep = async (id: string) => {
      expect(await page.evaluate('document.querySelector(":checked").id')).toBe(id);
      const text = await inPage<string>(page, 'document.body.innerText');
      const isAnswer = /^[A-D]$/.test(id);
      const shows = ['✓ right', 'A basket holds', 'For which pairs'].map((part) => text.includes(part));
      expect([id, ...shows]).toEqual([id, isAnswer, id === 'C', isAnswer && id !== 'C']);
    };
    for (const id of all) {
      await assertStep(id);
      await page.keyboard.press('ArrowRight');
    }
    for (const id of all.slice(1)) {
      await page.locator(`label[for=${id}]`).click();
      await assertStep(id);
    }
  });

  test('what is projected fits the screen, in letters for the last row, and the report begins with what to talk about', async () => {
    for (const scale of [1, 1.5]) {
      const page = await open('long.html', 1280 * scale, 720 * scale);
      const letters = await inPage(page, smallest('.options li, .stated li, h1'));
      expect(letters).toBeGreaterThanOrEqual(50 * scale);
      expect(await inPage(page, smallest('.why'))).toBeGreaterThanOrEqual(38 * scale);
      for (const id of ['alone', 'again', 'C', 'D', 'end']) {
        await page.locator(`#${id}`).check();
        const height = await inPage(page, 'document.documentElement.scrollHeight');
        expect(height).toBeLessThanOrEqual(720 * scale);
      }
    }
    const page = await open('report.html', 1280, 720);
    const bottom = await inPage(page, 'document.querySelector(".first").getBoundingClientRect().bottom');
    expect(bottom).toBeLessThanOrEqual(720);
    expect(await inPage(page, smallest('.sheet td strong'))).toBeGreaterThanOrEqual(30);
  });
});
