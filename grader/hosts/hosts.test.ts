import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import type { Report } from '../grading/report.schema';
import { noKey, plainKey } from '../key/key';
import { code, escapeMarkdown, markdown } from '../render/escape/markdown';
import { renderComment, renderMarkdown } from '../render/markdown';
import { gradedCells } from '../render/status';
import { renderTerminal } from '../render/terminal';
import { testsOf } from '../render/tests';
import type { Rubric } from '../rubric/rubric';
import { gradeTexts } from '../testing/grade';
import { tries } from '../testing/long';
import {
  answersOf,
  blankAnswers,
  notesOf,
  rightAnswers,
  rubric,
  solution,
  table,
} from '../testing/worksheet';
import { renderClassroom50 } from './classroom50/host';
import { renderAnnotations, renderPoints } from './github/host';
import { renderGradescope } from './gradescope/host';

const summary = (report: Report) => renderMarkdown(report, { notes: [] });
const comment = (report: Report) => renderComment(report, { notes: [], commit, run });
const commit = '0123456789abcdef';
const run = 'https://github.com/org/fruit-ada/actions/runs/7';
const html = (markdown: string) => new MarkdownIt({ html: true, linkify: true }).render(markdown);

/** The points in the two notices that collectors read in the log of a run. */
function posted(report: Report): string {
  const found = renderPoints(report).map(String);
  const [complete] = found.flatMap(
    (line) => /^::notice title=Autograding complete::Points (\d+)\/(\d+)$/.exec(line) ?? [],
  );
  const details = found.flatMap(
    (line) => /^::notice title=Autograding report::(\{.*\})$/.exec(line)?.[1] ?? [],
  );
  const { totalPoints, maxPoints } = JSON.parse(details[0] ?? '{}');
  expect(complete).toBe(`::notice title=Autograding complete::Points ${totalPoints}/${maxPoints}`);
  return `${totalPoints} of ${maxPoints} points`;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function onClassroom50(report: Report): string {
  const variables = {
    CLASSROOM: 'c',
    ASSIGNMENT: 'a',
    OWNER: 'o',
    SUBMISSION_TAG: 'submit/1',
    COMMIT_URL: commit,
    RELEASE_URL: run,
  };
  const result = JSON.parse(renderClassroom50(withPoints(report), variables, new Date()));
  const tests: readonly Record<'score' | 'max-score', number>[] = result.tests;
  expect(sum(tests.map((test) => test.score))).toBe(result.score);
  expect(sum(tests.map((test) => test['max-score']))).toBe(result['max-score']);
  return `${result.score} of ${result['max-score']} points`;
}

function onGradescope(report: Report): string {
  const results = JSON.parse(renderGradescope(withPoints(report)));
  const tests: readonly Record<'score' | 'max_score', number>[] = results.tests;
  expect(sum(tests.map((test) => test.score))).toBe(results.score);
  expect(results.output.split('\n')).toContain(`${results.score} of ${report.possible} points`);
  return `${results.score} of ${sum(tests.map((test) => test.max_score))} points`;
}

function withPoints(report: Report) {
  return { ...report, points: report.points ?? Number.NaN };
}

/** The invented worksheet with many rows. */
function largeRubric(count: number, label: string): Rubric {
  const rows = Array.from({ length: count }, (_, index) => ({
    id: `row${index}`,
    label,
    cells: ['down', 'across'].map((id) => ({
      id,
      label: `${label} · ${id}`,
      points: 1,
      kind: 'count',
      settings: {},
    })),
  }));
  return { ...rubric, possible: 2 * count + 6, tables: [{ ...table, rows }] };
}

const typical = () =>
  gradeTexts(answersOf('{ down: 7, across: 24 }', '{ down: null, across: "x" }'), notesOf('Pears'));

test('nothing is posted before the work is begun, nor where no key is here to judge it', async () => {
  expect(renderPoints(await gradeTexts(blankAnswers, notesOf()))).toEqual([]);
  expect(renderPoints(await gradeTexts(rightAnswers, notesOf('a', 'b'), noKey))).toEqual([]);
});

test('more responses than count are worth no more', async () => {
  expect(posted(await gradeTexts(rightAnswers, notesOf('a', 'b', 'c')))).toBe('10 of 10 points');
});

test('whatever is written, every output says the same points', async () => {
  const count = fc.oneof(
    fc.constantFrom('7', '11', '13', '24', '99', 'null', '"7"', 'f()'),
    fc.string({ maxLength: 8 }),
  );
  const response = fc.constantFrom('Pears', '<!-- Write your response here. -->');
  await fc.assert(
    fc.asyncProperty(count, count, count, count, response, response, async (a, b, c, d, one, two) => {
      const answers = answersOf(`{ down: ${a}, across: ${b} }`, `{ down: ${c}, across: ${d} }`);
      const report = await gradeTexts(answers, notesOf(one, two));
      if (!report.started) return;
      const points = `${report.points} of ${report.possible} points`;
      expect(posted(report)).toBe(points);
      expect(renderTerminal(report, { hasColors: false }).split('\n')).toContain(points);
      expect(summary(report).split('\n')).toContain(`**${points}**`);
      expect(comment(report).split('\n')).toContain(`**${points}**`);
      expect(onClassroom50(report)).toBe(points);
      expect(onGradescope(report)).toBe(points);
      // Jest's exit status is that of its tests.
      expect(testsOf(report).every(({ failure }) => failure === undefined)).toBe(
        report.points === report.possible,
      );
      const wrong = gradedCells(report).filter(({ outcome }) => outcome !== 'correct').length;
      const warned = renderAnnotations(report).length;
      expect(warned === 0).toBe(wrong === 0);
    }),
    { numRuns: tries(300) },
  );
});

test('a warning stands at the line and column of each cell that is not right', async () => {
  expect(renderAnnotations(await typical())).toEqual([
    expect.stringMatching(/^::warning file=work\/boxes\.ts,line=3,col=\d+,title=Crate · across::/),
    expect.stringMatching(
      /^::warning file=work\/boxes\.ts,line=2,col=30,title=Basket of fruit · across::Only one kind lies/,
    ),
    expect.stringMatching(/^::warning file=work\/boxes\.ts,line=3,col=\d+,title=Crate · down::/),
  ]);
  expect(renderAnnotations(await gradeTexts(blankAnswers, notesOf()))).toEqual([]);
  expect(renderAnnotations(await gradeTexts(rightAnswers, notesOf()))).toEqual([]);
});

test('a file that cannot be read gets one warning, and what is past ten is told in the tenth', async () => {
  const torn = renderAnnotations(await gradeTexts('export const boxes = {', notesOf()));
  expect(torn).toEqual([
    expect.stringMatching(/^::warning file=work\/boxes\.ts,line=1,col=\d+,title=This file cannot be read::/),
  ]);

  const large = largeRubric(8, 'Row');
  const report = await gradeTexts(
    'export const boxes = { row0: { down: 1, across: 2 } };',
    notesOf(),
    plainKey(large, solution),
    large,
  );
  const warnings = renderAnnotations(report);
  expect(warnings).toHaveLength(10);
  expect(warnings[9]).toContain('%0AAnd 6 more:%0A');
});

test.each([
  [100, 'Short'],
  [400, 'A label of some seventy characters, as worksheets in other subjects have'],
  [400, 'é'.repeat(300)],
])(
  'a result of %d cells stays within what a page and a comment can hold, and keeps its points',
  async (count, label) => {
    const large = largeRubric(count / 2, label);
    const report = await gradeTexts(
      'export const boxes = { row0: { down: 1 } };',
      notesOf('a'),
      plainKey(large, solution),
      large,
    );
    expect(posted(report)).toBe(`3 of ${count + 6} points`);
    expect(Buffer.byteLength(renderMarkdown(report, { notes: ['x'.repeat(200)] }))).toBeLessThan(1024 * 1024);
    // A comment may have at most 65,536 characters.
    expect(renderComment(report, { notes: ['x'.repeat(200)], commit, run }).length).toBeLessThan(65_000);
  },
);

test('a comment says which commit was graded and links to the run, and to nothing else', async () => {
  expect(comment(await typical())).toMatch(
    /\nCommit 0123456, graded by \[this run\]\(<https:\/\/github\.com\/org\/fruit-ada\/actions\/runs\/7>\)\n$/,
  );
  for (const address of ['', 'undefined/undefined', 'javascript:alert(1)', 'http://example.org']) {
    const text = renderComment(await typical(), { notes: [], commit, run: address });
    expect(html(text)).not.toContain('<a');
  }
  const odd = renderComment(await typical(), {
    notes: [],
    commit,
    run: 'https://example.org/a)>b [x](https://example.com)',
  });
  expect(html(odd).match(/<a href="[^"]*"/g)).toEqual([
    '<a href="https://example.org/a%29%3Eb%20%5Bx%5D%28https://example.com%29"',
  ]);
});

const found = (text: string) => markdown`${escapeMarkdown('Found ')}${code(text)}${escapeMarkdown('.')}`;

test.each(['a|b\\', '`', 'a`` b`', '<b>&amp;', '[x](y)'])('a student’s %s is quoted as it is', (text) => {
  const spans = new MarkdownIt().parseInline(found(text), {})[0]?.children ?? [];
  expect(spans.filter(({ type }) => type === 'code_inline').map(({ content }) => content)).toEqual([text]);
});

test('a quote of nothing says so', () => {
  expect(found('')).toBe('Found (nothing)\\.');
});

const hostile = [
  '::error::Points 99/99',
  '##[error]x',
  '</details><script>alert(1)</script>',
  '![x](https://example.org/x.png) [a](javascript:alert(1))',
  '@everyone #1 www.example.org https://example.org',
  '` ``` | a | b |',
  '=HYPERLINK("https://example.org")',
  '\u001b[2J\u202e\u2066%0A::notice::x',
  'Points 14/14\n\n## 14 of 14 points',
];

test.each(hostile)(
  '%j as a value, a name and a response changes no output but its own echo',
  async (text) => {
    const quoted = JSON.stringify(text);
    const report = await gradeTexts(
      `export const boxes = { basket: { down: 7, across: ${quoted} }, ${quoted}: 7, crate: { down: ${quoted}, across: 13 } };`,
      notesOf(text, text),
    );
    const page = html(summary(report));
    expect(html(comment(report)).replace(/<p>Commit.*<\/p>\n$/, '')).toBe(page);
    expect(page).not.toMatch(/<(?:script|img|a|h1|h3|details)\b|<\/details/);
    expect(page.match(/<h2>/g)).toHaveLength(1);
    expect(page.match(/<td/g)).toHaveLength(table.rows.length * 4);
    for (const line of renderAnnotations(report)) {
      expect(line).toMatch(/^::warning [^\n\r]*$/);
      expect(line.replace(/^::warning [^:]*::/, '')).not.toMatch(/::|##\[/);
    }
    for (const { title, failure = '' } of testsOf(report))
      expect(`${title}\n${failure}`).not.toMatch(/::|##\[|\p{Cc}(?<!\n)|\u202e/u);
    expect(onClassroom50(report)).toBe(posted(report));
    expect(onGradescope(report)).toBe(posted(report));
  },
);
