import { message } from '../../message';
import type { Rubric } from '../../rubric/rubric';
import { Lines } from '../lines';
import { nearest } from '../names';
import { type Answers, cellId, type Problem } from '../submission';
import { CellReader } from './cells';
import { Evaluator } from './evaluate';
import { Refusal } from './refusal';
import { mergeConflict } from './slips/slip';
import { parseModule } from './statements';
import type { Module } from './syntax';

/**
 * Reads the text of an answers' file as data: TypeScript of a closed grammar, in linear time, with
 * nothing of it run. Whatever the text is, there is an answer for each cell.
 */
export function readAnswers(source: string, table: Rubric['table']): Answers {
  const lines = new Lines(table.file, source);
  try {
    const module = parseModule(source);
    const evaluator = new Evaluator(module);
    const datum = evaluator.exported(table.export) ?? evaluator.exported('default');
    if (!datum) throw noExport(module, source, table.export);
    if (datum.is === 'unreadable') throw datum.why;
    if (datum.is !== 'record') {
      const text = '{0} has to be a group in braces, with a group for each row inside.';
      throw new Refusal('file', 'not-a-table', datum.start, text, table.export);
    }
    return new CellReader(table, source, lines).read(datum);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, text, quotes, offset } =
      error.code === 'too-deep' ? error : (mergeConflict(source) ?? error);
    const at = lines.at(offset);
    const fix = `${text} Nothing you wrote is lost: fix line ${at.line} and run again.`;
    return unread(table, { why: message(`answers/${code}`, fix, ...quotes), at });
  }
}

/** The answers of a file that cannot be read at all. */
export function unread(table: Rubric['table'], problem: Problem): Answers {
  const cells = table.cells.map(({ row, column }) => [cellId(row, column), invalid(problem)] as const);
  return { cells: new Map(cells), problems: [problem] };
}

function invalid({ at }: Problem) {
  const why = message('answers/unread', 'The file could not be read; the reason is above.');
  return { is: 'invalid', why, ...(at && { at }) } as const;
}

function noExport(module: Module, source: string, wanted: string): Refusal {
  const refusal = (code: string, offset: number, text: string, quote: string) =>
    new Refusal('file', code, offset, text, quote);
  if (source.trim() === '') {
    return refusal(
      'empty',
      0,
      'The file is empty. Take the original one again; it holds the table {0}.',
      wanted,
    );
  }
  const constant = module.constants.get(wanted);
  if (constant)
    return refusal('not-exported', constant.start, 'The word export is missing before const {0}.', wanted);
  const meant = nearest(wanted, [...module.exports.keys(), ...module.constants.keys()]);
  if (meant === undefined) {
    return refusal(
      'no-export',
      0,
      'There is no export const {0} in this file. The table has to have that name.',
      wanted,
    );
  }
  const start = (module.exports.get(meant) ?? module.constants.get(meant))?.start ?? 0;
  return refusal('misspelt-export', start, `The table is called {0} here. Call it ${wanted}.`, meant);
}
