import { cellId, type Read } from '../../answers/answers';
import { readAnswers } from '../../answers/cells';
import type { AnswerKey } from '../../key/key';
import type { Rubric } from '../../rubric/rubric';
import { score } from '../../score';
import { decode } from '../../submission/text';
import type { FirstAnswers } from './graded.schema';
import type { Version } from './history';

/**
 * For each row, the first answer that was complete when it was committed: what was thought before any
 * feedback. It is judged as a table, by what judges final answers.
 *
 * @param versions from the oldest to the newest.
 */
export async function firstAnswers(
  versions: readonly Version[],
  rubric: Rubric,
  key: AnswerKey,
): Promise<FirstAnswers> {
  const { table } = rubric;
  const found = new Map<string, Read>();
  const seen = new Set<Buffer>();
  for (const { files } of versions) {
    const opened = files.get(table.file);
    if (opened?.is !== 'file' || seen.has(opened.bytes)) continue;
    if (found.size === table.cells.length) break;
    seen.add(opened.bytes);
    const decoded = decode(opened.bytes, table.file);
    if (!('text' in decoded)) continue;
    const { cells } = readAnswers(decoded.text, table);
    for (const { id: row } of table.rows) {
      const ids = table.columns.map((column) => cellId(row, column.id));
      const reads = ids.flatMap((id) => cells.get(id) ?? []);
      if (ids.some((id) => found.has(id)) || reads.some(({ is }) => is !== 'value')) continue;
      for (const [index, id] of ids.entries()) {
        const read = reads[index];
        if (read) found.set(id, read);
      }
    }
  }
  const report = await score(rubric, { answers: { cells: found, problems: [] } }, key);
  return {
    cells: report.cells.flatMap(({ row, column, outcome, value, hint }) =>
      value === undefined || (outcome !== 'correct' && outcome !== 'wrong')
        ? []
        : [{ row, column, value, outcome, ...(hint && { hint }) }],
    ),
    ...(report.hint && { hint: report.hint }),
  };
}
