import type { VNode } from 'preact';
import { escapeInvisible } from '../../render/escape/safe';
import { reasonsOfRow } from '../../render/reasons-shown';
import { markOf, outcomes } from '../../render/status';
import { inSentence, type Rubric, type RubricRow, type RubricTable } from '../../rubric/rubric';
import { type FilledRow, lengthsOf } from '../shown-products';
import { fieldOf } from '../work-files';
import { type Diagram, html } from './elements';
import { gradedCell, isMarked, type State } from './worksheet-state';

/** A row that is drawn in the diagram, as the student filled it in. Its name is that of the diagram's node. */
export interface Matrix extends FilledRow {
  /** Whether one of its sides does not fit another row; the reason below its own row says which. */
  readonly isMisfit: boolean;
  /** `Basket: 7 down, 11 across; does not fit` */
  readonly inWords: string;
}

/** All rows that are drawn and have something filled in. */
export function matricesOf(rubric: Rubric, state: State): Matrix[] {
  return rubric.tables.flatMap((table) => table.rows.flatMap((row) => matrixOf(row, table, state) ?? []));
}

/** Room in a box, in characters. */
const maxTyped = 6;

function matrixOf(row: RubricRow, { draw, columns }: RubricTable, state: State): Matrix | undefined {
  if (!draw) return undefined;
  const report = state.graded?.report;
  const gradedRow = report?.rows.find(({ id }) => id === row.id);
  const parts = [draw.height, draw.width].map((column) => {
    const typed = (state.work[fieldOf.cell(row.id, column)] ?? '').trim();
    const graded = gradedCell(state, row.id, column);
    const label = inSentence(columns.find(({ id }) => id === column)?.label ?? column);
    const text = String(graded?.value ?? typed);
    const short = text.length > maxTyped ? `${text.slice(0, maxTyped - 1)}…` : text;
    return { graded, text: escapeInvisible(short), label };
  });
  const filled = parts.filter(({ text }) => text !== '');
  if (filled.length === 0) return undefined;
  const isJudged = isMarked(row, state) && parts.every(({ graded }) => graded);
  const reasons = report && gradedRow && isJudged ? reasonsOfRow(gradedRow, report) : [];
  // A law about a different column does not matter to the drawing.
  const isMisfit = reasons.some(
    ({ cell: { id, cause } }) => cause?.kind === 'law' && [draw.height, draw.width].includes(id),
  );
  const typed = filled.map(({ text, label }) => `${text} ${label}`).join(', ');
  const [down, across] = parts.map(({ graded }) => graded?.value);
  const marks = isJudged ? (gradedRow?.cells.map(({ outcome }) => outcome) ?? []) : [];
  const whole = marks.length > 0 && marks.every((one) => one === 'correct') ? 'correct' : undefined;
  return {
    name: row.id,
    size: parts.map(({ text }) => text || '…').join(' × '),
    sides: typeof down === 'number' && typeof across === 'number' ? [down, across] : undefined,
    outcome: marks.includes('wrong') ? 'wrong' : whole,
    isMisfit,
    inWords: `${row.label}: ${typed}${isMisfit ? '; does not fit' : ''}`,
  };
}

/** In pixels of the diagram. One step takes all of the room between the shortest and the longest. */
const lengths = { shortest: 16, longest: 84, step: 68 };

/** The rectangle of one row, beside its fields on a phone: an empty frame until both numbers are there. */
export function sketchOf(row: RubricRow, matrices: readonly Matrix[]): VNode {
  const lengthOf = lengthsOf(matrices, lengths);
  const { sides, isMisfit } = matrices.find(({ name }) => name === row.id) ?? {};
  // Not a square, which would look like a checkbox.
  const [height = 30, width = 60] = (sides ?? []).map(lengthOf);
  const stroke = isMisfit ? 'var(--wrong)' : 'var(--accent)';
  return html`<svg class="sketch" viewBox="0 0 88 88" aria-hidden="true"><rect x=${44 - width / 2} y=${44 - height / 2} width=${width} height=${height} fill=${sides ? 'var(--tint)' : 'none'} stroke=${sides ? stroke : 'var(--line)'} stroke-dasharray=${sides ? undefined : '3'} /></svg>`;
}

/** The drawings in the boxes of matrices, below their names: a rectangle, its size, and whether it is right or fits. */
export function drawnIn({ nodes }: Diagram, matrices: readonly Matrix[]): VNode[] {
  const lengthOf = lengthsOf(matrices, lengths);
  return matrices.flatMap(({ name, sides, size, outcome, isMisfit }) => {
    const box = nodes[name];
    if (!box) return [];
    const [height = 0, width = 0] = (sides ?? []).map(lengthOf);
    const middle = box.x + box.width / 2;
    const bottom = box.y + box.height;
    const mark = isMisfit ? `${outcomes.wrong.sign} does not fit` : outcome && markOf(outcome);
    const color = outcome === 'correct' ? 'var(--right)' : 'var(--wrong)';
    const rectangle = (fill: string) =>
      html`<rect x=${middle - width / 2} y=${bottom - 39 - lengths.longest / 2 - height / 2} width=${width} height=${height} fill=${fill} stroke="var(--ink)" />`;
    return html`<g font-size="12.5" font-weight="400" text-anchor="middle">
      ${mark && html`<rect x=${box.x} y=${box.y} width=${box.width} height=${box.height} fill="none" stroke=${color} stroke-width="2" />`}
      ${sides && rectangle(outcome === 'correct' ? 'var(--soft)' : 'var(--tint)')}${sides && isMisfit && rectangle('url(#hatch)')}
      <text x=${middle} y=${bottom - 22} fill="var(--ink)">${size}</text>
      ${mark && html`<text x=${middle} y=${bottom - 8} fill=${color}>${mark}</text>`}
    </g>`;
  });
}
