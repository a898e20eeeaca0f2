import type { AnswerKey } from '../../key/key';
import type { Rubric } from '../../rubric/rubric';
import { readAnswers } from '../../submission/answers/read';
import { largestFile } from '../../submission/inside';
import { cellId } from '../../submission/submission';
import { decode } from '../../submission/text';
import type { Graded } from './graded.schema';
import type { History } from './history';

/** For each row, the first answer that was complete when it was committed: what was thought before any feedback. */
export async function firstAnswers(
  { versions }: History,
  rubric: Rubric,
  key: AnswerKey,
): Promise<Graded['first']> {
  const { table } = rubric;
  const found = new Map<string, Map<string, number>>();
  const seen = new Set<Buffer>();
  for (const { files } of [...versions].reverse()) {
    const bytes = files.get(table.file);
    if (!bytes || seen.has(bytes) || bytes.length > largestFile || found.size === table.rows.length) continue;
    seen.add(bytes);
    const decoded = decode(bytes, table.file);
    if (!('text' in decoded)) continue;
    const { cells } = readAnswers(decoded.text, table);
    for (const { id: row } of table.rows) {
      const reads = table.columns.map(({ id }) => [id, cells.get(cellId(row, id))] as const);
      const values = reads.flatMap(([column, read]) =>
        read?.is === 'value' ? [[column, read.value] as const] : [],
      );
      if (values.length === table.columns.length && !found.has(row)) found.set(row, new Map(values));
    }
  }
  const first = table.rows.map(async ({ id: row }): Promise<Graded['first']> => {
    const values = found.get(row);
    if (!values) return [];
    const { cells, hints } = await key.judge(row, values);
    const [hint] = hints;
    return [
      {
        row,
        cells: [...values].map(([column, value]) => ({
          column,
          value,
          right: cells.get(column) === 'right',
        })),
        ...(hint && { hint: { misconception: hint.misconception, text: hint.text } }),
      },
    ];
  });
  return (await Promise.all(first)).flat();
}
