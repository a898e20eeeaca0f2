import { isField, type TypedWork } from '../work-files';

type Times = Readonly<Record<string, number>>;

/** The browser's entry for this worksheet, which all tabs share. */
export interface Entry {
  /** Starting over gives a new id, so that no tab takes the next student's work for its own. */
  readonly id: string;
  readonly work: TypedWork;
  /** When somebody last typed in each field, in milliseconds. */
  readonly times: Times;
  /** The files as they were last saved. */
  readonly saved: Readonly<Record<string, string>>;
}

export function newEntry(): Entry {
  // crypto.randomUUID is missing on a page without https.
  return { id: Math.random().toString(36).slice(2), work: {}, times: {}, saved: {} };
}

export function hasText(entry: Entry | undefined): boolean {
  return Object.values(entry?.work ?? {}).some((typed) => typed !== '');
}

/** Parses a stored text as an entry; undefined if it is not one. Anybody may have stored anything. */
export function entryIn(text: string | null): Entry | undefined {
  try {
    // Earlier pages stored no id and no times.
    const { id = '', work, times = {}, saved = {} } = JSON.parse(text ?? '');
    const areAll = (part: object, type: string) =>
      part instanceof Object && Object.values(part).every((value) => typeof value === type);
    const hasTypes =
      typeof id === 'string' && areAll(work, 'string') && areAll(times, 'number') && areAll(saved, 'string');
    return hasTypes && Object.keys(work).every(isField) ? { id, work, times, saved } : undefined;
  } catch {
    return undefined;
  }
}

/** A field that was typed in two tabs, with the earlier text, which lost. */
export interface Replaced {
  readonly field: string;
  readonly text: string;
}

/**
 * Returns the stored work with the fields that were typed here since it was last read. If a field was also typed in
 * another tab, the later text is kept.
 *
 * @param seen the times of the fields when the entry was read last.
 */
export function mergeInto(
  stored: Entry,
  mine: Pick<Entry, 'work' | 'times'>,
  seen: Times,
): { readonly work: TypedWork; readonly times: Times; readonly replaced: readonly Replaced[] } {
  const [work, times] = [{ ...stored.work }, { ...stored.times }];
  const replaced: Replaced[] = [];
  for (const [field, time] of Object.entries(mine.times)) {
    if (time === seen[field]) continue;
    const [here = '', there = ''] = [mine.work[field], stored.work[field]];
    const isTypedElsewhere = stored.times[field] !== seen[field];
    const isHereLater = time >= (stored.times[field] ?? 0);
    if (isTypedElsewhere && here !== there) replaced.push({ field, text: isHereLater ? there : here });
    if (isTypedElsewhere && !isHereLater) continue;
    work[field] = here;
    times[field] = time;
  }
  return { work, times, replaced };
}
