import { choice } from './choice';
import { count } from './count';
import { decimal } from './decimal';
import { integer } from './integer';
import type { Kind, KindDefinition, Settings } from './kind';
import { text } from './text';

/** Every kind of answer. The first is meant where `rubric.yaml` names none. */
export const kinds: readonly KindDefinition[] = [count, integer, decimal, choice, text];

/** A kind of answer and its settings, as a rubric has them. */
export interface CellKind {
  readonly kind: string;
  readonly settings: Settings;
}

const made = new WeakMap<CellKind, Kind>();

/** The kind of answer that a cell takes. */
export function kindOf(cell: CellKind): Kind {
  const known = made.get(cell);
  if (known) return known;
  const definition = kinds.find(({ id }) => id === cell.kind);
  if (!definition) throw new TypeError(`no kind of answer is called ${cell.kind}`);
  const kind = definition.create(cell.settings);
  made.set(cell, kind);
  return kind;
}
