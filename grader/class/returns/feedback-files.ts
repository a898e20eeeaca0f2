import { printPlain } from '../../render/view-plain';
import { joinNames } from '../../system/lists';
import { sha256 } from '../../system/platform';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';
import type { FeedbackFile, Host, PlaceOf } from './class-host';
import { feedbackOn, feedbackPage } from './feedback';
import { feedbackFolder } from './team-pages';

/**
 * Makes a page and a text for each student, and the files that hosts take back.
 *
 * @returns also what to do with the files for hosts, and whose feedback no host gives them.
 */
export function feedbackFiles(graded: GradedClass, hosts: readonly Host[], at: PlaceOf) {
  const place = at(feedbackFolder);
  const pages = graded.students.flatMap((row): FeedbackFile[] => {
    const feedback = feedbackOn(row, graded);
    const name = fileNameOf(row.key);
    return [
      [`${name}.txt`, `${printPlain(feedback)}\n`],
      [`${name}.html`, feedbackPage(graded.course.rubric.title, feedback)],
    ];
  });
  const returned = hosts.flatMap((host) => host.feedback?.(graded, at) ?? []);
  const told = new Set(returned.flatMap(({ told: those }) => those));
  const untold = graded.students.filter((row) => isToBeTold(row, graded) && !told.has(row));
  const steps = returned.flatMap(({ steps: all }) => all);
  const lines = [
    `The feedback: ${place}, a page and a text for each student, ${graded.feedback?.why}.`,
    ...steps,
  ];
  if (untold.length > 0) {
    const names = untold.map(({ student }) => graded.people.nameOf(student));
    const isNobodyTold = told.size === 0 && steps.length === 0;
    const what = isNobodyTold
      ? 'students their pages'
      : `${joinNames(names, names.length)} all that is on their pages`;
    lines.push(`No host gives ${what}: do it yourself, from ${place}.`);
  }
  const files = [...pages, ...returned.flatMap(({ files: made }) => made)];
  return {
    files: files.map(([name, content]) => [`${feedbackFolder}/${name}`, content] as const),
    told: lines,
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
