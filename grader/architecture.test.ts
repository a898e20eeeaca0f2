import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { program } from './build';
import { packageRoot } from './testing/folders';

/** Files beside the folders that every folder may import. */
const base = ['message', 'message.schema', 'error', 'validate', 'platform'].map((name) => `grader/${name}`);

/** Folders that a line of a list names together, which may import each other, and what else they may import. */
interface Line {
  readonly folders: readonly string[];
  readonly imported: readonly string[];
}

/** Reads a list in CONTRIBUTING.md of who may import whom. */
function listOf(title: string): Line[] {
  const text = readFileSync(path.join(packageRoot, 'CONTRIBUTING.md'), 'utf8');
  const [, list = ''] = new RegExp(`\`\`\`${title}\\n([\\s\\S]*?)\`\`\``).exec(text) ?? [];
  return list
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [folders = [], imported = []] = line.split('->').map((side) => side.split(' ').filter(Boolean));
      return { folders: folders.map((folder) => (folder === '.' ? '' : folder)), imported };
    });
}

/** The imports that a folder may have. */
function importedBy(list: readonly Line[], folder: string): readonly string[] {
  return list
    .filter(({ folders }) => folders.includes(folder))
    .flatMap(({ folders, imported }) => [...folders, ...imported]);
}

/** The folders of `grader/`, and the files beside them, that each folder may import. */
const allowed = listOf('imports');
/** The class run, and the folders of it that each of its folders may import. */
const within = 'grader/class/';
const allowedWithin = listOf('imports class');

/** Files that may end the process: the wiring of commands. */
const mayExit = ['grader/command.ts'];
/** Files that may load a module known only at run time: the solution of a course. */
const mayLoad = ['grader/build.js', 'grader/key/course-module.ts'];
const worksheetNames =
  /\b(?:queries|scores|weights|llama|attention|embedding|softmax|dModel|nHeads|dHead)\b/i;

const escapes = 'grader/render/escape/';

const files = (folder: string) =>
  readdirSync(path.join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join(folder, file.split(path.sep).join('/')))
    .filter((file) => /\.(?:ts|js)$/.test(file) && !file.includes('/fixtures/'))
    .sort();
const isTest = (file: string) => file.endsWith('.test.ts') || file.startsWith('grader/testing/');
const read = (file: string) => readFileSync(path.join(packageRoot, ...file.split('/')), 'utf8');

/** Types of text that may be shown unchanged, by their names in render/escape. */
const safeTypes = new Set([
  'Safe',
  ...files(escapes).flatMap((file) =>
    [...read(file).matchAll(/export type (\w+) = Safe</g)].map(([, name = '']) => name),
  ),
]);

/** The folder of `grader/` that a file is in, or '' for a file beside the folders. */
const folderOf = (file: string) => {
  const [, folder, ...rest] = file.split('/');
  return rest.length > 0 ? (folder ?? '') : '';
};

/** The folder of the class run that a file is in, if it is in one. */
const roomOf = (file: string) =>
  file.startsWith(within) ? file.slice(within.length).split('/').slice(0, -1)[0] : undefined;

/** The imports of a file within this repository, in any form, as paths from its root. */
const imports = (file: string, text: string) =>
  ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => path.posix.join(path.posix.dirname(file), name));

/** Sources of what students get. */
const shipped = new Set(program('grade').inputs);

/** Importing types is free, but loading the schema library costs students 50 ms at each start. */
const schemaImport = /^import (?!type ).* from '(?:@sinclair\/typebox|[./].*\.schema)';$/m;

/** The rules that a file breaks, given its folder. */
function violations(file: string, text: string): string[] {
  const imported = imports(file, text);
  if (!file.startsWith('grader/'))
    return imported.filter((name) => name.startsWith('grader')).map((name) => `imports ${name}`);
  const from = folderOf(file);
  const may = importedBy(allowed, from).flatMap((name) => [name, `grader/${name}`]);
  const isBase = base.includes(file.replace(/\.ts$/, ''));
  const foreign = imported.filter((name) => {
    if (isBase) return !name.startsWith('grader/message');
    const place = folderOf(name) || name;
    if (from === '' && place === name) return false;
    return !name.startsWith('grader/') || !(base.includes(name) || may.includes(place));
  });
  const room = roomOf(file);
  const against = imported.filter((name) => {
    const to = roomOf(name);
    return (
      room && name.startsWith(within) && to !== room && !(to && importedBy(allowedWithin, room).includes(to))
    );
  });
  const isForStudents = shipped.has(file) && !file.endsWith('.schema.ts');
  return [
    ...[...foreign, ...against].map((name) => `imports ${name}`),
    ...(isForStudents && schemaImport.test(text) ? ['loads a schema, which takes its library'] : []),
    ...inSyntax(file, text),
    ...(worksheetNames.test(text) ? ['names a part of this worksheet'] : []),
  ];
}

/** Codes of the system, or of a library. */
const foreignCode = /^'(?:E[A-Z]{2,}|ERR_\w+|\w+Error|MODULE_NOT_FOUND)'$/;

/** Whether a node makes a decision by the text or the code of a message, and not by another field of it. */
function readsWords(node: ts.Node, source: ts.SourceFile): boolean {
  const isCode = (of: ts.Node) => /(?:^|[.?])code$/.test(of.getText(source));
  const isText = (of: ts.Node) =>
    /\b(?:reason|message|error|remark)\??\.(?:text|message)$/.test(of.getText(source));
  if (ts.isBinaryExpression(node)) {
    const sign = node.operatorToken.kind;
    const compares =
      sign === ts.SyntaxKind.EqualsEqualsEqualsToken || sign === ts.SyntaxKind.ExclamationEqualsEqualsToken;
    const sides = [node.left, node.right];
    const literal = sides.find((side) => ts.isStringLiteral(side));
    return (
      compares &&
      literal !== undefined &&
      !foreignCode.test(literal.getText(source)) &&
      sides.some((side) => isCode(side) || isText(side))
    );
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { expression: of, name } = node.expression;
  if (/^(?:startsWith|endsWith|includes|match|replace|search)$/.test(name.text) && isText(of)) return true;
  return (
    (name.text === 'includes' && node.arguments.some(isCode) && !/E[A-Z]{2,}/.test(of.getText(source))) ||
    (name.text === 'startsWith' && isCode(of) && node.arguments[0]?.getText(source) !== "'E'")
  );
}

function inSyntax(file: string, text: string): string[] {
  const found: string[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mayMakeSafe = file.startsWith(escapes);
  const safe = new Set(safeTypes);
  /** Whether a type contains a safe type anywhere. */
  const isSafe = (type: ts.Node | undefined): boolean => {
    if (type === undefined) return false;
    if (ts.isIdentifier(type) && safe.has(type.text)) return true;
    return ts.forEachChild(type, (child) => isSafe(child) || undefined) ?? false;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportSpecifier(node) && node.propertyName && safe.has(node.propertyName.text))
      safe.add(node.name.text);
    if (ts.isTypeAliasDeclaration(node) && isSafe(node.type)) {
      safe.add(node.name.text);
      const isWhole = ts.isTypeReferenceNode(node.type) || ts.isUnionTypeNode(node.type);
      if (isWhole && !mayMakeSafe) found.push('renames a safe type');
    }
    if (ts.isTypeParameterDeclaration(node) && isSafe(node.constraint)) safe.add(node.name.text);
    if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) {
      const type = node.type.getText(source);
      if (isSafe(node.type) && !mayMakeSafe) found.push(`makes text safe: ${type}`);
      if (node.type.kind === ts.SyntaxKind.NeverKeyword) found.push('casts to what fits everywhere');
    }
    if (ts.isTypePredicateNode(node) && isSafe(node.type) && !mayMakeSafe) found.push('takes text for safe');
    if (ts.isCallExpression(node)) {
      const callee = node.expression.getText(source);
      const [argument] = node.arguments;
      const loads = callee === 'require' || node.expression.kind === ts.SyntaxKind.ImportKeyword;
      if (loads && !(argument && ts.isStringLiteral(argument)) && !mayLoad.includes(file))
        found.push('loads what its name does not tell');
    }
    const isProcess = (of: ts.Expression) => of.getText(source) === 'process';
    const exits =
      (ts.isPropertyAccessExpression(node) && isProcess(node.expression) && node.name.text === 'exit') ||
      (ts.isElementAccessExpression(node) && isProcess(node.expression)) ||
      (ts.isImportSpecifier(node) && (node.propertyName ?? node.name).text === 'exit');
    if (exits && !mayExit.includes(file)) found.push('ends the process');
    if (
      ts.isIdentifier(node) &&
      node.text === '__dirname' &&
      file.endsWith('.ts') &&
      file !== 'grader/files.ts'
    )
      found.push('lies elsewhere once it is built');
    if (readsWords(node, source)) found.push('decides by the words or the code of a message');
    if (ts.isIdentifier(node) && node.text === 'createRequire' && !mayLoad.includes(file))
      found.push('loads what its name does not tell');
    ts.forEachChild(node, visit);
  };
  visit(source);
  // In JavaScript a type in a comment is a cast.
  if (file.endsWith('.js') && [...safe].some((name) => new RegExp(`\\b${name}\\b`).test(text)))
    found.push('names a safe type');
  return found;
}

test.each([...files('grader'), ...files('solution'), ...files('assignment')].filter((file) => !isTest(file)))(
  '%s keeps to its place',
  (file) => {
    expect(violations(file, read(file))).toEqual([]);
  },
);

test.each([
  ['of the grader', allowed],
  ['of the class run', allowedWithin],
])('the list of imports %s points one way', (_name, list) => {
  const lineOf = (name: string) => list.findIndex(({ folders }) => folders.includes(name));
  const against = list.flatMap(({ folders, imported }, index) =>
    imported.filter((name) => lineOf(name) >= index).map((name) => `${folders} -> ${name}`),
  );
  expect(against).toEqual([]);
  expect(list.length).toBeGreaterThan(1);
});

test('each folder of the class run is in its list', () => {
  const rooms = new Set(files(within).flatMap((file) => roomOf(file) ?? []));
  expect([...rooms].sort()).toEqual(allowedWithin.flatMap(({ folders }) => folders).sort());
});

test('no two files import each other, by whatever way round', () => {
  const all = [...files('grader'), ...files('solution')].filter(
    (file) => file.endsWith('.ts') && !isTest(file),
  );
  const imported = new Map(
    all.map((file) => [
      file,
      imports(file, read(file))
        .map((name) => `${name}.ts`)
        .filter((name) => all.includes(name)),
    ]),
  );
  const done = new Set<string>();
  const circleFrom = (file: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const name of imported.get(file) ?? []) {
      const found = circleFrom(name, [...way, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  expect(all.flatMap((file) => circleFrom(file, []) ?? [])).toEqual([]);
});

describe('where to change what, as CONTRIBUTING.md says', () => {
  const text = readFileSync(path.join(packageRoot, 'CONTRIBUTING.md'), 'utf8');
  const [, table = ''] = /## Where to change what\n([\s\S]*?)\n## /.exec(text) ?? [];
  const named = [...table.matchAll(/`([\w./-]+(?:\.\w+|\/))`/g)].map(([, name = '']) => name);
  const everything = ['grader', 'solution'].flatMap((folder) =>
    readdirSync(path.join(packageRoot, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      path.posix.join(folder, file.split(path.sep).join('/')),
    ),
  );

  test.each(named.filter((name) => !/^(?:rubric\.yaml|\*)/.test(name)))('there is %s', (name) => {
    const end = name.replace(/\/$/, '');
    expect(everything.filter((file) => file === end || file.endsWith(`/${end}`))).not.toEqual([]);
  });

  test.each([
    ['a kind of answer', 'grader/kinds/', 'grader/kinds/registry.ts', ['kind', 'numeric', 'quoted']],
    ['a host', 'grader/hosts/', 'grader/hosts/registry.ts', ['host', 'bundled']],
  ])('%s is a file or a folder, and a line of its list', (_name, folder, registry, shared) => {
    const own = readdirSync(path.join(packageRoot, folder), { withFileTypes: true })
      .filter(
        (entry) =>
          entry.isDirectory() || (/\.ts$/.test(entry.name) && !/\.(?:test|schema)\.ts$/.test(entry.name)),
      )
      .map((entry) => (entry.isDirectory() ? `${entry.name}/host` : entry.name.replace(/\.ts$/, '')))
      .filter((name) => name !== 'registry' && !shared.includes(name));
    const listed = imports(registry, read(registry)).map((name) => name.slice(folder.length));
    expect(own.length).toBeGreaterThan(2);
    expect(listed.filter((name) => !shared.includes(name)).sort()).toEqual(own.sort());
  });
});

test('the grader’s tests name no part of this worksheet either', () => {
  const told = files('grader').filter(
    (file) => file !== 'grader/architecture.test.ts' && worksheetNames.test(read(file)),
  );
  expect(told).toEqual([]);
});

test('there is a safe type for each place where text is shown', () => {
  expect([...safeTypes].sort()).toEqual([
    'ActionsText',
    'CsvText',
    'HtmlText',
    'JsonText',
    'MarkdownText',
    'Safe',
    'TerminalText',
  ]);
});

describe('what would break the rules is seen', () => {
  const rendering = 'grader/render/markdown.ts';
  const planted: [what: string, file: string, text: string, says: string][] = [
    [
      'an import against the one direction',
      'grader/rubric/load.ts',
      "import '../grading/score';",
      'imports grader/grading/score',
    ],
    [
      'an import against the direction of the class run',
      'grader/class/members/roster.ts',
      "import '../pages/vote';",
      'imports grader/class/pages/vote',
    ],
    [
      'an import of what joins the parts of the class run',
      'grader/class/pages/vote.ts',
      "import '../outputs';",
      'imports grader/class/outputs',
    ],
    ['an import of what students do not have', rendering, "import '../files';", 'imports grader/files'],
    [
      'an import that makes every start slower',
      'grader/rubric/load.ts',
      "import { RubricFileSchema } from './file.schema';",
      'loads a schema, which takes its library',
    ],
    [
      'an import of the answer key',
      'grader/grading/score.ts',
      "import '../../solution';",
      'imports solution',
    ],
    ['a require', 'grader/jest/setup.js', "require('../files');", 'imports grader/files'],
    ['a dynamic import', rendering, "void import('../files');", 'imports grader/files'],
    [
      'a type that is imported in place',
      rendering,
      "type A = import('../course').Course;",
      'imports grader/course',
    ],
    ['an export from elsewhere', rendering, "export * from '../files';", 'imports grader/files'],
    [
      'a require of a name that is put together',
      rendering,
      'require(name);',
      'loads what its name does not tell',
    ],
    [
      'an import of a name that is put together',
      rendering,
      'void import(name);',
      'loads what its name does not tell',
    ],
    [
      'something that the rest builds on, and that builds on the rest',
      'grader/error.ts',
      "import './grading/score';",
      'imports grader/grading/score',
    ],
    [
      'the grader in the solution',
      'solution/derive.ts',
      "import { score } from '../grader/score';",
      'imports grader/score',
    ],
    [
      'the grader in the assignment',
      'assignment/shape-table.ts',
      "import '../grader/score';",
      'imports grader/score',
    ],
    ...['TerminalText', 'MarkdownText', 'ActionsText', 'HtmlText', 'CsvText', 'JsonText'].map(
      (name) =>
        [`a cast to ${name}`, rendering, `const a = text as ${name};`, `makes text safe: ${name}`] as [
          string,
          string,
          string,
          string,
        ],
    ),
    ['a cast to Safe itself', rendering, "const a = text as Safe<'html'>;", "makes text safe: Safe<'html'>"],
    [
      'a cast by way of unknown',
      rendering,
      'const a = text as unknown as HtmlText;',
      'makes text safe: HtmlText',
    ],
    ['a cast in angle brackets', rendering, 'const a = <HtmlText>text;', 'makes text safe: HtmlText'],
    [
      'a cast to a type under another name',
      rendering,
      "import type { HtmlText as H } from './escape/html'; const a = text as H;",
      'makes text safe: H',
    ],
    ['a cast to a list', rendering, 'const a = texts as TerminalText[];', 'makes text safe: TerminalText[]'],
    [
      'a cast to one of two',
      rendering,
      'const a = text as HtmlText | undefined;',
      'makes text safe: HtmlText | undefined',
    ],
    [
      'a cast to a map',
      rendering,
      'const a = texts as Map<string, HtmlText>;',
      'makes text safe: Map<string, HtmlText>',
    ],
    [
      'a cast to an object',
      rendering,
      'const a = thing as { text: HtmlText };',
      'makes text safe: { text: HtmlText }',
    ],
    [
      'a cast to a qualified name',
      rendering,
      'const a = text as escape.HtmlText;',
      'makes text safe: escape.HtmlText',
    ],
    [
      'a cast to a parameter of a type',
      rendering,
      'function f<T extends HtmlText>(a: string) { return a as T }',
      'makes text safe: T',
    ],
    ['a cast to never', rendering, 'const a = text as never;', 'casts to what fits everywhere'],
    ['an end of the process by another way', rendering, "process['exit'](0);", 'ends the process'],
    [
      'an end of the process by an import',
      rendering,
      "import { exit } from 'node:process';",
      'ends the process',
    ],
    [
      'a file that is found from the source',
      rendering,
      'const a = path.join(__dirname, name);',
      'lies elsewhere once it is built',
    ],
    ['a require that is made', rendering, "createRequire('x')('y');", 'loads what its name does not tell'],
    ['another name for a safe type', rendering, 'type H = HtmlText;', 'renames a safe type'],
    [
      'a guard that takes text for safe',
      rendering,
      'function is(text: string): text is HtmlText { return true }',
      'takes text for safe',
    ],
    [
      'a cast in a comment of JavaScript',
      'grader/jest/reporter.js',
      '/** @type {HtmlText} */ (text);',
      'names a safe type',
    ],
    [
      'a decision by a code',
      'grader/grading/judge.ts',
      "const a = reason.code === 'cell/wrong';",
      'decides by the words or the code of a message',
    ],
    [
      'a decision by words',
      'grader/grading/judge.ts',
      "const a = reason.text.includes('not right');",
      'decides by the words or the code of a message',
    ],
    ['an end of the process', 'grader/jest/reporter.js', 'process.exit(0);', 'ends the process'],
    [
      'a matrix by its name',
      'grader/grading/judge.ts',
      'const queries = 1;',
      'names a part of this worksheet',
    ],
  ];
  test.each(planted)('%s', (_name, file, text, says) => {
    expect(violations(file, text)).toEqual([says]);
  });

  test('and what is allowed is not', () => {
    expect(violations('grader/render/escape/html.ts', 'const a = text as HtmlText;')).toEqual([]);
    expect(
      violations(rendering, "import { plain } from './escape/terminal'; const a = text as Table;"),
    ).toEqual([]);
    expect(violations('grader/cli.ts', "require('./grading/context');")).toEqual([]);
  });
});
