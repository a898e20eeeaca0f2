import { loadCourse } from '../../course/course';
import { message } from '../../message';
import { codesOf, courseWith, linesIn, withoutCodes, work } from '../../testing/classes';
import { gradeHistories } from '../../testing/grade-histories';
import type { MadeCommit, MadeHistory } from '../../testing/histories';
import { at, deadline, full, half, stub } from '../../testing/history-cases';
import { Random } from '../../testing/sampler';
import { disputableYaml, disputing, partly, rightAnswers } from '../../testing/worksheet';
import type { Version } from '../histories/versions';
import type { CollectedSubmission } from '../members/source';
import { selectVersion } from './what-counts';
import type { GradedVersion } from './worth';

// The work that counts need not be the newest. The instructor and the student hear about both.

test('what a person may find newest work to be worth is listed with its points, and the student reads it', async () => {
  const { told, lines, feedback, page } = await listed({
    typo: newest('a typo'),
    alone: { commits: { start, last: at(-2, sheets['a typo']) } },
    all: { commits: { start, early: at(-30, full), last: at(-2, sheets['a typo']) } },
    less: { commits: { start, early, last: at(-2, half) } },
    late: newest('a typo', 60),
    versions: newest('two versions'),
    dispute: newest('a dispute, and one response'),
    pdf: newest('a PDF alone'),
    large: newest('a file far too large'),
    missing: newest('no reflection'),
    // Nobody knows what several slips hide.
    slips: {
      commits: { start, a: at(-30, sheets['one cell wrong']), b: at(-2, sheets['two typos']) },
    },
    slow: { commits: { start, early, a: at(-35, sheets['a typo']), b: at(-34, half) } },
    'two-heads': {
      commits: {
        start,
        early,
        a: at(-3, sheets['a typo'], 'early'),
        b: at(-2, half, 'early'),
        merged: at(60, full, 'a', 'b'),
      },
    },
  });
  expect(told).toEqual({
    typo: '7 class/slip history/earlier',
    alone: '6 class/slip',
    all: '10 history/earlier',
    less: '7 history/earlier',
    late: '7 class/after-cutoff',
    versions: '7 class/versions history/earlier',
    dispute: '7 class/dispute history/earlier',
    pdf: '7 class/instead history/earlier',
    large: '7 file/too-large history/earlier',
    missing: '7 file/missing history/earlier',
    slips: '9 class/slip history/earlier',
    slow: '7 class/slip history/backwards history/earlier',
    'two-heads': '7 class/after-cutoff class/slip history/earlier',
  });
  expect(lines.map(withoutCodes).sort()).toEqual([
    'alone,10,,Typo in line 3 corrected,6 …',
    'dispute,7,,Disputed mark checked,7 …',
    'late,2026-10-04T00:00Z',
    'slips,10,,"Typos in lines 2, 3 of the last work corrected",9 …',
    expect.stringMatching(/^slow,10,,"Typo in line 3 of Wednesday .*corrected",7 …$/),
    expect.stringMatching(/^two-heads,10,,"Typo in line 3 of Thursday .*corrected",7 …$/),
    'two-heads,2026-10-04T00:00Z',
    'typo,10,,Typo in line 3 of the last work corrected,7 …',
    'versions,10,,Counts: work/boxes.ts of the last work,7 …',
  ]);
  expect(page).toContain('the last work, of Thursday 1 October 2026, 10:00 (UTC, commit');
  expect(page).toContain('could be worth 9 points');
  expect(page).toContain('24 is right.');
  // Feedback begins with the work that counts, and the next sentence says why newer work does not count.
  const begin = (login: string) => feedback(login).split('\n').slice(1, 8).join(' ').replace(/\s+/g, ' ');
  expect(begin('typo')).toMatch(
    /^7 of 10 points\. An earlier version counts\. Your last work of Thursday 1 October 2026, 10:00 \(UTC\) does not count, because it cannot be read as a whole: .*work\/boxes\.ts:3:\d+: .*comma/,
  );
  expect(begin('less')).toContain('does not count, because it earns no more.');
  expect(begin('late')).toContain('Your work of Sunday 4 October 2026, 00:00 (UTC) came after the cutoff.');
  expect(begin('all')).toMatch(/^10 of 10 points\. An earlier version counts/);
  expect(feedback('alone')).not.toContain('An earlier version');
});

test('where lateness takes all points, nobody is asked what late work could be worth', async () => {
  const allTaken = { ...deadline, late: { ...deadline.late, per_day: '100%' } };
  const alone = (name: keyof typeof sheets) => ({ commits: { start, last: at(20, sheets[name]) } });
  const { told } = await listed(
    { typo: alone('a typo'), versions: alone('two versions') },
    courseOf({ deadline: allTaken }),
  );
  expect(told).toEqual({ typo: '0', versions: '0' });
});

test('of any versions, none is worth more than the one that counts, and beside it is whatever could be', () => {
  const random = new Random(61);
  for (let count = 0; count < 500; count++) {
    const versions = Array.from({ length: 1 + random.below(5) }, () => anyWork(random));
    const { counted, others } = selectVersion(versions);
    const inPlace = versions.filter(({ version }) => !version.outside);
    const counting = inPlace.filter(({ isInTime }) => isInTime);
    const hasStarters = inPlace.some(({ status }) => status === 'not started');
    expect(counted === undefined).toBe(counting.length === 0 && !hasStarters);
    if (counted) expect(counting.filter((work) => isBetter(work, counted))).toEqual([]);
    const most = (work: GradedVersion | undefined) => work?.points ?? 0;
    const mayBeMore = (work: GradedVersion) =>
      work.most > most(counted) || (work.isStarted && !counted?.isStarted);
    const timeOf = ({ version }: GradedVersion) => (version.doubt ? Number.POSITIVE_INFINITY : version.time);
    const isPast = (work: GradedVersion) =>
      counting.includes(work) &&
      counted?.points !== null &&
      work.submission === counted?.submission &&
      timeOf(work) < timeOf(counted);
    // Among equals, the earliest is named.
    const isBefore = (one: GradedVersion, other: GradedVersion) =>
      one.most > other.most || (one.most === other.most && timeOf(one) <= timeOf(other));
    const isAlike = (one: GradedVersion, other: GradedVersion) =>
      one.submission === other.submission && one.version.outside?.code === other.version.outside?.code;
    for (const work of versions.filter(
      (one) => one !== counted && one.isStarted && mayBeMore(one) && !isPast(one),
    ))
      expect(others.some((one) => isAlike(one.work, work) && isBefore(one.work, work))).toBe(true);
    for (const { work, why } of others) {
      expect(why === 'outside' || why === 'after cutoff').toBe(!counting.includes(work));
      if (why === 'last') expect(work.submission).toBe(counted?.submission);
      else expect(mayBeMore(work) && !isPast(work)).toBe(true);
    }
  }
});

test('what was pushed on time and merged late by a squash has a remark, and its points stay', async () => {
  const { told, page } = await listed({
    squash: {
      commits: { start, a: at(-2, full), merged: at(20, full, 'start') },
      refs: { 'refs/heads/main': 'merged', 'refs/heads/mine': 'a' },
    },
    'after-the-cutoff': {
      commits: { start, a: at(-2, full), merged: at(60, full, 'start') },
      refs: { 'refs/heads/main': 'merged', 'refs/heads/mine': 'a' },
    },
    merge: { commits: { start, a: at(-2, full), b: at(-1, stub, 'start'), merged: at(20, full, 'b', 'a') } },
  });
  expect(told).toEqual({
    squash: '9 history/earlier-branch',
    'after-the-cutoff': 'after cutoff class/after-cutoff history/earlier-branch',
    merge: '10',
  });
  expect(page).toContain('At that time it would give 10 points.');
});

test('newest work has the time of its own commit, a doubtful one is beside what counts, and a PDF on a branch is told', async () => {
  const { told, page, feedback } = await listed({
    // The starter of four days ago is the newest work again.
    revert: { commits: { start, a: at(-30, half), b: at(-2, stub) } },
    // The last commit counts. The clock of the one before it was years ahead.
    ahead: {
      commits: {
        start,
        a: at(1_000_000, sheets['a typo']),
        b: at(-2, sheets['all but a response']),
      },
    },
    beside: {
      commits: {
        start,
        a: at(-2, sheets['all but a response']),
        b: at(1_000_000, sheets['a typo']),
      },
    },
    branch: {
      commits: { start, a: at(-2, sheets['a PDF alone']) },
      refs: { 'refs/heads/main': 'start', 'refs/heads/mine': 'a' },
    },
    deleted: { commits: { start, a: at(-30, half), b: at(-2, { 'README.md': 'x' }) } },
  });
  expect(told).toEqual({
    revert: '6 history/earlier',
    ahead: '7 class/slip history/backwards history/future',
    beside: '7 class/slip history/earlier history/future',
    branch: '0 history/other-branch',
    deleted: '6 file/missing file/missing history/earlier',
  });
  expect(page).toContain('the last work, of Thursday 1 October 2026, 10:00 (UTC, commit');
  expect(page).toContain(
    'is on a branch that is not merged and does not count. It could be worth 10 points.',
  );
  expect(feedback('beside')).toContain('Your last work, Sunday 30 October 2140, 04:00 (UTC, commit');
});

test('a file that is missing on a branch may never have been there, and is nothing to be told', async () => {
  const beside = (files: Record<string, string>): MadeHistory => ({
    commits: { start, a: at(-30, half), b: at(-2, files) },
    refs: { 'refs/heads/main': 'a', 'refs/heads/mine': 'b' },
  });
  const { 'work/boxes.ts': answers, 'work/notes.md': notes } = half;
  const { told } = await listed({
    answers: beside({ 'work/boxes.ts': answers }),
    reflection: beside({ 'work/notes.md': notes }),
  });
  expect(told).toEqual({ answers: '6', reflection: '6' });
});

const courseOf = (settings: object) =>
  loadCourse(courseWith(settings, { 'rubric.yaml': disputableYaml }), false);
const course = courseOf({ deadline });

const typo = rightAnswers.replace('down: 7, across: 13', 'down: 7 across: 13');
const twoTypos = typo.replace('down: 7, across: 11', 'down: 7 across: 11');
const both = ['Pears', 'Lemons'] as const;

const disputed = (...responses: string[]) => ({
  'work/boxes.ts': partly,
  'work/notes.md': disputing('24 is right.', ...responses),
});

const sheets = {
  'all but a response': work(rightAnswers, 'Pears'),
  'one cell wrong': work(partly, ...both),
  'a typo': work(typo, ...both),
  'two typos': work(twoTypos, ...both),
  'two versions': { ...full, 'boxes (1).ts': partly },
  'a PDF alone': { ...stub, 'work/boxes.pdf': '%PDF' },
  'a file far too large': { ...full, 'work/boxes.ts': 'x'.repeat(70_000) },
  'no reflection': { 'work/boxes.ts': partly },
  'a dispute, and one response': disputed('Pears'),
};

const start: MadeCommit = at(-100, stub);

const early = at(-30, sheets['all but a response']);
const newest = (name: keyof typeof sheets, hours = -2): MadeHistory => ({
  commits: { start, early, last: at(hours, sheets[name]) },
});

/** Students' histories, and everything that a person reads about each: points, codes, and lines to copy. */
async function listed(histories: Readonly<Record<string, MadeHistory>>, of = course) {
  const { students, text } = await gradeHistories(of, histories, { feedback: true });
  const page = text('follow-up.html');
  const toldOf = (row: (typeof students)[number]) =>
    [row.points ?? row.status, ...codesOf(row).sort()].join(' ');
  return {
    page,
    told: Object.fromEntries(students.map((row) => [row.key, toldOf(row)])),
    lines: linesIn(page).flatMap(({ lines }) => lines),
    feedback: (login: string) => text(`feedback/${login}.txt`),
  };
}

/**
 * The order in which work without points is looked at: first work that only a person can judge, then work that was
 * begun.
 */
const ranks = [
  ['undecided'],
  ['not readable', 'not fetched'],
  ['graded'],
  ['not started'],
  ['no submission'],
];

/** Whether work ranks above other work: by points, then lateness, then time. */
function isBetter(one: GradedVersion, other: GradedVersion): boolean {
  const rankOf = ({ status }: GradedVersion) => ranks.findIndex((rank) => rank.includes(status));
  const daysOf = ({ late }: GradedVersion) => late?.days ?? 0;
  const knownTime = ({ version }: GradedVersion) => (version.doubt ? 0 : version.time);
  if (one.points || other.points)
    if ((one.points ?? 0) !== (other.points ?? 0)) return (one.points ?? 0) > (other.points ?? 0);
  if (!one.points && rankOf(one) !== rankOf(other)) return rankOf(one) < rankOf(other);
  if (daysOf(one) !== daysOf(other)) return daysOf(one) < daysOf(other);
  return knownTime(one) > knownTime(other);
}

const submissions = ['a', 'b'].map((name) => ({ name }) as CollectedSubmission);

/** A graded version with only the fields that decide whether it counts. */
function anyWork(random: Random): GradedVersion {
  const status = random.pick(ranks.flat() as GradedVersion['status'][], 'graded');
  const points = { graded: random.below(4), 'not started': 0 }[status as string] ?? null;
  const outside = random.chance(0.2)
    ? message(random.among('branch', 'disk'), 'It is elsewhere.')
    : undefined;
  return {
    submission: random.pick(submissions, submissions[0] as CollectedSubmission),
    version: { time: random.below(4), doubt: random.chance(0.2) ? 'future' : undefined, outside } as Version,
    status,
    points,
    late: random.chance(0.3) ? { days: 1 + random.below(2), cost: 1, reason: 'Late' } : undefined,
    isInTime: random.chance(0.8),
    isLast: random.chance(0.3),
    isStarted: status !== 'not started' && status !== 'no submission',
    most: (points ?? 0) + random.below(3),
    ...{ notes: [], submissionNotes: [], responses: [], advice: [] },
  };
}
