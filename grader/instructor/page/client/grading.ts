import type { Report } from '../../../grading/report.schema';
import type { PageData } from '../page';
import { type TypedWork, type WorkFiles, workFilesOf } from '../work';
import type { Reply } from './worker';

/** What a Report is of. */
export interface GradedWork extends Pick<WorkFiles, 'quoted'> {
  readonly work: TypedWork;
}

/** Grades what is typed, in a worker; where more was typed meanwhile, only the newest is graded. */
export class GradingWorker {
  private readonly data: PageData;
  private readonly script: string;
  private readonly told: (report: Report, graded: GradedWork) => void;
  private readonly failed: (reason: string) => void;
  private worker: Worker | undefined;
  private next: TypedWork | undefined;
  /** What is being graded. */
  private current: GradedWork | undefined;

  /**
   * @param script of this page, which is the worker's too.
   * @param onReport is given each Report, and what it is of.
   * @param failed is told why nothing can be graded.
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
