import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Document, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { findingsOf, fixtures, outOfDate, release, telling } from '../grader/authoring/check/check';
import { handoutOf } from '../grader/authoring/generate/template';
import { answersText, worksheetFiles } from '../grader/authoring/generate/worksheet';
import { statisticsOf } from '../grader/class/pages/statistics';
import { renderVote, voteOf } from '../grader/class/pages/vote-page';
import { type Course, loadCourse } from '../grader/course';
import { score } from '../grader/grading/score';
import { worksheetPage } from '../grader/page/page';
import { readSubmission } from '../grader/submission/submission';
import { newClone, newFolder, newOwnCourse, removeFolders } from '../grader/testing/folders';
import { asFoundFiles } from '../grader/testing/grade';
import { runInProcess } from '../grader/testing/in-process';
import { modelCards } from './cards';
import type { Given } from './model';

afterAll(removeFolders);

/** Other sizes, labels, one more question and a deadline, after which work is worth what it was. */
function changeFacts(rubric: Document): void {
  rubric.setIn(['given', 'tokens'], 50);
  rubric.setIn(['given', 'model'], 'LLaMA-33B');
  rubric.setIn(['tables', 0, 'rows', 1, 'label'], 'What is asked for');
  rubric.setIn(['tables', 0, 'columns', 0, 'label'], 'Height');
  const deadline = { due: '2026-12-01T23:59', timezone: 'America/New_York', late: { per_day: '10%' } };
  rubric.set('deadline', deadline);
  rubric.addIn(['reflection', 'questions'], rubric.createNode({ id: 'tempo', label: 'Was it too fast?' }));
}

/** Other points, one row fewer, and other names of the title, the files and the export. */
function changeForm(rubric: Document): void {
  rubric.setIn(['tables', 0, 'points'], 3);
  rubric.deleteIn(['tables', 0, 'rows', 3]);
  const laws = rubric.get('laws') as YAMLSeq<YAMLMap>;
  laws.items = laws.items.filter((law) => !String(law.get('law')).includes('values.'));
  rubric.set('title', 'Week 3: shapes');
  rubric.setIn(['file'], 'assignment/table.ts');
  rubric.setIn(['reflection', 'file'], 'assignment/thoughts.md');
  rubric.setIn(['tables', 0, 'export'], 'answers');
  rubric.setIn(['tables', 1, 'repeats'], 'answers');
}

test('nothing but rubric.yaml is edited, npm run generate writes the rest, and every check and the tests of this worksheet pass', async () => {
  const root = newClone();
  const file = path.join(root, 'rubric.yaml');
  for (const change of [changeFacts, changeForm]) {
    const rubric = parseDocument(readFileSync(file, 'utf8'));
    change(rubric);
    writeFileSync(file, rubric.toString());
    const { status, stdout, stderr } = await runInProcess(root, 'generate');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('wrote ');
    expect((await runInProcess(root, 'generate')).stdout).toContain('Everything is up to date.');
    const course = loadCourse(root);
    // After the second change the points that a fixture says have to be written again.
    const checks = [outOfDate, telling, change === changeFacts ? fixtures : release];
    for (const check of checks) {
      const found = await findingsOf(() => check(course, newFolder()));
      expect(found.filter(({ kind }) => kind === 'failed')).toEqual([]);
    }
  }

  const jest = path.join('node_modules', 'jest', 'bin', 'jest.js');
  const { status, stderr } = spawnSync(process.execPath, [jest, '--silent', '-i', 'solution'], {
    cwd: root,
    encoding: 'utf8',
    // The folder that npm was called in, as npm sets it.
    env: { ...process.env, FORCE_COLOR: '0', INIT_CWD: root },
  });
  expect(stderr).not.toMatch(/^FAIL/m);
  expect(status).toBe(0);
}, 600_000);

afterAll(removeFolders);

type Model = Given[string];

const models: readonly Model[] = [
  ...Object.keys(modelCards),
  { width: 960, heads: 10 },
  { width: 1120, heads: 10 },
];
const nameOf = (model: Model) => (typeof model === 'object' ? 'an invented model' : String(model));
const sourceOf = (model: Model) => modelCards[nameOf(model)]?.source;
const wordsOf = (model: Model) => [nameOf(model), sourceOf(model)?.title, sourceOf(model)?.link];

/** This worksheet about one model, with its second table about another, and its vote about a third. */
function courseAbout(root: string, [model, again, vote]: readonly Model[]): Course {
  const file = path.join(root, 'rubric.yaml');
  const rubric = parseDocument(readFileSync(file, 'utf8'));
  // The author's title may name the model of rubric.yaml.
  rubric.set('title', 'Shapes');
  rubric.setIn(['given', 'model'], model);
  rubric.setIn(['tables', 1, 'given', 'model'], again);
  rubric.setIn(['vote', 'model'], vote);
  writeFileSync(file, String(rubric));
  return loadCourse(root, false);
}

/** What is wrong with a text that may speak of some models alone: names and links of others, and slips of a template. */
function faultsIn(text: string, spokenOf: readonly Model[]): string[] {
  const shown = text.replaceAll(/<(script|style)[\s>].*?<\/\1>/gs, '');
  const own = spokenOf.flatMap(wordsOf);
  // A name within an own one, as GPT-2 is in GPT-2-small, is no other's.
  const rest = own.reduce<string>((left, name) => (name ? left.replaceAll(name, '') : left), shown);
  const holds = (name: string) =>
    rest
      .split(name)
      .slice(1)
      .some((after) => !/^[\p{L}\p{N}]/u.test(after));
  const others = models.flatMap(wordsOf).filter((name) => name !== undefined && !own.includes(name));
  return [
    ...others.filter((name) => name !== undefined && holds(name)),
    ...['undefined', '[object', 'NaN', '****', '[]('].filter((slip) => shown.includes(slip)),
    ...(/\|[ :|-]+-:? \|\n(?!\|)|<tbody[^>]*>\s*<\/tbody>/.test(shown) ? ['an empty table'] : []),
  ].map(String);
}

/** The vote of a class that fell for known wrong answers in every row, three of five for the first. */
async function shownVote(course: Course): Promise<string> {
  const { rubric, solution, key } = course;
  const rows = await Promise.all(
    [0, 0, 0, 1, 2].map(async (turn, index) => {
      const text = answersText(rubric, (id, cell) => {
        const known = solution.misconceptions.filter(({ row, values }) => row === id && values.columns);
        return String(known[turn % known.length]?.values[cell.id] ?? 'null');
      });
      const report = await score(rubric, readSubmission(asFoundFiles({ [rubric.file]: text }), rubric), key);
      const { points } = report;
      const row = { key: `s${index}`, login: '', status: 'graded', enrolled: true, points, report } as const;
      return { ...row, adjustments: [], responses: [], warnings: [] };
    }),
  );
  const vote = voteOf(course, statisticsOf(rubric, rows, solution.misconceptions));
  return 'reason' in vote ? vote.reason : String(renderVote(vote, rubric.title));
}

test('a worksheet about any model speaks of that model, and of no other but in its second table and its vote', async () => {
  const root = newOwnCourse();
  // The diagram is the same for every model, and takes a second to draw.
  const template = path.join(root, 'solution', 'handout.md');
  writeFileSync(template, readFileSync(template, 'utf8').replace('```mermaid', '```text'));
  for (const [index, model] of models.entries()) {
    const [again = '', vote = ''] = [1, 2].map((step) => models[(index + step) % models.length]);
    const course = courseAbout(root, [model, again, vote]);
    const handout = handoutOf(course, '');
    const isSibling = (other: Model) => sourceOf(other) && sourceOf(other)?.title === sourceOf(model)?.title;
    const told = [model, again, ...models.filter(isSibling)];
    const shown = await shownVote(course);
    const faults = [
      ...faultsIn(handout, told),
      ...faultsIn(await worksheetPage(course, undefined), told),
      ...Object.values(worksheetFiles(course.rubric)).flatMap((text) => faultsIn(text, [again])),
      ...faultsIn(shown, [vote]),
    ];
    expect([model, faults, shown.includes(nameOf(vote))]).toEqual([model, [], typeof vote === 'string']);
    const [head = ''] = handout.split('## What is asked');
    expect(head).toContain(`**${nameOf(model)}**`);
    const links = [sourceOf(model)?.link, sourceOf(model)?.sizes].filter(Boolean).map((link) => `](${link})`);
    expect(head.match(/\]\(https:[^)]*\)/g) ?? []).toEqual(links);
  }
});
