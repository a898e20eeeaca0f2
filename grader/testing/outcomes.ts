import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { codesOf, type graded } from './classes';

/** One line for each student of a run, and one for each page of feedback with the points on it. */
export function linesOf(
  { rows, out }: Pick<Awaited<ReturnType<typeof graded>>, 'rows' | 'out'>,
  nameOf: (key: string) => string = (key) => key,
): string {
  const students = rows.map((row) =>
    [nameOf(row.key), row.points ?? '-', row.status, ...codesOf(row).sort()].join(' | '),
  );
  return `\n${[...students, ...feedbackIn(path.join(out, 'feedback'))].join('\n')}\n`;
}

/** A page and a text say the same points, so one line is enough for both. */
function feedbackIn(folder: string): string[] {
  const pointsOn = (text: string) => /(\d+) of 10 points/.exec(text)?.[1] ?? '-';
  const read = (name: string) => readFileSync(path.join(folder, name));
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      if (name.endsWith('.html')) {
        const points = pointsOn(read(name).toString());
        expect(pointsOn(read(name.replace(/html$/, 'txt')).toString())).toBe(points);
        return [`${name} -> ${points}`];
      }
      if (!name.endsWith('.zip')) return [];
      return Object.entries(unzipSync(read(name)))
        .map(([entry, page]) => `${name}: ${entry} -> ${pointsOn(Buffer.from(page).toString())}`)
        .sort();
    });
}
