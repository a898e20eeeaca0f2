import { createHash } from 'node:crypto';
import type { Manifest, ReleasedFile } from '../../authoring/release/manifest';
import { studentPart } from '../../authoring/release/manifest';
import { sealedKeyFile } from '../../key/sealed';
import { mebibyte } from '../../submission/container';
import { exists, fileNames, namesIn, readFile } from '../../submission/sandboxed-fs';
import { isValid } from '../../validate';
import { type Warning, warning } from '../histories/warning.schema';

const maxResult = 100 * 1024;

/** The files of a students' copy that nobody needs to change. */
export type Protected = ReadonlyMap<string, ReleasedFile>;

export function protectedFiles({ files, edited }: Manifest): Protected {
  const copy = `${studentPart}/`;
  return new Map(
    Object.entries(files)
      .filter(([file]) => file.startsWith(copy))
      .map(([file, released]) => [file.slice(copy.length), released] as const)
      // Each release seals the key anew, so the key of an earlier release is not a student's change.
      .filter(([file]) => !edited.includes(file) && file !== sealedKeyFile),
  );
}

/**
 * Lists what a student changed apart from the files to edit. If no file of the copy is there, only the graded files
 * were handed in, and there is nothing to report.
 */
export function changedFiles(root: string, known: Protected): Warning[] {
  // Usually nothing of the copy was handed in. Then no file of it needs to be looked for.
  const names = namesIn(root);
  const missing = { kind: 'missing' } as const;
  const found = [...known].map(([file, { sha256, size = mebibyte / 2 }]) => ({
    file,
    digest: sha256,
    // Git may have turned each line ending into two characters, so allow twice the size.
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

/** The digest of a text file with normalized line endings, because git may have changed them. */
function textDigestOf(bytes: Buffer): string {
  const text = bytes.includes('\r\n')
    ? Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    : bytes;
  return createHash('sha256').update(text).digest('hex');
}

/** Warns about result files in the student's own repository that claim another score. */
export function scoreMismatches(root: string, points: number): Warning[] {
  return claims(root)
    .filter((claim) => claim.points !== points)
    .map(({ file, points: claimed }) =>
      warning(
        'released files',
        'trust/score',
        `${file} in the repository says ${claimed} points, but grading gives ${points}.`,
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

/** The claim of points in a Report of any version. */
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
