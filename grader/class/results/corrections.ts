import { linesText } from '../../message';
import type { OtherVersion, StudentResult } from './student-result.schema';

/** Points that a person may give, and why. */
interface Correction {
  readonly kind: 'typos' | 'versions';
  readonly points: number;
  readonly reason: string;
  /** The files of a version that would count. */
  readonly files?: string;
}

/** The corrections and choices that would give more points than what counts, the highest first. */
export function correctionsOf(result: StudentResult): Correction[] {
  const least = computedPoints(result);
  const corrections = correctionsIn(result, '');
  for (const work of result.otherVersions) {
    // If work came too late or is in the wrong place, a person decides first whether it counts.
    if (work.why !== 'last' && work.why !== 'later') continue;
    const ofIt = work.why === 'last' ? ' of the last work' : ` of ${work.label}`;
    corrections.push(...correctionsIn(work, ofIt));
  }
  return corrections
    .filter((correction) => least === null || correction.points > least)
    .sort((one, other) => other.points - one.points);
}

/** The points that the grader computes, whatever a line sets. A zero for missing work does not count as points. */
export function computedPoints({ points, adjustments }: StudentResult): number | null {
  if (adjustments.some(({ kind }) => kind === 'no submission')) return null;
  const override = adjustments.find(({ kind }) => kind === 'override');
  return override ? override.before : points;
}

function correctionsIn(
  { corrected, choices = [] }: Pick<OtherVersion, 'corrected' | 'choices'>,
  ofIt: string,
) {
  const corrections: Correction[] = [];
  if (corrected) {
    const { lines, points } = corrected;
    const typos = lines.length === 1 ? 'Typo' : 'Typos';
    corrections.push({ kind: 'typos', points, reason: `${typos} in ${linesText(lines)}${ofIt} corrected` });
  }
  for (const { files, points } of choices)
    corrections.push({
      kind: 'versions',
      points,
      reason: reasonFor(files, ofIt),
      files: `${files.join(' and ')}${ofIt}`,
    });
  return corrections;
}

const reasonFor = (files: readonly string[], ofIt = '') => `Counts: ${files.join(' and ')}${ofIt}`;

/** The choice between versions that a line makes: the one that its reason names, or the only one with these points. */
export function chosenIn({ choices = [] }: StudentResult, total: number, reason: string) {
  const withPoints = choices.filter(({ points }) => points === total);
  const named = withPoints.find(({ files }) => reasonFor(files) === reason);
  return named ?? (withPoints.length === 1 ? withPoints[0] : undefined);
}

/** The points of each correction or choice of work, by the code of the note that asks for it. */
export function worthByNote(result: StudentResult): ReadonlyMap<string, string> {
  return new Map(
    [result, ...result.otherVersions].flatMap(({ notes, corrected, choices = [] }) =>
      notes.flatMap(({ kind, was }) => {
        if (was === undefined || (kind !== 'typos' && kind !== 'versions')) return [];
        const points = [...choices, ...(corrected ? [corrected] : [])].map((one) => one.points);
        return [[was, points.sort((one, other) => one - other).join()] as const];
      }),
    ),
  );
}
