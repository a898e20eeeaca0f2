import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { compareWithRelease } from '../class/grade-class';
import { listFiles, readText } from '../system/files';
import { gradeClass, timeless } from '../testing/classes';
import { canvasFiles, moodleFiles, zip } from '../testing/downloads';
import { fileOf, newFolder } from '../testing/folders';
import { runInProcess } from '../testing/in-process';
import { course, hosts, students, work } from '../testing/mixed-class';
import { rightAnswers } from '../testing/worksheet';
import type { ChosenFile } from './chosen-files';
import { dataOf, warning } from './grading-page';
import { type Graded, orderHandler, type Reply, type RunOrder, type Seen } from './orders';
import type { Tables } from './steps';

const data = dataOf(course, compareWithRelease(course, {}));

const given = (name: string, content: string | Uint8Array, lastModified = 0): ChosenFile =>
  Object.assign(new Blob([new Uint8Array(Buffer.from(content))]), { name, lastModified });

const text = (content: Uint8Array | undefined) => Buffer.from(content ?? []).toString();
const { Canvas: canvas, 'Moodle, with grades there': moodle } = hosts;
const ofCanvas = [given('list.csv', canvas[1]), given('class.zip', canvas[0])] as const;
/** A run of the class in Canvas, shared by all tests that only read it: pages for thirty students take a while. */
let canvasRun: ReturnType<ReturnType<typeof pageWith>['zip']>;
beforeAll(() => {
  canvasRun = pageWith(...ofCanvas).zip();
});
/** A zip that was saved before. Its compression makes no difference. */
const savedZip = (files: Readonly<Record<string, Uint8Array>>) =>
  given('last.zip', zipSync(files, { level: 0 }));

// Zips for the other hosts are compared in grading-page.system.test.ts.
test('the zip for Moodle has the files that the command writes', async () => {
  // The page contains everything that a class is graded with as text.
  expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  const [download, table] = moodle;
  const { out } = await gradeClass(course, fileOf('class.zip', download), {
    roster: fileOf('list.csv', table),
    feedback: true,
  });
  const page = pageWith(given('class.zip', download), given('list.csv', table));
  await page.look();
  const { files, looked } = await page.zip();
  const progress = looked.flatMap((reply) => ('looked' in reply ? reply.looked / reply.all : []));
  expect(progress).toEqual([...progress].sort());
  expect(progress.length).toBeGreaterThan(1);
  expect(progress.length).toBeLessThanOrEqual(10);
  expect(Object.keys(files).sort()).toEqual([...listFiles(out)].sort());
  for (const [name, bytes] of Object.entries(files)) {
    const written = readFileSync(path.join(out, ...name.split('/')));
    if (name === 'run.json') expect(timeless(text(bytes))).toEqual(timeless(text(written)));
    else expect([name, written.equals(bytes)]).toEqual([name, true]);
  }
});

test('each file is described, and so is what is missing before anything is graded', async () => {
  const described = async (...files: readonly ChosenFile[]) => {
    const seen = await pageWith(...files).look();
    return {
      ...seen,
      signs: seen.described.map(
        ({ name, use }) => `${{ used: '✓', replaced: '○', refused: '✗' }[use]} ${name}`,
      ),
    };
  };
  const nothing = await described(
    given('photo.jpg', new Uint8Array([255, 216, 255, 0])),
    given('cut.zip', canvas[0].subarray(0, canvas[0].length / 2)),
    given('list.xlsx', zip({ 'xl/workbook.xml': '<a/>' })),
    given('binary.csv', 'a\0b'),
  );
  expect(nothing.signs).toEqual(['✗ photo.jpg', '✗ cut.zip', '✗ list.xlsx', '✗ binary.csv']);
  expect([nothing.isReady, nothing.missing.length, nothing.refused]).toEqual([false, 1, []]);
  const all = await described(...ofCanvas);
  expect(all.described.map(({ text: what }) => what)).toEqual([
    `is Canvas’s own table of ${students.length - 1} students, used as the roster.`,
    'is a Canvas download: 10 submissions of 10 people.',
  ]);
  // None of this is said twice.
  expect(all.notes.join()).not.toContain('Canvas download');
  expect([all.isReady, all.refused, all.missing]).toEqual([true, [], []]);
  // Without a list, nobody knows who is missing. If there are two, the last is used.
  const alone = await described(given('class.zip', canvas[0]));
  expect(alone.missing[0]).toMatch(/^There is no list of students/);
  const two = await described(given('old.csv', 'login\nnobody\n'), ...ofCanvas);
  expect(two.signs).toEqual(['○ old.csv', '✓ list.csv', '✓ class.zip']);
  // The list may be of other students, and may have grades from a run that is not here.
  const others = await described(given('class.zip', canvas[0]), given('other.csv', 'login\nnobody\n'));
  expect([others.isReady, others.refused.length > 0]).toEqual([true, true]);
  const reread = await described(given('class.zip', moodle[0]), given('list.csv', moodle[1]));
  expect(reread.missing[0]).toMatch(/^The list already has grades/);
  // If two columns are possible, the one that is named by hand is used.
  const [heads = '', ...lines] = canvas[1].trim().split('\n');
  const both = lines.map((line, at) => (at === 1 ? `${line},10` : line.replace(/[^,]*$/, '3,')));
  const list = given('list.csv', [`${heads},Essay (56)`, ...both].join('\n'));
  const page = pageWith(given('class.zip', canvas[0]), list);
  expect((await page.look({ canvasColumn: 'Fruit' })).missing[0]).toMatch(/^The list already has grades/);
  const clones = zip({ 'fruit-ada/work/boxes.ts': rightAnswers, 'fruit-bob/work/boxes.ts': '' });
  const [folders] = (await described(given('clones.zip', clones))).described;
  expect(folders?.text).toMatch(
    /^has folders of students: 2 submissions of 2 people\. Files count as they are/,
  );
});

test('results of another worksheet, and feedback that goes back to students, are refused by name', async () => {
  const { files } = await canvasRun;
  const run = JSON.parse(text(files['run.json']));
  const results = (change: object) =>
    savedZip({ ...files, 'run.json': Buffer.from(JSON.stringify({ ...run, ...change })) });
  const described = async (file: ChosenFile) => (await pageWith(file, ...ofCanvas).look()).described[0];
  expect(await described(results({ title: 'Cells', rows: ['nucleus'] }))).toMatchObject({
    text: ': Its results are from “Cells”, another worksheet.',
    use: 'refused',
  });
  expect(await described(results({ key: 'another' }))).toMatchObject({
    text: expect.stringContaining('another rubric or key of this worksheet'),
    use: 'used',
  });
  const feedback = given('class.zip', new Uint8Array(files['feedback/canvas-feedback.zip'] ?? []));
  expect(await described(feedback)).toMatchObject({
    text: expect.stringContaining('is the feedback of an earlier run, not what students handed in'),
    use: 'refused',
  });
});

test('a download that was replaced by one of its name is read anew, whatever is asked for first', async () => {
  const nobody = students.map((student) => ({ ...student, handedIn: undefined }));
  const page = pageWith(given('class.zip', zip(canvasFiles(nobody)), 1), given('list.csv', canvas[1]));
  const gradedIn = ({ people }: Graded) => people.filter(({ status }) => status === 'graded').length;
  await page.look();
  page.give(given('class.zip', canvas[0], 2), given('list.csv', canvas[1]));
  expect(gradedIn(await page.grade())).toBeGreaterThan(0);
});

test('each table of decisions is known by its headings, and takes the place of no list', async () => {
  const saved = Object.entries({
    'comments.csv': 'login,text\n',
    'extensions.csv': 'who,due\n',
    // As a person would write it by hand.
    'overrides.csv': 'login,total,reason\n',
    'matches.csv': 'submission,login,candidates\nx,ada,\n',
  });
  const page = pageWith(...ofCanvas, ...saved.map(([name, text]) => given(name, text)));
  const {
    described,
    given: { tables },
  } = await page.look();
  expect(described.slice(0, 2).map(({ use }) => use)).toEqual(['used', 'used']);
  expect(tables).toEqual(Object.fromEntries(saved));
});

test('a zip of results of which nothing counts any more is listed as replaced', async () => {
  const { files } = await canvasRun;
  const withLine = (total: number) =>
    Buffer.from(`login,total,adjust,reason,was\ns01@example.org,${total},,Spoke about it,\n`);
  const saved = savedZip({ ...files, 'overrides.csv': withLine(4) });
  const look = async (total: number) =>
    (await pageWith(...ofCanvas, saved, given('overrides.csv', withLine(total))).look()).described;
  const [other, same] = [await look(5), await look(4)];
  expect(other.map(({ use }) => use)).toEqual(['used', 'used', 'replaced', 'used']);
  expect(other[2]?.text).toMatch(/ 1 decision, replaced by newer files\.$/);
  expect(same.map(({ use }) => use)).toEqual(['used', 'used', 'used', 'used']);
});

test('a table that was saved holds its decisions, and one that cannot be read refuses the class', async () => {
  const overrides = 'login,total,adjust,reason,was\ns01@example.org,4,,Spoke about it,\n';
  const page = pageWith(...ofCanvas, given('overrides.csv', overrides));
  const {
    described,
    given: { tables },
  } = await page.look();
  expect(described.at(-1)).toEqual({
    name: 'overrides.csv',
    text: 'has 1 decision.',
    use: 'used',
  });
  const { people, toDecide, notes, toDo } = await page.grade(tables);
  const ada = people.find(({ name }) => name === `${students[1]?.last}, ${students[1]?.first}`);
  expect(ada).toMatchObject({ points: '4', status: 'graded' });
  expect(people.map(({ name }) => name)).toEqual(
    people.map(({ name }) => name).sort((a, b) => a.localeCompare(b)),
  );
  expect([toDecide !== '', notes.length > 0, toDo.length > 0]).toEqual([true, true, true]);
  expect(await page.refused({ tables: { 'overrides.csv': `${overrides}s02@example.org,4,,,\n` } })).toEqual({
    refused: expect.arrayContaining([expect.stringContaining('reason is empty')]),
  });
});

test('the week after, the zip of the page tells what changed, what to upload again, and what was decided', async () => {
  const { files } = await pageWith(...ofCanvas).zip({
    'comments.csv': 'login,text\ns01@example.org,Well done\n',
  });
  expect(text(files['comments.csv'])).toContain('Well done');
  const later = students.map((one) =>
    one.handedIn && 'photo.jpg' in one.handedIn ? { ...one, handedIn: work(rightAnswers) } : one,
  );
  const download = given('class.zip', zip(canvasFiles(later)));
  const next = pageWith(savedZip(files), download, given('list.csv', canvas[1]));
  const {
    described,
    given: { tables },
  } = await next.look();
  expect(described[0]?.text).toMatch(/^has the results of \d+ \w+, with 1 decision\.$/);
  expect(tables['comments.csv']).toBe(text(files['comments.csv']));
  const { changes } = await next.zip(tables);
  const differing = later.filter(
    (one, index) => index > 0 && one.handedIn !== students[index]?.handedIn,
  ).length;
  expect(changes[0]).toContain(`Grades that differ from the earlier run: ${differing}`);
  expect(changes.filter((line) => /upload .*again/i.test(line)).join()).toContain('canvas.csv');
  // If nothing changed, nothing has to be uploaded again.
  const same = pageWith(savedZip(files), ...ofCanvas);
  await same.look();
  expect((await same.zip(tables)).changes.filter((line) => line.includes('again'))).toEqual([]);
  // A single digit is a change, too.
  const digit = (csv: string) => csv.replace(/\d(?=\D*$)/, (last) => String((Number(last) + 1) % 10));
  const edited = {
    ...files,
    'gradebooks/canvas.csv': Buffer.from(digit(text(files['gradebooks/canvas.csv']))),
  };
  const touched = pageWith(savedZip(edited), ...ofCanvas);
  await touched.look();
  expect((await touched.zip(tables)).changes.filter((line) => line.includes('again')).join()).toContain(
    'canvas.csv',
  );
  const old = text(files['run.json']).replace(/"version": \d+/, '"version": 1');
  const older = await pageWith(savedZip({ ...files, 'run.json': Buffer.from(old) }), download).look();
  expect(older.described[0]?.text).toContain('They come from another version of the grader');
  expect(older.given.tables).toEqual(tables);
  const moodleZip = given('class.zip', zip(moodleFiles(students)));
  expect((await pageWith(savedZip(files), moodleZip).look()).notes.join()).not.toContain(
    'has grades already',
  );
});

/** Moodle's worksheet with work that came before the cutoff, and with grades. */
const inTime = moodle[1].replaceAll('Monday, 2 November', 'Tuesday, 1 September');

test('a grade that a person changed in Moodle is the first to decide, and listed before all that differ', async () => {
  const page = pageWith(given('class.zip', moodle[0]), given('list.csv', inTime));
  const { open, others } = await page.grade();
  expect(open[0]?.kind).toBe('changedAtHost');
  const [first] = open[0]?.cases ?? [];
  expect(first?.notes[0]).toContain(`was changed there by hand: 3.00 now, ${first?.now} here`);
  const labels = first?.choices.map(({ label }) => label).slice(-2);
  expect(labels).toEqual(['Leave 3.00 there', `Set ${first?.now}`]);
  expect(others[0]).toContain('It was changed there by hand and waits for your choice.');
});

describe('what to do with the zip', () => {
  const beginnings = (steps: readonly string[]) => steps.map((step) => step.split(/[:.,] /)[0]);

  test('is a list for each host, in its order, without a word of the command', async () => {
    const ofMoodle = [given('class.zip', moodle[0]), given('list.csv', inTime.replaceAll('"3.00"', '""'))];
    const [inCanvas, inMoodle] = [await canvasRun, await pageWith(...ofMoodle).zip()];
    expect(beginnings(inCanvas.toDo)).toEqual([
      'Hide the grades until everything is there',
      'Import gradebooks/canvas.csv',
      'Upload feedback/canvas-feedback.zip',
      'Tell 2 students yourself',
      'Post the grades',
    ]);
    expect(beginnings(inMoodle.toDo).slice(0, 2)).toEqual([
      'Upload gradebooks/moodle-worksheet.csv',
      'Upload feedback/moodle-feedback.zip',
    ]);
    const [heads = '', ...lines] = canvas[1].trim().split('\n');
    const both = [`${heads},Essay (56)`, ...lines.map((line, at) => `${line},${at === 1 ? 10 : ''}`)];
    const open = await pageWith(given('class.zip', canvas[0]), given('list.csv', both.join('\n'))).zip();
    expect(open.toDo[0]).toMatch(/^Under More, write the column for the points into “Canvas’s column”/);
    const all = [inCanvas, inMoodle, open].flatMap(({ toDo }) => toDo).join('\n');
    expect(all).not.toMatch(/npm|--/);
    const named = all.match(/(?:gradebooks|feedback)\/[\w/.-]+\w/g) ?? [];
    const there = [inCanvas, inMoodle].flatMap(({ files }) => Object.keys(files));
    expect(named.filter((name) => !there.some((file) => file.startsWith(name)))).toEqual([]);
  });

  test('names the pages of those whom no host reaches, which are in a folder of their own, too', async () => {
    const { files, toDo } = await canvasRun;
    const copies = Object.keys(files).filter((name) => name.startsWith('feedback/by-hand/'));
    expect(toDo.at(-2)).toMatch(
      new RegExp(`^Tell ${copies.length} students yourself: .* in feedback/by-hand/: `),
    );
    for (const name of copies) expect(text(files[name])).toBe(text(files[name.replace('by-hand/', '')]));
  });

  test('is to upload the pages alone that changed since the zip that was given', async () => {
    const first = await canvasRun;
    const next = pageWith(savedZip(first.files), ...ofCanvas);
    const uploadIn = (toDo: readonly string[]) => toDo.find((step) => step.startsWith('Upload feedback/'));
    const same = await next.zip();
    expect(uploadIn(same.toDo)).toMatch(
      /^Upload feedback\/canvas-feedback\.zip, unless you uploaded the feedback of \d+ \w+, \d\d:\d\d: nothing in it has changed since\./,
    );
    expect(Object.keys(same.files)).not.toContain('feedback/canvas-feedback-changed.zip');
    const { files, toDo } = await next.zip({ 'comments.csv': 'login,text\ns01@example.org,Well done\n' });
    expect(uploadIn(toDo)).toMatch(
      /^Upload feedback\/canvas-feedback-changed\.zip if you uploaded the feedback of .* Otherwise upload all of them: feedback\/canvas-feedback\.zip\./,
    );
    const pages = Object.values(unzipSync(files['feedback/canvas-feedback-changed.zip'] ?? new Uint8Array()));
    expect(pages.map((page) => text(page).includes('Well done'))).toEqual([true]);
  });
});

test('the page is written where its author says, but not into what students get', async () => {
  const release = path.join(course.root, 'dist');
  const made = (out: string) => runInProcess(course.root, 'grading:page', '--out', out);
  expect(await made(path.join(release, 'more'))).toMatchObject({ status: 2, code: 'out-in-release' });
  expect(existsSync(path.join(release, 'more'))).toBe(false);
  const out = newFolder();
  expect((await made(out)).status).toBe(0);
  expect(readText(out, 'grading.html').includes(warning)).toBe(true);
});

/** A page that was given files. It carries out its orders as its worker would. */
function pageWith(...first: readonly ChosenFile[]) {
  let files = first;
  let replies: Reply[] = [];
  const handle = orderHandler((reply) => replies.push(reply));
  const carryOut = async (order: Partial<RunOrder> & Pick<RunOrder, 'wanted'>) => {
    replies = [];
    await handle({ data, files, options: {}, ...order });
    return replies.at(-1);
  };
  return {
    give: (...others: readonly ChosenFile[]) => {
      files = others;
    },
    look: async (options: RunOrder['options'] = {}) =>
      ((await carryOut({ wanted: 'look', options })) as { seen: Seen }).seen,
    grade: async (tables?: Tables) =>
      ((await carryOut({ wanted: 'grade', tables })) as { graded: Graded }).graded,
    zip: async (tables?: Tables) => {
      const reply = (await carryOut({ wanted: 'zip', tables })) as { graded: Graded };
      return { ...reply.graded, files: unzipSync(reply.graded.zip ?? new Uint8Array()), looked: replies };
    },
    refused: async (order: Partial<RunOrder> = {}) =>
      (await carryOut({ wanted: 'grade', ...order })) as Reply,
  };
}
