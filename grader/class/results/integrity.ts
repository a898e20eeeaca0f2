import { createHash } from 'node:crypto';
import type { Manifest, ReleasedFile } from '../../authoring/release/manifest';
import { studentPart } from '../../authoring/release/manifest';
import { sealedKeyFile } from '../../key/sealed';
import { exists, namesIn, readFile } from '../../submission/folder';
import { type Warning, warning } from './warning.schema';

/** The largest file that is compared where the release does not say how large it was, in bytes. */
const maxReleased = 512 * 1024;
const workflows = '.github/workflows';

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
  const present = [...known].filter(([file]) => exists(root, file));
  if (present.length === 0) return [];
  const changed = present.filter(([file, { sha256, size = maxReleased }]) => {
    // Git may have turned each line ending into two characters, so allow twice the size.
    const content = readFile(root, file, 2 * size);
    return !(content instanceof Uint8Array) || textDigestOf(Buffer.from(content)) !== sha256;
  });
  const missing = [...known.keys()].filter((file) => !exists(root, file));
  const added = namesIn(root, workflows).filter((name) => !known.has(`${workflows}/${name}`));
  return [
    ...some(
      'trust/changed',
      'changed since the release',
      changed.map(([file]) => file),
    ),
    ...some('trust/missing', 'missing', missing),
    ...some(
      'trust/added',
      'added',
      added.map((name) => `${workflows}/${name}`),
    ),
  ];
}

function some(code: string, what: string, [first, ...rest]: readonly string[]): Warning[] {
  if (first === undefined) return [];
  const more = rest.length === 0 ? '' : ` and ${rest.length} more`;
  return [warning('released files', code, `{file}${more}: ${what}.`, { file: first })];
}

/** The digest of a text file with normalized line endings, because git may have changed them. */
function textDigestOf(bytes: Buffer): string {
  const text = Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return createHash('sha256').update(text).digest('hex');
}
