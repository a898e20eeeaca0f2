import { messageOf } from '../../error';
import type { Report } from '../../grading/report.schema';
import { score } from '../../grading/score';
import { type AnswerKey, noKey } from '../../key/key';
import { sealedKey } from '../../key/sealed';
import { type SubmissionTexts, typedSubmission } from '../../submission/submission';
import type { PageData } from '../page';

/** A message to the worker: first the rubric and the key, then the files each time they change. */
export type Order = Pick<PageData, 'rubric' | 'key'> | { readonly files: SubmissionTexts };

/** A reply of the worker. Each message with files gets one, in order. */
export type Reply = { readonly report: Report } | { readonly error: string };

interface WorkerScope {
  onmessage: (event: { readonly data: Order }) => void;
  postMessage(reply: Reply): void;
}

/** Grades the files that the page sends. Opening boxes is slow on purpose, and the page must not wait for it. */
export function startWorker(): void {
  const scope = self as unknown as WorkerScope;
  let context: { readonly rubric: PageData['rubric']; readonly key: AnswerKey } | undefined;
  let problem = 'no rubric was sent';
  scope.onmessage = async ({ data }) => {
    if ('rubric' in data) {
      try {
        const { rubric, key } = data;
        context = { rubric, key: key ? sealedKey(key, rubric) : noKey };
      } catch (error) {
        problem = messageOf(error);
      }
      return;
    }
    const { files } = data;
    try {
      if (!context) throw new Error(problem);
      const { rubric, key } = context;
      scope.postMessage({ report: await score(rubric, typedSubmission(files, rubric), key) });
    } catch (error) {
      scope.postMessage({ error: messageOf(error) });
    }
  };
}
