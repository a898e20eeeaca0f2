import { type Static, Type } from '@sinclair/typebox';

export const HintSchema = Type.Object(
  {
    misconception: Type.String({ description: 'Id of the known wrong answer; several joined by +.' }),
    text: Type.String({ description: "The course's own words; they hold no digit." }),
  },
  { additionalProperties: false },
);

/** The misconception that a wrong answer shows, and a direction to think in. */
export type Hint = Static<typeof HintSchema>;
