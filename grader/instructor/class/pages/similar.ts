import { sha256 } from '../../../platform';

/** One text, with all who wrote just these words. */
interface Wording {
  readonly owners: Set<string>;
  readonly excerpt: string;
  /** Missing where it is not compared: a large class has more texts than fit. */
  readonly words?: ReadonlySet<string>;
}

/** Shorter texts are the same by chance: many give one answer in a few words. */
const minLength = 40;
/** Of the words of two texts so many are in both, as a part of all. */
const minOverlap = 0.65;
/** Texts that are compared with all before them; of later ones only those in the very same words are found. */
const maxCompared = 1000;

/** Finds texts that are nearly the same: most of their words are in both. */
export class SimilarTexts {
  private readonly texts = new Map<string, Wording>();

  /**
   * @param owner whose text it is; several of one owner's are not held against each other.
   * @param words those of the text, where they are known.
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

  /** Groups of texts that are nearly the same, the largest first, with how each of them begins. */
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

/** The words of the start of a text, in small letters; where no space stands between words, each sign is one. */
export function wordsOf(text: string): string[] {
  const plain = text.slice(0, 2000).normalize('NFKC').toLowerCase();
  return plain.match(/[\p{Ideographic}\p{Script=Hiragana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** @param overlap the part of all words of two texts that is in both. */
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
