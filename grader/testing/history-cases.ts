import type { Deadline } from '../rubric/file.schema';
import { partly, work } from './classes';
import type { MadeCommit, MadeHistory } from './histories';
import { blankAnswers, rightAnswers } from './worksheet';

const hour = 60 * 60 * 1000;
export const due = Date.parse('2026-10-01T12:00Z');
const late = { per_day: 1, until: '2026-10-03T12:00Z' };
const timezone = 'UTC';
export const deadline: Deadline = { due: '2026-10-01T12:00Z', timezone, grace_minutes: 15, late };

/** Deadlines of other courses, as the cases call them. */
const deadlines: Readonly<Record<string, Deadline | undefined>> = {
  percent: { ...deadline, late: { per_day: '15%', at_most: '27%' } },
  unlimited: { due: deadline.due, timezone },
  zone: { due: '2026-10-01T12:00', timezone: 'America/New_York', late: { per_day: 1 } },
  strict: { ...deadline, late: { per_day: 1, until: deadline.due } },
  tag: { ...deadline, submission: 'tag' },
  none: undefined,
};

export const stub = work(blankAnswers);
export const full = work(rightAnswers, 'Pears', 'Lemons');
export const half = work(partly, 'Pears');
const [answers, notes] = [{ 'work/boxes.ts': rightAnswers }, { 'work/notes.md': full['work/notes.md'] }];

/** The contents of commits, as the cases call them; `+` adds a file. */
const works: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  nothing: {},
  stub,
  full,
  half,
  answers: { ...stub, ...answers },
  reflection: { ...stub, ...notes },
  'reflection-alone': notes,
  corrected: { ...half, ...notes },
  reworded: { ...full, 'work/notes.md': `${full['work/notes.md']}\nBye.\n` },
  'answers-at-root': { 'boxes.ts': rightAnswers, 'work/notes.md': stub['work/notes.md'] },
  'answers-linked': { ...full, 'work/boxes.ts': '-> ../../other/work/boxes.ts' },
  'answers-too-large': { ...full, 'work/boxes.ts': 'x'.repeat(70_000) },
};

/** A commit some hours before (-) or after the deadline. */
export const at = (hours: number, files: Record<string, string>, ...parents: string[]): MadeCommit => ({
  time: due + hours * hour,
  files,
  ...(parents.length > 0 && { parents }),
});
export const start = at(-100, stub);
/** The history of a student who commits the stub, and this some hours before (-) or after the deadline. */
export const committed = (hours: number, files: Record<string, string> = full): MadeHistory => ({
  commits: { start, a: at(hours, files) },
});

/** A history, and the grade that a fair person would give for it. */
export interface HistoryCase {
  readonly name: string;
  readonly history: MadeHistory;
  readonly deadline: Deadline | undefined;
  /** Uncommitted files on disk. */
  readonly disk: Readonly<Record<string, string>>;
  readonly status: string;
  readonly points: number | null;
}

// A line for each: its name | its commits after the stub, a, b and so on, each with its time from the deadline in hours
// or h:m:s, its work and, after <, its parents unless it is the one before | points and status | what else differs.
// A line that begins with a space goes on with the one above.
const table = `
all on time | -1 full | 10
within the grace | 0.2 full | 10
a day late | 20 full | 9
on time in part and whole a day late: the better counts | -1 half, 20 full | 9
in the last second of the grace | 0:15:59 full | 10
in the last second of the first late day | 24:0:59 full | 9
a second later | 24:1:0 full | 8
two days late at 15 percent a day, 27 at most: rounded down to whole points | 40 full | 8 | percent
a week late without a rule for lateness: it counts in full | 170 full | 10 | unlimited
due at a clock time of a time zone | 4 full | 10 | zone
of equal points the less late counts | -1 full, 5 reworded | 10
a commit to another file, days later, by somebody else | -1 full, 120 full+README.md | 10
written on time and committed late | 20 full | 9 | written-on-time
an empty repository | | - no submission | empty
only the stub | | 0 not started
work only after the cutoff | 49 full | - after cutoff
on time, and another push after the cutoff: it is not late, and the push is told | -1 half, 49 full | 6
on time, and a push after the cutoff that changes nothing of the two files | -1 full, 49 full+other | 10
a template fix on a side branch half an hour before the deadline, merged after the cutoff
  | -1 full, -0.5 stub+README.md < start, 60 full+README.md < a b | 10
the same fix merged two hours late | -1 full, -0.5 stub+README.md < start, 2 full+README.md < a b | 10
the same fix, with the student’s own work as the side that was merged in
  | -1 full, -0.5 stub+README.md < start, 60 full+README.md < b a | 10
answers from one machine and the reflection from another, merged after the cutoff: the better side
  | -2 reflection, -1 answers < start, 60 full < b a | 6
both sides merged an hour late: the whole counts, less a day
  | -2 reflection, -1 answers < start, 1 full < b a | 9
both sides merged on time | -3 reflection, -2 answers < start, -1 full < b a | 10
a merge on time that loses the answers: what was there counts
  | -3 full, -2 stub+other < start, -1 stub+other < b a | 10
the stub restored on time: what was there counts | -2 full, -1 stub | 10
a file deleted on time: what was there counts | -2 full, -1 reflection-alone | 10
the stub restored after the deadline: what was on time counts | -2 full, 5 stub | 10
a commit that claims an earlier time than the one before it | -2 half, 60 half, -1 full | 10
a clock that is far ahead for one commit, and right again | 1000000 half, -1 full | 10
work on another branch that was never merged | -1 full | 0 not started | heads/main=start heads/dev=a
work on a branch of the host that nobody checked out
  | -1 full | 0 not started | heads/main=start remotes/origin/main=start remotes/origin/dev=a
another branch is checked out: the default branch counts
  | -1 full, -1 half < start | 10 | heads/dev=b heads/main=a remotes/origin/main=a checkout=dev
a corrected table on a newer branch that was never merged
  | -5 half, -1 corrected | 6 | heads/main=a heads/dev=b
a clone that was fetched and not merged: the host’s branch counts
  | -5 half, -1 full | 10 | heads/main=a remotes/origin/main=b
a clone whose branch goes on from what the host has: its branch counts
  | -5 half, -1 full | 10 | heads/main=b remotes/origin/main=a
a clone and its host that went apart: what the host has counts
  | -5 half, -1 full < start | 10 | heads/main=a remotes/origin/main=b
answers in a folder of the student’s own, beside the stub | -1 stub+submission/boxes.ts | 4
both files deleted, and nothing that was meant to be one: the stub counts
  | -1 nothing+README.md | 0 not started
an old branch with less on it is nothing to be told
  | -5 half, -1 full < start | 10 | heads/main=b heads/feedback=start heads/try=a
work that was not committed | -1 half | 6 | uncommitted
a bare clone | -1 full | 10 | bare
a bare clone without a deadline | -1 full | 10 | bare none
answers at the root, committed on time | -1 answers-at-root | 4
answers in a folder of another spelling, beside the stub | -1 stub+Work/boxes.ts | 4
a link in place of the answers | -1 answers-linked | 6
a file far too large in place of the answers | -1 answers-too-large | 6
a cutoff at the deadline, and a commit within the grace | 0.2 full | 10 | strict
a submitted tag on the commit that counts | -1 full | 10 | heads/main=a tags/submit/1=a
a submitted tag on another commit than the one that counts
  | -2 half, -1 full | 10 | heads/main=b tags/submit/2026-10-01T10-00-00Z-abcdef0=a
with submission: tag, the best of those that a tag hands in
  | -3 stub, -2 half, -1 full, 60 stub | 6 | tag heads/main=d tags/submit/1=a tags/submit/2=b tags/submit/4=d tags/other=c
with submission: tag, and no tag at all | -1 full | - no submission | tag
`;

function commitOf(line: string): MadeCommit {
  const [, time = '', work = '', parents] = /^(\S+) (\S+)(?: < (.*))?$/.exec(line) ?? [];
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  const [base = '', ...added] = work.split('+');
  const extra = added.map((file) => [file, file.endsWith('boxes.ts') ? rightAnswers : 'x']);
  const files = { ...works[base], ...Object.fromEntries(extra) };
  return at(hours + minutes / 60 + seconds / 3600, files, ...(parents?.split(' ') ?? []));
}

export const historyCases = table
  .trim()
  .split(/\n(?! )/)
  .map((line): HistoryCase => {
    const [name = '', made = '', outcome = '', more = ''] = line.split(/\s*\|\s*/);
    const options = more.split(' ');
    const is = (option: string) => options.includes(option);
    const later = made
      .split(', ')
      .filter(Boolean)
      .map((text, index) => {
        const commit = commitOf(text);
        return ['abcd'.charAt(index), is('written-on-time') ? { ...commit, writtenAt: due - hour } : commit];
      });
    const named = options.flatMap((option) => {
      const [ref = '', commit = ''] = option.split('=');
      const head = ref === 'remotes/origin/main' ? [['refs/remotes/origin/HEAD', `ref: refs/${ref}`]] : [];
      return ref.includes('/') ? [[`refs/${ref}`, commit], ...head] : [];
    });
    const [points = '', ...status] = outcome.split(' ');
    const chosen = options.find((option) => option in deadlines);
    return {
      name,
      history: {
        commits: is('empty') ? {} : { start, ...Object.fromEntries(later) },
        ...((is('empty') || named.length > 0) && { refs: Object.fromEntries(named) }),
        ...(is('checkout=dev') && { head: 'dev' }),
        isBare: is('bare'),
      },
      deadline: chosen === undefined ? deadline : deadlines[chosen],
      disk: is('uncommitted') ? full : {},
      status: status.join(' ') || 'graded',
      points: points === '-' ? null : Number(points),
    };
  });
