import * as stopword from 'stopword';
import type { Untrusted } from '../../message';
import { type Rubric, type RubricCell, rowsOf } from '../../rubric/rubric';
import type { StudentResult } from '../results/student-result.schema';
import type { Who } from './follow-up-stats';
import { isLike, SimilarTexts, wordsOf } from './similar';
import { increment } from './worksheet-stats';

/** A response as shown on the page, together with all that say nearly the same. */
export interface ShownResponse {
  readonly text: Untrusted;
  /** How many gave it. */
  count: number;
  /** Words of the text. */
  readonly words: ReadonlySet<string>;
  /** Cells that the first student who gave it missed: in first answers, if these are known. */
  readonly missed: readonly RubricCell[];
}

/** The most different responses to a question that are shown. */
const maxResponsesListed = 200;
/** The most responses that are compared word by word; later ones only join those with exactly the same words. */
const maxCompared = 1000;
/** The share of their words that two responses must have in common to count as one. */
const nearlyEqual = 0.85;

/** Class statistics on the responses in reflections. */
export class ResponseStats {
  /** By question, like the counts of all responses and their keywords. */
  readonly shown = new Map<string, ShownResponse[]>();
  readonly counts = new Map<string, number>();
  readonly keywords: ReadonlyMap<string, KeywordCounter>;
  readonly similar = new SimilarTexts();
  /** By question and words in order. */
  private readonly byWords = new Map<string, ShownResponse>();
  /** Folders of groups whose responses are counted already. */
  private readonly groupFolders = new Set<string>();
  private readonly rubric: Rubric;
  private readonly name: (row: StudentResult) => Who;

  constructor(rubric: Rubric, name: (row: StudentResult) => Who) {
    this.rubric = rubric;
    this.name = name;
    this.keywords = new Map(
      (rubric.reflection?.questions ?? []).map(({ id, label }) => [id, new KeywordCounter(label)]),
    );
  }

  /** Returns how many responses to a question the page does not show. */
  unshown(question: string): number {
    const shown = (this.shown.get(question) ?? []).reduce((sum, { count }) => sum + count, 0);
    return (this.counts.get(question) ?? 0) - shown;
  }

  add(row: StudentResult): void {
    // A text that a group wrote together counts once.
    const isRepeated = row.group !== undefined && this.groupFolders.has(row.folder ?? '');
    if (isRepeated) return;
    if (row.group !== undefined) this.groupFolders.add(row.folder ?? '');
    const who = row.group === undefined ? this.name(row) : { ...this.name(row), label: row.group };
    const missed = missedBy(row, this.rubric);
    for (const { question, text } of row.responses) {
      increment(this.counts, question);
      this.keywords.get(question)?.add(text, missed);
      const words = wordsOf(text);
      this.similar.add(who.label, text, words);
      this.show(question, text, words, missed);
    }
  }

  private show(
    question: string,
    text: Untrusted,
    all: readonly string[],
    missed: readonly RubricCell[],
  ): void {
    const kept = this.shown.get(question) ?? [];
    this.shown.set(question, kept);
    const key = JSON.stringify([question, all.length > 0 ? all.join(' ') : text]);
    const words = new Set(all);
    const isCompared = words.size > 0 && (this.counts.get(question) ?? 0) <= maxCompared;
    const known =
      this.byWords.get(key) ??
      (isCompared ? kept.find((other) => isLike(words, other.words, nearlyEqual)) : undefined);
    if (known) known.count++;
    else if (kept.length < maxResponsesListed) {
      const one = { text, count: 1, words, missed };
      kept.push(one);
      this.byWords.set(key, one);
    }
  }
}

/** Returns the cells that a student missed: in the first complete answer to a row, else in the final one. */
function missedBy({ report, first }: StudentResult, rubric: Rubric): RubricCell[] {
  return rowsOf(rubric).flatMap(({ id, cells }) => {
    const graded =
      first?.rows.find((row) => row.id === id) ??
      (report?.started ? report.rows.find((row) => row.id === id) : undefined);
    const missed = new Set(graded?.cells.flatMap((cell) => (cell.outcome === 'correct' ? [] : cell.id)));
    return cells.filter((cell) => missed.has(cell.id));
  });
}

/** Matches scripts that put no space between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const common: ReadonlySet<string> = new Set(stopword.eng);
const minWord = 4;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** A word in responses, and the cells that the students who used it missed. */
export interface Keyword {
  readonly word: string;
  count: number;
  readonly missed: Map<RubricCell, number>;
}

/** Counts how many texts contain each word, leaving out very common words. */
export class KeywordCounter {
  private readonly keywords = new Map<string, Keyword>();
  private readonly ignored: ReadonlySet<string>;

  /** @param question the text of the question; its words are ignored. */
  constructor(question: string) {
    this.ignored = new Set(wordsIn(question));
  }

  add(text: string, missed: readonly RubricCell[]): void {
    for (const word of new Set(wordsIn(text))) {
      if (this.ignored.has(word)) continue;
      // A class uses a few thousand different words; more than the limit is not language.
      if (this.keywords.size >= maxKeywords && !this.keywords.has(word)) continue;
      const keyword = this.keywords.get(word) ?? { word, count: 0, missed: new Map() };
      keyword.count++;
      for (const cell of missed) keyword.missed.set(cell, (keyword.missed.get(cell) ?? 0) + 1);
      this.keywords.set(word, keyword);
    }
  }

  /** Returns the words that most texts contain, and at least two. */
  most(limit: number): Keyword[] {
    return [...this.keywords.values()]
      .filter(({ count }) => count > 1)
      .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
      .slice(0, limit);
  }
}

const maxKeywords = 20_000;

function wordsIn(text: string): string[] {
  const plain = text.slice(0, 2000).normalize('NFKC').toLowerCase();
  if (unspaced.test(plain)) {
    return [...segmenter.segment(plain)].flatMap(({ segment, isWordLike }) =>
      isWordLike && segment.length > 1 ? segment : [],
    );
  }
  return (plain.match(/[\p{L}\p{M}]+/gu) ?? []).filter((word) => word.length >= minWord && !common.has(word));
}
