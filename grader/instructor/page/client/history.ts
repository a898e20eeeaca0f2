/** A field, and what it held before and after a change. */
export interface Change {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** So many milliseconds without a key end a step of typing. */
const pause = 800;

/**
 * What can be undone, step by step. A step gives back only what still is as it left it: another tab may have changed
 * a field since.
 */
export class UndoHistory {
  private readonly done: Change[][] = [];
  private readonly undone: Change[][] = [];
  private lastTyped = 0;

  /** Somebody types into a field: what they type in one go is one step. */
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

  /** Several fields are changed at once. */
  replace(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.done.push([...changes]);
    this.lastTyped = 0;
    this.undone.length = 0;
  }

  /** The changes that take back the last step. */
  undo(): Change[] {
    const step = this.done.pop();
    if (step) this.undone.push(step);
    this.lastTyped = 0;
    return (step ?? []).map(({ field, before, after }) => ({ field, before: after, after: before }));
  }

  /** The changes that do again what was taken back last. */
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
