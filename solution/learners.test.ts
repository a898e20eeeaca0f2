import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { loadCourse } from '../grader/instructor/course';
import { packageRoot } from '../grader/testing/folders';

interface WrongRow {
  readonly row: string;
  readonly rows: number;
  readonly columns: number;
  readonly idea: string;
}

const learners = parse(readFileSync(path.join(__dirname, 'learners.yaml'), 'utf8')) as WrongRow[];

test('of wrong rows that were written down before any hint, nearly all get a reason of their own', async () => {
  const { key } = loadCourse(packageRoot, false);
  const without: string[] = [];
  for (const { row, rows, columns, idea } of learners) {
    const cells = [
      { id: 'rows', value: rows },
      { id: 'columns', value: columns },
    ];
    const judged = await key.judge({ id: row, cells });
    expect(judged.some(({ verdict }) => verdict === 'wrong')).toBe(true);
    if (!judged.some(({ hint, quantity }) => hint ?? quantity))
      without.push(`${row} ${rows} x ${columns}: ${idea}`);
  }
  expect({ without, isFew: without.length <= learners.length / 20 }).toMatchObject({ isFew: true });
});
