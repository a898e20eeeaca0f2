import type { Report } from '../../../grading/report.schema';
import type { Rubric } from '../../../rubric/rubric';
import { dayOf, joinAttempts, turnedOff, withAttempts } from '../../../submission/attempts';
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
    return this.rubric.keepsAttempts && this.text !== turnedOff;
  }

  /** The file, where there is anything in it. */
  get file(): string | undefined {
    return this.isOn ? this.text : undefined;
  }

  turn(isOn: boolean): void {
    this.set(isOn ? undefined : turnedOff);
  }

  /** @param isMarked whether a row shows its marks. */
  keep(report: Report, isMarked: (row: string) => boolean): void {
    if (!this.isOn) return;
    // Another tab may have kept something meanwhile.
    const before = this.store.attempts() ?? this.text;
    const kept = withAttempts(before, report, this.rubric, dayOf(new Date()), isMarked);
    if (kept !== undefined) this.set(kept);
  }

  /** Takes over what was kept elsewhere. */
  open(text: string): void {
    if (text.trim() === turnedOff) this.turn(false);
    else if (this.isOn) this.set(joinAttempts(`${this.text ?? ''}\n${text}`, this.rubric));
  }

  forget(): void {
    this.text = undefined;
  }

  private set(text: string | undefined): void {
    this.text = text;
    this.store.keepAttempts(text);
  }
}
