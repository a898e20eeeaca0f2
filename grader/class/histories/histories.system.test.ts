import { chmodSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { courseWith, graded, gradedWith, work } from '../../testing/classes';
import { newFolder, writeFiles } from '../../testing/folders';
import { clonesOf, git, type MadeHistory, makeHistory } from '../../testing/histories';
import { at, committed, deadline, full, half, start } from '../../testing/history-cases';
import { tries } from '../../testing/long';
import { Random } from '../../testing/sampler';
import { blankAnswers, partly, rightAnswers } from '../../testing/worksheet';

describe('hostile clones', () => {
  const witness = path.join(newFolder('witness'), 'ran');
  const script = path.join(newFolder('script'), 'run.sh');
  const root = clonesOf({ ada: -1 }, (hours) => committed(hours));
  const honest = path.join(root, 'fruit-ada');
  const store = path.join(honest, '.git', 'objects');

  /** Makes a clone hostile whose work on time, `main~1`, is worth half the points, and whose `main` is too late. */
  type Make = (dir: string) => void;
  const idOf = (dir: string, name: string) => git(dir, ['rev-parse', name]).trim();

  /** A commit of a tree that holds itself over and over: folders without a file, as many as there are atoms. */
  const bomb: Make = (dir) => {
    let entry = `040000 tree ${git(dir, ['mktree']).trim()}`;
    for (let depth = 0; depth < 16; depth++) {
      const entries = Array.from({ length: 20 }, (_, index) => `${entry}\tf${index}.ts\n`);
      entry = `040000 tree ${git(dir, ['mktree'], entries.join('')).trim()}`;
    }
    const tree = entry.replace(/.* /, '');
    const commit = git(dir, ['commit-tree', tree, '-p', 'main', '-m', 'x']).trim();
    git(dir, ['update-ref', 'refs/heads/main', commit]);
  };

  /** Sets something in the clone’s own configuration, a line each: a name and a value, which is the script by default. */
  const setting =
    (lines: string, files: Readonly<Record<string, string>> = {}): Make =>
    (dir) => {
      for (const line of lines.split('\n')) {
        const [, name = '', value = ''] = /^(\S+) ?(.*)$/.exec(line.trim()) ?? [];
        git(dir, ['config', name, value || script]);
      }
      writeFiles(dir, files);
    };
  const writing =
    (files: Readonly<Record<string, string | Buffer>>): Make =>
    (dir) =>
      writeFiles(dir, files);

  const otherPlace = /leads to another place/;
  const hooks = ['post-checkout', 'reference-transaction', 'post-index-change', 'fsmonitor-watchman'];
  const blob = 'ab'.repeat(20);

  /** The words of a row on why its clone is not graded; without it the clone is graded by its own work. */
  const clones: Readonly<Record<string, Make | readonly [Make, RegExp]>> = {
    programs: setting(
      `core.fsmonitor
      core.sshCommand
      remote.origin.url ssh://localhost/x
      log.showSignature true
      gpg.program
      diff.external
      diff.own.textconv
      filter.own.smudge
      core.pager`,
      { '.git/info/attributes': '* diff=own filter=own\n' },
    ),
    hooks: (dir) => {
      for (const name of hooks) {
        const file = `.git/hooks/${name}`;
        writeFiles(dir, { [file]: `#!/bin/sh\ntouch '${witness}'\n` });
        chmodSync(path.join(dir, file), 0o755);
      }
    },
    include: setting('include.path more', {
      '.git/more': `[core]\n\tfsmonitor = ${script}\n\tpager = ${script}\n`,
    }),
    promisor: [
      (dir) => {
        setting(`core.repositoryformatversion 1
          extensions.partialClone origin
          remote.origin.promisor true
          remote.origin.url ext::sh -c "touch% '${witness}'"
          protocol.ext.allow always`)(dir);
        const id = idOf(dir, 'main~1:work/boxes.ts');
        rmSync(path.join(dir, '.git', 'objects', id.slice(0, 2), id.slice(2)));
      },
      /the clone is not complete/,
    ],
    alternates: [writing({ '.git/objects/info/alternates': `${store}\n` }), otherPlace],
    commondir: [writing({ '.git/commondir': '../../fruit-ada/.git\n' }), otherPlace],
    'a-link': [
      (dir) => {
        const objects = path.join(dir, '.git', 'objects');
        renameSync(objects, path.join(newFolder(), 'objects'));
        symlinkSync(store, objects);
        writeFiles(dir, { '.git/refs/heads/main': `${idOf(honest, 'main')}\n` });
      },
      otherPlace,
    ],
    'a-file': [
      (dir) => {
        rmSync(path.join(dir, '.git'), { recursive: true });
        writeFiles(dir, { '.git': 'gitdir: ../fruit-ada/.git\n' });
      },
      otherPlace,
    ],
    // The work that a late commit holds, in the place of what was there on time.
    replace: (dir) => void git(dir, ['replace', 'main~1', 'main']),
    grafts: (dir) => writeFiles(dir, { '.git/info/grafts': `${idOf(dir, 'main')}\n` }),
    folders: [bomb, /takes too long/],
    ...(process.platform === 'linux' && {
      memory: [
        writing({
          [`.git/objects/ab/${blob.slice(2)}`]: deflateSync(
            Buffer.concat([Buffer.from('commit 6000000000\0'), Buffer.alloc(1 << 20)]),
          ),
          '.git/refs/heads/main': `${blob}\n`,
        }),
        /memory/,
      ] as const,
    }),
  };

  test('of a hostile clone nothing is run and nothing of a classmate is read, and its row says why', async () => {
    writeFiles(path.dirname(script), { 'run.sh': `#!/bin/sh\ntouch '${witness}'\n` });
    chmodSync(script, 0o755);
    // With the work in `late`, a day after the cutoff, all points would count.
    const history = { commits: { start, half: at(-2, half), late: at(72, full) } };
    for (const [login, clone] of Object.entries(clones)) {
      const dir = path.join(root, `fruit-${login}`);
      const make = typeof clone === 'function' ? clone : clone[0];
      makeHistory(dir, history);
      make(dir);
    }
    const { row } = await graded(courseWith({ deadline }), root);
    expect(existsSync(witness)).toBe(false);
    for (const [login, clone] of Object.entries(clones)) {
      const { status, points, notes } = row(login);
      const fair = typeof clone === 'function' ? ['graded', 6] : ['not readable', null];
      expect([login, status, points]).toEqual([login, ...fair]);
      if (typeof clone !== 'function') expect(JSON.stringify(notes)).toMatch(clone[1]);
    }
    expect(row('ada')).toMatchObject({ status: 'graded', points: 10 });
  }, 240_000);
});

// A second implementation of what counts, from docs/grade-a-class.md alone, so that two programs have to agree.
describe('random histories', () => {
  const due = Date.parse('2026-10-01T12:00:59.999Z');
  const grace = 15 * 60_000;
  const until = Date.parse('2026-10-04T12:00:59.999Z');
  const day = 24 * 60 * 60_000;
  const rules = {
    due: '2026-10-01T12:00Z',
    timezone: 'UTC',
    grace_minutes: 15,
    late: { per_day: '15%', at_most: 4, until: '2026-10-04T12:00Z' },
  };

  /** Works of every worth, from the stub up, with the points that each earns on time. */
  const works: readonly (readonly [points: number, files: Readonly<Record<string, string>>])[] = [
    [0, work(blankAnswers)],
    [3, work(blankAnswers, 'Pears')],
    [6, work(partly, 'Pears')],
    [7, work(rightAnswers, 'Pears')],
    [10, full],
  ];

  interface Made {
    readonly time: number;
    /** Which of the works it holds. */
    readonly work: number;
    readonly parents: readonly number[];
  }

  /** A history of some commits, each after one or two earlier ones; the last one is the newest of the branch. */
  function historyOf(random: Random, hasOddClocks: boolean): Made[] {
    const all: Made[] = [{ time: due - 5 * day, work: 0, parents: [] }];
    const count = 2 + random.below(7);
    for (let index = 1; index <= count; index++) {
      const parents = [index - 1 - (random.chance(0.3) ? random.below(index) : 0)];
      if (index > 1 && random.chance(0.3)) parents.push(random.below(index));
      const usual = due + ((index - count * 0.6) * 10 * day) / count + random.below(100_000) * 1000;
      const time = Math.floor(clockOf(usual, random, hasOddClocks) / 1000) * 1000;
      all.push({ time, work: random.below(works.length), parents: [...new Set(parents)] });
    }
    return all;
  }

  /** The time that a clock says, which may go behind or far ahead. */
  function clockOf(usual: number, random: Random, isOdd: boolean): number {
    const odd = random.chance(0.5)
      ? usual - 4 * day
      : Date.parse('2031-01-01T00:00Z') + random.below(1000) * 1000;
    return isOdd && random.chance(0.15) ? odd : usual;
  }

  type Fair = number | 'after cutoff';

  /** The commits of the default branch, by number. */
  function reachedIn(all: readonly Made[]): Set<number> {
    const reached = new Set<number>([all.length - 1]);
    for (const index of reached) for (const parent of all[index]?.parents ?? []) reached.add(parent);
    return reached;
  }

  /** The commits that one builds on, by number. */
  const ancestorsOf = (all: readonly Made[], index: number) =>
    [...reachedIn(all.slice(0, index + 1))].filter((ancestor) => ancestor !== index);

  /** Nobody knows when a commit was made, if it is in the future or before what it builds on. */
  function isDoubtful(all: readonly Made[], index: number): boolean {
    const { time = 0, parents = [] } = all[index] ?? {};
    const isFuture = (when: number) => when > Date.now();
    const before = ancestorsOf(all, index).filter(
      (ancestor) => parents.includes(ancestor) || !isFuture(all[ancestor]?.time ?? 0),
    );
    return isFuture(time) || before.some((ancestor) => (all[ancestor]?.time ?? 0) > time);
  }

  /** The points of a version of its own, by the earliest commit that holds it. */
  function pointsFor(all: readonly Made[], work: number): number | 'after cutoff' {
    const holders = [...reachedIn(all)].filter((index) => all[index]?.work === work);
    const known = holders.filter((index) => !isDoubtful(all, index));
    // One in doubt may be the earliest, unless it builds on one whose time is known.
    const mayBeFirst = holders.some((index) => {
      const ancestors = reachedIn(all.slice(0, index + 1));
      return isDoubtful(all, index) && !known.some((holder) => ancestors.has(holder));
    });
    const [points = 0] = works[work] ?? [];
    const time = Math.min(...known.map((index) => all[index]?.time ?? 0));
    if (mayBeFirst || time <= due + grace) return points;
    if (time > until) return 'after cutoff';
    const days = Math.ceil((time - due) / day);
    return Math.max(0, points - Math.floor(Math.min(days * 1.5, 4)));
  }

  /** The best that some versions earn; none where all that was begun came too late. */
  function bestOf(all: readonly Made[], versions: readonly number[]): Fair {
    const earned = versions.map((work) => ({ work, points: pointsFor(all, work) }));
    const inTime = earned.filter(({ points }) => points !== 'after cutoff');
    const isBegun = inTime.some(({ work }) => work > 0);
    const isTooLate = [...reachedIn(all)].some((index) => {
      const work = all[index]?.work ?? 0;
      return work > 0 && pointsFor(all, work) === 'after cutoff';
    });
    if (!isBegun && isTooLate) return 'after cutoff';
    return Math.max(0, ...inTime.map(({ points }) => Number(points)));
  }

  /** The best of all versions counts. */
  const fairPoints = (all: readonly Made[]): Fair =>
    bestOf(all, [...new Set([...reachedIn(all)].map((index) => all[index]?.work ?? 0))]);

  const commitsOf = (all: readonly Made[]): MadeHistory['commits'] =>
    Object.fromEntries(
      all.map(({ time, work: which, parents }, nth) => [
        `c${nth}`,
        { time, files: works[which]?.[1] ?? {}, parents: parents.map((parent) => `c${parent}`) },
      ]),
    );

  /** Grades a class of histories and returns the points of each. */
  async function pointsOf(more: object, histories: readonly (readonly Made[])[]) {
    const students = histories.map((all, index): [string, MadeHistory] => [
      `s${String(index).padStart(3, '0')}`,
      { commits: commitsOf(all) },
    ]);
    const root = clonesOf(Object.fromEntries(students), (history) => history);
    const { row } = await graded(courseWith({ deadline: rules, ...more }), root);
    return students.map(([login]) => row(login).points ?? row(login).status);
  }

  const histories = (random: Random, hasOddClocks: boolean) =>
    Array.from({ length: tries(80, 2) }, () => historyOf(random, hasOddClocks));

  test('no commit that is added, whenever and by whomever, lowers the points, and they are those of the rules', async () => {
    const random = new Random(5);
    const before = histories(random, true);
    const after = before.map((all) => {
      const last = all.length - 1;
      const parents = random.chance(0.7) ? [last] : [last, random.below(last)];
      const known = all.flatMap(({ time }) => (time < Date.now() ? time : []));
      const time = Math.max(0, ...known) + random.below(7) * day;
      return [...all, { time, work: random.below(works.length), parents }];
    });
    const points = await pointsOf({}, [...before, ...after]);
    expect(points).toEqual([...before, ...after].map(fairPoints));
    for (const index of before.keys()) {
      const numberOf = (one: (typeof points)[number] | undefined) => (typeof one === 'number' ? one : 0);
      const isLower = numberOf(points[before.length + index]) < numberOf(points[index]);
      expect([index, isLower]).toEqual([index, false]);
    }
  });

  test('where students see no marks, the same work counts', async () => {
    const random = new Random(6);
    const all = [...histories(random, false), ...histories(random, true)];
    expect(await pointsOf({ self_check: 'form' }, all)).toEqual(all.map(fairPoints));
  });

  test('what came after the cutoff or is on a branch, and could be worth more, is on follow-up.html, whatever tables say', async () => {
    const random = new Random(7);
    /** What a line of overrides.csv says of a student with some points, and the points from which on others are more. */
    const lines: readonly ((points: number) => [line: string, compared: number])[] = [
      (points) => ['', points],
      (points) => [`,+1,Asked a good question,`, points],
      (points) => [`${points + 1},,Better than it looks,`, points + 1],
      (points) => [`${points},,Looked at,${points}`, points],
    ];
    const many = Array.from({ length: tries(400, 2) }, () => historyOf(random, false));
    const made = many.map((all, index) => {
      const login = `s${index}`;
      const branch = { time: due + (random.below(10) - 7) * day, work: random.below(works.length) };
      const fair = fairPoints(all);
      const line = fair === 'after cutoff' ? 0 : index % lines.length;
      const [table, compared] = lines[line]?.(fair === 'after cutoff' ? 0 : fair) ?? ['', 0];
      const onMain = [...reachedIn(all)].map((commit) => all[commit]?.work ?? 0);
      const late = [...new Set(onMain)].filter((work) => pointsFor(all, work) === 'after cutoff');
      const isMore = (work: number, points: number | 'after cutoff') =>
        (points === 'after cutoff' ? (works[work]?.[0] ?? 0) : points) > compared;
      const ofBranch = pointsFor(
        [branch].map((commit) => ({ ...commit, parents: [] })),
        branch.work,
      );
      return {
        ...{ login, table, line, isDecided: line === 3 },
        history: {
          commits: {
            ...commitsOf(all),
            branch: { time: branch.time, files: works[branch.work]?.[1] ?? {}, parents: ['c0'] },
          },
          refs: { 'refs/heads/main': `c${all.length - 1}`, 'refs/heads/other': 'branch' },
        },
        isLate: late.some((work) => isMore(work, 'after cutoff')),
        isOnBranch: !onMain.includes(branch.work) && isMore(branch.work, ofBranch),
      };
    });
    const root = clonesOf(
      Object.fromEntries(made.map(({ login, history }) => [login, history])),
      (history) => history,
    );
    const overrides = made.flatMap(({ login, table }) => (table === '' ? [] : `${login},${table}`));
    const { out } = await gradedWith(
      { 'overrides.csv': ['login,total,adjust,reason,was', ...overrides, ''].join('\n') },
      courseWith({ deadline: rules }),
      root,
    );
    const [open = '', decided = ''] = readFileSync(path.join(out, 'follow-up.html'), 'utf8').split(
      '>Decided<',
    );
    /** What a part of the page says of a student: in a row or an item with the name, alone, among some, or in a list. */
    const saidOf = (part: string, login: string) =>
      part
        .split(/<li><b>|<tr>/)
        .filter((entry) => entry.split(/<[^>]*>|, /).includes(login))
        .join();
    for (const { login, isDecided, isLate, isOnBranch } of made) {
      const said = saidOf(isDecided ? decided : open, login);
      const isSaid = [
        /after the cutoff; not counted/.test(said),
        /is on a branch that is not merged/.test(said),
      ];
      expect([login, isSaid[0] || !isLate, isSaid[1] || !isOnBranch]).toEqual([login, true, true]);
    }
    // Each kind of line is tried.
    const told = made.filter(({ isLate, isOnBranch }) => isLate || isOnBranch);
    expect(new Set(told.map(({ line }) => line)).size).toBe(lines.length);
  });
});
