import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { atBothSizes, foundBy, misnamed, telling } from '../grader/authoring/check/check';
import { generate } from '../grader/authoring/generate/generate';
import { type Course, handoutFile, loadCourse } from '../grader/course/course';
import { answersText } from '../grader/course/stub';
import { gradeFolder, loadGradingContext } from '../grader/grading/context';
import reportSchema from '../grader/grading/report.schema.json';
import { score } from '../grader/grading/score';
import { watchBegins, watchEnds } from '../grader/hosts/host';
import { expectedIn, plainKey } from '../grader/key/judge';
import { loadSolution } from '../grader/key/solution';
import { productsOf } from '../grader/page/shown-products';
import { newsSince, viewOf } from '../grader/render/view';
import { renderMarkdown } from '../grader/render/view-markdown';
import { renderPlain } from '../grader/render/view-plain';
import { renderTerminal } from '../grader/render/view-terminal';
import { cellsOf, rowsOf } from '../grader/rubric/rubric';
import { readSubmission } from '../grader/submission/submission';
import { findFiles } from '../grader/submission/which-files';
import { readText } from '../grader/system/files';
import { packageRoot } from '../grader/testing/folders';
import { asFoundFiles } from '../grader/testing/grade';
import { tries } from '../grader/testing/long';
import { anyText } from '../grader/testing/texts';
import { isValid } from '../grader/validate';
import { modelCards } from './cards';

const own = loadCourse(packageRoot, false);

/** Grades texts for a course at any sizes. */
const grade = (rubric: Course['rubric'], files: Record<string, string>, key: Course['key']) =>
  score(rubric, readSubmission(asFoundFiles(files), rubric), key);

test('each known wrong answer of this worksheet is wrong and has one hint, and each law holds, also at the sizes of ask_again', async () => {
  for (const check of [telling, atBothSizes, misnamed]) {
    const found = await foundBy(() => check(own));
    expect(found.filter(({ kind }) => kind === 'fault')).toEqual([]);
  }
});

test('the handout is what rubric.yaml and solution/ give', () => {
  const { files } = generate(own);
  expect(readText(packageRoot, handoutFile).replaceAll('\r\n', '\n')).toBe(files[handoutFile]);
});

describe('work that stands where no cell reads it', () => {
  const handout = readText(packageRoot, handoutFile);
  const [stub, blankNotes] = ['assignment/answers.ts', 'assignment/reflection.md'].map((file) =>
    readText(packageRoot, file),
  ) as [string, string];

  /** The place of work that no cell reads, such as `answers.ts:3`, if there is any. */
  function elsewhereIn(files: Readonly<Record<string, string>>): string | undefined {
    const { rubric } = own;
    const given = {
      [rubric.file]: stub,
      'assignment/reflection.md': blankNotes,
      'assignment/README.md': handout,
    };
    const found = Object.entries({ ...given, ...files }).map(([file, text]) => ({
      path: file,
      content: new TextEncoder().encode(text),
    }));
    const { outside } = readSubmission(findFiles(found, rubric), rubric);
    return outside?.location && `${path.basename(outside.location.file)}:${outside.location.line}`;
  }

  /** The stub with some rows replaced, and lines above the table. */
  const sheet = (rows: Readonly<Record<string, string>>, ...above: string[]) =>
    Object.entries(rows).reduce(
      (text, [row, written]) => text.replace(new RegExp(`^  ${row}: .*$`, 'm'), () => `  ${row}: ${written}`),
      stub.replace('export const', () => [...above, 'export const'].join('\n')),
    );
  const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

  const input = '{ rows: 100, columns: 4096 },';
  const middle = { input, queries: '{ rows: 100, columns: 128 },', keys: '{ rows: 100, columns: 128 },' };
  const blank = '{ rows: null, columns: null },';
  const halfDone = {
    'nothing but a name and a date at the top': sheet({}, '// Ann Lee, 4 March 2026'),
    'three rows': sheet(middle),
    'consts that cells use': sheet(
      { input: '{ rows: tokens, columns: dim },' },
      'const tokens = 100;',
      'const dim = 4096;',
    ),
    'arithmetic for a row that is open': sheet({ ...middle, values: `${blank} // 4096 / 32 = 128?` }),
    'a question beside a row': sheet({ ...middle, scores: `${blank} // is this 100 or 128?` }),
    'what is given, as a note': sheet({ input }, '// 100 tokens, 4096 dims, 32 heads, 32 layers'),
    'a sentence with a shape': sheet(
      { input },
      '// I think that the scores are 100 x 100, but I have to ask.',
    ),
    'a number of a student at the top': sheet({ input }, '// Name: Ann Lee', '// ID: 20451234'),
    'the first row': sheet({ input }),
    'consts that no cell uses yet': sheet({}, 'const tokens = 100, dim = 4096;', 'const head = dim / 32;'),
    'consts for rows and columns': sheet(
      { queries: '{ rows: q, columns: d },', keys: '{ rows: q, columns: d },' },
      'const q = 100, d = 4096 / 32;',
    ),
    'a row that is shared': sheet(
      { queries: 'head,', keys: 'head,' },
      'const head = { rows: 100, columns: 128 };',
    ),
    'an object of what is given': sheet(
      { input: '{ rows: given.tokens, columns: given.dim },' },
      'const given = { tokens: 100, dim: 4096, heads: 32 };',
    ),
    'arithmetic in a comment': sheet(middle, '// 4096 / 32 = 128'),
    'a sentence about a row': sheet({ input }, '// The queries have 100 rows because there are 100 tokens.'),
    'a list of what is left to do': sheet(middle, '// 1. values', '// 2. scores', '// 3. weights'),
    'the rows that are done, in words': sheet(middle, '// input 100 x 4096', '// queries 100 x 128'),
    'half of a row': sheet({ ...middle, scores: '{ rows: 100, columns: null }, // x 100' }),
    'printed rows': `${sheet(middle)}\nconsole.log(shapes.input, 100, 4096);\n`,
    'an old answer above a row': sheet({
      ...middle,
      keys: '{ rows: 100, columns: 128 }, // keys: 100 x 4096',
    }),
    'one number of a row': sheet({ ...middle, scores: `${blank} // rows: 100` }),
    'an export of one’s own': `${sheet(middle)}\nexport const tries = { scores: { rows: 100, columns: 128 } };\n`,
  };

  test.each(Object.entries(halfDone))('is none in an ordinary half-done sheet: %s', (_name, answers) => {
    expect(elsewhereIn({ 'assignment/answers.ts': answers })).toBeUndefined();
  });

  test('is none in the release, nor where only a reflection is written', () => {
    expect(elsewhereIn({})).toBeUndefined();
    const reacted = blankNotes.replace(
      '\n\n\n\n## 2',
      '\n\nThat the scores are 100 x 100.\n\nWhy are queries 100 by 128? In class 1 we had 32 heads, 4096 dims.\n\n## 2',
    );
    expect(elsewhereIn({ 'assignment/reflection.md': reacted })).toBeUndefined();
  });

  const all = [
    ['input', 4096],
    ['queries', 128],
    ['keys', 128],
    ['values', 128],
    ['scores', 100],
    ['weights', 100],
    ['output', 4096],
  ] as const;
  const inAll = (written: (row: string, columns: number) => string) =>
    all.map(([row, columns]) => written(row, columns));
  const [firstRow, secondRow] = rowsOf(own.rubric).map(({ label }) => `| ${label} |`) as [string, string];
  const inTable = handout
    .split('\n')
    .map(
      (line) => [firstRow, secondRow].find((label) => line.startsWith(label))?.concat(' 100 | 128 |') ?? line,
    )
    .join('\n');
  const inReflection = `${blankNotes}\nQueries: 100 x 128\nKeys: 100x128\n`;
  const places = [
    ['README.md', inTable, firstRow],
    ['reflection.md', inReflection, 'Queries:'],
  ] as const;
  // A course need not ask for a reflection.
  const asked = places.filter(([file]) => file !== 'reflection.md' || own.rubric.reflection);
  test.each(asked)('is told with its line in %s', (file, text, part) => {
    expect(elsewhereIn({ [`assignment/${file}`]: text })).toBe(`${file}:${lineOf(text, part)}`);
  });

  test.each([
    ['comments behind rows', '100x128', sheet({ queries: `${blank} // 100x128` })],
    [
      'a text in a cell',
      'queries 100',
      sheet({ input: '{ rows: "100 x 4096; queries 100 x 128", columns: null },' }),
    ],
    ['shapes without names', '// 100', sheet({}, ...inAll((_, columns) => `// 100 × ${columns}`))],
    ['shapes with units', '// Keys', sheet({}, '// Keys: 100 tokens x 128 dims')],
    ['a list', '// 1. ', sheet({}, ...inAll((_, columns) => `// 1. 100 by ${columns}`))],
  ])('is told with its line in the answers: %s', (_name, part, answers) => {
    const line = lineOf(answers, part);
    expect(elsewhereIn({ 'assignment/answers.ts': answers })).toBe(`answers.ts:${line}`);
  });
});

const due = ['Due Tuesday, 23:59.', 'Late work loses 10% of the possible points for each day begun.'];
const odd = ['null', '"128"', "'a hundred'", '100 x 128', 'seqLen', '1e308 * 10', '-0', '"\\ud800"'];
const notes = ['', 'The mask.', '## Something else\n\nA.\n\nB.\n', '<!-- ', '## 2.\n'];

/** A worksheet at any sizes, with more tokens than a file has lines or a report has points. */
const sheets = fc.record({
  model: fc.constantFrom(...Object.keys(modelCards)),
  tokens: fc.integer({ min: 101, max: 1024 }),
  picks: fc.infiniteStream(fc.nat()),
  reflection: fc.oneof(fc.constantFrom(...notes), anyText(20)),
  end: fc.oneof(fc.constantFrom('', ',', '}', 'const x = ;', '::error::'), anyText(20)),
});

test('of any sheet at any sizes a student reads at most 40 lines, three reasons and one next step; numbers are called what they are, and none is told', async () => {
  await fc.assert(
    fc.asyncProperty(sheets, async ({ model, tokens, picks, reflection, end }) => {
      const rubric = { ...own.rubric, given: { model, tokens }, due };
      const solution = loadSolution(packageRoot, rubric, false);
      const { quantities } = solution;
      const known = solution.misconceptions.flatMap(({ values }) => Object.values(values));
      const numbers = [...known, ...quantities.map(({ value }) => value)].map(String);
      const next = (count: number) => Number(picks.next().value) % count;
      const text = answersText(rubric, (row, { id }) => {
        const values = [odd, numbers, numbers, numbers, numbers][next(6)];
        return values?.[next(values.length)] ?? String(expectedIn(solution, row, id)?.value);
      });
      const files = { [rubric.file]: `${text}${end}`, [rubric.reflection?.file ?? '']: reflection };
      const report = await grade(rubric, files, plainKey(rubric, solution));
      expect(isValid(reportSchema, JSON.parse(JSON.stringify(report)))).toBe(true);
      const graded = cellsOf(report);
      expect(graded.filter(({ outcome, reason }) => outcome === 'correct' && reason)).toEqual([]);
      expect(graded.filter(({ outcome, reason }) => outcome === 'wrong' && !reason)).toEqual([]);
      const phrases = graded.flatMap(({ cause, value }) =>
        cause?.kind === 'quantity' ? cause.name.split(', or: ').map((phrase) => ({ value, phrase })) : [],
      );
      for (const phrase of phrases) expect(quantities).toContainEqual(phrase);

      const [terminal, plain] = [renderTerminal(report, { hasColors: false }), renderPlain(report, {})];
      for (const shown of [terminal, plain]) expect(shown.split('\n').length).toBeLessThanOrEqual(40);
      expect((terminal.match(/^Next:/gm) ?? []).length).toBe(1);
      const lists = viewOf(report, { explanations: 'none' })
        .flat()
        .flatMap((block) => (block.kind === 'list' ? [block] : []));
      const reasons = lists.find(({ title }) => title === 'What to look at')?.items ?? [];
      expect(reasons.filter(({ pieces }) => pieces.length > 1).length).toBeLessThanOrEqual(3);

      const open = [...Object.values(files), JSON.stringify(rubric.tables), ...due].join();
      const shown = `${terminal}${plain}${renderMarkdown(report, [])}`;
      // Characters that no terminal can show appear as their code, such as \u{890}, which is not a number of the worksheet.
      const told = shown.replaceAll(/\\u\{[\da-f]+\}/g, '').match(/\b\d{3,}\b/g) ?? [];
      expect(told.filter((number) => Number(number) > 100 && !open.includes(number))).toEqual([]);
    }),
    { numRuns: tries(150) },
  );
});

test('of wrong rows that were written down before any hint, nearly all get a reason of their own', async () => {
  const learners: { row: string; rows: number; columns: number; idea: string }[] = parse(
    readFileSync(path.join(__dirname, 'learners.yaml'), 'utf8'),
  );
  // The sizes that the learners had, even if the worksheet now has others, or fewer rows.
  const rubric = { ...own.rubric, given: { model: 'LLaMA-7B', tokens: 100 } };
  const { expected } = own.solution;
  const key = plainKey(rubric, loadSolution(packageRoot, rubric, false));
  const known = learners.filter(({ row }) => expected.some(({ id }) => id === row));
  expect(known.length).toBeGreaterThan(learners.length / 2);
  const without: string[] = [];
  for (const { row, rows, columns, idea } of known) {
    const written = Object.entries({ rows, columns }).map(([id, value]) => ({ id, value }));
    const { cells } = await key.judge({ id: row, cells: written });
    expect(cells.some(({ verdict }) => verdict === 'wrong')).toBe(true);
    if (!cells.some(({ hint, quantity }) => hint ?? quantity)) without.push(`${row} ${idea}`);
  }
  expect([without, without.length <= known.length / 20]).toEqual([without, true]);
});

describe('the products that the page draws', () => {
  type Sizes = Readonly<Record<string, readonly [rows: number, columns: number]>>;
  const rubric = { ...own.rubric, selfCheck: 'scored' as const };
  const products = rubric.tables.flatMap(({ draw }) => draw?.products ?? []);

  /** All rows, filled in right. */
  function rightSizes(given: Course['rubric']['given']): Sizes {
    const solution = loadSolution(packageRoot, { ...rubric, given }, false);
    const numberIn = (id: string, column: string) => Number(expectedIn(solution, id, column)?.value);
    return Object.fromEntries(
      rowsOf(rubric).map(({ id }) => [id, [numberIn(id, 'rows'), numberIn(id, 'columns')]]),
    );
  }

  /** The products for a student's sizes, in which one row may be wrong. */
  function shown(sizes: Sizes, wrong?: string) {
    const rows = Object.entries(sizes).map(([name, sides]) => ({
      name,
      sides,
      size: sides.join(' × '),
      outcome: name === wrong ? ('wrong' as const) : ('correct' as const),
    }));
    return productsOf(rubric, rows);
  }

  test('fit, and are right, for each model', () => {
    for (const model of Object.keys(modelCards)) {
      const states = shown(rightSizes({ ...rubric.given, model })).map(({ state }) => state);
      expect([model, ...states]).toEqual([model, ...products.map(() => 'right')]);
    }
  });

  test('tell of each known wrong row whether it fits, and no number that the student did not type', () => {
    const right = rightSizes(rubric.given);
    const written: { row: string; rows: number; columns: number }[] = parse(
      readFileSync(path.join(__dirname, 'learners.yaml'), 'utf8'),
    );
    const known = own.solution.misconceptions.map(({ row, values }) => {
      const [rows, columns] = right[row] ?? [0, 0];
      return { row, rows: Number(values.rows ?? rows), columns: Number(values.columns ?? columns) };
    });
    for (const { row, rows, columns } of [...written, ...known]) {
      if (right[row] === undefined || right[row].join() === [rows, columns].join()) continue;
      const sizes: Sizes = { ...right, [row]: [rows, columns] };
      const sizeOf = (id: string) => sizes[id] ?? [0, 0];
      // As in matrix multiplication: m × k by k × n gives m × n.
      const states = products.map(({ left, right, turned, gives }) => {
        const [[m, k], second] = [sizeOf(left), sizeOf(right)];
        const [inner, n] = turned ? second.toReversed() : second;
        const doesFit = k === inner && (gives === undefined || sizeOf(gives).join() === [m, n].join());
        if (!doesFit) return 'misses';
        return [left, right, gives].includes(row) ? 'fits' : 'right';
      });
      const drawn = shown(sizes, row);
      expect([row, rows, columns, ...drawn.map(({ state }) => state)]).toEqual([
        row,
        rows,
        columns,
        ...states,
      ]);
      const typed = Object.values(sizes).flat();
      for (const { name, words, picture } of drawn) {
        expect(name + words).not.toMatch(/\d/);
        const shapes = [picture?.left, picture?.right, picture?.result];
        const numbers = shapes.flatMap((shape) => shape?.size.match(/\d+/g) ?? []).map(Number);
        expect(numbers.filter((number) => !typed.includes(number))).toEqual([]);
      }
    }
  });
});

test('work is graded at the sizes of rubric.yaml', () => {
  expect(loadGradingContext(packageRoot).key.digest).toBe(own.key.digest);
});

test('a half-done worksheet fits a terminal of 24 lines in npm run watch, below when it is due', async () => {
  const folder = path.join(packageRoot, 'solution', 'fixtures', 'half-done');
  const { key } = loadGradingContext(packageRoot, folder);
  const report = await gradeFolder(folder, { ...own.rubric, due: undefined }, key);
  const text = renderTerminal(report, { hasColors: false, changes: newsSince(undefined, report) });
  const shown = [watchBegins, text, watchEnds].join('\n').split('\n');
  expect(shown.length).toBeLessThanOrEqual(24);
});
