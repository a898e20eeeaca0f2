import type { Report } from '../../../grading/report.schema';
import type { Rubric } from '../../../rubric/rubric';
import { dayOf, isTurnedOff, joinAttempts, turnedOff, withAttempts } from '../../../submission/attempts';
import type { Store } from './store';

/** The answers for which somebody asked for marks, kept in the browser as the file that they go into. */
export class KeptAttempts {
  private readonly rubric: Rubric;
  private readonly store: Store;
  private text: string | undefined;

  constructor(rubric: Rubric, store: Store) {
    this.rubric = rubric;
    this.store = store;
    this.text = store.attempts();
  }

  get isOn(): boolean {
    return this.rubric.keepsAttempts && !isTurnedOff(this.current ?? '');
  }

  /** The file, where there is anything in it. */
  get file(): string | undefined {
    return this.isOn ? this.current : undefined;
  }

  turn(isOn: boolean): void {
    this.set(isOn ? undefined : turnedOff);
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
  }

  /** Another tab may have kept something meanwhile, or turned it off. */
  private get current(): string | undefined {
    return this.store.isKept ? this.store.attempts() : this.text;
  }

  private set(text: string | undefined): void {
    this.text = text;
    this.store.keepAttempts(text);
  }
}
