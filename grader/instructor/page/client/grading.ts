import type { Report } from '../../../grading/report.schema';
import type { PageData } from '../page';
import type { WorkFiles } from '../work';
import type { Reply } from './worker';

/** Grades files in a worker; where newer ones came meanwhile, only these are graded. */
export class Grading {
  private readonly worker: Worker;
  private readonly told: (report: Report) => void;
  private next: WorkFiles | undefined;
  private latest = 0;
  private isBusy = false;

  /**
   * @param script of this page, which is the worker's too.
   * @param told is given each Report.
   * @param failed is told why nothing can be graded.
   */
  constructor(
    { rubric, key }: PageData,
    script: string,
    told: (report: Report) => void,
    failed: (reason: string) => void,
  ) {
    this.told = told;
    this.worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
    this.worker.onerror = ({ message }) => failed(message);
    this.worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      this.isBusy = false;
      if ('error' in data) failed(data.error);
      else if (!this.next) this.told(data.report);
      this.send();
    };
    this.worker.postMessage({ rubric, ...(key && { key }) });
  }

  grade(files: WorkFiles): void {
    this.next = files;
    this.send();
  }

  private send(): void {
    if (this.isBusy || !this.next) return;
    this.isBusy = true;
    this.worker.postMessage({ id: ++this.latest, files: this.next });
    this.next = undefined;
  }
}
