import { isDeepStrictEqual } from 'node:util';
import { optionsFor, type Sizes, voteSizes } from '../../class/pages/vote';
import type { Course } from '../../course';
import { givenText, rowsOf } from '../../rubric/rubric';
import { type Check, type Finding, note } from './finding';

/** Checks the sizes and wrong answers that a vote in class needs, before there is a class. */
export const voteCheck: Check = {
  claim: 'A class can vote on each row, at sizes that no student has seen',
  find(course) {
    const sizes = voteSizes(course);
    return sizes
      ? [...usedElsewhere(course), ...withoutVote(course, sizes)]
      : [
          note(
            'vote-without-sizes',
            'There are no other sizes to vote at. Add some under vote in rubric.yaml: other values for given.',
          ),
        ];
  },
};

/** Finds vote sizes that the worksheet uses too. */
function usedElsewhere({ file, rubric }: Course): Finding[] {
  const same = Object.entries(file.vote ?? {}).filter(([name, value]) =>
    isDeepStrictEqual(rubric.given[name], value),
  );
  return same.map(([name, value]) =>
    note(
      'vote-sizes-used',
      `vote in rubric.yaml: ${name} ${givenText(value)} is in given too. Choose another.`,
    ),
  );
}

/** Finds rows that cannot be voted on, and misconceptions that give the same answer only at these sizes. */
function withoutVote({ rubric, solution }: Course, sizes: Sizes): Finding[] {
  return rowsOf(rubric).flatMap((row) => {
    const known = solution.misconceptions.filter((idea) => idea.row === row.id);
    if (known.length === 0) return [];
    const options = optionsFor(
      row,
      sizes,
      new Map(),
      known.map(({ id }) => id),
    );
    const there = sizes.solution.misconceptions.filter((idea) => idea.row === row.id);
    const valuesOf = (all: typeof known, id: string) => all.find((idea) => idea.id === id)?.values;
    const merged = known.flatMap(({ id }, index) =>
      known
        .slice(index + 1)
        .filter(
          (other) =>
            other.id !== id &&
            !isDeepStrictEqual(valuesOf(known, id), valuesOf(known, other.id)) &&
            isDeepStrictEqual(valuesOf(there, id), valuesOf(there, other.id)),
        )
        .map((other) => `${id} and ${other.id}`),
    );
    const given = Object.values(sizes.given).map(givenText).join(', ');
    return [
      ...(options
        ? []
        : [
            note(
              'vote-row-not-asked',
              `${row.label}: at ${given} no choice of two to four known wrong answers covers each part of the right one, so a vote uses another row.`,
            ),
          ]),
      ...(merged.length > 0
        ? [
            note(
              'vote-ideas-merged',
              `${row.label}: at ${given} these ideas give the same answer, but differ in the worksheet: ${merged.slice(0, 3).join('; ')}.`,
            ),
          ]
        : []),
    ];
  });
}
