import fc from 'fast-check';
import { type Graded, gradeDescribed } from './build';
import { anyClass, type DescribedClass } from './described';
import { type Expected, expectedOf } from './expected';

// Two programs of a class run have to agree: the grader, and a model that was written from docs/grade-a-class.md. A
// failure shows the smallest class in which they differ, in words, and the seed and path with which to see it again.

const tries = process.env.EVERY_TRY ? 20_000 : 100;
// All of them take half an hour.
jest.setTimeout(60 * 60 * 1000);

/** All whom a table may name. */
const names = /\b(?:ada|ben|cyd|dov|eve|zoe|stranger|red)\b/g;

/** The outcome that the program gives, in the words of the model. */
function told({ graded, notes, changes }: Graded): Expected {
  const rows = graded.students.map(
    ({ key, status, points, adjustments, zeroWaits, folder, submissions, beside }) => {
      const late = adjustments.find(({ kind }) => kind === 'late');
      const waits = points === null && zeroWaits !== undefined;
      const isOnly = folder !== undefined && submissions === undefined;
      const told = beside.map(({ why, most }) => `${why} ${most}`).sort();
      return [
        key,
        {
          ...(isOnly && { beside: told }),
          status,
          points,
          ...(late && { late: [late.before, late.after] }),
          waits,
        },
      ];
    },
  );
  const kept = notes.filter((text) => text.includes('The line is kept'));
  return {
    students: Object.fromEntries(rows),
    nobodys: graded.unmatched.map(({ login }) => login.replace(/^(?:.*\/)?(?:fruit-)?/, '')).sort(),
    hasAnswers: graded.feedback?.hasAnswers === true,
    unknown: [...new Set(kept.flatMap((text) => text.match(names) ?? []))].sort(),
    changed: changes.map(({ login }) => login).sort(),
  };
}

const toldOf = async (...given: Parameters<typeof gradeDescribed>) =>
  (await gradeDescribed(...given)).map(told);

/** Tries a property on classes of all kinds. */
async function always(numRuns: number, holds: (described: DescribedClass) => Promise<void>) {
  await fc.assert(fc.asyncProperty(anyClass, holds), { numRuns });
}

test('the grader and a model of what its page says come to the same', async () => {
  await always(tries, async (described) => expect(await toldOf(described)).toEqual(expectedOf(described)));
});

test('the order of students, of sources and of lines makes no difference', async () => {
  await always(tries / 5, async (described) => {
    const { students, handedIn, runs } = described;
    const reversed = {
      ...described,
      students: students.toReversed(),
      handedIn: handedIn.toReversed(),
      runs: runs.map((run) => ({
        ...run,
        extensions: run.extensions.toReversed(),
        decided: run.decided.toReversed(),
        matched: run.matched.toReversed(),
      })),
    };
    expect(await toldOf(reversed, true)).toEqual(await toldOf(described));
  });
});

test('a stranger changes nobody’s points, where no zero waits', async () => {
  await always(tries / 5, async ({ rules, ...described }) => {
    const blank: DescribedClass = { ...described, rules: { ...rules, noSubmission: 'blank' } };
    const more = { ...blank, handedIn: [...blank.handedIn, { by: 'Xavier', commits: [] }] };
    const studentsIn = (runs: readonly Expected[]) => runs.map(({ students }) => students);
    expect(studentsIn(await toldOf(more))).toEqual(studentsIn(await toldOf(blank)));
  });
});

test('a run that is repeated changes nothing', async () => {
  await always(tries / 5, async (described) => {
    const [first, again] = await toldOf({
      ...described,
      runs: described.runs.slice(-1).flatMap((run) => [run, run]),
    });
    expect(again).toEqual({ ...first, changed: [] });
  });
});
