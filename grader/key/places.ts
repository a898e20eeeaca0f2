import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Node, SourceFile } from 'typescript';

type Compiler = typeof import('typescript');

/** Returns where a file exports a name, or something inside it with the given names: `solution/derive.ts:18:17`. */
export function placeIn(root: string, file: string, exported: string, names: readonly string[]): string {
  // Loading it takes a tenth of a second, so only a fault that needs a place loads it.
  const compiler = require('typescript') as Compiler;
  const found = definitionOf(compiler, root, file, exported);
  if (!found) return file;
  // A part may also be outside of the definition, such as in a list above that it works with.
  let within: Node = found.source;
  let node: Node = found.node;
  for (const name of names) {
    const inner = nodeNamed(compiler, within, name);
    if (!inner) break;
    node = inner;
    within = inner.parent;
  }
  const { line, character } = found.source.getLineAndCharacterOfPosition(node.getStart(found.source));
  return `${found.file}:${line + 1}:${character + 1}`;
}

interface Definition {
  readonly file: string;
  readonly source: SourceFile;
  readonly node: Node;
}

/** Finds the definition of a name that a file exports, possibly from another file. */
function definitionOf(compiler: Compiler, root: string, file: string, name: string): Definition | undefined {
  if (!existsSync(path.join(root, file))) return undefined;
  const text = readFileSync(path.join(root, file), 'utf8');
  const source = compiler.createSourceFile(file, text, compiler.ScriptTarget.Latest, true);
  for (const statement of source.statements) {
    if (compiler.isFunctionDeclaration(statement) && statement.name?.text === name)
      return { file, source, node: statement.name };
    if (compiler.isVariableStatement(statement)) {
      const declared = statement.declarationList.declarations.find(
        (declaration) => compiler.isIdentifier(declaration.name) && declaration.name.text === name,
      );
      if (declared) return { file, source, node: declared.name };
    }
    const clause = compiler.isExportDeclaration(statement) ? statement.exportClause : undefined;
    if (!clause || !compiler.isNamedExports(clause)) continue;
    const exported = clause.elements.find((element) => element.name.text === name);
    if (!exported) continue;
    const from = (statement as { moduleSpecifier?: Node }).moduleSpecifier;
    const other =
      from && compiler.isStringLiteral(from) ? path.posix.join(path.posix.dirname(file), from.text) : '';
    const original = (exported.propertyName ?? exported.name).text;
    return definitionOf(compiler, root, `${other}.ts`, original) ?? { file, source, node: exported };
  }
  return undefined;
}

/** Finds the first property or text with a name in a part of a file. */
function nodeNamed(compiler: Compiler, within: Node, name: string): Node | undefined {
  const isIt =
    (compiler.isPropertyAssignment(within) &&
      (compiler.isIdentifier(within.name) || compiler.isStringLiteral(within.name)) &&
      within.name.text === name) ||
    (compiler.isShorthandPropertyAssignment(within) && within.name.text === name);
  if (isIt) return within.name;
  if (compiler.isStringLiteral(within) && within.text === name) return within;
  return compiler.forEachChild(within, (child) => nodeNamed(compiler, child, name));
}
