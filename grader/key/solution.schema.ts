import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { byName, record } from '../schema';

// Each description completes a message: “expected a list, found 5”.
const words = (pattern: string, description: string) => Type.String({ pattern, description });
const phrase = words('^\\P{N}*\\p{L}\\P{N}*$', 'words without a digit');
const list = <Items extends TSchema>(items: Items) => Type.Array(items, { description: 'a list' });

const rows = byName(byName(Type.Unknown(), 'an object with a value for each column'), 'an object of rows');
const id = Type.String({ description: 'a text' });

/** The result of each function that `solution/index.ts` exports. The form of a cell's value depends on its kind. */
export const SolutionSchema = Type.Object({
  derive: rows,
  measure: rows,
  misconceptions: list(
    Type.Object(
      {
        id,
        title: Type.Optional(id),
        row: id,
        values: byName(Type.Unknown(), 'an object with a value for one column, or for each'),
        text: phrase,
      },
      { description: 'a misconception' },
    ),
  ),
  quantities: list(
    Type.Object({ value: Type.Number({ description: 'a number' }), phrase }, { description: 'a quantity' }),
  ),
  explanations: byName(words('\\S', 'a text'), 'an object with a text for each row'),
  handoutFacts: byName(Type.Unknown(), 'an object of named facts'),
});

export type Functions = Static<typeof SolutionSchema>;

export const HintSchema = record({
  misconception: Type.String({ description: 'Id of the known wrong answer; several joined by +.' }),
  text: Type.String({ description: "The course's own words; they hold no digit." }),
});

/** The misconception that a wrong answer shows, and a direction to think in. */
export type Hint = Static<typeof HintSchema>;
