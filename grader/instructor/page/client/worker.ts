import { messageOf } from '../../../error';
import type { Report } from '../../../grading/report.schema';
import { score } from '../../../grading/score';
import { type AnswerKey, noKey } from '../../../key/key';
import { sealedKey } from '../../../key/sealed';
import { largestFile, tooLarge } from '../../../submission/decode';
import { type FoundFile, type FoundFiles, filesInPlace } from '../../../submission/find';
import { readSubmission } from '../../../submission/submission';
import type { PageData } from '../page';
import type { WorkFiles } from '../work';

/** What the worker is told: first what to grade by, and then files, as often as they change. */
export type Order = Pick<PageData, 'rubric' | 'key'> | { readonly files: WorkFiles };

/** To each files, in their order. */
export type Reply = { readonly report: Report } | { readonly error: string };

interface WorkerScope {
  onmessage: (event: { readonly data: Order }) => void;
  postMessage(reply: Reply): void;
}

/** Grades the files that the page sends. Opening boxes is slow on purpose, and a page must not wait for it. */
export function startWorker(): void {
  const scope = self as unknown as WorkerScope;
  let context: { readonly rubric: PageData['rubric']; readonly key: AnswerKey } | undefined;
  let problem = 'nothing to grade by was sent';
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
      const submission = readSubmission(filesOf(rubric, files), rubric);
      scope.postMessage({ report: await score(rubric, submission, key) });
    } catch (error) {
      scope.postMessage({ error: messageOf(error) });
    }
  };
}

/** The files as they would lie in a folder, each in its place. */
function filesOf({ file, reflection }: PageData['rubric'], files: WorkFiles): FoundFiles {
  const texts = { [file]: files.answers, ...(reflection && { [reflection.file]: files.reflection ?? '' }) };
  const { files: found, ...rest } = filesInPlace(texts);
  const checked = [...found].map(([name, one]) => {
    const isLarge = one.opened.kind === 'file' && one.opened.bytes.length > largestFile;
    return [name, isLarge ? { ...one, opened: { kind: 'refused', reason: tooLarge(name) } } : one] as const;
  });
  return { ...rest, files: new Map(checked as [string, FoundFile][]) };
}
