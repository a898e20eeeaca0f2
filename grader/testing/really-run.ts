import { createContext, runInContext } from 'node:vm';
import { transformSync } from 'esbuild';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/**
 * What a file's exports are when its types are stripped and it really runs, in a context of its own
 * with a limit on its time. This is the oracle that reading is held against; it is for files that the
 * tests wrote, and only for tests.
 *
 * @throws whatever the file throws, and where TypeScript finds a syntax error.
 */
export function reallyRun(source: string): Record<string, unknown> {
  const { diagnostics = [] } = transpileModule(source, {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  if (diagnostics.length > 0) throw new SyntaxError('TypeScript refuses the file');
  // TypeScript's own output loses brackets that are needed: of +(+1 as number) it makes ++1.
  const { code } = transformSync(source, {
    loader: 'ts',
    format: 'cjs',
    target: 'es2022',
    logLevel: 'silent',
    tsconfigRaw: '{}',
  });
  const module = { exports: {} };
  const silent = new Proxy({}, { get: () => () => undefined });
  runInContext(code, createContext({ module, console: silent, require: () => ({}) }), { timeout: 10_000 });
  return module.exports;
}
