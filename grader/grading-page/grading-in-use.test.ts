/** @jest-environment ./grader/testing/page-environment.js */
import fc from 'fast-check';
import { strFromU8, unzipSync, zipSync } from 'fflate';
import { compareWithRelease } from '../class/grade-class';
import { readText } from '../system/files';
import { canvasFiles, canvasGradebook, zip } from '../testing/downloads';
import { newFolder } from '../testing/folders';
import { course, hosts, students } from '../testing/mixed-class';
import { type OpenedPage, openPage } from '../testing/opened-page';
import { writeGradingPage } from './grading-page';

let markup: string;
beforeAll(() => {
  const folder = newFolder();
  writeGradingPage(course, folder, compareWithRelease(course, {}));
  markup = readText(folder, 'grading.html');
});

const { Canvas: canvas } = hosts;
const given = (name: string, content: string | Uint8Array) =>
  new File([new Uint8Array(Buffer.from(content))], name);

const ofCanvas = [given('list.csv', canvas[1]), given('class.zip', canvas[0])];

const texts = (page: OpenedPage, selector: string) =>
  page.all(selector).map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim());
const cases = (page: OpenedPage) => texts(page, '.cases tbody tr');
const decided = (page: OpenedPage) => texts(page, '.made tbody tr');

// Written anew by: npx jest grading-in-use -u
test('what staff read in each view of the page', async () => {
  const page = openPage(markup);
  // Before files are given, there is nothing to grade and nothing to see.
  for (const button of ['(2. Decide)', '(3. Class)', '(4. Take)', '(Grade)'])
    expect(page.readIn('main')).toContain(button);
  await page.choose('files', ofCanvas);
  const views = [page.readIn('main')];
  await page.press('Grade');
  for (const view of ['2. Decide', '3. Class', '4. Take']) {
    await page.press(view);
    views.push(page.readIn('main'));
  }
  expect(views.join('\n----\n')).toMatchSnapshot();
  expect(page.all('iframe').length).toBe(0);
  await page.press('3. Class');
  const [shown = '', ...others] = page.all('iframe').map((frame) => frame.getAttribute('srcdoc') ?? '');
  expect(others).toEqual([]);
  expect(shown).toContain('<h1');
  for (const { last, login } of students) expect(shown.includes(last) || shown.includes(login)).toBe(false);
});

test('cases are decided with buttons and forms, the next one is focused, and each decision can be taken back', async () => {
  const page = await graded();
  const before = cases(page).length;
  await page.press('Take boxes (1)');
  expect(cases(page).length).toBe(before - 1);
  expect(page.document.activeElement?.className).toBe('choice');
  expect(decided(page)[0]).toMatch(/^Văn An, Nguyễn9, Counts: boxes \(1\)\.ts, none \w{6}overrides\.csv/);
  const ofVersions = decided(page).length;
  // Beside the buttons nothing is decided.
  for (const heading of page.all('.cases th')) page.event(heading, 'click');
  expect(decided(page).length).toBe(ofVersions);
  await page.press('Somebody else');
  await answer(page, 'Decide', { who: personCalled(page, 'Byron, Ada') });
  expect(decided(page).at(-1)).toMatch(/^müllerjörg_7000Byron, Adamatches\.csv/);
  await page.press('Points or a comment');
  await answer(page, 'Next', { who: personCalled(page, 'Æ, X_7_') });
  expect(page.readIn('dialog')).toContain('Æ, X_7_');
  await answer(page, 'Decide', { total: '4', reason: 'Spoke, "for long"', text: 'Well done' });
  expect(page.all('dialog')).toEqual([]);
  expect(page.readIn('.todo')).toContain(`${ofVersions + 3} decisions not saved.`);
  const last = decided(page);
  expect(last.some((line) => line.startsWith('Æ, X_7_Well donecomments.csv'))).toBe(true);
  await page.press('Undo');
  expect(decided(page)).toEqual(last.filter((line) => !/Spoke|Well done/.test(line)));
  await page.press('Take back: Văn An');
  expect(decided(page).length).toBe(ofVersions);
  await page.press('Undo');
  expect(decided(page).length).toBe(ofVersions + 1);
});

test('points that are given a second time take the place of the first', async () => {
  const page = await graded();
  for (const total of ['4', '5']) {
    await page.press('Points or a comment');
    await answer(page, 'Next', { who: personCalled(page, 'Byron, Ada') });
    await answer(page, 'Decide', { total, reason: 'Spoke about it' });
    expect(texts(page, 'details tr').filter((row) => row.startsWith('Byron, Ada'))).toEqual([
      `Byron, Ada${total}not readable`,
    ]);
  }
});

test('all whose points were set without a look are looked at with one button, and each has one line', async () => {
  const saved = 'login,total,reason\n"Byron, Ada",4,Spoke\n"Müller B, Jörg",5,"Read, by hand"\n';
  const page = await graded([...ofCanvas, given('overrides.csv', saved)]);
  const before = cases(page);
  expect(before[0]).toMatch(/^Byron, Ada; Müller B, Jörg ?Looked at each for 2 students$/);
  await page.press('Looked at each');
  expect(cases(page).filter((row) => /Byron|Müller B/.test(row))).toEqual([]);
  expect(decided(page)).toEqual([
    expect.stringMatching(/^Byron, Ada4, Spoke, none( \w{6})+overrides/),
    expect.stringMatching(/^Müller B, Jörg5, Read, by hand, none( \w{6})+overrides/),
  ]);
  await page.press('Undo');
  expect(cases(page)).toEqual(before);
});

test('points need a reason, a form without points a comment, and Cancel decides nothing', async () => {
  const page = await graded();
  const required = () =>
    page.all('dialog [required]').map((field) => field.getAttribute('name') ?? field.tagName);
  await page.press('Other points');
  expect(required()).toEqual(['total']);
  await answer(page, 'Decide', { total: '4' });
  expect(required()).toEqual(['total', 'reason']);
  await answer(page, 'Decide', { total: '' });
  expect(page.readIn('dialog')).toContain('Points');
  await answer(page, 'Decide', { total: '', text: 'Well done' });
  await page.press('Other points');
  await page.press('Cancel');
  expect(page.all('dialog')).toEqual([]);
  expect(decided(page).every((line) => line.includes('Well done'))).toBe(true);
});

test('what is decided is in the zip, and asked for before the page is closed', async () => {
  const page = await graded();
  expect(page.mayClose()).toBe(true);
  await page.press('Give 10');
  const lines = decided(page).length;
  expect(page.mayClose()).toBe(false);
  const { name, text, files } = await savedIn(page);
  expect(page.mayClose()).toBe(true);
  expect(page.readIn('main')).toContain(`Saved ${name}.`);
  expect(text('overrides.csv').trim().split('\n').length).toBe(1 + lines);
  // The week after, the page tells what changed since.
  const later = await graded([given('last.zip', zipSync(files)), ...ofCanvas]);
  await later.press('4. Take');
  expect(later.readIn('main')).toContain('Grades that differ from the earlier run');
});

test('what is no class is said in a sentence without a command, and the page goes on', async () => {
  const [download, table] = canvas;
  const page = openPage(markup);
  await page.choose('files', [
    given('photo.jpg', Buffer.from([255, 216, 255, 0])),
    given('cut.zip', download.subarray(0, download.length / 2)),
    given('essay.docx', zip({ '[Content_Types].xml': '<a/>', 'word/document.xml': '<a/>' })),
    given('list.xlsx', zip({ 'xl/workbook.xml': '<a/>' })),
    given('notes.csv', 'a,b\n1,2\n'),
  ]);
  const said = texts(page, '.files li');
  expect(said).toEqual([
    expect.stringMatching(/✗ photo.jpg This is neither a zip nor a table/),
    expect.stringMatching(/✗ cut.zip it is not a complete archive/),
    expect.stringMatching(/✗ essay.docx essay.docx is not a class.*Give a download of the whole class/),
    expect.stringMatching(/✗ list.xlsx This is a spreadsheet. Save it as “CSV UTF-8”/),
    expect.stringMatching(/✗ notes.csv notes.csv has the headings a, b/),
  ]);
  expect(said.join()).not.toMatch(/npm run|--/);
  await expect(page.press('Grade')).rejects.toThrow('no button');
  await page.choose('files', [given('class.zip', download), given('other.csv', 'login\nnobody\n')]);
  expect(page.readIn('main')).toContain('belongs to a student on the roster');
  await page.press('Remove other.csv');
  await page.choose('files', [given('list.csv', table)]);
  await page.press('Grade');
  expect(page.readIn('.todo')).toContain('people to decide');
});

test('a due date, a section and a column are options of the page, and what cannot be meant is refused', async () => {
  const page = openPage(markup);
  await page.choose('files', ofCanvas);
  const option = (label: string, text: string) => {
    const field = page
      .all('label')
      .find(({ textContent }) => textContent.startsWith(label))
      ?.querySelector('input, select');
    Object.assign(field ?? {}, { value: text });
    if (field) page.event(field, 'change');
    return page.idle();
  };
  for (const [label, text] of [
    ['Due date', 'soon'],
    ['Section', 'C'],
    ['Canvas’s column', 'Nothing'],
  ] as const) {
    await option(label, text);
    if (texts(page, '.bad').length === 0) await page.press('Grade');
    expect([label, texts(page, '.bad').join()]).toEqual([label, expect.stringMatching(/^✗ \S/)]);
    await option(label, ' ');
  }
  await option('Due date', '2026-10-02T12:00');
  await page.press('Grade');
  expect(page.readIn('.todo')).toContain('people to decide');
});

test('a run can be stopped, and started again', async () => {
  const page = openPage(markup);
  await page.choose('files', ofCanvas);
  const running = page.press('Grade');
  await page.press('Stop');
  await running;
  expect(page.readIn('main')).toContain('Stopped.');
  expect(page.all('progress, .todo')).toEqual([]);
  await page.press('Grade');
  expect(page.readIn('.todo')).toContain('people to decide');
});

test('whatever is decided or taken back in any order can be undone, and is told as not saved', async () => {
  const few = students.slice(0, 6);
  const page = await graded([
    given('list.csv', canvasGradebook(few.slice(1))),
    given('class.zip', zip(canvasFiles(few))),
  ]);
  const shown = () => [cases(page), decided(page), texts(page, 'details tr')];
  const before = shown();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), async (picks) => {
      for (const pick of picks) {
        // A button with “…” opens a form.
        const buttons = page
          .all('.choice, .made tbody button')
          .filter(({ textContent }) => !/…/.test(textContent));
        const pressed = buttons[pick % buttons.length];
        if (pressed) page.event(pressed, 'click');
        await page.idle();
        const told = Number(/\d+(?= decisions? not saved)/.exec(page.readIn('.todo'))?.[0] ?? 0);
        expect([told, page.mayClose()]).toEqual([decided(page).length, told === 0]);
      }
      for (const _ of picks) await page.press('Undo');
      expect(shown()).toEqual(before);
    }),
    { numRuns: 4 },
  );
});

/** Opens the page, gives it files, and grades. */
async function graded(files = ofCanvas) {
  const page = openPage(markup);
  await page.choose('files', files);
  await page.press('Grade');
  return page;
}

/** Fills in the form that is open. */
async function answer(page: OpenedPage, button: string, typed: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(typed)) {
    const [field] = page.all(`dialog [name=${name}]`);
    if (field) page.event(Object.assign(field, { value: text }), 'input');
  }
  await page.press(button);
}

const personCalled = (page: OpenedPage, name: string) =>
  page
    .all('dialog option')
    .find(({ textContent }) => textContent === name)
    ?.getAttribute('value') ?? '';

async function savedIn(page: OpenedPage) {
  await page.press('4. Take');
  await page.press('Save the zip');
  const { name, content } = page.saved.at(-1) ?? {};
  const files = unzipSync(new Uint8Array((await content?.arrayBuffer()) ?? []));
  return { name, files, text: (file: string) => strFromU8(files[file] ?? new Uint8Array()) };
}
