import * as stopword from 'stopword';
import type { Untrusted } from '../../../message';
import { type Rubric, type RubricCell, rowsOf } from '../../../rubric/rubric';
import type { StudentResult } from '../results/student-result.schema';
import type { Who } from './follow-up-stats';
import { isLike, SimilarTexts, wordsOf } from './similar';
import { increment } from './worksheet-stats';

/** One response as the page shows it, with all that say nearly the same. */
export interface ShownResponse {
  readonly text: Untrusted;
  /** How many gave it. */
  count: number;
  /** Words of the text. */
  readonly words: ReadonlySet<string>;
  /** Cells that the first of them missed: at first where that is known. */
  readonly missed: readonly RubricCell[];
}

/** So many different ones of a question are shown. */
const maxResponsesListed = 200;
/** So many of the first are compared word by word; later ones join those in the very same words. */
const maxCompared = 1000;
/** Of the words of two responses that count as one so many are in both, as a part of all. */
const nearlyEqual = 0.85;

/** What students wrote in their reflections. */
export class ResponseStats {
  /** By question, as are the counts of all of them and the words in them. */
  readonly shown = new Map<string, ShownResponse[]>();
  readonly counts = new Map<string, number>();
  readonly keywords: ReadonlyMap<string, KeywordCounter>;
  readonly similar = new SimilarTexts();
  /** By question and words in their order. */
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

  /** How many responses a question has that the page does not show. */
  unshown(question: string): number {
    const shown = (this.shown.get(question) ?? []).reduce((sum, { count }) => sum + count, 0);
    return (this.counts.get(question) ?? 0) - shown;
  }

  add(row: StudentResult): void {
    // What a group wrote together is one text.
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

/** The cells that a student missed: in the first complete answer of a row, else in the end. */
function missedBy({ report, first }: StudentResult, rubric: Rubric): RubricCell[] {
  return rowsOf(rubric).flatMap(({ id, cells }) => {
    const graded =
      first?.rows.find((row) => row.id === id) ??
      (report?.started ? report.rows.find((row) => row.id === id) : undefined);
    const missed = new Set(graded?.cells.flatMap((cell) => (cell.outcome === 'correct' ? [] : cell.id)));
    return cells.filter((cell) => missed.has(cell.id));
  });
}

/** Scripts that put no space between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const common: ReadonlySet<string> = new Set(stopword.eng);
const minWord = 4;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** A word that several texts say, and what those who said it missed. */
export interface Keyword {
  readonly word: string;
  count: number;
  readonly missed: Map<RubricCell, number>;
}

/** How many texts say each word, leaving out what everybody says. */
export class KeywordCounter {
  private readonly keywords = new Map<string, Keyword>();
  private readonly ignored: ReadonlySet<string>;

  /** @param question what was asked; its words are no answer. */
  constructor(question: string) {
    this.ignored = new Set(wordsIn(question));
  }

  add(text: string, missed: readonly RubricCell[]): void {
    for (const word of new Set(wordsIn(text))) {
      if (this.ignored.has(word)) continue;
      // A class says a few thousand different words; what is more than that is no language.
      if (this.keywords.size >= maxKeywords && !this.keywords.has(word)) continue;
      const keyword = this.keywords.get(word) ?? { word, count: 0, missed: new Map() };
      keyword.count++;
      for (const cell of missed) keyword.missed.set(cell, (keyword.missed.get(cell) ?? 0) + 1);
      this.keywords.set(word, keyword);
    }
  }

  /** The words that most texts say, and at least two. */
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
