/** A field with its text before and after a change. */
export interface Change {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** A pause in typing that ends an undo step, in milliseconds. */
const pause = 800;

/**
 * The steps that can be undone and redone. `Values` leaves out a field that another tab has changed since the step.
 */
export class UndoHistory {
  private readonly done: Change[][] = [];
  private readonly undone: Change[][] = [];
  private lastTyped = 0;

  /** Records typing into a field. Text typed without a pause is one step. */
  type(change: Change): void {
    const now = Date.now();
    const last = this.done.at(-1);
    const [typed] = last ?? [];
    const goesOn = last?.length === 1 && typed?.field === change.field && typed.after === change.before;
    if (last && typed && goesOn && now - this.lastTyped < pause) last[0] = { ...typed, after: change.after };
    else this.done.push([change]);
    this.lastTyped = now;
    this.undone.length = 0;
  }

  /** Records a change to several fields as one step. */
  replace(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.done.push([...changes]);
    this.lastTyped = 0;
    this.undone.length = 0;
  }

  /** Returns the changes that undo the last step. */
  undo(): Change[] {
    const step = this.done.pop();
    if (step) this.undone.push(step);
    this.lastTyped = 0;
    return (step ?? []).map(({ field, before, after }) => ({ field, before: after, after: before }));
  }

  /** Returns the changes that redo the step undone last. */
  redo(): readonly Change[] {
    const step = this.undone.pop();
    if (step) this.done.push(step);
    this.lastTyped = 0;
    return step ?? [];
  }

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  forget(): void {
    this.done.length = 0;
    this.undone.length = 0;
  }
}
