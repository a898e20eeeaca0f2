import * as stopword from 'stopword';
import type { RubricCell } from '../../rubric/rubric';

/** Scripts that put no space between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const common: ReadonlySet<string> = new Set(stopword.eng);
const shortest = 4;
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
      if (this.keywords.size >= mostKeywords && !this.keywords.has(word)) continue;
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

const mostKeywords = 20_000;

function wordsIn(text: string): string[] {
  const plain = text.slice(0, 2000).normalize('NFKC').toLowerCase();
  if (unspaced.test(plain)) {
    return [...segmenter.segment(plain)].flatMap(({ segment, isWordLike }) =>
      isWordLike && segment.length > 1 ? segment : [],
    );
  }
  return (plain.match(/[\p{L}\p{M}]+/gu) ?? []).filter(
    (word) => word.length >= shortest && !common.has(word),
  );
}
