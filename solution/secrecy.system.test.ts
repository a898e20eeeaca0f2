import { cpSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { makeRelease } from '../grader/authoring/release/contents';
import { type Course, loadCourse } from '../grader/course/course';
import { gradeFolder } from '../grader/grading/context';
import type { Report } from '../grader/grading/report.schema';
import { score } from '../grader/grading/score';
import type { Answer } from '../grader/kinds/kind';
import type { PageData } from '../grader/page/worksheet-page';
import { indentedJson } from '../grader/render/escape/json';
import { testsOf } from '../grader/render/tests';
import { renderMarkdown } from '../grader/render/view-markdown';
import { renderPlain } from '../grader/render/view-plain';
import { renderTerminal } from '../grader/render/view-terminal';
import { cellsOf, rowsOf } from '../grader/rubric/rubric';
import { readSubmission } from '../grader/submission/submission';
import { listFiles, readText } from '../grader/system/files';
import { newFolder, newOwnCourse, packageRoot, writeFiles } from '../grader/testing/folders';
import { asFoundFiles } from '../grader/testing/grade';
import { runJest } from '../grader/testing/run';

// No output reveals the expected value of a cell. The sizes of the worksheet are primes here, so that an expected value
// cannot hide among other numbers: if it appears, it appears as one of these.
const [tokens, nHeads, dHead] = [1999, 1009, 1013];
const dModel = nHeads * dHead;
const secrets = [tokens, nHeads, dHead, dModel];

const release = newFolder();
const root = newOwnCourse();
let course: Course;

test('the course really is set in primes: its own numbers are right, and the old ones wrong', async () => {
  const written = { input: { rows: tokens, columns: dModel }, queries: { rows: 100, columns: dHead } };
  const report = await gradeRows(written);
  expect(cellsOf(report).filter(({ outcome }) => outcome === 'correct')).toHaveLength(3);
  expect(told(shown(report))).toEqual([tokens, dHead, dModel]);
});

test('the Jest grader tells no value, in its own words, in Jest’s or in what it leaves behind', () => {
  cpSync(path.join(root, 'solution', 'fixtures', 'typical'), root, { recursive: true });
  const { stdout, stderr } = runJest(root, '--reporters=default', '--verbose', '--expand');
  const own = runJest(root);
  expect(own.stdout).toContain('of 16 points');
  const files = readdirSync(path.join(root, '.graded')).map((file) => readText(root, `.graded/${file}`));
  expect(files.length).toBeGreaterThan(0);
  expect(told([stdout, stderr, own.stdout, own.stderr, ...files].join('\n'))).toEqual([]);
});

test('no submission, wrong answer or nearly right table makes any rendering tell a value that was not written', async () => {
  const { rubric, solution, key } = course;
  for (const name of readdirSync(path.join(root, 'solution', 'fixtures'))) {
    const report = await gradeFolder(path.join(root, 'solution', 'fixtures', name), rubric, key);
    expect([name, ...told(shown(report))]).toEqual([name]);
  }
  const rowIds = rowsOf(rubric).map(({ id }) => id);
  const anyOf = [1, 77_777, ...secrets].map((value) => () => ({ rows: value, columns: value }));
  // Each row shows its first known wrong answer, then its second, and so on.
  const known = rowIds.map((id) => solution.misconceptions.filter(({ row }) => row === id));
  const turns = Array.from({ length: Math.max(...known.map((ideas) => ideas.length)) }, (_, turn) => turn);
  const knownOf = turns.map((turn) => (index: number) => known[index]?.[turn]?.values ?? {});
  for (const valuesOf of [...anyOf, ...knownOf]) {
    const rows = rowIds.map((id, index) => [id, valuesOf(index)] as const);
    const written = rows.flatMap(([, values]) => Object.values(values));
    expect(told(shown(await gradeRows(Object.fromEntries(rows))), written)).toEqual([]);
  }
  for (const secret of [tokens, dHead, dModel]) {
    const rows = solution.expected.map(({ id, cells }) => {
      const hidden = cells.map((cell) => [cell.id, cell.value === secret ? 5 : cell.value]);
      return [id, Object.fromEntries(hidden)];
    });
    expect(told(shown(await gradeRows(Object.fromEntries(rows))))).not.toContain(secret);
  }
});

/**
 * A file of the release without random strings, which may contain any word by chance, and without the handout, which
 * states the sizes but not where they belong.
 */
function readable(file: string): string {
  const text = readText(release, file);
  if (!file.endsWith('.html'))
    return text.replace(/"(?:salt|digest|rubric|integrity)": "[^"]*"|"[A-Za-z0-9+/]{60,}={0,2}"/g, '');
  const [, data = ''] = /id="data">(.*?)<\/script>/s.exec(text) ?? [];
  // The page contains the names of the handout's numbers, which students can type.
  const { constants, ...rest } = JSON.parse(data) as PageData;
  expect(Object.keys(constants).sort()).toEqual(['dHead', 'dModel', 'nHeads', 'tokens', 'vocabulary']);
  const page = text
    .replace(/<details class="handout"[\s\S]*?<div id="worksheet"/, '')
    // The name of the XML namespace contains a year.
    .replaceAll('http://www.w3.org/1999/', '')
    .replace(/<script type[^>]*>.*?<\/script>/gs, '');
  return page + JSON.stringify(rest).replace(/"[A-Za-z0-9+/]{16,}={0,2}"|"[0-9a-f]{64}"/g, '');
}

/** The files of the release, without the handout. Archives are skipped: their content is also beside them. */
const released = () =>
  listFiles(release).filter((file) => !/\.zip$|(?:student|template)\/README\.md$/.test(file));

test('no file of a release holds an expected value in any way of writing it', () => {
  expect(released().length).toBeGreaterThan(20);
  const bases = secrets.flatMap((secret) => [16, 8, 2].map((base) => secret.toString(base)));
  const ways = [...secrets.map(String), ...bases].filter((way) => way.length > 3);
  const encoded = ways.map((way) => `"${Buffer.from(way).toString('base64').replace(/=+$/, '')}`);
  for (const file of released()) {
    const text = readable(file);
    expect([file, ...told(text), ...encoded.filter((way) => text.includes(way))]).toEqual([file]);
    if (file.endsWith('.html'))
      for (const way of ways) expect(text).not.toMatch(new RegExp(`(?<!\\w)(?:0[xob])?${way}(?!\\w)`, 'i'));
  }
});

beforeAll(async () => {
  const card = `Prime llama ${dModel} ${nHeads} ${dHead} ${nHeads} 1 1 2048 32000 ${dModel} ${dModel} -`;
  const [rubric, cards] = ['rubric.yaml', 'solution/cards.ts'].map((file) => readText(packageRoot, file));
  writeFiles(root, {
    'rubric.yaml': `${rubric?.replace(/model: .*/, 'model: Prime').replace(/tokens: \d+/, `tokens: ${tokens}`)}`,
    'solution/cards.ts': `${cards?.replace('\nLLaMA-7B ', `\n${card}\nLLaMA-7B `)}`,
  });
  // Not verified, because really running a head of these sizes would exhaust the memory.
  course = loadCourse(root, false);
  await makeRelease(course, release);
});

/** Returns the secrets in a text, except those that the student wrote. */
function told(text: string, written: readonly Answer[] = []): number[] {
  const plain = text.replaceAll(/[,_](?=\d{3})/g, '');
  const isTold = (secret: number) => new RegExp(`(?<!\\d)${secret}(?!\\d)`).test(plain);
  return secrets.filter((secret) => !written.includes(secret) && isTold(secret));
}

/** Everything that a Report shows before the due date. */
const shown = (report: Report) =>
  [
    ...[renderTerminal(report, { hasColors: false }), renderPlain(report, {})],
    ...[renderMarkdown(report, []), indentedJson(report), JSON.stringify(testsOf(report))],
  ].join('\n');

/** Grades rows of the first table, without a reflection. */
function gradeRows(rows: Readonly<Record<string, object>>): Promise<Report> {
  const { rubric, key } = course;
  const text = `export const ${rubric.tables[0]?.export} = ${JSON.stringify(rows)};`;
  return score(rubric, readSubmission(asFoundFiles({ [rubric.file]: text }), rubric), key);
}
