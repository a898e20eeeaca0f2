import { createContext, runInContext } from 'node:vm';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/**
 * What a file's exports are when it is compiled by TypeScript and really run. This is the oracle that
 * reading is held against; it is for files that the tests wrote, and only for tests.
 *
 * @throws whatever the file throws, and where TypeScript finds a syntax error.
 */
export function reallyRun(source: string): Record<string, unknown> {
  const { outputText, diagnostics = [] } = transpileModule(source, {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  if (diagnostics.length > 0) throw new SyntaxError('TypeScript refuses the file');
  const exports: Record<string, unknown> = {};
  const silent = new Proxy({}, { get: () => () => undefined });
  const context = createContext({ exports, console: silent, require: () => ({}) });
  runInContext(outputText, context, { timeout: 60_000 });
  return exports;
}
