import { clockText } from '../../rubric/moment';
import { personOf } from '../decisions/decided';
import type { Decision } from '../decisions/decision.schema';
import type { TableRow } from '../members/csv-table';
import { deedText, givenByLine, weighed } from '../results/decided-points';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';
import { commentsFile, overridesFile } from '../results/tables-by-hand';
import { sawOf } from '../results/to-decide';
import { type ShownCase, type ShownKind, shownCases } from './shown';

// A graded class as plain values, for the pages in which a person decides.

/** A student in a list, with everything that a form has to know. */
export interface Listed {
  readonly id: string;
  readonly name: string;
  readonly points: string;
  readonly status: string;
  readonly sections: readonly string[];
  readonly about: Decision['about'];
  readonly saw: ReturnType<typeof sawOf>;
  readonly stands: Standing;
}

/** What people have given a student, as they would type it. */
export interface Standing {
  /** `14`, or `+2`. */
  readonly points: string;
  readonly isExcused: boolean;
  readonly reason: string;
  readonly comment: string;
  /** In the course's time zone: `2026-12-01T23:59`. */
  readonly due: string;
}

/** A line of a table that counts. */
export interface LineInForce {
  readonly id: string;
  /** `gives 14 (Spoke for long)` */
  readonly text: string;
  /** `overrides.csv, line 3` */
  readonly place: string;
}

/** A graded class as a page shows it. */
export interface ShownClass {
  readonly title: string;
  readonly possible: number;
  /** The time zone of due dates; undefined if there are none. */
  readonly timezone: string | undefined;
  readonly open: readonly ShownKind[];
  /** People with notes that need no decision. */
  readonly settled: readonly ShownCase[];
  /** The sections of the class, if there are several. */
  readonly sections: readonly string[];
  /** Everybody, by name. */
  readonly people: readonly Listed[];
  /** Every line of the journal that this class was graded with. */
  readonly decisions: readonly Decision[];
  /** The key that somebody in the journal has now, by the key there. */
  readonly keys: readonly (readonly [before: string, key: string])[];
  /** The ids of decisions that stand and no longer count. */
  readonly lapsed: readonly string[];
  readonly lines: readonly LineInForce[];
  /** Notes on the run, if the page has them nowhere else. */
  readonly notes?: readonly string[];
}

export function shownClass(graded: GradedClass): ShownClass {
  const { course, people, journal } = graded;
  return {
    title: course.rubric.title,
    possible: course.rubric.possible,
    timezone: course.file.deadline?.timezone,
    ...shownCases(graded),
    sections: graded.sections,
    people: graded.students
      .map((result) => ({
        id: result.key,
        name: people.nameOf(result.student),
        points: String(result.points ?? '–'),
        status: result.status,
        sections: graded.sectionsOf.get(result.key) ?? [],
        about: personOf(result.student),
        saw: sawOf(result, graded),
        stands: standingOf(result, graded),
      }))
      .sort((one, other) => one.name.localeCompare(other.name, 'en')),
    decisions: journal.all,
    keys: [...graded.keysInJournal],
    lapsed: graded.students.flatMap((result) => lapsedAbout(result, graded).map(({ id }) => id)),
    lines: linesInForce(graded),
  };
}

function standingOf({ key, override }: StudentResult, graded: GradedClass): Standing {
  const { total, adjust, isExcused = false } = override?.does ?? {};
  const due = graded.extensions.get(key);
  const { timezone = 'UTC' } = graded.course.file.deadline ?? {};
  return {
    points: adjust === undefined ? String(total ?? '') : signed(adjust),
    isExcused,
    reason: override?.reason ?? '',
    comment: graded.comments.get(key) ?? '',
    due: due === undefined || !Number.isFinite(due) ? '' : clockText(due, timezone),
  };
}

const signed = (adjust: number) => (adjust < 0 ? String(adjust) : `+${adjust}`);

/** The decisions about a student that stand, and that what there is now is no longer what they saw. */
function lapsedAbout(result: StudentResult, { decidedAbout }: GradedClass): readonly Decision[] {
  const { key, changedAtHost } = result;
  const ofPoints = weighed(result, decidedAbout(key, 'points')).lapsed;
  return changedAtHost?.becomes === 'waits' ? [...ofPoints, ...decidedAbout(key, 'grade there')] : ofPoints;
}

function linesInForce(graded: GradedClass): LineInForce[] {
  const { students, lines, comments, decidedAbout } = graded;
  return students.flatMap((result): LineInForce[] => {
    const { key, override } = result;
    const said = (name: string, { line }: TableRow, text: string) => ({
      id: key,
      text,
      place: `${name}, line ${line}`,
    });
    const [points, comment] = [lines.points.get(key), lines.comment.get(key)];
    const ofPoints = points && override && 'line' in override;
    const ofComment = comment && decidedAbout(key, 'comment').every(({ saw }) => saw?.line === undefined);
    return [
      ...(ofPoints ? [said(overridesFile, points, deedText({ does: givenByLine(points.cells) }))] : []),
      ...(ofComment
        ? [said(commentsFile, comment, deedText({ does: { text: comments.get(key) ?? '' } }))]
        : []),
    ];
  });
}
