import { lstatSync, readdirSync } from 'node:fs';
import { type Message, message } from '../../message';
import type { Rubric } from '../../rubric/rubric';
import { isInside, largestFile, type Opened, openInside } from '../../submission/inside';
import { folderSource, type Source } from '../../submission/read';
import type { Due } from './deadline';
import type { History, Version } from './history';

/** The last version on time, and the last that may be late. */
export function versionsThatCount(versions: readonly Version[], { grace, cutoff }: Due): Version[] {
  const onTime = versions.find(({ time }) => time <= grace);
  const last = versions.find(({ time }) => time <= cutoff) ?? versions[0];
  return [...new Set([onTime, last])].filter((version) => version !== undefined);
}

/**
 * The files in a folder, or of its last commit where nothing is checked out.
 *
 * @throws where there is nothing at all: whoever handed in nothing has no folder, so fetching it failed.
 */
export function sourceIn(root: string, { table }: Rubric, { versions: [newest] }: History): Source {
  const stats = lstatSync(root);
  if (stats.isSymbolicLink()) throw new Error('the folder is a link; put the folder itself in its place');
  const [top = ''] = table.file.split('/');
  if (isInside(root, top) || readdirSync(root).some((name) => name !== '.git')) return folderSource(root);
  if (newest) return versionSource(newest);
  throw new Error('the folder is empty; fetch it again');
}

export function versionSource({ files }: Version): Source {
  return {
    open: (file): Opened => {
      const bytes = files.get(file);
      if (!bytes) return { is: 'missing' };
      if (bytes.length <= largestFile) return { is: 'file', bytes };
      return {
        is: 'refused',
        why: message('file/too-large', `${file} is larger than ${largestFile / 1024} KiB.`),
      };
    },
    misplaced: () => undefined,
  };
}

/** The files in the folder count for nothing where commits do; where they say something else, that is told. */
export function differences(root: string, newest: Version | undefined, files: readonly string[]): Message[] {
  if (!newest) return [];
  const plain = (bytes: Buffer | undefined) => bytes?.toString('latin1').replaceAll('\r\n', '\n');
  const differing = files.filter((file) => {
    const opened = openInside(root, file);
    return plain(opened.is === 'file' ? opened.bytes : undefined) !== plain(newest.files.get(file));
  });
  return differing.map((file) =>
    message(
      'class/uncommitted',
      `${file} in the folder is not what was committed last; what was committed counts.`,
    ),
  );
}
