import type { Report } from '../../grading/report.schema';
import type { Rubric } from '../../rubric/rubric';
import { dayOf, isTurnedOff, joinAttempts, withAttempts } from '../../submission/attempts';
import type { Store } from './store';

/** The answers for which a student saw marks, kept in the browser as the text of the attempts file. */
export class KeptAttempts {
  private readonly rubric: Rubric;
  private readonly store: Store;
  /** The text of the file, for a browser without storage. */
  private text: string | undefined;
  private isOff = false;

  constructor(rubric: Rubric, store: Store) {
    this.rubric = rubric;
    this.store = store;
  }

  get isOn(): boolean {
    const isOff = this.store.isKept ? this.store.areAttemptsOff() : this.isOff;
    return this.rubric.keepsAttempts && !isOff;
  }

  /** The text of the file, if it has any and keeping attempts is turned on. */
  get file(): string | undefined {
    return this.isOn ? this.current : undefined;
  }

  /** Turns keeping attempts on or off. Turning it off leaves earlier attempts in the browser, but out of the zip. */
  turn(isOn: boolean): void {
    this.isOff = !isOn;
    this.store.turnAttempts(isOn);
  }

  /** @param isMarked whether a row shows its marks. */
  keep(report: Report, isMarked: (row: string) => boolean): void {
    if (!this.isOn) return;
    const kept = withAttempts(this.current, report, this.rubric, dayOf(new Date()), isMarked);
    if (kept !== undefined) this.set(kept);
  }

  /** Takes over an attempts file: adds its attempts, or turns keeping attempts off if the file says so. */
  open(text: string): void {
    if (isTurnedOff(text)) this.turn(false);
    else if (this.isOn) this.set(joinAttempts(`${this.current ?? ''}\n${text}`, this.rubric));
  }

  forget(): void {
    this.text = undefined;
    this.isOff = false;
  }

  /** Reads the store each time, because another tab may have kept something in the meantime. */
  private get current(): string | undefined {
    return this.store.isKept ? this.store.attempts() : this.text;
  }

  private set(text: string | undefined): void {
    this.text = text;
    this.store.keepAttempts(text);
  }
}
