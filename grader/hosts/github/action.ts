import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import type { GradingContext } from '../../grading/context';
import type { Environment } from '../../render/escape/actions';
import { gradedByDigest } from '../../rubric/rubric';

/** This file and `releasedFile` are beside every grader that a course publishes as an action. */
export const actionFile = 'action.yml';

/** A release, as described to the action that was made from it. */
export interface ReleasedGrader {
  /** `fruit 1.0.0` */
  readonly name: string;
  /** `2026-11-03` */
  readonly date: string;
  readonly corrections: readonly Correction[];
  /** Shared by all releases that give the same grades. */
  readonly lineage: string;
}

/** Hints that a later release corrected. */
export interface Correction {
  readonly date: string;
  /** Labels of the corrected rows, if known. */
  readonly rows: readonly string[];
}

export const releasedFile = 'released.json';

/** The input that says which worksheet a copy was made for; see `gradedByDigest`. */
export const gradedByInput = 'worksheet';

/**
 * Refuses a grader that gives points for something other than the copy was made for.
 *
 * @throws {GraderError} if they do not match, or the workflow does not say what the copy was made for.
 */
export function assertMadeFor(
  { rubric }: GradingContext,
  { lineage }: ReleasedGrader,
  variables: Environment,
): void {
  const wanted = variables[`INPUT_${gradedByInput.toUpperCase()}`];
  if (!wanted)
    throw new GraderError(
      'rubric',
      'grader-without-worksheet',
      `This repository’s workflow does not tell the course’s grader (${actionName(variables)}) which release it belongs to, so nothing was graded.`,
      `Your answers are not the cause and are not lost. Tell your instructors: with github: { grader: … } in rubric.yaml, a release writes with: { ${gradedByInput}: … } into the workflow.`,
    );
  if (wanted === gradedByDigest(rubric, lineage)) return;
  throw new GraderError(
    'rubric',
    'grader-of-another-worksheet',
    `The course’s grader (${actionName(variables)}) does not match this repository’s points, cells, questions or files, so nothing was graded.`,
    'Your answers are not the cause and are not lost. Tell your instructors: the branch needs the grader of the release that students started from.',
  );
}

/** The notes that an action shows below each worksheet, one paragraph each. */
export function notesOf({ name, date, corrections }: ReleasedGrader, variables: Environment): string[] {
  const corrected = corrections.map(({ date: day, rows }) =>
    rows.length > 0 ? `${dayOf(day)} (${rows.join(', ')})` : dayOf(day),
  );
  return [
    `Graded by ${actionName(variables)}: ${name}, released on ${dayOf(date)} ${date.slice(0, 4)}.`,
    ...(corrected.length > 0 ? [`Hints were corrected on ${corrected.join(' and on ')}.`] : []),
  ];
}

/** Reads an action's release from the action's folder. */
export function releasedIn(folder: string): ReleasedGrader {
  return JSON.parse(readFileSync(path.join(folder, releasedFile), 'utf8')) as ReleasedGrader;
}

/** The name of the action as the runner gives it, such as `org/grader@main`. */
function actionName({ GITHUB_ACTION_REPOSITORY, GITHUB_ACTION_REF }: Environment): string {
  return GITHUB_ACTION_REPOSITORY
    ? `${GITHUB_ACTION_REPOSITORY}@${GITHUB_ACTION_REF}`
    : 'an action of this course';
}

/** `3 November` */
function dayOf(date: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(date),
  );
}
