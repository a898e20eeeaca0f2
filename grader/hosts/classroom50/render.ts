import type { Report } from '../../grading/report.schema';
import { indentedJson } from '../../render/escape/json';
import type { Safe } from '../../render/escape/safe';
import { cellTests, reflectionTests, type ScoredTest } from '../../render/tests';

/** The submission that was graded, as the host describes it. */
export interface Classroom50Submission {
  readonly classroom: string;
  readonly assignment: string;
  readonly type: 'individual' | 'group';
  readonly owner: string;
  /** `submit/…` */
  readonly tag: string;
  readonly commit: string;
  readonly release: string;
  readonly review: string;
  /** When it was submitted and when it was graded, as `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly submitted: string;
  readonly graded: string;
}

/** Renders `result.json` for Classroom 50, in its format v1. */
export function renderClassroom50(
  report: Report & { readonly points: number },
  submission: Classroom50Submission,
): Safe<'json'> {
  return indentedJson({
    schema: 'classroom50/result/v1',
    classroom: submission.classroom,
    assignment: submission.assignment,
    assignment_type: submission.type,
    owner: submission.owner,
    submission: submission.tag,
    commit: submission.commit,
    release: submission.release,
    review: submission.review,
    datetime: submission.submitted,
    graded_at: submission.graded,
    score: report.points,
    'max-score': report.possible,
    tests: [...cellTests(report), ...reflectionTests(report)].map(resultTest),
  });
}

function resultTest({ title, failure, points, possible }: ScoredTest) {
  return {
    'test-name': title,
    passed: failure === undefined,
    score: points,
    'max-score': possible,
    message: failure,
  };
}
