import { cellsOf } from '../rubric/rubric';
import { readAnswers } from '../submission/cells';
import { type Outcome, outcomeOf } from './cases';
import { answersOf, rubric } from './worksheet';

/** The outcome of reading a whole file, as a case states it. */
export function outcomeOfFile(source: string): Outcome {
  const answers = readAnswers(source, rubric);
  const [problem] = answers.problems;
  if (problem) {
    const { line, column } = problem.location ?? {};
    return outcomeOf(`${line}:${column} ${problem.reason.code}`, problem.excerpt?.corrected);
  }
  const cells = cellsOf(answers);
  const contents = cells.map((cell) => {
    if (cell.kind === 'value') return String(cell.value);
    return cell.kind === 'invalid' ? cell.reason.code : cell.kind;
  });
  return outcomeOf(contents.join(' '));
}

/** The outcome of the first cell, in a file where only that cell may be wrong. */
export function outcomeOfCell(written: string): Outcome {
  const source = answersOf(`{ down: ${written}, across: 11 }`, '{ down: 7, across: 13 }');
  const answers = readAnswers(source, rubric);
  if (answers.problems.length > 0) return outcomeOfFile(source);
  const [cell] = cellsOf(answers);
  if (cell?.kind !== 'invalid') return outcomeOf(cell?.kind === 'value' ? String(cell.value) : 'blank');
  return outcomeOf(cell.reason.code, cell.excerpt?.corrected);
}
