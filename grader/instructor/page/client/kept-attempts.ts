import type { Report } from '../../../grading/report.schema';
import type { Rubric } from '../../../rubric/rubric';
import { dayOf, isTurnedOff, joinAttempts, withAttempts } from '../../../submission/attempts';
import type { Store } from './store';

/** The answers for which somebody saw marks, kept in the browser as the file that they go into. */
export class KeptAttempts {
  private readonly rubric: Rubric;
  private readonly store: Store;
  /** What a browser that keeps nothing has of it. */
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

  /** The file, where there is anything in it and it is turned on. */
  get file(): string | undefined {
    return this.isOn ? this.current : undefined;
  }

  /** What was kept before it is turned off stays here, and out of the zip. */
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

  /** Takes over what was kept elsewhere. */
  open(text: string): void {
    if (isTurnedOff(text)) this.turn(false);
    else if (this.isOn) this.set(joinAttempts(`${this.current ?? ''}\n${text}`, this.rubric));
  }

  forget(): void {
    this.text = undefined;
    this.isOff = false;
  }

  /** Another tab may have kept something meanwhile. */
  private get current(): string | undefined {
    return this.store.isKept ? this.store.attempts() : this.text;
  }

  private set(text: string | undefined): void {
    this.text = text;
    this.store.keepAttempts(text);
  }
}
