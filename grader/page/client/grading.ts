import type { Report } from '../../grading/report.schema';
import type { PageData } from '../page';
import { type TypedWork, type WorkFiles, workFilesOf } from '../work';
import type { Reply } from './worker';

/** The typed work that a report was graded from. */
export interface GradedWork extends Pick<WorkFiles, 'quoted'> {
  readonly work: TypedWork;
}

/** Grades typed work in a worker. When more is typed in the meantime, only the newest work is reported. */
export class GradingWorker {
  private readonly data: PageData;
  private readonly script: string;
  private readonly told: (report: Report, graded: GradedWork) => void;
  private readonly failed: (reason: string) => void;
  private worker: Worker | undefined;
  private next: TypedWork | undefined;
  /** The work that the worker is grading. */
  private current: GradedWork | undefined;

  /**
   * @param script the script of the page, which the worker runs too.
   * @param onReport receives each report and the work that it was graded from.
   * @param failed is called with the reason when nothing can be graded.
   */
  constructor(
    data: PageData,
    script: string,
    onReport: (report: Report, graded: GradedWork) => void,
    failed: (reason: string) => void,
  ) {
    this.data = data;
    this.script = script;
    this.told = onReport;
    this.failed = failed;
  }

  grade(work: TypedWork): void {
    this.next = new Map(work);
    try {
      this.worker ??= this.start();
      this.send();
    } catch {
      this.failed(notStarted);
    }
  }

  private start(): Worker {
    const worker = new Worker(URL.createObjectURL(new Blob([this.script], { type: 'text/javascript' })));
    worker.onerror = ({ message }) => this.failed(message || notStarted);
    worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => {
      const { current } = this;
      this.current = undefined;
      if ('error' in reply) this.failed(reply.error);
      else if (!this.next && current) this.told(reply.report, current);
      this.send();
    };
    const { rubric, key } = this.data;
    worker.postMessage({ rubric, ...(key && { key }) });
    return worker;
  }

  private send(): void {
    if (this.current || !this.next) return;
    const work = this.next;
    const { quoted, ...files } = workFilesOf(work, this.data);
    this.current = { work, quoted };
    this.next = undefined;
    this.worker?.postMessage({ files });
  }
}

const notStarted = 'this browser does not let the page start its grader';
