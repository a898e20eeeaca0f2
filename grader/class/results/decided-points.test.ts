import { releasedCourse, work } from '../../testing/classes';
import { decisionOn } from '../../testing/decisions';
import { gradeHistories } from '../../testing/grade-histories';
import { blankAnswers, disputableYaml, disputing, partly, rightAnswers } from '../../testing/worksheet';
import type { Decision } from '../decisions/decision.schema';
import { questionsIn } from './to-decide';

// What becomes of decisions in the run after they were made.

const course = releasedCourse({}, { 'rubric.yaml': disputableYaml });
type Files = Parameters<typeof gradeHistories>[1][string]['commits'][string]['files'];
const time = Date.parse('2026-10-01T10:00Z');
const pushed = (files: Files) => ({ commits: { only: { time, files } } });
const some = work(partly, 'a', 'b');
const asked = { ...work(partly), 'work/notes.md': disputing('Mine is right.', 'a', 'b') };
const roster = 'login,name\nada,Ada\nbob,Bob\n';

/** Grades Ada's work. */
async function gradeAda(files: Files, decisions: readonly Decision[] = [], overrides = '') {
  const tables: Record<string, string> =
    overrides === '' ? {} : { 'overrides.csv': `login,total,reason\n${overrides}\n` };
  const run = await gradeHistories(course, { ada: pushed(files) }, { roster, decisions, tables });
  const row = run.row('ada');
  return { ...run, ada: row, open: questionsIn(row).map(({ kind }) => kind) };
}

test('points that somebody gives count while the work and its points are the same, and are told with who gave them', async () => {
  const { ada } = await gradeAda(some);
  const gives = decisionOn(ada, { does: { total: 4 }, reason: 'Copied' });
  const given = await gradeAda(some, [gives]);
  expect([given.ada.points, given.open]).toEqual([4, []]);
  expect(given.ada.override).toEqual({ decision: gives.id, by: 'Grace', at: gives.at });
  // Other points, and other work that earns the same.
  for (const files of [work(rightAnswers, 'a', 'b'), work(partly, 'a', 'c')]) {
    const other = await gradeAda(files, [gives]);
    expect(other.ada.points).toBe((await gradeAda(files)).ada.points);
    expect(other.open).toEqual(['lapsed']);
    expect(other.ada.notes[0]?.text).toMatch(/gives 4 \(Copied; by Grace on 4 December\) and does not count/);
    // A decision that replaces it ends that.
    const again = decisionOn(other.ada, { does: { total: 5 }, replaces: [gives.id] });
    const after = await gradeAda(files, [gives, again]);
    expect([after.ada.points, after.open]).toEqual([5, []]);
  }
});

test('what was looked at is closed, changes no points, and what is new opens', async () => {
  const before = await gradeAda(asked);
  expect(before.open).toEqual(['disputed']);
  const looked = decisionOn(before.ada, { does: {}, reason: 'Looked at' });
  const after = await gradeAda(asked, [looked]);
  expect([after.ada.points, after.ada.override, after.open]).toEqual([before.ada.points, undefined, []]);
  const other = { ...asked, 'work/notes.md': disputing('Both are right.', 'a', 'b') };
  expect((await gradeAda(other, [looked])).open).toEqual(['lapsed', 'disputed']);
});

test('points that were given for something else leave a dispute open', async () => {
  const { ada } = await gradeAda(asked);
  const { codes: _, ...saw } = decisionOn(ada).saw ?? {};
  const gives = decisionOn(ada, { saw, does: { total: 10 }, reason: 'Helped others' });
  const { ada: after, open } = await gradeAda(asked, [gives]);
  expect([after.points, open]).toEqual([10, ['disputed']]);
});

test('two people who decide differently make a conflict, and until it is decided there are no points', async () => {
  const { ada } = await gradeAda(some);
  const [one, other] = [
    decisionOn(ada, { does: { total: 4 } }),
    decisionOn(ada, { does: { total: 6 }, by: '' }),
  ];
  const both = await gradeAda(some, [one, other]);
  expect([both.ada.points, both.ada.status, both.open]).toEqual([null, 'undecided', ['conflict']]);
  expect(both.text('grades.csv')).toMatch(/^ada,.*Two decisions differ/m);
  const same = await gradeAda(some, [one, { ...one, id: 'same', press: 'same' }]);
  expect([same.ada.points, same.open]).toEqual([4, []]);
  const settled = decisionOn(ada, { does: { total: 5 }, replaces: [one.id, other.id] });
  const after = await gradeAda(some, [one, other, settled]);
  expect([after.ada.points, after.open]).toEqual([5, []]);
});

test('a line of overrides.csv counts, unless a decision saw that very line', async () => {
  const before = await gradeAda(some, [], 'ada,3,Paper');
  const line = JSON.stringify(['ada', '3', 'Paper']);
  const unseen = decisionOn(before.ada, { does: { total: 4 } });
  expect((await gradeAda(some, [unseen], 'ada,3,Paper')).ada.points).toBe(3);
  const seen = { ...unseen, saw: { ...unseen.saw, line } };
  expect((await gradeAda(some, [seen], 'ada,3,Paper')).ada.points).toBe(4);
  expect((await gradeAda(some, [seen], 'ada,2,Paper')).ada.points).toBe(2);
});

test('decisions about people who are not here, and lines of a file that is missing, are kept and told', async () => {
  const { ada } = await gradeAda(some);
  const away = decisionOn(ada, { about: { key: 'eve', name: 'Eve' }, does: { total: 1 } });
  const { notes, text } = await gradeAda(some, [away, decisionOn(ada, { takesBack: ['unknown'] })]);
  expect(notes.join('\n')).toMatch(/Decided, but not in this run.*: Eve\. It is kept\./);
  expect(notes.join('\n')).toContain('Another file of decisions is missing: those here name 1 line');
  expect(text('decisions.jsonl').split('\n').length).toBe(3);
});

test('a comment is the student’s until it is taken back or emptied', async () => {
  const { ada } = await gradeAda(some);
  const comment = decisionOn(ada, { aspect: 'comment', saw: {}, does: { text: 'Well done' } });
  const commentsIn = async (...decisions: Decision[]) => [
    ...(await gradeAda(some, decisions)).graded.comments.values(),
  ];
  expect(await commentsIn(comment)).toEqual(['Well done']);
  expect(await commentsIn(comment, decisionOn(ada, { takesBack: [comment.id] }))).toEqual([]);
  const empty = decisionOn(ada, { aspect: 'comment', saw: {}, does: { text: '' }, replaces: [comment.id] });
  expect(await commentsIn(comment, empty)).toEqual([]);
});

describe('a date that somebody gave', () => {
  const due = '2026-09-30T12:00';
  const dated = releasedCourse({ deadline: { due, timezone: 'UTC', late: { per_day: 1 } } });
  const gradeDated = (decisions: readonly Decision[], lines = '') =>
    gradeHistories(
      dated,
      { ada: pushed(some) },
      {
        ...{ roster, decisions },
        tables: { 'extensions.csv': `who,due\n${lines}` },
      },
    );
  const lateIn = (run: Awaited<ReturnType<typeof gradeDated>>) =>
    run.row('ada').adjustments.some(({ kind }) => kind === 'late');

  test('moves the due date, after a line for the section and before one that was not seen', async () => {
    const before = await gradeDated([]);
    expect(lateIn(before)).toBe(true);
    const given = decisionOn(before.row('ada'), {
      aspect: 'due',
      saw: {},
      does: { due: '2026-10-02T12:00Z' },
    });
    expect(lateIn(await gradeDated([given]))).toBe(false);
    const line = 'ada,2026-09-30T13:00';
    expect(lateIn(await gradeDated([given], line))).toBe(true);
    const seen = { ...given, saw: { line: JSON.stringify(line.split(',')) } };
    expect(lateIn(await gradeDated([seen], line))).toBe(false);
    expect(lateIn(await gradeDated([given, decisionOn(before.row('ada'), { takesBack: [given.id] })]))).toBe(
      true,
    );
  });

  test('and another that somebody else gave are a conflict', async () => {
    const { row } = await gradeDated([]);
    const dates = ['2026-10-02T12:00Z', '2026-10-03T12:00Z'].map((date) =>
      decisionOn(row('ada'), { aspect: 'due', saw: {}, does: { due: date } }),
    );
    const both = await gradeDated(dates);
    expect(both.row('ada').points).toBe(null);
    expect(both.row('ada').notes[0]?.text).toContain('extends to 2026-10-02T12:00Z (by Grace');
  });
});

describe('an owner whom somebody named', () => {
  const stranger = (files: Files) => ({ ada: pushed(some), zoe: pushed(files) });
  const gradeZoes = (files: Files, decisions: readonly Decision[] = []) =>
    gradeHistories(course, stranger(files), { roster, decisions });
  const decided = (content: string | undefined, owners: readonly { key: string }[]): Decision => ({
    ...{ version: 1, id: 'o1', press: 'o1', at: '2026-12-04T10:00:00Z', by: '' },
    ...{ about: { source: 'fruit-submissions', submission: 'fruit-zoe' }, aspect: 'owners' },
    ...{ saw: { ...(content !== undefined && { content }) }, does: { owners: [...owners] } },
  });

  test('has the submission while it is the same, and so has nobody', async () => {
    const starter = work(blankAnswers);
    const before = await gradeZoes(starter);
    expect(before.graded.unmatched.map(({ isOpen }) => isOpen)).toEqual([true]);
    const content = before.graded.unmatched[0]?.content;
    const nobodys = decided(content, []);
    expect((await gradeZoes(starter, [nobodys])).graded.unmatched.map(({ isOpen }) => isOpen)).toEqual([
      false,
    ]);
    // Work that came later was not seen.
    expect((await gradeZoes(some, [nobodys])).graded.unmatched.map(({ isOpen }) => isOpen)).toEqual([true]);
    const bobs = await gradeZoes(starter, [decided(content, [{ key: 'bob' }])]);
    expect([bobs.graded.unmatched, bobs.row('bob').folder]).toEqual([[], 'fruit-zoe']);
  });
});
