import type { VNode } from 'preact';
import type { GradedCell } from '../../grading/report.schema';
import { escapeInvisible } from '../../render/escape/safe';
import { reasonsOfRow } from '../../render/reasons';
import { outcomes } from '../../render/status';
import { cellsIn, type Equation } from '../../rubric/laws';
import {
  allRowsOf,
  inSentence,
  type Rubric,
  type RubricRow,
  type RubricTable,
  rowName,
} from '../../rubric/rubric';
import type { PageData } from '../page';
import { fieldOf } from '../work-files';
import { type Box, html } from './html';
import { isMarked, type State } from './page';

/** A row of a table that is drawn in the diagram, as the student filled it in. */
export interface Matrix {
  /** The node of the diagram. */
  readonly name: string;
  /** `100 × 4096`, or an empty text. */
  readonly size: string;
  /** Its sides, if both are numbers. */
  readonly sides?: readonly [height: number, width: number];
  /** Rows that it does not fit, as the table tells it: `not as wide as Keys`. */
  readonly misfits: readonly string[];
  /** `Basket: 7 down, 11 across; not as wide as Crate` */
  readonly inWords: string;
}

type Sides = NonNullable<PageData['draw']>[string];

/** All rows that are drawn and have something filled in. */
export function matricesOf({ rubric, draw = {} }: PageData, state: State): Matrix[] {
  return rubric.tables.flatMap((table) => {
    const sides = draw[table.export];
    return sides ? table.rows.flatMap((row) => matrixOf(row, { table, sides, rubric }, state) ?? []) : [];
  });
}

/** Room in a box, in characters. */
const maxTyped = 7;

interface Drawing {
  readonly table: RubricTable;
  readonly sides: Sides;
  readonly rubric: Rubric;
}

function matrixOf(row: RubricRow, drawing: Drawing, state: State): Matrix | undefined {
  const { height, width } = drawing.sides;
  const report = state.graded?.report;
  const graded = report?.rows.find(({ id }) => id === row.id);
  const parts = [height, width].map((column) => {
    const field = fieldOf.cell(row.id, column);
    const typed = (state.work[field] ?? '').trim();
    const isCurrent = state.graded?.work[field] === state.work[field];
    const value = isCurrent ? graded?.cells.find(({ id }) => id === column)?.value : undefined;
    const label = inSentence(drawing.table.columns.find(({ id }) => id === column)?.label ?? column);
    const text = String(value ?? typed);
    const short = text.length > maxTyped ? `${text.slice(0, maxTyped - 1)}…` : text;
    return { value, isCurrent, text: escapeInvisible(short), label };
  });
  const filled = parts.filter(({ text }) => text !== '');
  if (filled.length === 0) return undefined;
  const misfits =
    report && graded && isMarked(row, state) && parts.every(({ isCurrent }) => isCurrent)
      ? reasonsOfRow(graded, report).flatMap(({ cell }) => misfitOf(row, cell, drawing))
      : [];
  const description = [filled.map(({ text, label }) => `${text} ${label}`).join(', '), ...misfits].join('; ');
  const [down, across] = parts.map(({ value }) => value);
  return {
    name: rowName(row),
    size: parts.map(({ text }) => text || '…').join(' × '),
    sides: typeof down === 'number' && typeof across === 'number' ? [down, across] : undefined,
    misfits,
    inWords: `${row.label}: ${description}`,
  };
}

/** Says what a cell does not fit by the law that its table tells of it. */
function misfitOf(row: RubricRow, { id, cause }: GradedCell, { sides, rubric }: Drawing): string[] {
  if (cause?.kind !== 'law') return [];
  const isOwn = ({ row: name, column }: { row: string; column: string }) => name === row.id && column === id;
  const equations = rubric.laws.filter(({ law }) => law === cause.name).flatMap((law) => law.equations);
  const equation = equations.find((one: Equation) => cellsIn(one).some(isOwn));
  const otherCells = equation ? cellsIn(equation).filter((cell) => !isOwn(cell)) : [];
  const side = (column: string) => (column === sides.height ? 'high' : 'wide');
  const names = otherCells.map((other) => {
    const label = allRowsOf(rubric).find((one) => one.id === other.row)?.label ?? other.row;
    return side(other.column) === side(id) ? label : `${label} is ${side(other.column)}`;
  });
  return [`not as ${side(id)} as ${names.join(' and ')}`];
}

const [shortest, longest] = [10, 50];

/** The length of each distinct number, in order of size, so that equal numbers are equally long. */
export function lengthsOf(matrices: readonly Matrix[]): ReadonlyMap<number, number> {
  const numbers = [...new Set(matrices.flatMap(({ sides = [] }) => [...sides]))].sort((a, b) => a - b);
  const step = (longest - shortest) / Math.max(1, numbers.length - 1);
  return new Map(
    numbers.map((number, index) => [number, numbers.length === 1 ? 30 : shortest + index * step]),
  );
}

/** The drawing in the box of a matrix, below its name: a rectangle, its size, and whether it fits. */
export function drawnIn(
  box: Box,
  { sides, size, misfits }: Matrix,
  lengths: ReadonlyMap<number, number>,
): VNode {
  const [height = 0, width = 0] = (sides ?? []).map((side) => lengths.get(side) ?? 0);
  const middle = box.x + box.width / 2;
  const bottom = box.y + box.height;
  const isMisfit = misfits.length > 0;
  const rectangle = (fill: string) =>
    html`<rect x=${middle - width / 2} y=${bottom - 37 - longest / 2 - height / 2} width=${width} height=${height} fill=${fill} stroke="var(--ink)" />`;
  return html`<g font-size="12.5" font-weight="400" text-anchor="middle">
    ${sides && rectangle('var(--soft)')}${sides && isMisfit && rectangle('url(#hatch)')}
    <text x=${middle} y=${bottom - 22} fill="var(--ink)">${size}</text>
    ${isMisfit && html`<text x=${middle} y=${bottom - 8} fill="var(--wrong)">${outcomes.wrong.sign} does not fit</text>`}
  </g>`;
}
