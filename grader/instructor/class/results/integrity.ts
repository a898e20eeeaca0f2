import { createHash } from 'node:crypto';
import { sealedKeyFile } from '../../../key/sealed';
import { mebibyte } from '../../../submission/container';
import { exists, fileNames, namesIn, readFile } from '../../../submission/sandboxed-fs';
import { isValid } from '../../../validate';
import type { Manifest, ReleasedFile } from '../../authoring/release/manifest';
import { studentPart } from '../../authoring/release/manifest';
import { type Warning, warning } from '../histories/warning.schema';

const maxResult = 100 * 1024;

/** The files of a students' copy that nobody has to change. */
export type Protected = ReadonlyMap<string, ReleasedFile>;

export function protectedFiles({ files, edited }: Manifest): Protected {
  const copy = `${studentPart}/`;
  return new Map(
    Object.entries(files)
      .filter(([file]) => file.startsWith(copy))
      .map(([file, released]) => [file.slice(copy.length), released] as const)
      // The key is sealed anew at each release, so that of an earlier one is no change of the student's.
      .filter(([file]) => !edited.includes(file) && file !== sealedKeyFile),
  );
}

/**
 * What a student changed beside the files to edit. Where there is nothing of the copy, only the files
 * that are graded were handed in, and nothing is said of it.
 */
export function changedFiles(root: string, known: Protected): Warning[] {
  // Mostly nothing of the copy was handed in, and then no file of it need be looked for.
  const names = namesIn(root);
  const missing = { kind: 'missing' } as const;
  const found = [...known].map(([file, { sha256, size = mebibyte / 2 }]) => ({
    file,
    digest: sha256,
    // A line end takes twice as much where git has made two signs of it.
    opened: names?.has(file.split('/', 1)[0] ?? '') === false ? missing : readFile(root, file, 2 * size),
  }));
  if (found.every(({ opened }) => opened.kind === 'missing')) return [];
  const absent = found.filter(({ opened }) => opened.kind === 'missing');
  const changed = found.filter(
    ({ digest, opened }) =>
      opened.kind === 'refused' || (opened.kind === 'file' && textDigestOf(opened.bytes) !== digest),
  );
  const workflows = '.github/workflows';
  const added = fileNames(root, workflows)
    .map((name) => `${workflows}/${name}`)
    .filter((file) => !known.has(file));
  return [
    ...some(
      'trust/changed',
      'changed since the release',
      changed.map(({ file }) => file),
    ),
    ...some(
      'trust/missing',
      'missing',
      absent.map(({ file }) => file),
    ),
    ...some('trust/added', 'added', added),
  ];
}

function some(code: string, what: string, files: readonly string[]): Warning[] {
  const [first, ...rest] = files;
  if (first === undefined) return [];
  const more = rest.length === 0 ? '' : ` and ${rest.length} more`;
  return [warning('released files', code, `{file}${more}: ${what}.`, { file: first })];
}

/** The digest of a text file whatever its line ends, which git may have changed. */
function textDigestOf(bytes: Buffer): string {
  const text = bytes.includes('\r\n')
    ? Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    : bytes;
  return createHash('sha256').update(text).digest('hex');
}

/** What a result file of the student's own repository claims, where there is one, if that is another score. */
export function scoreMismatches(root: string, points: number): Warning[] {
  return claims(root)
    .filter((claim) => claim.points !== points)
    .map(({ file, points: claimed }) =>
      warning(
        'released files',
        'trust/score',
        `${file} in the repository says ${claimed} points, and ${points} were found here.`,
      ),
    );
}

function claims(root: string): { file: string; points: number }[] {
  const report = exists(root, '.graded') ? readJson(root, '.graded/report.json') : undefined;
  const result = exists(root, 'result.json') ? readJson(root, 'result.json') : undefined;
  return [
    ...(isValid<{ points: number }>(reportClaim, report)
      ? [{ file: '.graded/report.json', points: report.points }]
      : []),
    ...(isValid<{ score: number }>(classroom50Schema, result)
      ? [{ file: 'result.json', points: result.score }]
      : []),
  ];
}

/** A Report of whatever version, as far as it claims points. */
const reportClaim = {
  type: 'object',
  required: ['points'],
  properties: { points: { type: 'integer', minimum: 0 } },
};

const classroom50Schema = {
  type: 'object',
  required: ['schema', 'score'],
  properties: { schema: { const: 'classroom50/result/v1' }, score: { type: 'integer', minimum: 0 } },
};

function readJson(root: string, file: string): unknown {
  const opened = readFile(root, file, maxResult);
  if (opened.kind !== 'file') return undefined;
  try {
    return JSON.parse(opened.bytes.toString());
  } catch {
    return undefined;
  }
}
