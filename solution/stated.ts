import { dimensions, type Given } from './dimensions';
import { modelCards } from './model-card';

/**
 * What the handout says in bold besides `rubric.yaml`'s own facts: the model's sizes, so that a
 * handout for another model cannot be handed out unnoticed.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function stated(given: Given): string[] {
  const { dModel, nHeads, dHead } = dimensions(given);
  const nLayers = modelCards.get(String(given.model))?.nLayers;
  return [`${dModel.size}`, `${nHeads.size}`, `${nLayers}`, `${dHead.size} dimensions`];
}
