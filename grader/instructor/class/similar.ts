/**
 * Finds texts that are nearly the same. Of each text the runs of letters (shingles) are hashed, and
 * the smallest hashes kept: how many of these two texts share tells how much of the texts they do
 * (A. Broder, On the resemblance and containment of documents, 1997).
 */
export class SimilarTexts {
  private readonly sketches: Sketch[] = [];
  /** Texts by a hash that is among their smallest. */
  private readonly byHash = new Map<number, number[]>();
  /** The first text of each sketch. */
  private readonly bySketch = new Map<string, number>();
  private readonly groups = new Map<number, number>();

  /** @param owner whose text it is; several of one owner's are not held against each other. */
  add(owner: string, text: string): void {
    const letters = text
      .slice(0, 2000)
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '');
    if (letters.length < shortest) return;
    const hashes = smallest(letters);
    const index = this.sketches.push({ owner, hashes, excerpt: excerptOf(text) }) - 1;
    const id = hashes.join();
    const same = this.bySketch.get(id);
    if (same !== undefined) {
      this.join(same, index);
      return;
    }
    this.bySketch.set(id, index);
    const candidates = new Set(hashes.slice(0, bands).flatMap((hash) => this.byHash.get(hash) ?? []));
    for (const other of candidates) {
      const known = this.sketches[other]?.hashes;
      if (known && resemblance(known, hashes) >= alike) this.join(other, index);
    }
    for (const hash of hashes.slice(0, bands)) {
      const known = this.byHash.get(hash);
      if (!known) this.byHash.set(hash, [index]);
      else if (known.length < fullest) known.push(index);
    }
  }

  /** Groups of texts that are nearly the same, the largest first. */
  alike(): { readonly owners: readonly string[]; readonly excerpt: string }[] {
    const groups = new Map<number, { owners: Set<string>; excerpt: string }>();
    for (const index of this.groups.keys()) {
      const first = this.first(index);
      const [sketch, leader] = [this.sketches[index], this.sketches[first]];
      if (!sketch || !leader) continue;
      const group = groups.get(first) ?? { owners: new Set(), excerpt: leader.excerpt };
      groups.set(first, group);
      group.owners.add(sketch.owner);
    }
    return [...groups.values()]
      .map(({ owners, excerpt }) => ({ owners: [...owners].sort(), excerpt }))
      .filter(({ owners }) => owners.length > 1)
      .sort(
        (a, b) => b.owners.length - a.owners.length || ((a.owners[0] ?? '') < (b.owners[0] ?? '') ? -1 : 1),
      );
  }

  private join(one: number, other: number): void {
    const [a, b] = [this.first(one), this.first(other)];
    this.groups.set(Math.max(a, b), Math.min(a, b));
    if (!this.groups.has(Math.min(a, b))) this.groups.set(Math.min(a, b), Math.min(a, b));
  }

  private first(index: number): number {
    let at = index;
    for (let next = this.groups.get(at); next !== undefined && next !== at; next = this.groups.get(at))
      at = next;
    return at;
  }
}

interface Sketch {
  readonly owner: string;
  readonly excerpt: string;
  readonly hashes: readonly number[];
}

/** Shorter texts are the same by chance: many give one answer in a few words. */
const shortest = 40;
const shingle = 7;
const kept = 24;
const bands = 4;
/** So many texts under one hash are a phrase that everybody was handed. */
const fullest = 50;
const alike = 0.55;

function excerptOf(text: string): string {
  const line = text.slice(0, 200).replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/** The smallest hashes of a text's shingles, in order, each once. */
function smallest(letters: string): number[] {
  const found: number[] = [];
  let rolling = 0;
  for (let at = 0; at < letters.length; at++) {
    // A hash that rolls on: one letter comes in, and the one a shingle before it goes out.
    const gone = at >= shingle ? letters.charCodeAt(at - shingle) : 0;
    rolling = (Math.imul(rolling, base) + letters.charCodeAt(at) - Math.imul(gone, outgoing)) | 0;
    if (at >= shingle - 1) insert(found, mixed(rolling));
  }
  return found;
}

const base = 0x01000193;
/** `base` to the power of `shingle`. */
const outgoing = Array.from({ length: shingle }).reduce<number>((power) => Math.imul(power, base), 1);

/** Spreads what differs in a few bits over all of them (MurmurHash3, by A. Appleby). */
function mixed(hash: number): number {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Keeps the smallest few numbers, in order. */
function insert(found: number[], hash: number): void {
  const largest = found.at(-1);
  if (found.length === kept && largest !== undefined && hash >= largest) return;
  let at = found.length;
  while (at > 0 && (found[at - 1] ?? 0) > hash) at--;
  if (found[at - 1] === hash) return;
  found.splice(at, 0, hash);
  if (found.length > kept) found.pop();
}

/** An estimate of the part that two texts share, from 0 to 1: both lists are sorted. */
function resemblance(one: readonly number[], other: readonly number[]): number {
  let [left, right, union, both] = [0, 0, 0, 0];
  while (union < kept && (left < one.length || right < other.length)) {
    const a = one[left] ?? Number.POSITIVE_INFINITY;
    const b = other[right] ?? Number.POSITIVE_INFINITY;
    if (a <= b) left++;
    if (b <= a) right++;
    if (a === b) both++;
    union++;
  }
  return union === 0 ? 0 : both / union;
}
