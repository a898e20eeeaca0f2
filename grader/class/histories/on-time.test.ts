import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { makeHistory } from '../../testing/histories';
import { at, deadline, full, type HistoryCase, half, historyCases, start } from '../../testing/history-cases';
import { rubric, solution } from '../../testing/worksheet';
import { type ClassContext, studentGrader } from '../results/grade';
import type { StudentResult } from '../results/student-result.schema';

afterAll(removeFolders);

const context: Omit<ClassContext, 'root' | 'deadline'> = {
  rubric,
  solution,
  extensions: new Map(),
  withoutSubmission: 'blank',
  hasRoster: false,
  hasTimes: true,
};

async function grade({
  history,
  disk,
  ...rest
}: Omit<HistoryCase, 'points' | 'name'>): Promise<StudentResult> {
  const root = newFolder('histories');
  await makeHistory(path.join(root, 'ada'), history);
  if (disk) writeFiles(path.join(root, 'ada'), disk);
  const grader = studentGrader({
    ...context,
    root,
    deadline: 'deadline' in rest ? rest.deadline : deadline,
  });
  return grader({ key: 'ada', login: 'ada', work: [{ folder: 'ada' }] });
}

test.each(historyCases)('$name', async ({ points, status = 'graded', told = [], ...made }) => {
  const row = await grade(made);
  expect({
    status: row.status,
    points: row.points,
    told: row.warnings.map(({ code }) => code),
  }).toEqual({ status, points, told });
});

test('whoever handed in on time is not late for a push after the cutoff', async () => {
  const { adjustments } = await grade({ history: { commits: { start, a: at(-1, half), b: at(49, full) } } });
  expect(adjustments).toEqual([]);
});

test('without a deadline the files on disk count, and what was lost is told', async () => {
  const { points, warnings } = await grade({
    history: { commits: { start, a: at(-1, full), b: at(60, half) } },
    deadline: undefined,
  });
  expect(points).toBe(6);
  expect(warnings.map(({ code }) => code)).toEqual(['history/fewer']);
});

test.each([
  [
    'main has the stub, and another branch is checked out',
    'dev',
    [],
    10,
    ['class/not-default', 'class/not-default'],
  ],
  ['the work was not committed', 'main', full, 10, ['class/not-default', 'class/not-default']],
  ['nothing of that', 'main', undefined, 0, ['history/other-branch']],
] as const)(
  'without a deadline the files on disk count, and it is told where %s',
  async (_name, head, disk, points, told) => {
    const row = await grade({
      history: {
        commits: { start, a: at(-1, full, 'start') },
        refs: {
          'refs/heads/main': 'start',
          'refs/heads/dev': 'a',
          'refs/remotes/origin/main': 'start',
          'refs/remotes/origin/HEAD': 'ref: refs/remotes/origin/main',
        },
        head,
      },
      deadline: undefined,
      ...(disk && { disk: { ...disk } as Record<string, string> }),
    });
    expect(row.points).toBe(points);
    expect(row.warnings.map(({ code }) => code)).toEqual(told);
  },
);

test('where a deadline counts and the history cannot be read there are no points, but a reason', async () => {
  const root = newFolder('histories');
  const [ada, ben] = [path.join(root, 'ada'), path.join(root, 'ben')];
  for (const folder of [ada, ben]) writeFiles(folder, full);
  writeFiles(ada, { '.git/HEAD': 'ref: refs/heads/main\n' });
  mkdirSync(path.join(root, 'elsewhere'));
  symlinkSync(path.join(root, 'elsewhere'), path.join(ben, '.git'), 'junction');
  for (const policy of [deadline, undefined]) {
    const grader = studentGrader({ ...context, root, deadline: policy });
    for (const key of ['ada', 'ben']) {
      const row = await grader({ key, login: key, work: [{ folder: key }] });
      expect([key, row.status, row.points]).toEqual(policy ? [key, 'failed', null] : [key, 'graded', 10]);
      expect(row.warnings).toHaveLength(1);
    }
  }
});
