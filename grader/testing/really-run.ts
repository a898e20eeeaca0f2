import { createContext, runInContext } from 'node:vm';
import { transformSync } from 'esbuild';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/**
 * Strips the types of a file, really runs it in a context of its own with a time limit, and returns its exports. The
 * reader is compared with this. It is only for tests, and only for files that the tests wrote.
 *
 * @throws any error that the file throws, and a syntax error that TypeScript finds.
 */
export function reallyRun(source: string): Record<string, unknown> {
  const { diagnostics = [] } = transpileModule(source, {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  if (diagnostics.length > 0) throw new SyntaxError('TypeScript refuses the file');
  // TypeScript's own output loses parentheses that are needed: it turns +(+1 as number) into ++1.
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
