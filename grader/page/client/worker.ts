import type { Report } from '../../grading/report.schema';
import { score } from '../../grading/score';
import { type AnswerKey, noKey } from '../../key/judge';
import { sealedKey } from '../../key/sealed-key';
import { messageOf } from '../../message';
import { type SubmissionTexts, typedSubmission } from '../../submission/submission';
import type { PageData } from '../worksheet-page';

/** A message to the worker: files, and what to grade them by. */
interface Order extends Pick<PageData, 'rubric' | 'key'> {
  readonly files: SubmissionTexts;
}

/** A reply of the worker. Each message gets one, in order. */
type Reply = { readonly report: Report } | { readonly error: string };

/** Grades the files that the page sends. Opening boxes is slow on purpose, and the page must not wait for it. */
export function startWorker(): void {
  const scope = self as unknown as { onmessage: unknown; postMessage(reply: Reply): void };
  let key: AnswerKey | undefined;
  scope.onmessage = async ({ data: { rubric, key: sealed, files } }: MessageEvent<Order>) => {
    try {
      // One key for all messages, because it remembers the boxes that it has opened.
      key ??= sealed ? sealedKey(sealed, rubric) : noKey;
      scope.postMessage({ report: await score(rubric, typedSubmission(files, rubric), key) });
    } catch (error) {
      scope.postMessage({ error: messageOf(error) });
    }
  };
}

/**
 * Starts a worker that grades.
 *
 * @param script the script of the page, which the worker runs too.
 * @param onReport receives a report and the job that it was graded from.
 * @param onFailure receives the reason if nothing can be graded.
 * @returns a function that sends a job; of those sent while the worker is busy, only the last is graded.
 */
export function startGrading<Job extends { readonly files: SubmissionTexts }>(
  script: string,
  { rubric, key }: PageData,
  onReport: (report: Report, job: Job) => void,
  onFailure: (reason: string) => void,
): (job: Job) => void {
  const notStarted = 'this browser does not let the page start its grader';
  let worker: Worker;
  try {
    worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  } catch {
    onFailure(notStarted);
    return () => {};
  }
  let current: Job | undefined;
  let next: Job | undefined;
  const send = () => {
    if (current || !next) return;
    [current, next] = [next, undefined];
    worker.postMessage({ rubric, key, files: current.files } satisfies Order);
  };
  worker.onerror = ({ message }) => onFailure(message || notStarted);
  worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => {
    const graded = current;
    current = undefined;
    if ('error' in reply) onFailure(reply.error);
    else if (graded && !next) onReport(reply.report, graded);
    send();
  };
  return (job) => {
    next = job;
    send();
  };
}
