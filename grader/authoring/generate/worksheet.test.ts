import ts from 'typescript';
import { parseRubric } from '../../rubric/load';
import { answersText, worksheetFiles } from './worksheet';

/** Every kind of answer, in two tables, with labels that could break a comment or a string. */
const rubric = parseRubric(`title: "Odd */ labels \`\${x}\` // here"
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
  const files = new Map(Object.entries({ ...worksheetFiles(rubric), 'work/answers.ts': answers }));
  const options = { strict: true, noEmit: true, noLib: true, types: [], module: ts.ModuleKind.CommonJS };
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    fileExists: (file) => files.has(file),
    readFile: (file) => files.get(file),
    getSourceFile: (file, target) => ts.createSourceFile(file, files.get(file) ?? '', target),
    getCurrentDirectory: () => '',
    resolveModuleNameLiterals: (names) =>
      names.map(() => ({
        resolvedModule: { resolvedFileName: 'work/worksheet.ts', extension: ts.Extension.Ts },
      })),
  };
  const program = ts.createProgram(['work/answers.ts'], options, host);
  const found = [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

const stub = worksheetFiles(rubric)['work/answers.ts'] ?? '';
const filled = (column: string, text: string) =>
  `import type { First, Second } from './worksheet';\n${answersText(rubric, (row, { id }) =>
    row === 'row' && id === column ? text : 'null',
  )
    .replace('first =', 'first: First =')
    .replace('second =', 'second: Second =')}`;

test('the stub compiles whatever labels and options hold, and so do right kinds of answers', () => {
  expect(complaints(stub)).toEqual([]);
  for (const [column, text] of [
    ['many', '2 * 3'],
    ['size', '1 / 3'],
    ['word', "'any'"],
    ['best', "'it\\'s'"],
    ['best', "'c\\\\d'"],
    ['best', '"7"'],
  ] as const)
    expect(complaints(filled(column, text))).toEqual([]);
});

test('the types tell an editor what does not fit a cell', () => {
  expect(complaints(filled('many', "'six'"))).toEqual(["Type 'string' is not assignable to type 'number'."]);
  expect(complaints(filled('word', '6'))).toEqual(["Type 'number' is not assignable to type 'string'."]);
  expect(complaints(filled('best', "'its'"))[0]).toContain('is not assignable to type');
  expect(complaints(stub.replace('short: { many: null, ', 'short: { size: 1, many: null, '))[0]).toContain(
    "'size' does not exist",
  );
});

test('the stub says what a cell cannot say by its name', () => {
  expect(stub).toContain('// size: Size in km²/h, within 1%\n');
  expect(stub).toContain("// best: Best, one of 'it\\'s', 'a \"b\"', 'c\\\\d', '*/', '7'\n");
  expect(stub).toContain('  // word: Own */ name\n');
});
