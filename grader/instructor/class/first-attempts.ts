import { score } from '../../grading/score';
import type { AnswerKey } from '../../key/key';
import type { Rubric } from '../../rubric/rubric';
import { type ReadRow, readAnswers } from '../../submission/cells';
import { decode } from '../../submission/sandboxed-fs';
import type { Version } from './history';
import type { FirstAttempts } from './student-result.schema';

/**
 * For each row, the first answer that was complete when it was committed: what was thought before any
 * feedback. It is judged as a table, by what judges final answers.
 *
 * @param versions from the oldest to the newest.
 */
export async function firstAttempts(
  versions: readonly Version[],
  rubric: Rubric,
  key: AnswerKey,
): Promise<FirstAttempts> {
  const { table } = rubric;
  const found = new Map<string, ReadRow>();
  const seen = new Set<Buffer>();
  for (const { files } of versions) {
    const opened = files.get(table.file);
    if (opened?.kind !== 'file' || seen.has(opened.bytes)) continue;
    if (found.size === table.rows.length) break;
    seen.add(opened.bytes);
    const decoded = decode(opened.bytes, table.file);
    if (!('text' in decoded)) continue;
    for (const row of readAnswers(decoded.text, table).rows)
      if (!found.has(row.id) && row.cells.every(({ kind }) => kind === 'value')) found.set(row.id, row);
  }
  const answers = { rows: [...found.values()], problems: [], state: 'read' } as const;
  const report = await score(rubric, { answers }, key);
  return {
    rows: report.rows
      .filter(({ id }) => found.has(id))
      .map(({ id, cells }) => ({
        id,
        cells: cells.flatMap(({ id: column, value, outcome, hint }) =>
          value === undefined || (outcome !== 'correct' && outcome !== 'wrong')
            ? []
            : [{ id: column, value, outcome, ...(hint && { hint }) }],
        ),
      })),
    ...(report.hint && { hint: report.hint }),
  };
}
