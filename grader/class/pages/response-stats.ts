import type { Untrusted } from '../../message';
import type { StudentResult } from '../results/student-result.schema';
import { increment } from './worksheet-stats';

/** A response as shown on the page. */
export interface ShownResponse {
  readonly text: Untrusted;
  /** How many gave it. */
  count: number;
}

/** The most different responses to a question that are shown. */
const maxResponsesListed = 200;

/** Class statistics on the responses in reflections. */
export class ResponseStats {
  /** By question, like the counts of all responses; equal ones are one. */
  readonly shown = new Map<string, Map<string, ShownResponse>>();
  readonly counts = new Map<string, number>();
  /** Folders of groups whose responses are counted already. */
  private readonly groupFolders = new Set<string>();

  /** Returns how many responses to a question the page does not show. */
  unshown(question: string): number {
    const shown = [...(this.shown.get(question)?.values() ?? [])].reduce((sum, { count }) => sum + count, 0);
    return (this.counts.get(question) ?? 0) - shown;
  }

  add({ group, folder = '', responses }: StudentResult): void {
    // A text that a group wrote together counts once.
    if (group !== undefined && this.groupFolders.has(folder)) return;
    if (group !== undefined) this.groupFolders.add(folder);
    for (const { question, text } of responses) {
      increment(this.counts, question);
      const known = this.shown.get(question) ?? new Map<string, ShownResponse>();
      this.shown.set(question, known);
      const words = text.replace(/\s+/g, ' ').trim().toLowerCase();
      const same = known.get(words);
      if (same) same.count++;
      else if (known.size < maxResponsesListed) known.set(words, { text, count: 1 });
    }
  }
}
