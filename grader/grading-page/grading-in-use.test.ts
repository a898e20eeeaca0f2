/** @jest-environment ./grader/testing/page-environment.js */
import { strFromU8, unzipSync, zipSync } from 'fflate';
import { decisionsText } from '../class/decisions/journal';
import { compareWithRelease } from '../class/grade-class';
import type { StudentResult } from '../class/results/student-result.schema';
import { readText } from '../system/files';
import { askingCourse } from '../testing/asking-course';
import { releasedCourse } from '../testing/classes';
import { decisionOn } from '../testing/decisions';
import { canvasFiles, zip } from '../testing/downloads';
import { newFolder } from '../testing/folders';
import { course, hosts, listOfTutorials, students } from '../testing/mixed-class';
import { type OpenedPage, openPage } from '../testing/opened-page';
import { answersOf, disputable, disputing, notesOf, rightAnswers } from '../testing/worksheet';
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
const cases = (page: OpenedPage) => texts(page, '.case');
const decided = (page: OpenedPage) => texts(page, '.decided tbody tr');

// To update: npx jest grading-in-use -u
test('what staff read in each view of the page', async () => {
  const page = openPage(markup);
  // Before files are given, there is nothing to grade and nothing to see.
  for (const button of ['(Decide)', '(Class)', '(Take)', '(Grade)'])
    expect(page.readIn('main')).toContain(button);
  await page.choose('files', ofCanvas);
  const views = [page.readIn('main')];
  await page.press('Grade');
  views.push(page.readIn('main'));
  await page.press('Take');
  await page.press('Save with');
  views.push(page.readIn('main'));
  await page.press('Class');
  views.push(page.readIn('main'));
  const withoutDays = views.join('\n----\n').replace(/\d{4}-\d\d-\d\d|\d+ \w{3} \d{4}, \d\d:\d\d/g, 'DAY');
  expect(withoutDays).toMatchSnapshot();
  const [shown = '', ...others] = page.all('iframe').map((frame) => frame.getAttribute('srcdoc') ?? '');
  expect(others).toEqual([]);
  expect(shown).toContain('<h1');
  expect(shown).not.toContain('follow-up.html');
  for (const { last, login } of students) expect(shown.includes(last) || shown.includes(login)).toBe(false);
});

test('a case is decided with a button or a form, the next takes its place and the focus, and all can be taken back', async () => {
  const page = await graded();
  const before = cases(page).length;
  await page.press('2Take boxes (1)');
  expect(cases(page).length).toBe(before - 1);
  expect(page.document.activeElement?.className).toBe('case');
  expect(texts(page, '.trace')).toEqual([
    expect.stringMatching(/^✓ Văn An, Nguyễn: Take boxes \(1\)\.ts: 9\. Undo$/),
  ]);
  expect(decided(page)[0]).toMatch(/^Văn An, Nguyễnnone → 9, Counts: boxes \(1\)\.tsjust now, not saved/);
  // A case that is undone is open again, and has the focus.
  await page.press('Undo');
  expect(page.document.activeElement?.textContent).toMatch(/^Văn An, Nguyễn/);
  await page.press('2Take boxes (1)');
  await page.press('OSomebody else');
  await answer(page, 'Decide', { who: 'Byron, Ada' });
  expect(decided(page)[0]).toMatch(/^müllerjörg_7000belongs to Byron, Ada/);
  await page.press('Also belongs to somebody else …: müllerjörg_7000');
  await answer(page, 'Decide', { who: 'Æ, X_7_' });
  expect(decided(page).slice(0, 2)).toEqual([
    expect.stringMatching(/^müllerjörg_7000belongs to Æ, X_7_/),
    expect.stringMatching(/^müllerjörg_7000belongs to Byron, Ada/),
  ]);
  await page.press('UUndo');
  await page.press('Points or a comment');
  await answer(page, 'Next', { who: 'Æ, X_7_' });
  expect(page.readIn('dialog:not(#panel)')).toContain('Æ, X_7_');
  await answer(page, 'Decide', { total: '4', reason: 'Spoke, "for long"', text: 'Well done' });
  expect(page.all('dialog:not(#panel)')).toEqual([]);
  expect(page.readIn('.todo')).toContain('3 not saved');
  const last = decided(page);
  expect(last.some((line) => line.startsWith('Æ, X_7_Comment: Well done'))).toBe(true);
  await page.press('UUndo');
  expect(decided(page)).toEqual(last.filter((line) => !/Spoke|Well done/.test(line)));
  await page.press('Take back: Văn An');
  expect(decided(page).length).toBe(1);
  await page.press('UUndo');
  expect(decided(page).length).toBe(2);
});

test('a section is shown by itself; what is left is told of the whole class, and everybody is taken', async () => {
  const page = await graded([given('list.csv', listOfTutorials), given('class.zip', canvas[0])]);
  const namesOf = () => texts(page, '.case h3').map((name) => name.replace(/E$/, '').trim());
  const toldIn = (selector: string, pattern: RegExp) => page.readIn(selector).match(pattern)?.[0];
  const left = () => toldIn('.todo', /.*in all/);
  await page.press('Thursday');
  expect(left()).toBe('3 of 5 in Thursday; 7 in all');
  expect(namesOf()).toEqual(['müllerjörg_7000', 'Byron, Ada', 'Müller B, Jörg']);
  expect(page.readIn('#panel')).toContain('müllerjörg_7000');
  expect(page.readIn('main')).toContain('Everybody (4 of 11)');
  await page.press('Monday');
  await page.press('1Take boxes.ts: 10 for Văn An');
  await page.press('Thursday');
  expect(page.readIn('main')).toContain('Decided (0 of 1)');
  for (const button of ['1Nobody’s', '1Looked at for Byron', '1Looked at for Müller'])
    await page.press(button);
  // Those of no section, and those who were decided elsewhere, are not told as this section's.
  expect(page.readIn('main')).toContain('Nothing is left to decide in Thursday');
  expect(left()).toBe('0 of 4 in Thursday; 3 in all');
  await page.press('Take');
  expect(page.readIn('main')).toContain('3 of these are in other sections than Thursday');
  expect(page.readIn('main')).not.toContain('Everything is decided');
  const { text } = await savedIn(page);
  for (const { last } of students.slice(1))
    expect(text('gradebooks/canvas.csv') + text('grades.csv')).toContain(last);
  await page.press('Class');
  const headings = () =>
    page.all('iframe').map((frame) => /<h1>(.*?)<\/h1>/.exec(frame.getAttribute('srcdoc') ?? '')?.[1]);
  expect(headings()).toEqual(['Fruit in boxes: Thursday']);
  await page.press('All');
  expect(headings()).toEqual(['Fruit in boxes']);
  await page.press('Thursday');
  await page.press('Decide');
  await page.press('Show the 3 in other sections');
  expect(namesOf().length).toBe(3);
});

test('a list that lacks more than half of the class of the zip is graded if it is meant to be a part', async () => {
  const { name = '', files } = await savedIn(await graded());
  const [first = '', second = '', third = '', ...people] = canvas[1].split('\n');
  const part = [first, second, third, ...people.slice(0, 4)].join('\n');
  const page = openPage(markup);
  await page.choose('files', [
    given('list.csv', part),
    given('class.zip', canvas[0]),
    given(name, zipSync(files)),
  ]);
  await page.press('Grade');
  expect(page.readIn('main')).toContain('7 students of the run of');
  await page.press('This list is meant to be a part');
  await page.press('Grade');
  expect(page.readIn('main')).toContain('Everybody (4)');
});

test('files of decisions count, from wherever and however often they are given, and are saved in one', async () => {
  const saved = await savedIn(await graded());
  const rows = saved
    .text('results.jsonl')
    .split('\n')
    .filter(Boolean)
    .map((line): StudentResult => JSON.parse(line));
  const byron = rows.find(({ student }) => student.name === 'Byron, Ada');
  const gives = decisionsText([decisionOn(byron as StudentResult, { does: { total: 4 }, reason: 'Spoke' })]);
  const page = await graded([
    ...ofCanvas,
    given('decisions (1).jsonl', gives),
    given('decisions.jsonl', `${gives}`),
  ]);
  const nowOf = (shown: OpenedPage) => texts(shown, '.fold tr').find((row) => row.startsWith('Byron, Ada'));
  expect(nowOf(page)).toContain('Byron, Ada4');
  const { files, text } = await savedIn(page);
  expect(text('decisions.jsonl')).toBe(gives);
  // The zip has them.
  expect(nowOf(await graded([...ofCanvas, given('results.zip', zipSync(files))]))).toContain('Byron, Ada4');
  const other = openPage(markup);
  await other.choose('files', [...ofCanvas, given('decisions.jsonl', gives.slice(0, -5))]);
  expect(other.readIn('main')).toContain('decisions.jsonl, line 1, is cut off');
});

test('points that are given a second time take the place of the first', async () => {
  const page = await graded();
  for (const total of ['4', '5']) {
    await page.press('Points or a comment');
    await answer(page, 'Next', { who: 'Byron, Ada' });
    await answer(page, 'Decide', { total, reason: 'Spoke about it' });
    const rows = texts(page, '.fold tr').filter((row) => row.startsWith('Byron, Ada'));
    expect(rows.at(-1)).toBe(`Byron, Ada${total}not readable`);
    expect(rows.length).toBe(2);
  }
});

test('all whose points were set without a look are looked at at once, once their names were shown', async () => {
  const saved = 'login,total,reason\n"Byron, Ada",4,Spoke\n"Müller B, Jörg",5,"Read, by hand"\n';
  const page = await graded([...ofCanvas, given('overrides.csv', saved)]);
  const before = cases(page);
  await page.press('Looked at for all 2 …');
  expect(page.readIn('dialog:not(#panel)')).toContain('Byron, Ada\nMüller B, Jörg');
  await page.press('Looked at for all 2');
  expect(cases(page).filter((row) => /Byron|Müller B/.test(row))).toEqual([]);
  expect(decided(page)).toEqual([
    expect.stringMatching(/^Müller B, Jörgnone → 5, Read, by hand/),
    expect.stringMatching(/^Byron, Adanone → 4, Spoke/),
  ]);
  await page.press('UUndo');
  expect(cases(page)).toEqual(before);
});

test('where two files say different things of somebody, the newer counts and the case shows both', async () => {
  const tables = ['4,Spoke', '5,Wrote'].map((said, at) =>
    given(`overrides-${at + 1}.csv`, `login,total,reason\n"Byron, Ada",${said}\n`),
  );
  const page = await graded([...ofCanvas, ...tables]);
  expect(cases(page).filter((row) => row.startsWith('Byron, Ada'))).toEqual([
    expect.stringMatching(/Counts: … → 5, Wroteoverrides-1\.csv says … → 4, Spoke/),
  ]);
});

test('points need a reason, and what a form lacks is said in a sentence; Cancel decides nothing', async () => {
  const page = await graded();
  await page.press('OOther points');
  for (const [typed, said] of [
    [{}, 'Points or a comment are missing.'],
    [{ total: 'many' }, 'Points are missing: a whole number from 0 to 10.'],
    [{ total: '4' }, 'A reason is missing'],
  ] as const) {
    await answer(page, 'Decide', typed);
    expect(page.readIn('dialog:not(#panel) .bad')).toContain(said);
  }
  await answer(page, 'Decide', { total: '', text: 'Well done' });
  await page.press('OOther points');
  await page.press('Cancel');
  expect(page.all('dialog:not(#panel)')).toEqual([]);
  expect(decided(page).every((line) => line.includes('Well done'))).toBe(true);
});

test('keys decide, move along, undo, and can be switched off; they do nothing in a field', async () => {
  const page = await graded();
  const before = cases(page);
  const press = async (key: string) => {
    page.key(key);
    await page.idle();
  };
  await press('j');
  expect(texts(page, '[aria-current=true]')[0]).toBe(before[1]);
  await press('1');
  expect(decided(page).length).toBe(1);
  await press('u');
  expect(cases(page)).toEqual(before);
  await press('o');
  expect(page.all('dialog:not(#panel)').length).toBe(1);
  await press('1');
  await page.press('Cancel');
  await press('?');
  for (const box of page.all('dialog:not(#panel) input'))
    page.event(Object.assign(box, { checked: false }), 'change');
  await page.press('Close');
  await press('1');
  expect(decided(page)).toEqual([]);
});

test('every student has their sheet and their files, without what is right until it is asked for', async () => {
  const page = await graded();
  await page.press('Byron, Ada');
  expect(page.readIn('#panel')).toContain('Nothing here could be read as a table');
  await openFile(page, 'photo.jpg');
  expect(page.all('#panel img').length).toBe(1);
  await page.press("O'Brien, Siobhán");
  expect(page.readIn('#panel')).toContain('6 of 10');
  // The table shows the answers with the correction applied.
  expect(texts(page, '.sheet pre')).toEqual([
    '▲ 2 basket: { down: 7, across 11 }, → basket: { down: 7, across: 11 },',
  ]);
  expect(page.readIn('.sheet')).toContain('With line 2 corrected');
  expect(texts(page, '.sheet tbody td')).toEqual([
    '✓ correct 7',
    '✓ correct 11',
    '✓ correct 7',
    '✓ correct 13',
  ]);
  await openFile(page, 'boxes.ts');
  expect(texts(page, '.code .slip')).toEqual([expect.stringContaining('across 11')]);
  expect(texts(page, '.code .fix')).toEqual([expect.stringContaining('across: 11')]);
  await page.press('Lovelace, Ada');
  expect(page.readIn('.sheet')).toContain('wrong');
  expect(page.readIn('.sheet')).not.toContain('What is right');
  await page.press('Show what is right');
  expect(page.readIn('.sheet')).toContain('What is right');
  // It is hidden again with the next student.
  await page.press('Æ, X_7_');
  expect(page.readIn('#panel')).not.toContain('Hide what is right');
});

test('cells that a dispute may be about are marked in the sheet, those of its row where it names one', async () => {
  const folder = newFolder();
  const yaml = disputable(askingCourse['rubric.yaml'] ?? '');
  const disputed = releasedCourse({}, { ...askingCourse, 'rubric.yaml': yaml });
  writeGradingPage(disputed, folder, compareWithRelease(disputed, {}));
  const answers = answersOf('{ down: 5, across: 11 }', '{ down: 7, across: 5 }');
  const page = openPage(readText(folder, 'grading.html'));
  const texted = ['Five is right.', 'In the CRATE five is right.'].map((text, at) => {
    const handedIn = { 'boxes.ts': answers, 'notes.md': disputing(text, 'Pears', 'Lemons') };
    return { ...(students[at] as (typeof students)[number]), handedIn };
  });
  await page.choose('files', [given('class.zip', zip(canvasFiles(texted)))]);
  await page.press('Grade');
  const shown: string[][] = [];
  for (const name of texts(page, '.case h3 button.file')) {
    await page.press(name);
    shown.push(texts(page, '.sheet .wide .disputed'));
  }
  expect(shown).toEqual([['✗ wrong 5 ! disputed', '✗ wrong 5 ! disputed'], ['✗ wrong 5 ! disputed']]);
});

test('the sheet has the version of another submission, too, whose files open as their own', async () => {
  const slip = rightAnswers.replace('across: 11', 'across 11');
  const versions = [answersOf('{ down: 7, across: 5 }', '{ down: 7, across: 5 }'), slip].map(
    (answers, at) => {
      const one = {
        ...students[1],
        handedIn: { 'boxes.ts': answers, 'notes.md': notesOf('Pears', 'Limes') },
      };
      return given(`class-${at}.zip`, zip(canvasFiles([one as (typeof students)[number]])));
    },
  );
  const page = await graded([ofCanvas[0] as File, ...versions]);
  await page.press('Lovelace, Ada');
  const headings = texts(page, '.sheet h3');
  expect(headings).toContainEqual(expect.stringMatching(/^lovelaceada_7001#\w+: 6 points$/));
  // The note names a file of its own submission, not of the other one.
  await page.press('boxes.ts');
  expect(texts(page, '.code .slip')).toEqual([expect.stringContaining('across 11')]);
  await openFile(page, 'boxes.ts');
  expect(page.readIn('.code')).toContain('across: 5');
  expect(texts(page, '.code .slip')).toEqual([]);
});

test('a file in a zip in a zip is a button where a case names it, and in what is shown of the zip', async () => {
  const inner = zip({
    'boxes.ts': rightAnswers.replace('across: 11', 'across 11'),
    'plan.txt': 'Boxes first',
  });
  const handedIn = { 'upload.zip': zip({ 'again.zip': inner }) };
  const one = students.map((student) => ({ ...student, handedIn }));
  const page = await graded([ofCanvas[0] as File, given('class.zip', zip(canvasFiles(one)))]);
  await page.press('upload.zip/again.zip/boxes.ts');
  expect(texts(page, '.code .fix')).toEqual([expect.stringContaining('across: 11')]);
  await openFile(page, 'upload.zip');
  await page.press('again.zip');
  await page.press('plan.txt');
  expect(texts(page, '.code')).toEqual(['1Boxes first']);
});

test('what is decided is in the zip, and asked for before the page is closed', async () => {
  const page = await graded();
  expect(page.mayClose()).toBe(true);
  await page.press('1Give 10');
  const lines = decided(page).length;
  expect(page.mayClose()).toBe(false);
  const { name, text, files } = await savedIn(page);
  expect(page.mayClose()).toBe(true);
  expect(page.readIn('main')).toContain(`Saved ${name}`);
  expect(text('overrides.csv').trim().split('\n').length).toBe(1 + lines);
  // A week later, the page says what has changed since.
  const later = await graded([given('last.zip', zipSync(files)), ...ofCanvas]);
  await later.press('Take');
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
  const said = texts(page, '.files li').map((line) => line.replace(/ \d+ KiB, .*?\d\d:\d\d/, ''));
  expect(said).toEqual([
    expect.stringMatching(/✗ photo.jpg: This is neither a zip nor a table/),
    expect.stringMatching(/✗ cut.zip: it is not a complete archive/),
    expect.stringMatching(/✗ essay.docx is not a class.*Give a download of the whole class/),
    expect.stringMatching(/✗ list.xlsx: This is a spreadsheet. Save it as “CSV UTF-8”/),
    expect.stringMatching(/✗ notes.csv has the headings a, b/),
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

test('a due date and a column are options of the page, and what cannot be meant is refused', async () => {
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

test('a run that is stopped leaves what was graded before, and saves nothing that is older than the steps', async () => {
  const page = openPage(markup);
  await page.choose('files', ofCanvas);
  const running = page.press('Grade');
  await page.press('Stop');
  await running;
  expect(page.readIn('main')).toContain('Stopped.');
  expect(page.all('progress, .todo')).toEqual([]);
  await page.press('Grade');
  const before = cases(page).length;
  const deciding = page.press('1Give 10');
  await page.press('Stop');
  await deciding;
  expect(page.readIn('.todo')).toContain('The last step is not graded yet.');
  expect(cases(page).length).toBe(before);
  const taking = page.press('Take');
  await page.press('Stop');
  await taking;
  await expect(page.press('Save with')).rejects.toThrow('no button');
  await page.press('Grade');
  await page.press('Save with');
  expect(page.mayClose()).toBe(true);
});

/** Opens the page, gives it files, and grades. */
async function graded(files = ofCanvas) {
  const page = openPage(markup);
  await page.choose('files', files);
  await page.press('Grade');
  return page;
}

/** Opens a file in the panel. */
async function openFile(page: OpenedPage, name: string) {
  for (const tab of page.all('.tabs button')) if (tab.textContent === name) page.event(tab, 'click');
  await page.idle();
}

/** Fills in the form that is open. */
async function answer(page: OpenedPage, button: string, typed: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(typed)) {
    const [field] = page.all(`dialog [name=${name}]`);
    if (field) page.event(Object.assign(field, { value: text }), 'input');
  }
  await page.press(button);
}

async function savedIn(page: OpenedPage) {
  await page.press('Take');
  await page.press('Save ');
  const { name, content } = page.saved.at(-1) ?? {};
  const files = unzipSync(new Uint8Array((await content?.arrayBuffer()) ?? []));
  return { name, files, text: (file: string) => strFromU8(files[file] ?? new Uint8Array()) };
}
