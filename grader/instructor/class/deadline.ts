import { type Deadline, momentForm, momentOf } from '../../rubric/file.schema';
import { assertNoProblems, type Problem, readTable } from './table';

/** When work is due, as moments in milliseconds since 1970. */
export interface Due {
  readonly due: number;
  /** What comes no later than this is on time. */
  readonly grace: number;
  /** What comes later than this does not count; never before `grace`. */
  readonly cutoff: number;
  readonly perDay: number;
}

const minute = 60 * 1000;
const day = 24 * 60 * minute;

/**
 * What holds for one student.
 *
 * @param extension a later moment for this student; the cutoff moves along with it.
 */
export function dueOf(policy: Deadline, extension?: number): Due {
  const due = momentOf(policy.due) ?? Number.NaN;
  const cutoff =
    policy.cutoff === undefined ? Number.POSITIVE_INFINITY : (momentOf(policy.cutoff) ?? Number.NaN);
  const moved = extension === undefined ? 0 : Math.max(0, extension - due);
  const grace = due + moved + (policy.grace_minutes ?? 0) * minute;
  return {
    due: due + moved,
    grace,
    cutoff: Math.max(cutoff + moved, grace),
    perDay: policy.per_day_points ?? 0,
  };
}

/** What lateness costs. */
export interface Lateness {
  readonly why: string;
  readonly points: number;
}

/**
 * What lateness costs, never more than there is; undefined for what is on time.
 *
 * @param submitted when the work was committed, no later than the cutoff.
 * @param earned its points before.
 */
export function lateness(
  { due, grace, perDay }: Due,
  submitted: number,
  earned: number,
): Lateness | undefined {
  if (submitted <= grace) return undefined;
  const days = Math.ceil((submitted - due) / day);
  const why = `Late by ${days} day${days === 1 ? '' : 's'}, at ${perDay} point${perDay === 1 ? '' : 's'} a day`;
  return { why, points: Math.min(earned, days * perDay) };
}

/**
 * Reads extensions: a table of a login and a moment for each.
 *
 * @param policy what they extend.
 * @param known the keys of the class; see `Enrolled`.
 * @throws {GraderError} that lists every line that cannot be used.
 */
export function readExtensions(
  file: string,
  policy: Deadline | undefined,
  known: ReadonlySet<string>,
): Map<string, number> {
  const extensions = new Map<string, number>();
  const lines = new Map<string, number>();
  const problems: Problem[] = [];
  const { headings, rows } = readTable(file, ['login']);
  if (!headings.includes('due'))
    problems.push({ line: 1, text: `there is no column due, but ${headings.join(', ')}. Write login,due.` });
  if (!policy)
    problems.push({
      line: 1,
      text: 'there is no deadline to extend. Write one into rubric.yaml, or give it with --due.',
    });
  const end = policy && momentOf(policy.due);
  for (const { line, cells } of rows) {
    const { login = '', due = '' } = cells;
    const key = login.toLowerCase();
    const time = momentOf(due);
    const earlier = lines.get(key);
    if (login === '') problems.push({ line, text: 'there is no login.' });
    else if (!known.has(key)) problems.push({ line, text: `nobody in this class has the login ${login}.` });
    else if (earlier !== undefined)
      problems.push({ line, text: `${login} has an extension in line ${earlier} already.` });
    if (time === undefined) problems.push({ line, text: `${due || 'nothing'} is not ${momentForm}.` });
    else if (end !== undefined && time < end)
      problems.push({ line, text: `${due} is before the work is due (${policy?.due}).` });
    lines.set(key, line);
    extensions.set(key, time ?? 0);
  }
  assertNoProblems(file, problems);
  return extensions;
}
