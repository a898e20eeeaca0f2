import { strToU8, zipSync } from 'fflate';
import { groupBy } from '../../system/lists';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';
import type { PlaceOf, Returned } from './class-host';
import { feedbackOn, feedbackPage, sharedHeadline } from './feedback';

export const feedbackFolder = 'feedback';
export const feedbackName = 'feedback.html';

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
 * The teams of a class whose work came by a way, each with what that is.
 *
 * @param teamOf what is the same for a team alone: by default the submission.
 */
export function teamsBy(
  rows: readonly StudentResult[],
  wayOf: (row: StudentResult) => string | undefined,
  teamOf: (row: StudentResult) => string | undefined = ({ folder }) => folder,
) {
  const placed = rows.filter((row) => wayOf(row) !== undefined);
  return [...groupBy(placed, teamOf).values()].flatMap((inTeam) => {
    const [row] = inTeam;
    const folder = row?.folder ?? '';
    const way = row && wayOf(row);
    if (!row || way === undefined) return [];
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
  at: PlaceOf,
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
