import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { earlierRun, gradeChanges } from '../class/changes';
import { gradeToFiles } from '../class/class-run';
import type { Decision } from '../class/decisions/decision.schema';
import { decisionsFile, decisionsText } from '../class/decisions/journal';
import { classHosts } from '../class/downloads/class-hosts';
import type { History } from '../class/histories/versions';
import type { TableFile } from '../class/members/csv-table';
import { readRoster } from '../class/members/roster';
import { archiveItem, type Item } from '../class/members/source';
import type { ClassInput } from '../class/open-class';
import { resultsFile, runFile, unmatchedFile } from '../class/results/graded-class';
import type { StudentResult } from '../class/results/student-result.schema';
import { askAgainOf } from '../course/ask-again';
import type { Course } from '../course/course';
import { fileTooLarge } from '../submission/decode';
import type { WorkFinder } from '../submission/read-files';
import { isRepository, type ListedFile } from '../submission/which-files';
import { earlierRefs } from '../system/github';
import { headOf, isLink, type MadeHistory, parentsIn, refsOf } from './histories';

/** Uncommitted files on disk, by path. */
type Disk = Readonly<Record<string, string | Buffer>>;

/** A history as it was cloned, with the uncommitted files in its folder. */
export interface MadeClone extends MadeHistory {
  readonly isCutOff?: boolean;
  /** Whether the machine has no git that can read it. */
  readonly isWithoutGit?: boolean;
  readonly disk?: Disk | undefined;
}

interface Given
  extends Partial<Pick<ClassInput, 'feedback' | 'started' | 'due' | 'earlier' | 'grader' | 'isPart'>> {
  /** Tables that the instructor filled in, by name. */
  readonly tables?: Readonly<Record<string, string>>;
  /** What people decided before. */
  readonly decisions?: readonly Decision[];
  /** The text of the roster. */
  readonly roster?: string;
  /** Other sources, which have no histories: the files of each, by the name of the source. */
  readonly archives?: Readonly<Record<string, Disk>>;
  /** Whether to give the sources in reverse order. */
  readonly isReversed?: boolean | undefined;
}

/** Grades a class of histories, by login, without git or a disk: plain values in, plain values out. */
export async function gradeHistories(
  course: Course,
  clones: Readonly<Record<string, MadeClone>>,
  { tables = {}, decisions = [], roster, archives = {}, isReversed, ...options }: Given = {},
) {
  const items = Object.entries(clones).map(([login, made]) => cloneOf(`fruit-${login}`, made));
  const name = 'fruit-submissions';
  const around: Item = { name, isFile: false, files: () => [], inside: () => items };
  const others = Object.entries(archives).map(([archive, files]) =>
    archiveItem(
      archive,
      Object.entries(files).map(([path, content]) => fileOf(path, Buffer.from(content))),
    ),
  );
  const tops = items.length > 0 || others.length === 0 ? [around, ...others] : others;
  const tableOf = (table: string, text: string): TableFile => ({ name: table, bytes: Buffer.from(text) });
  const byHand = Object.entries(tables).map(([table, text]) => [table, tableOf(table, text)] as const);
  if (isReversed) tops.reverse();
  const input: ClassInput = {
    started: new Date(),
    ...options,
    sources: tops.map((top) => ({ name: top.name, givenAs: top.name, top })),
    tables: new Map(byHand),
    decisions: [tableOf(decisionsFile, decisionsText(decisions))],
    roster: roster === undefined ? undefined : readRoster(tableOf('roster.csv', roster), classHosts),
    release: undefined,
    askAgain: askAgainOf(course),
  };
  const { graded, files, summary } = await gradeToFiles(course, input, {
    at: (file) => file,
    atOnce: 1,
  });
  const text = (file: string) => [...(files.get(file) ?? [])].map(String).join('');
  const linesIn = (file: string) => text(file).split('\n').filter(Boolean);
  return {
    graded,
    students: graded.students,
    /** The run that the next one compares with. */
    asEarlier: earlierRun(text(runFile), linesIn(resultsFile), linesIn(unmatchedFile)),
    changes: input.earlier ? gradeChanges(input.earlier, graded) : [],
    notes: graded.notes.map(({ text }) => text),
    summary,
    row: (login: string) => graded.students.find(({ key }) => key === login) as StudentResult,
    text,
    fileNames: [...files.keys()],
    /** The names of the files in an archive; empty if there is no such archive. */
    namesIn: (archive: string) =>
      [...(files.get(archive) ?? [])].flatMap((part) =>
        typeof part === 'string' ? [] : Object.keys(unzipSync(part)),
      ),
  };
}

/** The folder of a clone. */
function cloneOf(name: string, made: MadeClone): Item {
  const { commits, isBare = false, isCutOff = false, isWithoutGit, disk } = made;
  const checkedOut = commits[headOf(made) ?? '']?.files ?? {};
  const files = Object.entries({ ...checkedOut, ...disk }).filter(([, content]) => !isLink(content));
  return {
    name,
    isFile: false,
    clone: {
      isBare,
      isCutOff,
      read: isWithoutGit
        ? undefined
        : async (finder) => (Object.keys(commits).length === 0 ? undefined : historyIn(made, finder)),
    },
    files: () => files.map(([path, content]) => fileOf(path, Buffer.from(content))),
    inside: () => [],
  };
}

const fileOf = (path: string, bytes: Buffer): ListedFile => ({
  path,
  read: (largest) => (bytes.length > largest ? fileTooLarge(path, largest) : new Uint8Array(bytes)),
});

/** A history in the form in which git reports it. */
function historyIn(made: MadeClone, finder: WorkFinder): History {
  const refs = refsOf(made);
  const parentsOf = new Map(parentsIn(made));
  const contents = new Map<string, Uint8Array | number>();
  const idOf = (content: string | Buffer, limit: number) => {
    if (isLink(content)) return '';
    const bytes = Buffer.from(content);
    const id = createHash('sha1').update(bytes).digest('hex');
    contents.set(id, bytes.length > limit ? bytes.length : new Uint8Array(bytes));
    return id;
  };
  const commits = Object.entries(made.commits).map(([id, { time, files }]) => {
    const paths = Object.keys(files).filter((path) => finder.matters(path) || isRepository(path));
    const limits = new Map(finder.limitsOf(paths));
    return {
      id,
      time: Math.floor(time / 1000) * 1000,
      parents: parentsOf.get(id) ?? [],
      files: new Map(paths.map((path) => [path, idOf(files[path] ?? '', limits.get(path) ?? 0)])),
    };
  });
  const reached = new Set(Object.values(refs));
  for (const id of reached) for (const parent of parentsOf.get(id) ?? []) reached.add(parent);
  const named = Object.entries(refs).filter(([ref]) => !ref.startsWith(earlierRefs));
  const tags = named.filter(([ref]) => ref.startsWith('refs/tags/submit/'));
  const remote = refs['refs/remotes/origin/HEAD']?.replace('ref: ', '') ?? '';
  return {
    commits: commits.filter(({ id }) => reached.has(id)),
    heads: [refs[remote] ?? 'missing', headOf(made) ?? 'missing'],
    submitted: new Set(tags.map(([, id]) => id)),
    named: new Set(named.map(([, id]) => id)),
    contents,
    page: made.origin?.replace(/\.git$/, ''),
  };
}
