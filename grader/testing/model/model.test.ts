import fc from 'fast-check';
import { questionsIn } from '../../class/results/to-decide';
import { type Graded, gradeDescribed } from './build';
import { anyClass, type DescribedClass } from './described';
import { type Expected, expectedOf } from './expected';

// Two programs have to agree on a class run: the grader, and a model that was written from docs/grade-a-class.md. A
// failure shows the smallest class in which they differ, in words, with the seed and path that reproduce it.

const tries = process.env.EVERY_TRY ? 20_000 : 100;
// All tries together take half an hour.
jest.setTimeout(60 * 60 * 1000);

/** Everybody that a table or a submission may name. */
const names = 'section [abc]|group red|group blue|ada|ben|cyd|dov|eve|zoe|yan|xavier|stranger|red|blue';

/** The kinds of notes for which the page says when they appear; remarks are not among them. */
const kinds = new Set(['lapsed', 'typos', 'versions', 'teams', 'unread', 'times']);

/** A key may begin with the name of its source, and a host may write names together: `figada_7001`. */
const nameIn = (login: string) => login.toLowerCase().replace(/^.*\//, '').match(names)?.[0] ?? login;

/** Everybody and everything that a sentence names. */
const namesIn = (text: string) =>
  text
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace('address or group', 'address')
    .match(new RegExp(`\\b(?:${names})\\b`, 'g')) ?? [];

/** The people and repositories in the files for hosts. */
function returnedIn({ text, namesIn: filesIn }: Graded): Expected['returned'] {
  const gradebook = text('gradebooks/moodle-worksheet.csv') || text('gradebooks/canvas.csv');
  const posts = JSON.parse(text('feedback/github.json') || '{ "posts": [] }').posts;
  const repositories: string[] = posts.map(({ repository }: { repository: string }) => repository);
  const feedback = {
    GitHub: repositories,
    Canvas: filesIn('feedback/canvas-feedback.zip'),
    Moodle: filesIn('feedback/moodle-feedback.zip').map((path) => path.replace(/\/.*/, '')),
  };
  return {
    gradebook: [...gradebook.matchAll(/(\w+)@example/g)].map(([, login = '']) => login).sort(),
    feedback: Object.entries(feedback)
      .flatMap(([host, files]) => files.map((file) => `${host} ${nameIn(file)}`))
      .sort(),
  };
}

/** The outcome of the program, in the words of the model. */
function told(run: Graded): Expected {
  const { graded, notes, changes } = run;
  const rows = graded.students.map((row) => {
    const { key, status, points, adjustments, zeroWaits, submissions, otherVersions } = row;
    const late = adjustments.find(({ kind }) => kind === 'late');
    const waits = points === null && zeroWaits !== undefined;
    const told = otherVersions.map(({ why, most }) => `${why} ${most}`).sort();
    const open = questionsIn(row)
      .map(({ kind }) => kind)
      .filter((kind) => kinds.has(kind))
      .sort();
    return [
      key,
      {
        // For a student with several submissions, leave out notes and other work.
        ...(!submissions && { beside: told, open: [...new Set(open)] }),
        status,
        points,
        ...(late && { late: [late.before, late.after] }),
        waits,
        isByHand: row.override !== undefined,
      },
    ];
  });
  const kept = notes.filter((text) => text.includes('The line is kept'));
  return {
    students: Object.fromEntries(rows),
    nobodys: graded.unmatched.map(({ login }) => nameIn(login)).sort(),
    hasAnswers: graded.feedback?.hasAnswers === true,
    unknown: [...new Set(kept.flatMap(namesIn))].sort(),
    changed: changes.map(({ login }) => login).sort(),
    returned: graded.students.some(({ submissions }) => submissions) ? undefined : returnedIn(run),
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
    const stranger = { by: 'Xavier', from: 'GitHub', commits: [] } as const;
    const blank: DescribedClass = { ...described, rules: { ...rules, noSubmission: 'blank' } };
    const more = { ...blank, handedIn: [...blank.handedIn, stranger] };
    const studentsIn = (runs: readonly Expected[]) => runs.map(({ students }) => students);
    expect(studentsIn(await toldOf(more))).toEqual(studentsIn(await toldOf(blank)));
  });
});

test('a run that is repeated changes nothing', async () => {
  await always(tries / 5, async (described) => {
    const [first, again] = await toldOf({
      ...described,
      runs: described.runs.slice(-1).flatMap((run) => {
        // Before the first run, there is nothing for such a line to refer to.
        const decided = run.decided.filter(({ was, codes }) => was !== 'as before' && codes !== 'as before');
        return Array.from({ length: 2 }, () => ({ ...run, decided }));
      }),
    });
    expect(again).toEqual({ ...first, changed: [] });
  });
});
