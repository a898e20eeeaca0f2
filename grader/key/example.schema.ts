import { type Static, Type } from '@sinclair/typebox';

const closed = { additionalProperties: false };

export const ExampleSchema = Type.Object(
  {
    given: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]), {
      description: 'The facts that this worksheet states, by name.',
    }),
    rows: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          label: Type.String(),
          cells: Type.Array(
            Type.Object(
              {
                id: Type.String(),
                label: Type.String({ description: 'In its row.' }),
                value: Type.String({ description: 'As people read it.' }),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
    legend: Type.Array(Type.Object({ value: Type.String(), phrase: Type.String() }, closed), {
      description: 'The meanings of its numbers, each once.',
    }),
  },
  closed,
);

/** The worksheet filled in for other sizes: it shows the method but none of the right answers. */
export type WorkedExample = Static<typeof ExampleSchema>;
