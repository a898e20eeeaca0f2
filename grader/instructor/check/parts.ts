import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { flattenDiagnosticMessageText, transpileModule } from 'typescript';
import { at, filesBelow, readFile } from '../files';
import { importsOf } from '../imports';
import { broken, type Check, type Finding } from './check';

interface Package {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages?: Readonly<Record<string, Package & { readonly dev?: boolean }>>;
}

/** What students are told to run, and what runs that. */
const scripts = ['test', 'watch', 'autograde', 'grade', 'types'];

export const parts: Check = {
  promise: "The students' copy has every script, file and package that it uses",
  find: ({ root }, copy) => {
    const { scripts: has = {}, dependencies = {} } = JSON.parse(readFile(copy, 'package.json')) as Package;
    return [
      ...scripts
        .filter((name) => !has[name])
        .map((name) =>
          broken(
            `The copy has no npm run ${name}. Put the script ${name === 'test' ? 'autograde' : name} into package.json.`,
          ),
        ),
      ...slips(copy),
      ...lock(root),
      ...lock(copy),
      ...imports(copy, dependencies),
    ];
  },
};

/** Files that are no TypeScript; what types say of the rest, npm run types tells. */
function slips(copy: string): Finding[] {
  return filesBelow(copy)
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const { diagnostics: [first] = [] } = transpileModule(readFile(copy, file), {
        reportDiagnostics: true,
      });
      if (!first) return [];
      const line = (first.file?.getLineAndCharacterOfPosition(first.start ?? 0).line ?? 0) + 1;
      return [
        broken(`${file}:${line} does not compile: ${flattenDiagnosticMessageText(first.messageText, ' ')}`),
      ];
    });
}

/** The lock is of this package.json: npm ci refuses any other. */
function lock(root: string): Finding[] {
  const asked = JSON.parse(readFile(root, 'package.json')) as Package;
  const { packages = {} } = JSON.parse(readFile(root, 'package-lock.json')) as Lock;
  const locked = packages[''];
  const isSame =
    isDeepStrictEqual(locked?.dependencies, asked.dependencies) &&
    isDeepStrictEqual(locked?.devDependencies, asked.devDependencies);
  const hasOnlyThese = asked.devDependencies !== undefined || !Object.values(packages).some(({ dev }) => dev);
  return isSame && hasOnlyThese
    ? []
    : [broken('package-lock.json does not fit package.json. Run npm install, and try again.')];
}

function imports(copy: string, dependencies: Package['dependencies'] = {}): Finding[] {
  const code = filesBelow(copy).filter((file) => /\.(?:ts|js)$/.test(file));
  return code.flatMap((file) => {
    const { files, packages } = importsOf(copy, file);
    return [
      ...files
        .filter((imported) => !existsSync(at(copy, imported)))
        .map((imported) =>
          broken(`${file} imports ${imported}, which is not handed out. Move what it needs.`),
        ),
      ...packages
        .filter((name) => !dependencies[name])
        .map((name) => broken(`${file} imports ${name}. List it under dependencies in package.json.`)),
    ];
  });
}
