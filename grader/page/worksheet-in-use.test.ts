/** @jest-environment ./grader/testing/page-environment.js */
import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { seal } from '../authoring/release/sealed-facts';
import { loadCourse } from '../course/course';
import { cellsOf } from '../rubric/rubric';
import { newCourse } from '../testing/folders';
import { gradeTexts } from '../testing/grade';
import { tries } from '../testing/long';
import { type OpenedPage, openPage } from '../testing/opened-page';
import { disputableYaml, wholeCourse } from '../testing/worksheet';
import { fieldOf, type TypedWork } from './work-files';
import { worksheetPage } from './worksheet-page';

// The worksheet's page as students use it, without a browser. The system tests cover everything that needs one (layout,
// keyboard, printing).

const { cell, response, dispute } = fieldOf;

let scored: string;
/** Opening boxes is slow on purpose, so tests that are not about marks use a page without any. */
let plain: string;
beforeAll(async () => {
  [scored, plain] = await Promise.all([pageOf(), pageOf('self_check: form\n')]);
});

const rightFirst: TypedWork = {
  [cell('basket', 'down')]: '7',
  [cell('basket', 'across')]: 'apples + 4',
  [cell('basket', 'color')]: 'red',
  [cell('crate', 'down')]: '7',
  [cell('crate', 'across')]: '13',
};
const responses: TypedWork = { [response('sweetest')]: 'Pears.', [response('sourest')]: 'Lemons.' };

// To update: npx jest worksheet-in-use -u
test('what a student reads and hears of rows that are right, wrong and not read, of a response, a dispute and a saved file', async () => {
  const page = await opened();
  await fillIn(page, { ...wrong, [response('wish')]: 'Plums.', [dispute]: '14 is right.' });
  await page.press('Check');
  await page.press('Save boxes.ts');
  await page.type(cell('crate', 'across'), '8,192');
  const text = page.readIn('#worksheet').replace(/\S[^\n]*(?= Saved )/, '[time]');
  expect(`\n${text}\n`).toMatchSnapshot();
});

test('a worksheet is not started, then explains each row that is right, and at last asks for nothing more', async () => {
  const page = await opened();
  const heard = () => page.all('#worksheet [role="status"]').at(-1)?.textContent;
  await page.press('Check');
  expect(heard()).toBe(
    'Not started yet: 0 of 11 points. Next: Fill in each cell, and react to two of the questions.',
  );
  await fillIn(page, rightFirst);
  expect(page.readIn('#worksheet')).toContain('A crate is wider.');
  await fillIn(page, responses);
  expect(page.readIn('.check')).toContain('✓ 11 of 11. Save your files, then hand them in.');
  expect(page.readIn('.check')).toContain('[Save both as a zip]');
  await page.press('Check');
  expect(heard()).toMatch(
    /^2 of 2 rows right\. 11 of 11 points\. Next: Save your files and hand them in .* nothing left to do\.$/,
  );
});

const marks = { correct: '✓ correct', wrong: '✗ wrong', invalid: '! not read', blank: '○ blank' };

test('whatever is typed in any order, the page says the points and marks that the saved files get', async () => {
  const fields = Object.keys({ ...wrong, ...responses, [response('wish')]: '' });
  const typed = fc.constantFrom('7', '11', '13', 'apples', '8', '4,096', 'red', 'green', 'x', '');
  const steps = fc.array(fc.tuple(fc.constantFrom(...fields), typed), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(steps, async (filledIn) => {
      const page = await opened();
      for (const [field, text] of filledIn) await page.type(field, text);
      await page.press('Check');
      await page.press('Save both as a zip');
      const { 'work/boxes.ts': answers = '', 'work/notes.md': notes } = (await savedIn(page)).files;
      const report = await gradeTexts(answers, notes, course.key, course.rubric);
      expect(page.readIn('#worksheet')).toContain(`${report.points} of 11 points. Next: `);
      const states = page.all('[id^="cell."][id$=".state"]').map(({ textContent }) => textContent);
      expect(states.map((state) => state.replace(/ = .*/, ''))).toEqual(
        cellsOf(report).map(({ outcome }) => Object(marks)[outcome]),
      );
      expect(page.mayClose()).toBe(true);
    }),
    { numRuns: 8 },
  );
});

test('a worksheet that is checked for form only says that, and never what is right', async () => {
  const page = await opened(plain);
  await fillIn(page, wrong);
  await page.press('Check');
  const text = page.readIn('#worksheet');
  expect(text).not.toMatch(/✓|✗ wrong|of \d+ points|\.\./);
  for (const part of ['does not show whether you are right', 'and what does not fit together', '· filled in'])
    expect(text).toContain(part);
});

test('a row shows its marks once it is filled in and left, and none in a cell that was changed since', async () => {
  const page = await opened();
  const states = () => page.all('[id^="cell.basket."][id$=".state"]').map(({ textContent }) => textContent);
  const [down, across, color] = Object.entries(wrong).map(([field, typed]) => [field, typed] as const);
  for (const one of [down, across]) if (one) await page.type(...one);
  expect(states()).toEqual(['· filled in', '· filled in', '']);
  expect(page.readIn('#worksheet')).not.toMatch(/✗|Down wrong/);
  if (color) await page.type(...color);
  expect(states()).toEqual(['✗ wrong', '✗ wrong = 14', '✗ wrong']);
  page.enter(cell('basket', 'down'), '7');
  expect(states()).toEqual(['· filled in', '✗ wrong = 14', '✗ wrong']);
  await page.type(cell('basket', 'down'), '7');
  expect(states()).toEqual(['✓ correct', '✗ wrong = 14', '✗ wrong']);
});

test('a name goes into the field that was used last, or into the first that is empty', async () => {
  const page = await opened(plain);
  const value = (row: string, column: string) => page.field(cell(row, column)).value;
  await page.press('apples = 7');
  expect(value('basket', 'down')).toBe('apples');
  await page.type(cell('crate', 'across'), '2 * ');
  await page.press('apples = 7');
  expect(value('crate', 'across')).toBe('2 * apples');
  // Two names never become one word.
  await page.press('apples = 7');
  expect(value('crate', 'across')).toBe('2 * apples apples');
  // If no field was used and none is empty, there is no place for a name.
  const full = await opened(plain);
  for (const field of full.all('.asked input')) Object.assign(field, { value: '1' });
  await full.press('apples = 7');
  expect(full.all('.asked input').map((field) => Object(field).value)).toEqual(['1', '1', '1', '1']);
});

test('Enter goes to the next field, and “Go there” to what is to be done next', async () => {
  const page = await opened(plain);
  const focused = () => page.document.activeElement?.id;
  page.field(cell('basket', 'down')).focus();
  page.key('Enter');
  expect(focused()).toBe(cell('basket', 'across'));
  page.key('a');
  expect(focused()).toBe(cell('basket', 'across'));
  await fillIn(page, { ...rightFirst, [cell('crate', 'down')]: '8' });
  await page.press('Go there');
  expect(focused()).toBe(cell('crate', 'down'));
  await fillIn(page, { [cell('crate', 'down')]: '7', [response('sweetest')]: 'Pears.' });
  await page.press('Check');
  await page.press('Go there');
  expect(focused()).toBe(response('sourest'));
});

test('pressing a button does not leave the field in use, whose mark would move the button away', async () => {
  const page = await opened(plain);
  const mayLeave = (target = page.all('#worksheet p')[0]) =>
    target?.dispatchEvent(new page.window.MouseEvent('mousedown', { bubbles: true, cancelable: true }));
  expect([mayLeave(), mayLeave(page.all('button.main')[0])]).toEqual([true, false]);
});

test('a response counts after a pause in typing', async () => {
  const page = await opened(plain);
  page.enter(response('sweetest'), 'Pears.');
  const state = () => page.document.getElementById(`${response('sweetest')}.state`)?.textContent;
  expect(state()).toBe('');
  await page.window.happyDOM.waitUntilComplete();
  await page.idle();
  expect(state()).toBe('✓ counts as a response');
});

describe('what is saved', () => {
  const all = { ...rightFirst, [response('sweetest')]: 'Pears.' };

  test('is the files of the worksheet, together or each by itself, and the page says what is not saved', async () => {
    const page = await opened(plain);
    const told = () => page.readIn('#worksheet');
    await fillIn(page, all);
    await page.press('Save both as a zip');
    expect(told()).toContain('boxes.ts with 5 of 5 cells filled in and notes.md with 1 response.');
    const zip = await savedIn(page);
    // Swedish writes a date in the same form as the names of files.
    expect(zip.name).toBe(`${new Date().toLocaleDateString('sv')}-fruit-in-boxes.zip`);
    expect(Object.keys(zip.files)).toEqual(['work/boxes.ts', 'work/notes.md']);
    expect(zip.files['work/boxes.ts']).toContain('crate: { down: 7, across: 13 }');
    await page.type(cell('crate', 'across'), '14');
    await page.press('Save notes.md');
    expect(told()).toContain('Saved notes.md with 1 response. Not saved yet: boxes.ts.');
    expect((await savedIn(page)).files).toEqual({ 'notes.md': zip.files['work/notes.md'] });
    await page.press('Save boxes.ts');
    expect(told()).toContain('cells filled in. Next: hand in what you saved');
    expect((await savedIn(page)).files['boxes.ts']).toContain('crate: { down: 7, across: 14 }');
  });

  test('can be copied, and the page says so', async () => {
    const page = await opened(plain);
    await fillIn(page, all);
    await page.press('Copy notes.md');
    expect(await page.window.navigator.clipboard.readText()).toContain('Pears.');
    expect(page.readIn('#worksheet')).toContain('Copied the text of notes.md.');
  });

  test('is asked for before the page is closed, unless nothing is typed or all of it is saved', async () => {
    const page = await opened(plain);
    expect(page.mayClose()).toBe(true);
    await fillIn(page, all);
    expect(page.mayClose()).toBe(false);
    await page.press('Save both as a zip');
    expect(page.mayClose()).toBe(true);
  });
});

describe('whoever opens the page again', () => {
  const stored = (page: OpenedPage) =>
    Object.fromEntries(Object.entries(page.window.localStorage)) as Record<string, string>;

  test('is asked whose work it is and sees none of it before, and can go on or start over', async () => {
    const first = await opened();
    await fillIn(first, { ...rightFirst, [response('wish')]: 'Mine alone.' });
    await first.press('Save boxes.ts');
    const reopened = await opened(scored, stored(first));
    expect(reopened.mayClose()).toBe(true);
    const asked = reopened.document.getElementById('worksheet')?.innerHTML ?? '';
    expect(asked).toMatch(/last changed on .* Not saved since the last change: notes\.md\./s);
    expect(asked).not.toMatch(/Mine alone|cell\.crate/);
    await reopened.press('Continue');
    expect(reopened.field(cell('crate', 'across')).value).toBe('13');
    expect(reopened.readIn('#worksheet')).toContain('✓ correct');
    await reopened.press('Start over');
    expect(reopened.readIn('#worksheet')).toContain(
      'cannot undo that. Not saved since the last change: notes.md.',
    );
    expect(reopened.document.activeElement?.textContent).toBe('Continue');
    await reopened.press('Continue');
    expect(reopened.field(cell('crate', 'across')).value).toBe('13');
    reopened.all('.handout')[0]?.removeAttribute('open');
    await reopened.press('Start over');
    await reopened.press('Start over');
    expect(reopened.field(cell('crate', 'across')).value).toBe('');
    expect(JSON.stringify(stored(reopened))).not.toContain('13');
    expect(reopened.readIn('#worksheet')).not.toContain('✓ correct');
    expect(reopened.all('.handout[open]')).toHaveLength(1);
  });

  test('sees an empty worksheet and a sentence if something else was stored', async () => {
    const page = await opened(plain);
    await page.type(cell('crate', 'down'), '7');
    const [entry = ''] = Object.keys(stored(page));
    for (const text of [
      '{',
      'null',
      '{"work":7}',
      '{"work":{"cell.crate.down":7}}',
      '{"work":{},"times":{"cell.crate.down":"x"}}',
      '{"work":{"other":"7"}}',
    ]) {
      const other = await opened(plain, { [entry]: text });
      expect(other.readIn('#worksheet')).toContain('could not be read, so the worksheet is empty');
      await other.type(cell('crate', 'down'), '7');
      expect(other.readIn('#worksheet')).not.toContain('could not be read');
    }
  });

  test('from what the browser saved sees nothing of the work that was on it, and it works', async () => {
    const page = await opened(plain);
    await fillIn(page, wrong);
    const copy = await opened(page.document.documentElement.outerHTML);
    expect(copy.readIn('#worksheet')).toBe((await opened(plain)).readIn('#worksheet'));
    await fillIn(copy, rightFirst);
    expect(copy.readIn('#worksheet')).toContain('· filled in');
  });
});

describe('several tabs of one browser', () => {
  const [down, sweetest, sourest] = [cell('crate', 'down'), response('sweetest'), response('sourest')];

  /** Opens a tab that shares what the browser stores with another. */
  async function openedBeside({ window }: OpenedPage) {
    const tab = openPage(plain, {}, window.localStorage);
    await tab.idle();
    return tab;
  }
  /** The browser tells a tab that another one stored something, unless the tab is asleep. */
  const tell = (tab: OpenedPage) => tab.window.dispatchEvent(new tab.window.Event('storage'));

  test('show what is typed in each, and lose nothing but a text that the page quotes', async () => {
    const texts = fc.constantFrom('one', 'two', 'three', '');
    const step = fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(down, sweetest), texts, fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        const first = await opened(plain);
        const tabs = [first, await openedBeside(first)] as const;
        const last: Record<string, string> = { [down]: '', [sweetest]: '' };
        const shows = (tab: OpenedPage) => ({
          [down]: tab.field(down).value,
          [sweetest]: tab.field(sweetest).value,
        });
        for (const [index, field, text, isAwake] of steps) {
          const [used, other] = [tabs[index], tabs[1 - index] ?? first];
          const before = last[field] ?? '';
          const isReplaced = used.field(field).value !== before && text !== before;
          await used.type(field, text);
          last[field] = text;
          expect(shows(used)).toEqual(last);
          if (isReplaced) expect(used.readIn('.notes')).toContain(`the earlier one was “${before}”`);
          if (!isAwake) continue;
          tell(other);
          expect(shows(other)).toEqual(last);
        }
        first.window.dispatchEvent(new first.window.Event('focus'));
        expect(shows(first)).toEqual(last);
      }),
      { numRuns: tries(40, 4) },
    );
  });

  const assertNothingOfOthers = (student: number, tabs: readonly OpenedPage[]) => {
    const others = new RegExp(`words of [^${student}]`);
    for (const tab of tabs) expect(tab.readIn('#worksheet')).not.toMatch(others);
  };

  /** A student opens a tab, starts over, types there and in a tab that somebody forgot, and forgets the new tab. */
  async function takeTurn(student: number, tabs: OpenedPage[], areAwake: boolean, forgotten: number) {
    const tab = await openedBeside(tabs[0] as OpenedPage);
    assertNothingOfOthers(student, [tab]);
    for (const button of student > 0 ? ['Start over', 'Start over'] : []) await tab.press(button);
    const awake = areAwake ? tabs : [];
    for (const page of awake) tell(page);
    assertNothingOfOthers(student, awake);
    for (const field of [sweetest, sourest]) await tab.type(field, `words of ${student}`);
    const old = tabs[forgotten] ?? tab;
    // A tab that was awake asks first.
    const typed = old.document.getElementById(sweetest) && `${old.field(sweetest).value} words of ${student}`;
    if (typed) old.enter(sweetest, typed);
    assertNothingOfOthers(student, [tab, old]);
    const stored = JSON.stringify(tab.window.localStorage);
    expect(stored.match(/words of ./g)).toContain(`words of ${student}`);
    expect(new Set(stored.match(/words of ./g)).size).toBe(1);
    tabs.push(tab);
  }

  test('never show the words of a student to the next, also where each forgot a tab that was asleep', async () => {
    const allAsleep: [boolean, number][] = [
      [false, 0],
      [false, 1],
      [false, 2],
    ];
    const turns = fc.array(fc.tuple(fc.boolean(), fc.nat(2)), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(turns, async (all) => {
        const tabs = [await opened(plain)];
        for (const [student, turn] of all.entries()) await takeTurn(student, tabs, ...turn);
      }),
      { numRuns: tries(40, 2), examples: [[allAsleep]] },
    );
  });

  test('say when the browser stops to store, and later nothing that was typed meanwhile is gone', async () => {
    const entries = new Map<string, string>();
    let isFull = false;
    const storage = {
      getItem: (key: string) => entries.get(key) ?? null,
      removeItem: (key: string) => entries.delete(key),
      setItem: (key: string, text: string) => {
        if (isFull) throw new Error('no room');
        entries.set(key, text);
      },
    };
    const page = openPage(plain, {}, storage);
    await page.type(sweetest, 'Pears.');
    isFull = true;
    await page.type(sourest, 'Lemons.');
    expect(page.readIn('.notes')).toContain('does not store what you type here. Save your files');
    const other = openPage(plain, {}, storage);
    await other.press('Continue');
    expect(other.field(sweetest).value).toBe('Pears.');
    isFull = false;
    await other.type(response('wish'), 'Plums.');
    await page.type(down, '7');
    expect(page.readIn('.notes')).toBe('');
    tell(other);
    for (const tab of [page, other]) {
      const values = [sweetest, sourest, response('wish'), down].map((field) => tab.field(field).value);
      expect(values).toEqual(['Pears.', 'Lemons.', 'Plums.', '7']);
    }
  });
});

/** The invented worksheet, with a drawing, a law, a choice and room for disputes. */
const rubricYaml = `${disputableYaml
  .replace('  points: 1\n', '  points: 1\n  draw: { height: down, width: across }\n')
  .replace(
    'label: Crate',
    'label: Crate, heading: Of wood, cells: { down: { ask: How high is the wood? }, color: { void: true } }',
  )
  .replace(
    'label: Across }',
    'label: Across }\n    - { id: color, label: Color, kind: choice, options: [red, green] }',
  )}laws:
  - { law: basket.down = crate.down, because: Both hold every apple. }
`;

const files = {
  ...wholeCourse,
  'solution/index.ts': `
    export const derive = ({ apples }) => ({ basket: { down: apples, across: apples + 4, color: 'red' }, crate: { down: apples, across: apples + 6 } });
    export const measure = derive;
    export const misconceptions = ({ apples }) => [{ id: 'square', row: 'basket', values: { down: apples, across: apples }, text: 'Not a square.' }];
    export const quantities = () => [];
    export const explanations = () => ({ crate: 'A crate is wider.' });
  `,
  'solution/handout.md': `# Fruit\n\n{{ apples }} of {{ brand }}.\n\n\`\`\`mermaid\nflowchart LR\n  basket["Basket"] --> crate["Crate"]\n\`\`\`\n`,
};

const courseWith = (settings: string) =>
  loadCourse(newCourse({ ...files, 'rubric.yaml': `${rubricYaml}${settings}` }), false);
const course = courseWith('');

async function pageOf(settings = ''): Promise<string> {
  const { rubric, solution } = course;
  return settings === ''
    ? worksheetPage(course, await seal(rubric, solution))
    : worksheetPage(courseWith(settings), undefined);
}

async function opened(markup = scored, stored?: Readonly<Record<string, string>>) {
  const page = openPage(markup, stored);
  await page.idle();
  return page;
}

/** The texts that were saved last, by file name; for a zip, those in it by their own names. */
async function savedIn(page: OpenedPage) {
  const { name = '', content } = page.saved.at(-1) ?? {};
  const bytes = new Uint8Array((await content?.arrayBuffer()) ?? []);
  const files = name.endsWith('.zip') ? unzipSync(bytes) : { [name]: bytes };
  const texts = Object.entries(files).map(([file, text]) => [file, strFromU8(text)]);
  return { name, files: Object.fromEntries(texts) as Record<string, string> };
}

async function fillIn(page: OpenedPage, work: TypedWork) {
  for (const [field, typed] of Object.entries(work)) await page.type(field, typed);
}

const wrong: TypedWork = {
  [cell('basket', 'down')]: '20',
  [cell('basket', 'across')]: 'apples * 2',
  [cell('basket', 'color')]: 'green',
  [cell('crate', 'down')]: '7',
  [cell('crate', 'across')]: '4,096',
};
