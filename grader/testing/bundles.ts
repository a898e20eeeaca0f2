import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Files } from '../hosts/host';
import type { bundledHosts } from '../hosts/registry';
import { readText, writeFile } from '../system/files';

/**
 * Grades the submission in a folder with a host's bundle, and returns the score.
 *
 * @param place a new folder, in which everything is laid out as on the host.
 */
export async function scoreByBundle(
  { id, bundled }: (typeof bundledHosts)[number],
  files: Files,
  submission: string,
  place: string,
): Promise<unknown> {
  const { layout } = bundled;
  const bundle = path.join(place, layout.bundle);
  for (const [file, text] of Object.entries(files)) writeFile(bundle, file, text);
  cpSync(submission, path.join(place, layout.submission), { recursive: true });
  mkdirSync(path.dirname(path.join(place, layout.result)), { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, [path.join(bundle, 'grade.js'), id], {
    encoding: 'utf8',
    cwd: path.join(place, layout.workingFolder),
    env: { ...process.env, ...layout.variables },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return (JSON.parse(readText(place, layout.result)) as { score: unknown }).score;
}
