import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { plainKey } from '../grader/key/key';
import { loadSolution } from '../grader/key/solution';
import { loadRubric } from '../grader/rubric/load';
import { rowsOf } from '../grader/rubric/rubric';
import { packageRoot } from '../grader/testing/folders';

interface WrongRow {
  readonly row: string;
  readonly rows: number;
  readonly columns: number;
  readonly idea: string;
}

const learners = parse(readFileSync(path.join(__dirname, 'learners.yaml'), 'utf8')) as WrongRow[];

test('of wrong rows that were written down before any hint, nearly all get a reason of their own', async () => {
  // The sizes that the learners had, even if the worksheet has others now.
  const rubric = { ...loadRubric(packageRoot), given: { model: 'LLaMA-7B', tokens: 100 } };
  const key = plainKey(rubric, loadSolution(packageRoot, rubric, false));
  const rows = new Set(rowsOf(rubric).map(({ id }) => id));
  const known = learners.filter((wrong) => rows.has(wrong.row));
  expect(known.length).toBeGreaterThan(learners.length / 2);
  const without: string[] = [];
  for (const { row, rows: many, columns, idea } of known) {
    const cells = [
      { id: 'rows', value: many },
      { id: 'columns', value: columns },
    ];
    const judged = await key.judge({ id: row, cells });
    expect(judged.some(({ verdict }) => verdict === 'wrong')).toBe(true);
    if (!judged.some(({ hint, quantity }) => hint ?? quantity))
      without.push(`${row} ${many} x ${columns}: ${idea}`);
  }
  expect({ without, isFew: without.length <= known.length / 20 }).toMatchObject({ isFew: true });
});
