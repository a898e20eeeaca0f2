import { strToU8, zipSync } from 'fflate';
import { printPlain } from '../../render/view-plain';
import { groupBy, joinNames } from '../../system/lists';
import { sha256 } from '../../system/platform';
import { isInSection } from '../members/roster';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';
import type { ClassHost, FeedbackFile, PathOf, Returned } from './class-host';
import { feedbackOn, feedbackPage, sharedHeadline } from './feedback';

export const feedbackFolder = 'feedback';
export const feedbackName = 'feedback.html';

/**
 * Makes a page and a text for each student, and the files that hosts take back.
 *
 * @returns also what is in them, what to do with those for hosts, and whose feedback no host gives them.
 */
export function feedbackFiles(graded: GradedClass, hosts: readonly ClassHost[], at: PathOf) {
  const folder = at(feedbackFolder);
  const pages = graded.students.flatMap((row): FeedbackFile[] => {
    const feedback = feedbackOn(row, graded);
    const name = fileNameOf(row.key);
    return [
      [`${name}.txt`, `${printPlain(feedback)}\n`],
      [`${name}.html`, feedbackPage(graded.course.rubric.title, feedback)],
    ];
  });
  const returned = hosts.flatMap((host) => host.feedback?.(graded, at) ?? []);
  const reached = new Set(returned.flatMap(({ reached: those }) => those));
  const untold = graded.students.filter((row) => isToBeTold(row, graded) && !reached.has(row));
  const steps = returned.flatMap(({ steps: all }) => all);
  const about = `The feedback: ${folder}, a page and a text for each student, ${graded.feedback?.why}.`;
  if (untold.length > 0) {
    const names = untold.map(({ student }) => graded.people.nameOf(student));
    const isNobodyTold = reached.size === 0 && steps.length === 0;
    const untoldText = isNobodyTold
      ? 'students their pages'
      : `${joinNames(names, names.length)} all that is on their pages`;
    steps.push(`No host gives ${untoldText}: do it yourself, from ${folder}.`);
  }
  const files = [...pages, ...returned.flatMap(({ files: made }) => made)];
  return {
    files: files.map(([name, content]) => [`${feedbackFolder}/${name}`, content] as const),
    about: [about],
    steps,
  };
}

/** Whether there is something that a student has not heard: of work, of points set by hand, or a comment. */
function isToBeTold({ key, folder, override }: StudentResult, { comments }: GradedClass) {
  return folder !== undefined || override !== undefined || comments.has(key);
}

/** Matches names that are safe on every system. Others may be refused, or taken for another file. */
const isPlainName = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9][a-z0-9_.-]{0,60}(?<!\.)$/;

/** A file name for a student, which no other student's key has. */
export function fileNameOf(key: string) {
  if (isPlainName.test(key)) return key;
  const plain = key.replace(/[^a-z0-9_-]+/g, '_').slice(0, 40);
  return `student-${plain}-${sha256(key).slice(0, 12)}`;
}

// The files that hosts take back.

/** Archives with the same content are the same, whenever they are made. */
const mtime = '2000-01-01T00:00:00Z';

/** Students whose work came by one way, to which feedback goes back. */
interface Team {
  /** One of those whose grade comes from this work. */
  readonly row: StudentResult;
  /** All of them. */
  readonly rows: readonly StudentResult[];
  /** All who handed it in: the best work of some may be another. */
  readonly owners: readonly StudentResult[];
  /** The owners, unless it is one student alone. */
  readonly readers: readonly StudentResult[] | undefined;
}

/**
 * The teams of a class whose work came by a way, each with what that is: those with a member who is shown.
 *
 * @param teamOf what is the same for a team alone: by default the submission.
 */
export function teamsBy(
  { all: { students: rows }, section }: GradedClass,
  wayOf: (row: StudentResult) => string | undefined,
  teamOf: (row: StudentResult) => string | undefined = ({ folder }) => folder,
) {
  const placed = rows.filter((row) => wayOf(row) !== undefined);
  return [...groupBy(placed, teamOf).values()].flatMap((inTeam) => {
    const [row] = inTeam;
    const { folder = '' } = row;
    const way = wayOf(row);
    if (way === undefined || !inTeam.some(({ student }) => isInSection(student, section))) return [];
    const owners = rows.filter((one) => inTeam.includes(one) || one.submissions?.includes(folder));
    const isPersonal = owners.length === 1 && !row.shared;
    return { row, rows: inTeam, owners, readers: isPersonal ? undefined : owners, way };
  });
}

/** Students to whom the page of a team says all that their own pages say. */
export function fullyTold({ rows, readers }: Team, { comments, course }: GradedClass) {
  if (!readers) return rows;
  const shared = sharedHeadline(readers, course.rubric);
  // A reason that is not that of all is left out.
  const isTold = ({ key, adjustments }: StudentResult) =>
    !comments.has(key) && (shared?.how !== '' || adjustments.length === 0);
  return shared ? rows.filter(isTold) : [];
}

export function pageOf(row: StudentResult, graded: GradedClass, readers?: readonly StudentResult[]) {
  return feedbackPage(graded.course.rubric.title, feedbackOn(row, graded, readers));
}

/** An archive for a host, if there is something in it, and how the host takes it. */
export function archiveOf(
  name: string,
  pages: readonly (readonly [file: string, content: string | Uint8Array])[],
  how: string,
  at: PathOf,
): Pick<Returned, 'files' | 'steps'> {
  if (pages.length === 0) return { files: [], steps: [] };
  return {
    files: [[name, archived(pages)]],
    steps: [`${at(`${feedbackFolder}/${name}`)}: for ${how}`],
  };
}

export function archived(files: readonly (readonly [name: string, content: string | Uint8Array])[]) {
  const entries = files.map(([name, content]) => [
    name,
    typeof content === 'string' ? strToU8(content) : content,
  ]);
  return zipSync(Object.fromEntries(entries), { mtime });
}
