import type { StudentResult } from '../class/results/student-result.schema';
import type { Deadline } from '../rubric/file.schema';
import { partly, work } from './classes';
import type { MadeCommit, MadeHistory } from './histories';
import { blankAnswers, rightAnswers } from './worksheet';

const minute = 60 * 1000;
const hour = 60 * minute;
export const due = Date.parse('2026-10-01T12:00Z');
export const deadline: Deadline = {
  due: '2026-10-01T12:00Z',
  timezone: 'UTC',
  grace_minutes: 15,
  late: { per_day: 1, until: '2026-10-03T12:00Z' },
};

export const stub = work(blankAnswers);
export const full = work(rightAnswers, 'Pears', 'Lemons');
export const half = work(partly, 'Pears');
const onlyAnswers = { ...stub, 'work/boxes.ts': full['work/boxes.ts'] };
const onlyNotes = { ...stub, 'work/notes.md': full['work/notes.md'] };

/** A commit some hours before (-) or after the deadline. */
export const at = (hours: number, files: Record<string, string>, ...parents: string[]): MadeCommit => ({
  time: due + hours * hour,
  files,
  ...(parents.length > 0 && { parents }),
});
export const start = at(-100, stub);

/** A history, and the grade that a fair person would give for it. */
export interface HistoryCase {
  readonly name: string;
  readonly history: MadeHistory;
  readonly deadline?: Deadline | undefined;
  /** Uncommitted files on disk. */
  readonly disk?: Record<string, string>;
  readonly status?: StudentResult['status'];
  readonly points: number | null;
  readonly told?: readonly string[];
}

/** The grade that a fair person would give, and the messages that this person would want to see. */
export const historyCases: readonly HistoryCase[] = [
  { name: 'all on time', history: { commits: { start, a: at(-1, full) } }, points: 10 },
  {
    name: 'within the grace',
    history: { commits: { start, a: at(0.2, full) } },
    points: 10,
  },
  {
    name: 'a day late',
    history: { commits: { start, a: at(20, full) } },
    points: 9,
  },
  {
    name: 'on time in part and whole a day late: the better counts',
    history: { commits: { start, a: at(-1, half), b: at(20, full) } },
    points: 9,
  },
  {
    name: 'in the last second of the grace',
    history: { commits: { start, a: { time: due + 15 * minute + 59_000, files: full } } },
    points: 10,
  },
  {
    name: 'in the last second of the first late day',
    history: { commits: { start, a: { time: due + 24 * hour + 59_000, files: full } } },
    points: 9,
  },
  {
    name: 'a second later',
    history: { commits: { start, a: { time: due + 24 * hour + 60_000, files: full } } },
    points: 8,
  },
  {
    name: 'two days late at 15 percent a day, 27 at most: rounded down to whole points',
    history: { commits: { start, a: at(40, full) } },
    deadline: { ...deadline, late: { per_day: '15%', at_most: '27%' } },
    points: 8,
  },
  {
    name: 'a week late without a rule for lateness: it counts in full',
    history: { commits: { start, a: at(170, full) } },
    deadline: { due: deadline.due, timezone: 'UTC' },
    points: 10,
  },
  {
    name: 'due at a clock time of a time zone',
    history: { commits: { start, a: at(4, full) } },
    deadline: { due: '2026-10-01T12:00', timezone: 'America/New_York', late: { per_day: 1 } },
    points: 10,
  },
  {
    name: 'of equal points the less late counts',
    history: {
      commits: {
        start,
        a: at(-1, full),
        b: at(5, { ...full, 'work/notes.md': `${full['work/notes.md']}\nBye.\n` }),
      },
    },
    points: 10,
    told: ['history/earlier'],
  },
  {
    name: 'a commit to another file, days later, by somebody else',
    history: { commits: { start, a: at(-1, full), b: at(120, { ...full, 'README.md': 'Seen.' }) } },
    points: 10,
  },
  {
    name: 'written on time and committed late',
    history: { commits: { start, a: { ...at(20, full), writtenAt: due - hour } } },
    points: 9,
    told: ['history/written-on-time'],
  },
  {
    name: 'an empty repository',
    history: { commits: {}, refs: {} },
    status: 'no submission',
    points: null,
    told: ['file/missing', 'file/missing'],
  },
  {
    name: 'only the stub',
    history: { commits: { start } },
    status: 'not started',
    points: 0,
  },
  {
    name: 'work only after the cutoff',
    history: { commits: { start, a: at(49, full) } },
    status: 'after cutoff',
    points: null,
    told: ['class/after-cutoff'],
  },
  {
    name: 'on time, and another push after the cutoff: it is not late, and the push is told',
    history: { commits: { start, a: at(-1, half), b: at(49, full) } },
    points: 6,
    told: ['history/earlier', 'reflection/too-few'],
  },
  {
    name: 'on time, and a push after the cutoff that changes nothing of the two files',
    history: { commits: { start, a: at(-1, full), b: at(49, { ...full, other: 'x' }) } },
    points: 10,
  },
  {
    name: 'a template fix on a side branch half an hour before the deadline, merged after the cutoff',
    history: {
      commits: {
        start,
        a: at(-1, full),
        fix: at(-0.5, { ...stub, 'README.md': 'fixed' }, 'start'),
        merge: at(60, { ...full, 'README.md': 'fixed' }, 'a', 'fix'),
      },
    },
    points: 10,
  },
  {
    name: 'the same fix merged two hours late',
    history: {
      commits: {
        start,
        a: at(-1, full),
        fix: at(-0.5, { ...stub, 'README.md': 'fixed' }, 'start'),
        merge: at(2, { ...full, 'README.md': 'fixed' }, 'a', 'fix'),
      },
    },
    points: 10,
  },
  {
    name: 'the same fix, with the student’s own work as the side that was merged in',
    history: {
      commits: {
        start,
        a: at(-1, full, 'start'),
        fix: at(-0.5, { ...stub, 'README.md': 'fixed' }, 'start'),
        merge: at(60, { ...full, 'README.md': 'fixed' }, 'fix', 'a'),
      },
    },
    points: 10,
  },
  {
    name: 'answers from one machine and the reflection from another, merged after the cutoff: the better side',
    history: {
      commits: {
        start,
        notes: at(-2, onlyNotes, 'start'),
        answers: at(-1, onlyAnswers, 'start'),
        merge: at(60, full, 'answers', 'notes'),
      },
    },
    // The reflection alone is worth more than the table in this worksheet.
    points: 6,
    told: ['history/earlier'],
  },
  {
    name: 'both sides merged an hour late: the whole counts, less a day',
    history: {
      commits: {
        start,
        notes: at(-2, onlyNotes, 'start'),
        answers: at(-1, onlyAnswers, 'start'),
        merge: at(1, full, 'answers', 'notes'),
      },
    },
    points: 9,
  },
  {
    name: 'both sides merged on time',
    history: {
      commits: {
        start,
        notes: at(-3, onlyNotes, 'start'),
        answers: at(-2, onlyAnswers, 'start'),
        merge: at(-1, full, 'answers', 'notes'),
      },
    },
    points: 10,
  },
  {
    name: 'a merge on time that loses the answers: what was there counts',
    history: {
      commits: {
        start,
        a: at(-3, full, 'start'),
        fix: at(-2, { ...stub, other: 'x' }, 'start'),
        merge: at(-1, { ...stub, other: 'x' }, 'fix', 'a'),
      },
    },
    points: 10,
    told: ['history/earlier'],
  },
  {
    name: 'the stub restored on time: what was there counts',
    history: { commits: { start, a: at(-2, full), b: at(-1, stub) } },
    points: 10,
    told: ['history/earlier'],
  },
  {
    name: 'a file deleted on time: what was there counts',
    history: { commits: { start, a: at(-2, full), b: at(-1, { 'work/notes.md': full['work/notes.md'] }) } },
    points: 10,
    told: ['history/earlier'],
  },
  {
    name: 'the stub restored after the deadline: what was on time counts',
    history: { commits: { start, a: at(-2, full), b: at(5, stub) } },
    points: 10,
    told: ['history/earlier'],
  },
  {
    name: 'a commit that claims an earlier time than the one before it',
    history: { commits: { start, a: at(-2, half), late: at(60, half), b: at(-1, full) } },
    points: 10,
    told: ['history/backwards'],
  },
  {
    name: 'a clock that is far ahead for one commit, and right again',
    history: { commits: { start, a: at(1e6, half), b: at(-1, full) } },
    points: 10,
    told: ['history/backwards'],
  },
  {
    name: 'work on another branch that was never merged',
    history: {
      commits: { start, a: at(-1, full, 'start') },
      refs: { 'refs/heads/main': 'start', 'refs/heads/dev': 'a' },
    },
    status: 'not started',
    points: 0,
    told: ['history/other-branch'],
  },
  {
    name: 'work on a branch of the host that nobody checked out',
    history: {
      commits: { start, a: at(-1, full, 'start') },
      refs: {
        'refs/heads/main': 'start',
        'refs/remotes/origin/main': 'start',
        'refs/remotes/origin/dev': 'a',
        'refs/remotes/origin/HEAD': 'ref: refs/remotes/origin/main',
      },
    },
    status: 'not started',
    points: 0,
    told: ['history/other-branch'],
  },
  {
    name: 'another branch is checked out: the default branch counts',
    history: {
      commits: { start, a: at(-1, full, 'start'), b: at(-1, half, 'start') },
      refs: {
        'refs/heads/dev': 'b',
        'refs/heads/main': 'a',
        'refs/remotes/origin/main': 'a',
        'refs/remotes/origin/HEAD': 'ref: refs/remotes/origin/main',
      },
      head: 'dev',
    },
    points: 10,
  },
  {
    name: 'a corrected table on a newer branch that was never merged',
    history: {
      commits: {
        start,
        a: at(-5, half, 'start'),
        b: at(-1, { ...half, 'work/notes.md': full['work/notes.md'] }, 'a'),
      },
      refs: { 'refs/heads/main': 'a', 'refs/heads/dev': 'b' },
    },
    points: 6,
    told: ['history/other-branch', 'reflection/too-few'],
  },
  {
    name: 'a clone that was fetched and not merged: the host’s branch counts',
    history: {
      commits: { start, a: at(-5, half), b: at(-1, full) },
      refs: {
        'refs/heads/main': 'a',
        'refs/remotes/origin/main': 'b',
        'refs/remotes/origin/HEAD': 'ref: refs/remotes/origin/main',
      },
    },
    points: 10,
  },
  {
    name: 'a clone that was not pushed: what the host has counts',
    history: {
      commits: { start, a: at(-5, half), b: at(-1, full) },
      refs: {
        'refs/heads/main': 'b',
        'refs/remotes/origin/main': 'a',
        'refs/remotes/origin/HEAD': 'ref: refs/remotes/origin/main',
      },
    },
    points: 6,
    told: ['history/other-branch', 'reflection/too-few'],
  },
  {
    name: 'a clone and its host that went apart: what the host has counts',
    history: {
      commits: { start, a: at(-5, half, 'start'), b: at(-1, full, 'start') },
      refs: {
        'refs/heads/main': 'a',
        'refs/remotes/origin/main': 'b',
        'refs/remotes/origin/HEAD': 'ref: refs/remotes/origin/main',
      },
    },
    points: 10,
  },
  {
    name: 'answers in a folder of the student’s own, beside the stub',
    history: { commits: { start, a: at(-1, { ...stub, 'submission/boxes.ts': rightAnswers }) } },
    points: 4,
    told: ['found/elsewhere'],
  },
  {
    name: 'both files deleted, and nothing that was meant to be one: the stub counts',
    history: { commits: { start, a: at(-1, { 'README.md': 'x' }) } },
    status: 'not started',
    points: 0,
  },
  {
    name: 'an old branch with less on it is nothing to be told',
    history: {
      commits: { start, a: at(-5, half, 'start'), b: at(-1, full, 'start') },
      refs: { 'refs/heads/main': 'b', 'refs/heads/feedback': 'start', 'refs/heads/try': 'a' },
    },
    points: 10,
  },
  {
    name: 'work that was not committed',
    history: { commits: { start, a: at(-1, half) } },
    disk: full,
    points: 6,
    told: ['class/uncommitted', 'reflection/too-few'],
  },
  {
    name: 'a bare clone',
    history: { commits: { start, a: at(-1, full) }, isBare: true },
    points: 10,
  },
  {
    name: 'a bare clone without a deadline',
    history: { commits: { start, a: at(-1, full) }, isBare: true },
    deadline: undefined,
    points: 10,
  },
  {
    name: 'answers at the root, committed on time',
    history: {
      commits: { start, a: at(-1, { 'boxes.ts': rightAnswers, 'work/notes.md': stub['work/notes.md'] }) },
    },
    points: 4,
    told: ['found/elsewhere'],
  },
  {
    name: 'answers in a folder of another spelling, beside the stub',
    history: { commits: { start, a: at(-1, { ...stub, 'Work/boxes.ts': rightAnswers }) } },
    points: 4,
    told: ['found/elsewhere'],
  },
  {
    name: 'a link in place of the answers',
    history: { commits: { start, a: at(-1, { ...full, 'work/boxes.ts': '-> ../../other/work/boxes.ts' }) } },
    points: 6,
    told: ['file/link'],
  },
  {
    name: 'a file far too large in place of the answers',
    history: { commits: { start, a: at(-1, { ...full, 'work/boxes.ts': 'x'.repeat(70_000) }) } },
    points: 6,
    told: ['file/too-large'],
  },
  {
    name: 'a cutoff at the deadline, and a commit within the grace',
    history: { commits: { start, a: at(0.2, full) } },
    deadline: { ...deadline, late: { per_day: 1, until: deadline.due } },
    points: 10,
  },
  {
    name: 'a submitted tag on the commit that counts',
    history: {
      commits: { start, a: at(-1, full) },
      refs: { 'refs/heads/main': 'a', 'refs/tags/submit/1': 'a' },
    },
    points: 10,
  },
  {
    name: 'a submitted tag on another commit than the one that counts',
    history: {
      commits: { start, a: at(-2, half), b: at(-1, full) },
      refs: { 'refs/heads/main': 'b', 'refs/tags/submit/2026-10-01T10-00-00Z-abcdef0': 'a' },
    },
    points: 10,
  },
  {
    name: 'with submission: tag, the best of those that a tag hands in',
    history: {
      commits: { start, a: at(-3, stub), b: at(-2, half), c: at(-1, full), d: at(60, stub) },
      refs: {
        'refs/heads/main': 'd',
        'refs/tags/submit/1': 'a',
        'refs/tags/submit/2': 'b',
        'refs/tags/submit/4': 'd',
        'refs/tags/other': 'c',
      },
    },
    deadline: { ...deadline, submission: 'tag' },
    points: 6,
    told: ['history/earlier', 'history/untagged', 'reflection/too-few'],
  },
  {
    name: 'with submission: tag, and no tag at all',
    history: { commits: { start, a: at(-1, full) } },
    deadline: { ...deadline, submission: 'tag' },
    status: 'no submission',
    points: null,
    told: ['history/untagged'],
  },
];
