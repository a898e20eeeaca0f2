import { plain, terminal } from '../../report/escape/terminal';

/** How far a long run has come: one line that changes on a terminal, now and then a line in a log. */
export class Progress {
  private readonly all: number;
  private readonly start = performance.now();
  private done = 0;
  private told = 0;
  private readonly isTerminal = process.stderr.isTTY === true;

  constructor(all: number) {
    this.all = all;
  }

  step(): void {
    this.done++;
    const now = performance.now();
    const pause = this.isTerminal ? 100 : 5000;
    if (now - Math.max(this.told, this.start) < pause) return;
    this.told = now;
    const line = plain(this.line((now - this.start) / 1000));
    process.stderr.write(this.isTerminal ? terminal`\r\x1b[K${line}` : `${line}\n`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.isTerminal && this.told > 0) process.stderr.write('\r\x1b[K');
  }

  private line(seconds: number): string {
    const rate = this.done / seconds;
    const left = Math.ceil((this.all - this.done) / rate);
    const number = (count: number) => Math.round(count).toLocaleString('en');
    return `${number(this.done)} of ${number(this.all)} graded, ${number(rate)} a second, ${number(left)} s left`;
  }
}
