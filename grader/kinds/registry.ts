import { choiceKind } from './choice';
import { countKind } from './count';
import { decimalKind } from './decimal';
import { integerKind } from './integer';
import type { Kind, KindDefinition, Settings } from './kind';
import { textKind } from './text';

/** Every kind of answer. The first is the default where `rubric.yaml` names none. */
export const kinds: readonly KindDefinition[] = [countKind, integerKind, decimalKind, choiceKind, textKind];

/** A kind of answer and its settings, as given in a rubric. */
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
