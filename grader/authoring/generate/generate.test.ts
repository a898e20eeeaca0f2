import ts from 'typescript';
import { handoutFile, loadCourse } from '../../course/course';
import { handoutOf } from '../../course/handout';
import { answersText, worksheetFiles } from '../../course/stub';
import { renderGradescope } from '../../hosts/gradescope/host';
import { worksheetPage } from '../../page/worksheet-page';
import { escapeMarkdown } from '../../render/escape/markdown';
import { viewOf } from '../../render/view';
import { renderMarkdown } from '../../render/view-markdown';
import { renderTerminal } from '../../render/view-terminal';
import { parseRubric } from '../../rubric/load';
import { readText } from '../../system/files';
import { newCourse, packageRoot, writeFiles } from '../../testing/folders';
import { gradeTexts } from '../../testing/grade';
import { runInProcess } from '../../testing/in-process';
import { blankAnswers, rightAnswers, rubricYaml, wholeCourse } from '../../testing/worksheet';
import { graderFiles } from './generate';

test('each published schema, and the table of kinds for authors, is what its source says (else: npm run generate)', () => {
  for (const [file, text] of Object.entries(graderFiles(packageRoot)))
    expect(readText(packageRoot, file)).toBe(text);
});

test('generated files in which git left the marks of a merge are written anew, and a filled-in one is kept', async () => {
  const root = newCourse(wholeCourse);
  expect(await runInProcess(root, 'generate')).toMatchObject({ status: 0 });
  const { rubric } = loadCourse(root, false);
  const files = [
    ...Object.keys(worksheetFiles(rubric)),
    handoutFile,
    `solution/fixtures/blank/${rubric.file}`,
  ];
  const whole = files.map((file) => readText(root, file));
  const halves = (text: string) => `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> next-year\n`;
  writeFiles(root, Object.fromEntries(files.map((file, index) => [file, halves(whole[index] ?? '')])));
  expect(await runInProcess(root, 'generate')).toMatchObject({ status: 0, stderr: '' });
  expect(files.map((file) => readText(root, file))).toEqual(whole);
  writeFiles(root, { [rubric.file]: rightAnswers });
  const { stdout } = await runInProcess(root, 'generate');
  for (const said of ['is filled in, so it is left as it is', 'Everything is up to date.'])
    expect(stdout).toContain(said);
  expect(readText(root, rubric.file)).toBe(rightAnswers);
});

const deadline =
  'deadline: { due: 2026-12-01T23:59, timezone: America/New_York, grace_minutes: 17, late: { per_day: 10% } }\n';
const when = 'Due Tuesday 1 December 2026, 23:59 (America/New_York).';
const due = `${when} Late work loses 10% of the possible points for each day begun.`;

/** A text on one line, without programs. */
const shown = (text: string) =>
  text.replaceAll(/<(script|style)[\s>].*?<\/\1>/gs, '').replaceAll(/\s+/g, ' ');

test('the handout and the page say when work is due, once, and nothing without a deadline', async () => {
  const handout = `${wholeCourse['solution/handout.md']}\n{% if due %}{{ due }}{% endif %}\n`;
  for (const [yaml, times] of [
    [rubricYaml + deadline, 1],
    [rubricYaml, 0],
  ] as const) {
    const root = newCourse({ ...wholeCourse, 'rubric.yaml': yaml, 'solution/handout.md': handout });
    const course = loadCourse(root, false);
    for (const text of [handoutOf(course, ''), await worksheetPage(course, undefined)]) {
      expect(shown(text).split(due)).toHaveLength(times + 1);
      expect(/\bdue\b|Late work/i.test(shown(text))).toBe(times > 0);
    }
  }
});

test('a number in the handout stands before its noun in the plural, unless there is one', () => {
  const nouns = {
    box: 'boxes',
    class: 'classes',
    bench: 'benches',
    berry: 'berries',
    day: 'days',
    pear: 'pears',
  };
  const handout = Object.keys(nouns).map(
    (noun) => `{{ 4096 | count: '${noun}' }}, {{ 1 | count: '${noun}' }}`,
  );
  const root = newCourse({ ...wholeCourse, 'solution/handout.md': `# Nouns\n\n${handout.join('; ')}\n` });
  const counted = Object.entries(nouns).map(([noun, plural]) => `4,096 ${plural}, 1 ${noun}`);
  expect(handoutOf(loadCourse(root, false), '')).toContain(counted.join('; '));
});

test('wherever points are printed, the due date stands below them, unless what counts is known', async () => {
  const report = await gradeTexts(blankAnswers, undefined, undefined, parseRubric(rubricYaml + deadline));
  const [, , ...below] = renderTerminal(report, { hasColors: false }).split('\n');
  expect(shown(below.slice(0, 3).join(' '))).toContain(due);
  expect(renderMarkdown(report, [])).toContain(escapeMarkdown(when));
  expect(renderGradescope({ ...report, points: 0 })).toContain(when);
  const options = { later: 'folded', explanations: 'whole', hasNext: false } as const;
  expect(JSON.stringify(viewOf(report, { ...options, grade: { top: [], below: [] } }))).not.toContain('Due');
});

/** Every kind of answer, in two tables, with labels that could break a comment or a string. */
const odd = parseRubric(`title: "Odd */ labels \`\${x}\` // here"
file: work/answers.ts
tables:
- export: first
  label: "A */ label"
  points: 1
  rows:
  - { id: row, label: "A row */ of 'quotes' \\\\ and \\"more\\"", heading: "Head */" }
  - { id: short, label: Short, cells: { size: { void: true }, word: { kind: integer, label: "Own */ name" } } }
  columns:
  - { id: many, label: Many }
  - { id: size, label: Size, kind: decimal, tolerance: 1%, unit: "km²/h" }
  - { id: word, label: Word, kind: text }
  - { id: best, label: Best, kind: choice, options: ["it's", 'a "b"', 'c\\d', "*/", "7"] }
- export: second
  points: 1
  rows: [{ id: other, label: Other }]
  columns: [{ id: said, label: Said, kind: text }]
`);

/** The errors that TypeScript reports for an answers file, with the types file beside it. */
function complaints(answers: string): string[] {
  const files = new Map(Object.entries({ ...worksheetFiles(odd), 'work/answers.ts': answers }));
  const options = { strict: true, noEmit: true, noLib: true, types: [], module: ts.ModuleKind.CommonJS };
  const resolvedModule = { resolvedFileName: 'work/worksheet.ts', extension: ts.Extension.Ts };
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    fileExists: (file) => files.has(file),
    readFile: (file) => files.get(file),
    getSourceFile: (file, target) => ts.createSourceFile(file, files.get(file) ?? '', target),
    getCurrentDirectory: () => '',
    resolveModuleNameLiterals: (names) => names.map(() => ({ resolvedModule })),
  };
  const program = ts.createProgram(['work/answers.ts'], options, host);
  const found = [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

const stub = worksheetFiles(odd)['work/answers.ts'] ?? '';
const filled = (texts: Readonly<Record<string, string>>) =>
  `import type { First, Second } from '../../course/stub';\n${answersText(odd, (row, { id }) =>
    row === 'row' ? (texts[id] ?? 'null') : 'null',
  )
    .replace('first =', 'first: First =')
    .replace('second =', 'second: Second =')}`;

test('the stub compiles whatever labels hold, says what names cannot, and an editor is told what does not fit a cell', () => {
  expect(stub).toContain('// size: Size in km²/h, within 1%\n');
  expect(stub).toContain('// word: Own */ name\n');
  expect(complaints(stub)).toEqual([]);
  const right = { many: '2 * 3', size: '1 / 3', word: "'any'", best: "'c\\\\d'" };
  expect(complaints(filled(right))).toEqual([]);
  expect(complaints(filled({ many: "'six'", word: '6', best: "'its'" }))).toEqual([
    "Type 'string' is not assignable to type 'number'.",
    "Type 'number' is not assignable to type 'string'.",
    expect.stringContaining('is not assignable to type'),
  ]);
  expect(complaints(stub.replace('short: { many: null, ', 'short: { size: 1, many: null, '))[0]).toContain(
    "'size' does not exist",
  );
});
