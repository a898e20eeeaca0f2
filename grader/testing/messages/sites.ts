import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { graderFolder } from '../../place';

const root = path.join(graderFolder, '..');

/** A place in the source that raises a message. */
export interface Site {
  /** The path from the root of the course, with forward slashes. */
  readonly file: string;
  /** `…` stands for the part that is not known here: all of it in a function that is given a code. */
  readonly code: string;
  /** Whether it is an error that stops the command. */
  readonly isError: boolean;
  /** Its words, with one entry per text in the source; `…` stands for inserted values. */
  readonly words: readonly string[];
}

/** Every place in the grader's source that raises a message, by file. */
export function sites(): Site[] {
  const sources = readdirSync(graderFolder, { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join('grader', file.split(path.sep).join('/')))
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|\/testing\/|\/dist\//.test(file))
    .sort()
    .map((file) =>
      ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true),
    );
  const factories = factoriesIn(sources);
  return sources.flatMap((source) => sitesIn(source, factories));
}

function sitesIn(source: ts.SourceFile, factories: ReadonlyMap<string, Factory>): Site[] {
  const found: Site[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const site = siteOf(node, source, factories);
      if (site) found.push(site);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function siteOf(
  node: ts.CallExpression | ts.NewExpression,
  source: ts.SourceFile,
  factories: ReadonlyMap<string, Factory>,
): Site | undefined {
  const given = node.arguments ?? [];
  const file = source.fileName;
  const factory = factories.get(nameOf(node.expression));
  const code = factory && given[factory.at];
  if (factory === undefined || code === undefined) return undefined;
  const words = given.slice(factory.at + 1).flatMap(wordsIn);
  const isKnown = isText(code);
  if (!isKnown && words.length === 0) return undefined;
  const known = isKnown ? wordsIn(code).join(' or ') : '…';
  // A function that takes source code raises no message.
  if (/[^\w/… -]/.test(known)) return undefined;
  return { file, code: known, isError: factory.isError, words };
}

/** A function or a class that takes the code of a message. */
interface Factory {
  /** The index of the code among the parameters. */
  readonly at: number;
  readonly isError: boolean;
}

function factoriesIn(sources: readonly ts.SourceFile[]): ReadonlyMap<string, Factory> {
  const found = new Map<string, Factory>();
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) {
      const at = node.parameters.findIndex(({ name }) => name.getText() === 'code');
      const name = ts.isConstructorDeclaration(node) ? node.parent.name : node.name;
      const type = ts.isConstructorDeclaration(node) ? name?.getText() : node.type?.getText();
      if (at >= 0 && name)
        found.set(`${ts.isMethodDeclaration(node) ? '.' : ''}${name.getText()}`, {
          at,
          isError: /Error|UnusableKey|never/.test(type ?? ''),
        });
    }
    ts.forEachChild(node, visit);
  };
  for (const source of sources) visit(source);
  return found;
}

/** The name that is called. Methods get a leading dot, to tell an object's `note` from a function `note`. */
function nameOf(expression: ts.Expression): string {
  return ts.isPropertyAccessExpression(expression) ? `.${expression.name.text}` : expression.getText();
}

/** The texts with words in an expression, and in the constants of its function that it names. */
function wordsIn(node: ts.Node): string[] {
  if (ts.isIdentifier(node)) {
    const value = constantOf(node);
    return value && isText(value) ? wordsIn(value) : [];
  }
  if (ts.isStringLiteralLike(node)) return /\p{L}/u.test(node.text) ? [node.text] : [];
  if (ts.isTemplateExpression(node)) {
    const inserted = node.templateSpans.flatMap(({ expression }) => wordsIn(expression));
    return [
      [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'),
      ...inserted,
    ];
  }
  const found: string[] = [];
  ts.forEachChild(node, (child) => {
    found.push(...wordsIn(child));
  });
  return found;
}

function isText(node: ts.Expression): boolean {
  if (ts.isConditionalExpression(node)) return isText(node.whenTrue) && isText(node.whenFalse);
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

function constantOf(name: ts.Identifier): ts.Expression | undefined {
  for (let scope: ts.Node = name.parent; !ts.isSourceFile(scope); scope = scope.parent) {
    if (!ts.isBlock(scope)) continue;
    for (const statement of scope.statements) {
      if (!ts.isVariableStatement(statement) || statement.end > name.pos) continue;
      const found = statement.declarationList.declarations.find(
        (one) => ts.isIdentifier(one.name) && one.name.text === name.text,
      );
      if (found?.initializer) return found.initializer;
    }
  }
  return undefined;
}
