import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { loadCourse } from '../../course';
import { GraderError } from '../../error';
import { listFiles } from '../../files';
import { classOf, outputsIn, partly, runClass, work } from '../../testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { courseFiles, rightAnswers } from '../../testing/worksheet';
import { People } from '../members/people';
import { type WrittenRun, writeResults } from '../write-results';
import { startRunStaging } from './staging';

afterAll(removeFolders);

const course = newCourse(courseFiles);
const root = classOf({ ada: work(rightAnswers, 'Pears', 'Lemons'), ben: work(partly, 'Pears') });
const mine = 'login,total,adjust,reason\nada,3,,Seen\n';
const newer = 'login,total,adjust,reason\nada,4,,Seen again\n';

/** Makes a folder of results with overrides in it, and returns it with the folder around it. */
async function place(overrides = mine): Promise<{ around: string; out: string }> {
  const around = newFolder();
  const out = path.join(around, 'out');
  expect((await runClass(course, root, '--out', out)).status).toBe(0);
  writeFiles(out, { 'overrides.csv': overrides });
  return { around, out };
}

/** The contents of a lock whose process is gone. */
const dead = { token: 'x', pid: 4_194_304, host: hostname(), since: '2026-01-01T00:00:00Z' };

const half = (folder: string) =>
  writeFiles(folder, { 'results.jsonl': '{"login":"a', 'overrides.csv': mine });

/** Each state that a killed run can leave, made step by step as a run does. */
const kills: readonly (readonly [name: string, kill: (out: string) => void, points: number])[] = [
  ['after the folder for the new run was made', (out) => mkdirSync(`${out}.staging-0123abcd`), 3],
  ['while the new run was written', (out) => half(`${out}.staging-0123abcd`), 3],
  [
    'before the overrides were copied into the new run',
    (out) => writeFiles(`${out}.staging-0123abcd`, { 'run.json': '{}' }),
    3,
  ],
  [
    'after somebody changed the overrides meanwhile, before they were copied',
    (out) => {
      half(`${out}.staging-0123abcd`);
      writeFiles(out, { 'overrides.csv': newer });
    },
    4,
  ],
  [
    'between the two renames',
    (out) => {
      half(`${out}.staging-0123abcd`);
      renameSync(out, `${out}.previous`);
    },
    3,
  ],
  [
    'between the two renames, with newer overrides in the run that was moved away',
    (out) => {
      half(`${out}.staging-0123abcd`);
      writeFiles(out, { 'overrides.csv': newer });
      renameSync(out, `${out}.previous`);
    },
    4,
  ],
  [
    'after both renames, before the earlier run got its name',
    (out) => {
      const files = ['results.jsonl', 'run.json', 'report.html', 'overrides.csv'];
      const texts = Object.fromEntries(
        files.map((file) => [file, readFileSync(path.join(out, file), 'utf8')]),
      );
      renameSync(out, `${out}.previous`);
      writeFiles(out, texts);
    },
    3,
  ],
];

test.each(kills)('a run that was killed %s loses no overrides', async (_name, kill, points) => {
  const { around, out } = await place();
  kill(out);
  // The killed run leaves its lock behind.
  writeFiles(around, { 'out.lock': JSON.stringify(dead) });
  const { status, stderr } = await runClass(course, root, '--out', out, '--apply');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(outputsIn(out).row('ada').points).toBe(points);
  // An older copy of the overrides may be the only copy of somebody's work, so it is kept as well.
  const beside = readdirSync(around).filter((name) => !/^out\.(?:before-|overrides-recovered)/.test(name));
  expect(beside).toEqual(['out']);
});

test('overrides that are nowhere else are kept, and it is said where', async () => {
  const { around, out } = await place();
  half(`${out}.staging-0123abcd`);
  rmSync(out, { recursive: true });
  const { stdout } = await runClass(course, root, '--out', out);
  const [, kept = ''] = /the overrides\.csv that it had is kept in (.*)\.$/m.exec(stdout) ?? [];
  expect(path.dirname(kept)).toBe(around);
  expect(readFileSync(kept, 'utf8')).toBe(mine);
});

test('points that are set by hand while a class is graded stop the run, and are not lost', async () => {
  const { out } = await place();
  await expect(finishAfter(out, () => writeFiles(out, { 'overrides.csv': newer }))).rejects.toThrow(
    'overrides.csv was changed while the class was graded',
  );
  expect(readFileSync(path.join(out, 'overrides.csv'), 'utf8')).toBe(newer);
  expect(outputsIn(out).row('ada').points).toBe(10);
});

test('points that are set by hand in a part stop it', async () => {
  const out = path.join(newFolder(), 'part');
  writeFiles(out, { 'overrides.csv': mine });
  const { status, code } = await runClass(course, root, '--out', out, '--shard', '1/2');
  expect({ status, code }).toEqual({ status: 2, code: 'by-hand-in-part' });
});

test.each([
  ['out.previous', { 'out.previous/essay.md': 'Mine.' }, 'previous-in-the-way'],
  ['out.lock', { 'out.lock': 'Mine.' }, 'not-a-lock'],
])('what has the name of %s and is somebody’s own is left alone', async (_name, files, expected) => {
  const around = newFolder();
  writeFiles(around, { ...files, 'out.staging/essay.md': 'Mine.', 'out.staging-notes/essay.md': 'Mine.' });
  const before = listFiles(around);
  const { status, code } = await runClass(course, root, '--out', path.join(around, 'out'));
  expect({ status, code }).toEqual({ status: 2, code: expected });
  expect(listFiles(around)).toEqual(before);
});

test('overrides in a place without a run are graded with, and stay', async () => {
  const around = newFolder();
  const out = path.join(around, 'out');
  writeFiles(out, { 'overrides.csv': mine });
  expect((await runClass(course, root, '--out', out)).status).toBe(0);
  expect(outputsIn(out).row('ada').points).toBe(3);
  expect(readFileSync(path.join(out, 'overrides.csv'), 'utf8')).toBe(mine);
  expect(readdirSync(around)).toEqual(['out']);
});

test('a run that slept while another took its place takes nothing away from that one', async () => {
  const { around, out } = await place();
  const slept = await startRunStaging(out);
  rmSync(path.join(around, 'out.lock'), { recursive: true });
  const next = await startRunStaging(out);
  expect(() => slept.commit()).toThrow(expect.objectContaining({ code: 'lock-lost' }));
  slept.discard();
  expect(existsSync(next.folder)).toBe(true);
  expect(next.commit()).toBeDefined();
});

test('two runs into one folder: the second ends with 2 and says who is at work, and the first is whole', async () => {
  const { out } = await place();
  const first = await startRunStaging(out);
  const { status, stdout, stderr } = await runClass(course, root, '--out', out, '--apply');
  expect(status).toBe(2);
  expect(stdout).not.toContain('The page');
  expect(stderr).toContain(`Another run writes to ${out}: process ${process.pid} on`);
  expect(stderr).toMatch(/since \d{4}-\d\d-\d\dT/);
  expect(outputsIn(out).rows).toHaveLength(2);
  first.discard();
  expect((await runClass(course, root, '--out', out, '--apply')).status).toBe(0);
});

/** Writes a class of two, and calls `remove` before the second row. */
async function finishAfter(out: string, remove: () => void): Promise<WrittenRun> {
  const [ada, ben] = outputsIn(out).rows;
  async function* rows() {
    if (ada) yield ada;
    remove();
    if (ben) yield ben;
  }
  return writeRows(rows(), out);
}

/** Writes the results of a class of two. The rows may lack one of them. */
function writeRows(rows: Parameters<typeof writeResults>[0], out: string): Promise<WrittenRun> {
  return writeResults(rows, {
    out,
    course: loadCourse(course, false),
    roster: undefined,
    canvasColumn: 'x',
    applies: true,
    started: new Date(),
    digest: 'x',
    people: new People(['ada', 'ben'].map((key) => ({ key }))),
    students: 2,
    notes: [],
  });
}

/** The folder that a run is writing to. */
function stagingOf(out: string): string {
  const [name = ''] = readdirSync(path.dirname(out)).filter((entry) => entry.startsWith('out.staging-'));
  return path.join(path.dirname(out), name);
}

test.each<[name: string, remove: (out: string) => void]>([
  ['the folder that is written', (out) => rmSync(stagingOf(out), { recursive: true })],
  ['one file of it', (out) => rmSync(path.join(stagingOf(out), 'grades.csv'))],
  ['everything around it', (out) => rmSync(path.dirname(out), { recursive: true })],
  [
    'one file of it, with another in its place',
    (out) => {
      rmSync(path.join(stagingOf(out), 'gradebooks', 'moodle.csv'));
      writeFiles(path.join(stagingOf(out), 'gradebooks'), { 'moodle.csv': 'x' });
    },
  ],
])(
  'when %s is removed during a run, the run ends with one sentence and without a result',
  async (_name, remove) => {
    const { out } = await place();
    const before = readFileSync(path.join(out, 'results.jsonl'), 'utf8');
    const said = await finishAfter(out, () => remove(out)).catch((error: unknown) => error);
    expect(said).toBeInstanceOf(GraderError);
    expect(String(said)).toMatch(
      /was removed or changed while the class was graded|Nothing can be written to/,
    );
    expect(String(said).split('\n')).toHaveLength(1);
    if (existsSync(out)) expect(readFileSync(path.join(out, 'results.jsonl'), 'utf8')).toBe(before);
  },
);

test('when the earlier results are removed during a run, the new ones are not put there unseen', async () => {
  const { out } = await place();
  await expect(finishAfter(out, () => rmSync(out, { recursive: true }))).rejects.toMatchObject({
    code: 'earlier-run-unreadable',
  });
});

test('a run that lacks a student ends without a result', async () => {
  const { out } = await place();
  const [ada] = outputsIn(out).rows;
  const run = writeRows(ada ? [ada] : [], out);
  await expect(run).rejects.toThrow(expect.objectContaining({ code: 'students-missing' }));
});
