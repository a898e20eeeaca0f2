import type { Report } from '../../grading/report.schema';
import { worksheetPart } from '../../grading/score';
import { message, quoteList } from '../../message';
import { cellsOf } from '../../rubric/rubric';
import type { FoundFiles } from '../../submission/find';
import type { FileState } from '../../submission/submission';
import { about, type StudentResult, warning } from './student-result.schema';

/**
 * Says whether there is work that counts; every way in which the points may differ from what the student earned, for
 * the instructor to look at; and what the student can do where there are none. What cannot be read is no missing work
 * and no zero.
 */
export function reviewOf(report: Report, { unread, others }: FoundFiles) {
  const { reflection, started, problems } = report;
  const isBlank = cellsOf(report).every(({ outcome }) => outcome === 'blank');
  const files = [
    { ...report, isBlank, reasons: problems.map(({ reason }) => reason) },
    ...[reflection ?? []].flat().map((one) => ({
      ...one,
      isBlank: !one.present && !one.disputed,
      reasons: [one.reason ?? []].flat(),
    })),
  ];
  const has = (wanted: FileState) => files.some(({ state }) => state === wanted);
  const unreadable = unread.flatMap(({ path, why }) => (why ? [] : path));
  const instead = quoteList([...unreadable, ...others]);
  const missing = files.flatMap(({ file, state, isBlank }) =>
    state === 'missing' || state === 'misplaced' || (state === 'read' && isBlank) ? file : [],
  );
  // A slip in a table without points costs none.
  const slip = worksheetPart(report).problems.find(({ table }) => report.unreadable || table !== undefined);
  const line = slip?.location ? ` (line ${slip.location.line})` : '';
  const remarks = [
    reflection?.disputed &&
      warning('dispute', 'class/dispute', 'Says in the reflection that a right answer is marked wrong.'),
    ...report.remarks.map(about('found')),
    has('undecided') &&
      warning(
        'versions',
        'class/versions',
        'Versions differ, and none counts until you choose; follow-up.html has the points of each.',
      ),
    instead.text &&
      missing.length > 0 &&
      warning(
        'instead',
        'class/instead',
        `Handed in instead of ${missing.join(' and ')}: ${instead.text}.`,
        instead.quotes,
      ),
    // What is undecided has a remark of its own, and what is misplaced was handed in instead.
    ...files.flatMap(({ state, reasons }) =>
      state === 'read' || state === 'undecided' || (state === 'misplaced' && instead.text)
        ? []
        : reasons.map(about('file')),
    ),
    slip &&
      report.state === 'read' &&
      warning(
        'syntax error',
        'class/slip',
        `A typo in ${report.file}${line} makes cells that may be right unreadable.`,
      ),
    reflection?.remark && about('reflection')(reflection.remark),
    // A person looks whether there is more than was counted.
    reflection?.state === 'read' &&
      reflection.reason &&
      !reflection.untouched &&
      about('reflection')(reflection.reason),
  ];
  const reading = started ? 'graded' : 'not started';
  const statusOf = (): StudentResult['status'] => {
    if (has('failed')) return 'failed';
    if (has('undecided')) return 'undecided';
    if (files.some((file) => file.state === 'read' && !file.isBlank)) return reading;
    if (has('refused') || has('misplaced') || unread.length > 0) return 'failed';
    return has('read') && others.length === 0 ? reading : 'no submission';
  };
  return {
    status: statusOf(),
    warnings: remarks.flatMap((remark) => remark || []),
    advice: [
      ...files.flatMap(({ state, reasons }) => (state === 'read' || state === 'missing' ? [] : reasons)),
      ...unreadable.map((name) =>
        message(
          'class/unread',
          '{name} cannot be read. Copy your work into the files of the worksheet, and hand those in.',
          { name },
        ),
      ),
    ],
  };
}
