import { sha256 } from '../../platform';

/** One text, with everyone who wrote exactly these words. */
interface Wording {
  readonly owners: Set<string>;
  readonly excerpt: string;
  /** Missing if the text is not compared: a large class has too many texts. */
  readonly words?: ReadonlySet<string>;
}

/** Shorter texts can match by chance: many students give the same answer in a few words. */
const minLength = 40;
/** The minimum share of all words of two texts that must be in both. */
const minOverlap = 0.65;
/** How many texts are compared with all earlier ones; later texts are found only if their words are identical. */
const maxCompared = 1000;

/** Finds nearly identical texts: most of their words are in both. */
export class SimilarTexts {
  private readonly texts = new Map<string, Wording>();

  /**
   * @param owner the author of the text; a match between two texts of one owner does not count.
   * @param words the words of the text, if already known.
   */
  add(owner: string, text: string, words: readonly string[] = wordsOf(text)): void {
    if (words.join('').length < minLength) return;
    const name = sha256(words.join(' '));
    const known = this.texts.get(name);
    if (known) known.owners.add(owner);
    else
      this.texts.set(name, {
        owners: new Set([owner]),
        excerpt: excerptOf(text),
        ...(this.texts.size < maxCompared && { words: new Set(words) }),
      });
  }

  /** Groups of nearly identical texts by different owners, largest first, with the beginning of each text. */
  alike(): { readonly owners: readonly string[]; readonly excerpts: readonly string[] }[] {
    const groups: Wording[][] = [];
    for (const wording of this.texts.values()) {
      const { words } = wording;
      const near = words ? groups.filter((group) => group.some((other) => isLike(words, other.words))) : [];
      for (const other of near) groups.splice(groups.indexOf(other), 1);
      groups.push([...near.flat(), wording]);
    }
    return groups
      .map((group) => ({
        owners: [...new Set(group.flatMap(({ owners }) => [...owners]))].sort(),
        excerpts: [...new Set(group.map(({ excerpt }) => excerpt))],
      }))
      .filter(({ owners }) => owners.length > 1)
      .sort(
        (a, b) => b.owners.length - a.owners.length || ((a.owners[0] ?? '') < (b.owners[0] ?? '') ? -1 : 1),
      );
  }
}

/**
 * The words at the start of a text, in lower case. In scripts without spaces between words, each character is a word.
 */
export function wordsOf(text: string): string[] {
  const plain = text.slice(0, 2000).normalize('NFKC').toLowerCase();
  return plain.match(/[\p{Ideographic}\p{Script=Hiragana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** @param overlap the minimum share of all words of the two texts that must be in both. */
export function isLike(
  words: ReadonlySet<string>,
  others: ReadonlySet<string> = new Set(),
  overlap = minOverlap,
): boolean {
  const [few, many] = words.size < others.size ? [words, others] : [others, words];
  if (few.size < overlap * many.size) return false;
  const both = [...few].filter((word) => many.has(word)).length;
  return both >= overlap * (few.size + many.size - both);
}

function excerptOf(text: string): string {
  const line = text.slice(0, 200).replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
