import { choiceKind } from './choice';
import { decimalKind } from './decimal';
import { countKind, integerKind } from './integer';
import type { Kind, KindDefinition, SettingSchema, Settings } from './kind';
import { textKind } from './text';

/** Every kind of answer. The first is the default if `rubric.yaml` names none. */
export const kinds: readonly KindDefinition[] = [countKind, integerKind, decimalKind, choiceKind, textKind];

/** The settings of all kinds, by name: a column lists them side by side. */
export const kindSettings = settingsOf(kinds);

/** @throws {Error} if a name means two things. */
export function settingsOf(definitions: readonly Pick<KindDefinition, 'id' | 'settings'>[]) {
  const schemas: Record<string, SettingSchema> = {};
  for (const { id, settings } of definitions)
    for (const [name, schema] of Object.entries(settings)) {
      const known = schemas[name] ?? schema;
      if (known !== schema)
        throw new Error(`The kind ${id} has a setting ${name} that means something else in another kind.`);
      schemas[name] = schema;
    }
  return schemas;
}

/** A kind of answer and its settings, as given in a rubric. */
export interface CellKind {
  readonly kind: string;
  readonly settings: Settings;
}

const made = new WeakMap<CellKind, Kind>();

/** The kind of answer that a cell takes. */
export function kindOf(cell: CellKind): Kind {
  const madeBefore = made.get(cell);
  if (madeBefore) return madeBefore;
  const definition = kinds.find(({ id }) => id === cell.kind);
  if (!definition) throw new TypeError(`no kind of answer is called ${cell.kind}`);
  const kind = definition.create(cell.settings);
  made.set(cell, kind);
  return kind;
}

/** Whether a cell takes a text in quotes. */
export function takesText(cell: CellKind): boolean {
  return kindOf(cell).valueKind === 'string';
}
