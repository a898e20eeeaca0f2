import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { program } from './build';
import { listFiles } from './system/files';
import { packageRoot } from './testing/folders';

// Checks that neither the compiler nor the linter makes: which file may import which, and where text becomes safe to show.

const { SyntaxKind: Kind } = ts;

/** A slash after one of these is a division. */
const values = [Kind.Identifier, Kind.ThisKeyword, Kind.CloseParenToken, Kind.CloseBracketToken].concat(
  Kind.CloseBraceToken,
);

const read = (file: string) => readFileSync(path.join(packageRoot, ...file.split('/')), 'utf8');
const everything = ['assignment', 'bench', 'examples', 'grader', 'solution'].flatMap((folder) =>
  listFiles(packageRoot, folder).filter((file) => !/\/(?:node_modules|dist|\.graded)\//.test(file)),
);

const contributing = read('CONTRIBUTING.md');

/** Files outside the folders that all of them may import. */
const base = /^grader\/(?:message|schema|validate|system\/.*)$/;

const safe = '\\b(?:Safe|(?:Actions|Csv|Html|Json|Markdown|Terminal)Text)\\b';

test('every file keeps to its place', () => {
  const faults = [...sources]
    .filter(([file]) => /^(?:grader|solution|assignment)\//.test(file))
    .flatMap(([file, source]) => faultsOf(file, source).map((fault) => `${file} ${fault}`));
  expect(faults).toEqual([]);
});

test('what does not keep to its place is told', () => {
  const view = 'grader/render/view-markdown.ts';
  const cases = [
    ['grader/rubric/load.ts', "import '../grading/score';", 'imports grader/grading/score'],
    ['grader/class/members/roster.ts', "import '../pages/layout';", 'imports grader/class/pages/layout'],
    ['grader/class/pages/layout.ts', "import '../outputs';", 'imports grader/class/outputs'],
    ['grader/message.ts', "import './grading/score';", 'imports grader/grading/score'],
    ['solution/derive.ts', "import { score } from '../grader/score';", 'imports grader/score'],
    ['grader/jest/setup.js', "require('../files');", 'imports grader/files'],
    [view, "void import('../files');", 'imports grader/files'],
    [view, "type A = import('../course').Course;", 'imports grader/course'],
    ['grader/jest/reporter.js', '/** @type {HtmlText} */ (text);', 'makes text safe to show'],
    ...rules.flatMap(({ says, forms }) => forms.map((form) => [view, form, says])),
  ] as const;
  const told = cases.map(([file = '', text = '']) => [file, text, ...faultsOf(file, sourceOf(text))]);
  expect(told).toEqual(cases);
});

test('the lists of imports point one way, and name every folder', () => {
  for (const [home, list] of lists) {
    const lineOf = (name: string) => list.findIndex(({ folders }) => folders.includes(name));
    for (const [index, { imported }] of list.entries())
      for (const name of imported) if (lineOf(name) >= 0) expect(lineOf(name)).toBeLessThan(index);
    const folders = new Set([...sources.keys()].filter((file) => file.startsWith(home)));
    const named = ['.', 'system', 'testing', ...list.flatMap(({ folders }) => folders)];
    expect([...folders].filter((file) => !named.includes(partOf(home, file)))).toEqual([]);
  }
});

test('no two files import each other, by whatever way round', () => {
  const left = new Map([...sources].map(([file, source]) => [file, importsOf(file, source)]));
  const isFree = (names: readonly string[]) =>
    names.every((name) => !left.has(`${name}.ts`) && !left.has(name));
  for (let before = 0; before !== left.size; ) {
    before = left.size;
    for (const [file, names] of left) if (isFree(names)) left.delete(file);
  }
  expect([...left.keys()]).toEqual([]);
});

test('the grader names no part of this worksheet, and neither do its tests', () => {
  const names = /\b(?:queries|llama|attention|embedding|softmax|dModel|nHeads|dHead)\b/i;
  const told = everything.filter(
    (file) => /^grader\/(?!architecture).*\.[jt]s$/.test(file) && names.test(read(file)),
  );
  expect(told).toEqual([]);
});

test('students’ programs load no schema library, which would slow down each of their starts', () => {
  const { inputs } = program('grade');
  expect(inputs).toContain('grader/cli.ts');
  expect(inputs.filter((file) => /typebox|\.schema\.ts$/.test(file))).toEqual([]);
});

test('pages load no library that makes a program of a text, which their policy forbids', () => {
  for (const page of ['page', 'gradingPage'] as const) {
    const { code, inputs } = program(page);
    expect([page, ...inputs.filter((file) => file.includes('/ajv/'))]).toEqual([page]);
    expect(code).not.toMatch(/\bnew Function\b/);
  }
});

interface Source {
  readonly text: string;
  /** Without comments, and with one space between any two tokens, so that a pattern finds code. */
  readonly code: string;
}

/** Reads the tokens of a file. */
function sourceOf(text: string): Source {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text);
  const found: string[] = [];
  const braces: ts.SyntaxKind[] = [];
  let last = Kind.Unknown;
  const isLiteral = () => last >= Kind.FirstLiteralToken && last <= Kind.LastTemplateToken;
  /** The kind of a token may depend on the tokens before it. */
  const scanAgain = (kind: ts.SyntaxKind) => {
    if (kind === Kind.SlashToken && !values.includes(last) && !isLiteral()) scanner.reScanSlashToken();
    if (kind === Kind.GreaterThanToken && text[scanner.getTokenEnd()] === '=') scanner.reScanGreaterToken();
    if (kind === Kind.CloseBraceToken && braces.pop() !== Kind.OpenBraceToken)
      scanner.reScanTemplateToken(false);
  };
  while (scanner.scan() !== Kind.EndOfFileToken) {
    scanAgain(scanner.getToken());
    last = scanner.getToken();
    if ([Kind.OpenBraceToken, Kind.TemplateHead, Kind.TemplateMiddle].includes(last)) braces.push(last);
    found.push(scanner.getTokenText());
  }
  return { text, code: found.join(' ') };
}

/** The program, without tests or files that only tests use. */
const sources = new Map(
  [...everything, 'jest.config.js']
    .filter((file) => /\.(?:[cm]?js|ts)$/.test(file))
    .filter((file) => !/\.test\.ts$|^grader\/testing\/|(?:^|\/)(?:fixtures|reference)\//.test(file))
    .map((file) => [file, sourceOf(read(file))]),
);

/** A list of what may import what: the folders in each line, and what else these may import. */
function listOf(title: string) {
  const [, list = ''] = new RegExp(`\`\`\`${title}\\n([\\s\\S]*?)\\n\`\`\``).exec(contributing) ?? [];
  return list.split('\n').map((line) => {
    const [folders = [], imported = []] = line.split('->').map((side) => side.match(/[\w.][\w.-]*/g) ?? []);
    return { folders: folders as readonly string[], imported: imported as readonly string[] };
  });
}

/** Each list, by the folder that contains its parts. */
const lists = [
  ['grader/', listOf('imports')],
  ['grader/class/', listOf('imports class')],
] as const;

/** The part of a folder that a file is in; '.' if it is directly in the folder. */
const partOf = (home: string, file: string) => {
  const steps = file.slice(home.length).split('/');
  return steps.length > 1 ? String(steps[0]) : '.';
};

function mayImport(file: string, name: string): boolean {
  // Every program contains its version.
  if (name === 'package.json') return true;
  if (!file.startsWith('grader/')) return !name.startsWith('grader/');
  if (base.test(file.replace(/\.ts$/, ''))) return /^grader\/(?:message|schema|system\/)/.test(name);
  if (!name.startsWith('grader/')) return false;
  return lists.every(([home, list]) => {
    if (!file.startsWith(home) || !name.startsWith(home) || base.test(name)) return true;
    const [from, to] = [partOf(home, file), partOf(home, name)];
    const line = list.find(({ folders }) => folders.includes(from));
    // Files directly in the class folder connect its rooms.
    if (!line) return from === '.';
    return [...line.folders, ...line.imported].includes(to === '.' && from !== '.' ? name.slice(7) : to);
  });
}

/** The imports of a file within this repository, in any syntax, as paths from its root. */
const importsOf = (file: string, { code }: Source) =>
  [...code.matchAll(/\b(?:from|import|(?:require|import) \() '(\.[^']*)'/g)].map(([, name = '']) =>
    path.posix.join(path.posix.dirname(file), name),
  );

/** Code that only some files may contain. */
interface Rule {
  readonly says: string;
  readonly pattern: RegExp;
  /** The files that may contain it. */
  readonly except: RegExp;
  /** An example of each form in which it can be written. */
  readonly forms: readonly string[];
}

const rules: readonly Rule[] = [
  {
    says: 'makes text safe to show',
    pattern: new RegExp(
      ` as never\\b| as [^;)=]*?${safe}|[=(,?:] < (?:\\w+ \\. )?${safe}|\\bis [^;{=]*${safe}|extends ${safe}|${safe} as |\\btype \\w+ = [^;{]*${safe}`,
    ),
    except: /^grader\/render\/escape\//,
    forms: [
      'const a = text as never;',
      'const a = text as unknown as TerminalText[];',
      'const a = thing as { text: escape.JsonText };',
      'const a = <MarkdownText>text;',
      'function is(text: string): text is ActionsText { return true }',
      'function f<T extends HtmlText>(a: string) { return a as T }',
      "import type { HtmlText as H } from './escape/html';",
      "type H = Safe<'html'>;",
    ],
  },
  {
    says: 'ends the process',
    pattern: /\bprocess (?:\. exit\b|\[)|\bimport \{[^}]* exit\b/,
    except: /^grader\/(?:command\.ts|node-version\.js|key\/course-module\.ts)$/,
    forms: ['process.exit(0);', "process['exit'](0);", "import { exit } from 'node:process';"],
  },
  {
    says: 'loads what its name does not tell',
    pattern: /\b(?:require|import) \( (?!')|\bcreateRequire\b/,
    except: /^grader\/(?:build\.js|key\/course-module\.ts)$/,
    forms: ['require(name);', 'void import(name);', "createRequire('x')('y');"],
  },
  {
    says: 'lies elsewhere once it is built',
    pattern: /(?<!')\b__dirname\b/,
    except: /\.js$|^grader\/system\/files\.ts$/,
    forms: ['const a = path.join(__dirname, name);'],
  },
  {
    says: 'decides by the words or the code of a message',
    pattern:
      /\bcode [!=]== '(?!E[A-Z]{2,}'|ERR_|MODULE_|string'|number')|\b(?:reason|message|error|remark) \??\. (?:text|message) (?:[!=]== '|\??\. (?:startsWith|endsWith|includes|match|replace|search)\b)/,
    except: /^$/,
    forms: ["const a = reason.code === 'cell/wrong';", "const a = reason.text.includes('not right');"],
  },
];

const faultsOf = (file: string, source: Source) => [
  ...importsOf(file, source).flatMap((name) => (mayImport(file, name) ? [] : `imports ${name}`)),
  ...rules.flatMap(({ says, pattern, except }) =>
    file.startsWith('grader/') && pattern.test(source.code) && !except.test(file) ? says : [],
  ),
  // In JavaScript, a type in a comment acts as a cast.
  ...(file.endsWith('.js') && new RegExp(safe).test(source.text) ? ['makes text safe to show'] : []),
];
