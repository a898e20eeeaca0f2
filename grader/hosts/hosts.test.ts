import { existsSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { seal, sealedKeyText } from '../authoring/release/sealed-facts';
import { gradeFolder, scored } from '../grading/context';
import type { Report } from '../grading/report.schema';
import { gradeForJest, reportFile } from '../jest/autograde';
import { noKey, plainKey } from '../key/judge';
import { testsOf } from '../render/tests';
import { renderMarkdown } from '../render/view-markdown';
import { renderTerminal } from '../render/view-terminal';
import { parseRubric } from '../rubric/load';
import { cellsOf } from '../rubric/rubric';
import { hasNoGrade } from '../submission/submission';
import { readText } from '../system/files';
import { type Files, zip } from '../testing/downloads';
import { newCourse } from '../testing/folders';
import { gradeTexts } from '../testing/grade';
import { cases, flat, unpacked } from '../testing/layouts';
import { tries } from '../testing/long';
import {
  answersOf,
  courseFiles,
  notesOf,
  partly,
  rightAnswers,
  rubric,
  rubricYaml,
  solution,
  table,
} from '../testing/worksheet';
import { renderClassroom50 } from './classroom50/host';
import { renderAnnotations, renderComment, renderPoints } from './github/host';
import { gradescopeHost, renderGradescope } from './gradescope/host';
import { renderProblems, vscode } from './vscode/host';

const [commit, run] = ['0123456789abcdef', 'https://github.com/org/fruit-ada/actions/runs/7'];
const summary = (report: Report) => renderMarkdown(report, []);
const comment = (report: Report, link = run) => renderComment(report, [], { commit, run: link });
const html = (text: string) => new MarkdownIt({ html: true, linkify: true }).render(text);
const row = (down: number | string, across: number | string) => `{ down: ${down}, across: ${across} }`;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const withPoints = (report: Report) => ({ ...report, points: report.points ?? Number.NaN });

test('whatever is written, every host and the terminal say the same points', async () => {
  const typed = fc.constantFrom('7', '11', '13', '24', '99', 'null', '"7"', 'f()');
  const count = fc.oneof(typed, fc.string({ maxLength: 8 }));
  const response = fc.constantFrom('Pears', '<!-- Write your response here. -->');
  await fc.assert(
    fc.asyncProperty(count, count, count, count, response, response, async (a, b, c, d, one, two) => {
      const report = await gradeTexts(answersOf(row(a, b), row(c, d)), notesOf(one, two));
      if (!report.started) return;
      const points = `${report.points} of ${report.possible} points`;
      for (const said of [posted, onClassroom50, onGradescope]) expect(said(report)).toBe(points);
      expect(renderTerminal(report, { hasColors: false }).split('\n')).toContain(points);
      for (const text of [summary(report), comment(report)])
        expect(text.split('\n')).toContain(`**${points}**`);
      // Jest's exit status depends on its tests.
      const hasFailed = testsOf(report).some(({ failure }) => failure !== undefined);
      expect(hasFailed).toBe(report.points !== report.possible);
      const isWrong = cellsOf(report).some(({ outcome }) => outcome !== 'correct');
      expect(renderAnnotations(report).length > 0).toBe(isWrong);
    }),
    { numRuns: tries(200) },
  );
});

test('nothing is posted where no key is here to judge the work', async () => {
  const report = await gradeTexts(rightAnswers, notesOf('a', 'b'), noKey);
  expect([...renderPoints(report), ...renderAnnotations(report)]).toEqual([]);
});

test('an editor finds the line and column of what VS Code says by the tasks that students get', async () => {
  const [problem = ''] = renderProblems(await gradeTexts(answersOf(row(7, 24), row('null', '"x"')))).split(
    '\n',
  );
  const tasks = JSON.parse(vscode.studentFiles?.(rubric, () => undefined)['.vscode/tasks.json'] ?? '');
  const { regexp, file, line, column } = tasks.tasks.find(
    (one: { problemMatcher?: object }) => one.problemMatcher,
  ).problemMatcher.pattern;
  const parts = new RegExp(regexp).exec(problem) ?? [];
  expect([parts[file], parts[line], parts[column]]).toEqual(['work/boxes.ts', '3', '32']);
});

test('a result of hundreds of cells stays within what a page and a comment can hold, and keeps its points', async () => {
  const rows = Array.from(
    { length: 200 },
    (_, index) => `{ id: row${index}, label: ${String(index).padStart(300, 'é')} }`,
  );
  const of = parseRubric(rubricYaml.replace(/rows:\n(?: {4}.*\n)+/, `rows: [${rows.join(', ')}]\n`));
  const key = plainKey(of, { ...solution, misconceptions: [] });
  const report = await gradeTexts(
    'export const boxes = { row0: { down: 1, across: 2 } };',
    notesOf('a'),
    key,
    of,
  );
  expect(posted(report)).toBe(`3 of ${2 * rows.length + 6} points`);
  const notes = ['x'.repeat(200)];
  expect(Buffer.byteLength(renderMarkdown(report, notes))).toBeLessThan(1024 * 1024);
  // A comment may have at most 65,536 characters.
  expect(renderComment(report, notes, { commit, run }).length).toBeLessThan(65_000);
  expect(renderAnnotations(report)).toHaveLength(10);
});

test('a comment says which commit was graded and links to the run, and to nothing else', async () => {
  const report = await gradeTexts(rightAnswers);
  expect(comment(report).endsWith(`\nCommit 0123456, graded by [this run](<${run}>)\n`)).toBe(true);
  for (const address of ['', 'undefined/undefined', 'javascript:alert(1)', 'http://example.org'])
    expect(html(comment(report, address))).not.toContain('<a');
});

test.each([
  '::error::Points 99/99',
  '##[error]x',
  '</details><script>alert(1)</script>',
  '![x](https://example.org/x.png) [a](javascript:alert(1))',
  '@everyone #1 www.example.org https://example.org',
  '` ``` | a | b |',
  'work/a.ts(1,2): error TS1: y',
  '\u001b[2J\u202e\u2066%0A::notice::x',
  'Points 14/14\n\n## 14 of 14 points',
])('%j as a value, a name and a response changes no output but its own echo', async (text) => {
  const quoted = JSON.stringify(text);
  const cells = `basket: ${row(7, quoted)}, ${quoted}: 7, crate: ${row(quoted, 13)}`;
  const basket = '{ id: basket, label: Basket of fruit';
  const of = parseRubric(rubricYaml.replace(basket, `${basket}, cells: { across: { kind: text } }`));
  const key = plainKey(of, { ...solution, expected: [], misconceptions: [] });
  const report = await gradeTexts(`export const boxes = { ${cells} };`, notesOf(text, text), key, of);
  expect(renderTerminal(report, { hasColors: false })).not.toMatch(/::|##\[|(?!\n)\p{Cc}|\u202e|error TS1:/u);
  const page = html(summary(report));
  expect(html(comment(report)).replace(/<p>Commit.*<\/p>\n$/, '')).toBe(page);
  expect(page).not.toMatch(/<(?:script|img|a|h1|h3|details)\b|<\/details/);
  expect([page.match(/<h2>/g)?.length, page.match(/<td/g)?.length]).toEqual([1, table.rows.length * 4]);
  for (const line of renderAnnotations(report)) {
    expect(line).toMatch(/^::warning [^\n\r]*$/);
    expect(line.replace(/^::warning [^:]*::/, '')).not.toMatch(/::|##\[/);
  }
  for (const { title, failure = '' } of testsOf(report))
    expect(`${title}\n${failure}`).not.toMatch(/::|##\[|\p{Cc}(?<!\n)|\u202e/u);
  for (const line of renderProblems(report).split('\n'))
    expect(line).toMatch(/^work\/boxes\.ts:\d+:\d+: warning: [^\p{Cc}\u202e]*$/u);
  for (const host of [onClassroom50, onGradescope]) expect(host(report)).toBe(posted(report));
});

describe('wherever a submission is handed in', () => {
  // The commit of a repository and the downloads of a class are in class/fairness.system.test.ts, with the same table.
  const key = plainKey(rubric, solution);
  const needsPerson = 'submission-ungradable';
  let copy: Files;
  beforeAll(async () => {
    const sealed = sealedKeyText(await seal(rubric, solution));
    copy = { 'rubric.yaml': rubricYaml, 'grader/sealed-key.json': sealed };
  });

  type Graded = Promise<Report | typeof needsPerson>;
  const inFolder = (files: Files): Graded => gradeFolder(unpacked(files), rubric, key);
  /** The other places that grade a submission, with the result that its student or host gets. */
  const places: readonly ((files: Files) => Graded)[] = [
    (files) => inFolder({ 'all.zip': zip(files) }),
    async (files) => {
      const bundle = path.join(unpacked(flat(files), 'submission'), '..', 'source');
      try {
        const folder = gradescopeHost.bundled?.submissionFolder(bundle) ?? '';
        const report = scored(await gradeFolder(folder, rubric, key));
        return report;
      } catch (error) {
        expect(error).toMatchObject({ code: needsPerson });
        return needsPerson;
      }
    },
    async (files) => {
      // In a copy, the folder is the course's own.
      if (Object.keys(files).some((name) => name.startsWith('solution/'))) return inFolder(files);
      const root = unpacked({ ...files, ...copy });
      await gradeForJest(root);
      return JSON.parse(readText(root, reportFile)) as Report;
    },
  ];

  const placed = cases.map((one, index) => ({
    ...one,
    place: places[index % places.length] as typeof inFolder,
  }));
  test.each(placed)('$name: it has what a fair person gives it', async ({ files, said, own, place }) => {
    const remarks = new Set<string>();
    for (const grade of [inFolder, place]) {
      const report = await grade(files);
      if (report === needsPerson) {
        expect(own).toBeNull();
        continue;
      }
      const { reflection, state } = report;
      const isUndecided = [state, reflection?.state].some((each) => each && hasNoGrade(each));
      expect(isUndecided ? null : report.points).toBe(own);
      const reasons = [...report.remarks, ...report.problems.map(({ reason }) => reason), reflection?.reason];
      const codes = reasons.flatMap((one) => (/^(?:found|file)\//.test(one?.code ?? '') ? one?.code : []));
      remarks.add(codes.sort().join());
      expect(codes).toEqual(expect.arrayContaining(said.filter((one) => !one.startsWith('class/'))));
    }
    expect([...remarks]).toHaveLength(1);
  });
});

describe('a run on GitHub Actions', () => {
  const files = { ...courseFiles, 'work/notes.md': notesOf('Pears', 'Lemons') };
  /** Grades a course on GitHub Actions. @param more variables of the run, besides those of every run. */
  async function runWith(content: Files, more: NodeJS.ProcessEnv = {}) {
    const root = newCourse({ ...content, output: '', summary: '' });
    const variables = {
      ...{ GITHUB_ACTIONS: 'true', GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'o/r' },
      ...{ GITHUB_RUN_ID: '7', GITHUB_SHA: commit, GITHUB_OUTPUT: path.join(root, 'output') },
      ...{ GITHUB_STEP_SUMMARY: path.join(root, 'summary'), ...more },
    };
    const before = process.env;
    process.env = { ...before, ...variables };
    const { text, isGraded } = await gradeForJest(root).finally(() => {
      process.env = before;
    });
    const read = (file: string) => (existsSync(path.join(root, file)) ? readText(root, file) : undefined);
    return {
      text,
      isGraded,
      read,
      lines: text.split('\n').filter((line) => /^::(?:notice|warning|error) /.test(line)),
    };
  }

  test('posts the points, warns at each wrong cell, and leaves a summary, a comment and outputs for later steps', async () => {
    const { text, lines, isGraded, read } = await runWith({ ...files, 'work/boxes.ts': partly });
    expect(isGraded).toBe(true);
    expect(lines).toEqual([
      '::notice title=Autograding complete::Points 9/10',
      expect.stringContaining('::notice title=Autograding report'),
      expect.stringMatching(
        /^::warning file=work\/boxes\.ts,line=2,col=30,title=Basket of fruit · across::Only/,
      ),
    ]);
    // All text from a student is between two commands that turn commands off.
    expect(text).toMatch(
      /::stop-commands::([\w-]+)\n[\s\S]*this repository holds solution\/[\s\S]*\n::\1::\n/,
    );
    expect(read('output')).toBe('comment=.graded/comment.md\ncomment-only-updates=false\n');
    expect(read('summary')).toContain('**9 of 10 points**');
    expect(read('.graded/comment.md')).toBe(
      `${read('summary')}\nCommit 0123456, graded by [this run](<https://github.com/o/r/actions/runs/7>)\n`,
    );
    expect(JSON.parse(read(reportFile) ?? '').points).toBe(9);
  });

  test('posts nothing before the work is begun, and begins no comment', async () => {
    const { lines, read } = await runWith({ ...files, 'work/notes.md': notesOf() });
    expect(lines).toEqual([]);
    expect(read('output')).toContain('comment-only-updates=true\n');
  });

  test('that cannot grade is an error everywhere, gives no points, and leaves no Report of an earlier run', async () => {
    const { lines, isGraded, read } = await runWith({
      ...files,
      'rubric.yaml': 'title: 7\n',
      [reportFile]: '{}',
    });
    expect([isGraded, read(reportFile)]).toEqual([false, undefined]);
    expect(lines).toEqual([expect.stringMatching(/^::error title=Grading failed[^:]*::.*rubric\.yaml/)]);
    for (const file of ['summary', '.graded/comment.md'])
      expect(read(file)).toMatch(/^\*\*Grading failed.*rubric/s);
  });

  test('whose outputs cannot be written says so, and posts the points all the same', async () => {
    const { lines, isGraded } = await runWith(
      { ...files, 'work/boxes.ts': rightAnswers },
      { GITHUB_STEP_SUMMARY: '/no/such/folder', GITHUB_OUTPUT: '/no/such/folder' },
    );
    expect(isGraded).toBe(true);
    expect(lines[0]).toBe('::notice title=Autograding complete::Points 10/10');
    expect(lines.at(-1)).toMatch(/^::warning title=Not written::/);
  });
});

/** The points in the two notices that collectors read in the log of a run. */
function posted(report: Report): string {
  const log = renderPoints(report).join('\n');
  const [, complete, details = ''] =
    /^::notice title=Autograding complete::Points (\d+\/\d+)\n::notice title=Autograding report::(\{.*\})$/.exec(
      log,
    ) ?? [];
  const { totalPoints, maxPoints } = JSON.parse(details);
  expect(complete).toBe(`${totalPoints}/${maxPoints}`);
  return `${totalPoints} of ${maxPoints} points`;
}

function onClassroom50(report: Report): string {
  const names = ['CLASSROOM', 'ASSIGNMENT', 'OWNER', 'SUBMISSION_TAG', 'COMMIT_URL', 'RELEASE_URL'];
  const variables = Object.fromEntries(names.map((name) => [name, 'submit/1']));
  const result = JSON.parse(renderClassroom50(withPoints(report), variables as never, new Date()));
  const tests: readonly Record<'score' | 'max-score', number>[] = result.tests;
  expect(sum(tests.map((test) => test.score))).toBe(result.score);
  expect(sum(tests.map((test) => test['max-score']))).toBe(result['max-score']);
  return `${result.score} of ${result['max-score']} points`;
}

function onGradescope(report: Report): string {
  const results = JSON.parse(renderGradescope(withPoints(report)));
  const tests: readonly { score: number; max_score: number; status: string }[] = results.tests;
  expect(sum(tests.map((test) => test.score))).toBe(results.score);
  for (const test of tests.filter(({ max_score: possible }) => possible > 0))
    expect(test.status).toBe(test.score === test.max_score ? 'passed' : 'failed');
  expect(results.output.split('\n')).toContain(`${results.score} of ${report.possible} points`);
  return `${results.score} of ${sum(tests.map((test) => test.max_score))} points`;
}
