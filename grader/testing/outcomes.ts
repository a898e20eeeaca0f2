import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';

const pointsOn = (page: Uint8Array | string) => {
  const [, points] = /(\d+) of 10 points/.exec(Buffer.from(page).toString()) ?? [];
  return points === undefined ? null : Number(points);
};

/** The points on each feedback page in a folder, by file name. Checks that the text version says the same. */
export function pointsOnPages(out: string): Record<string, number | null> {
  const folder = path.join(out, 'feedback');
  const names = readdirSync(folder).filter((name) => name.endsWith('.html'));
  const pages = names.map((name) => {
    const [page, text] = [name, name.replace(/html$/, 'txt')].map((file) =>
      pointsOn(readFileSync(path.join(folder, file))),
    );
    expect([name, text]).toEqual([name, page]);
    return [name.replace('.html', ''), page ?? null];
  });
  return Object.fromEntries(pages);
}

/** The points on each page of the zips for hosts, by the number that the host gave the student. */
export function pointsInZips(out: string): Record<string, number | null> {
  const folder = path.join(out, 'feedback');
  const zips = readdirSync(folder).filter((name) => name.endsWith('.zip'));
  const pages = zips
    .flatMap((name) => Object.entries(unzipSync(readFileSync(path.join(folder, name)))))
    .map(([entry, page]) => [/_(\d+)_/.exec(entry)?.[1] ?? entry, pointsOn(page)]);
  return Object.fromEntries(pages);
}
