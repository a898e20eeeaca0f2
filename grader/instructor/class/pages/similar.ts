/**
 * Finds texts that are nearly the same. Of each text the runs of letters (shingles) are hashed, and
 * the smallest hashes kept: how many of these two texts share tells how much of the texts they do
 * (A. Broder, On the resemblance and containment of documents, 1997).
 */
export class SimilarTexts {
  /** Texts that differ, each with all who wrote just that. */
  private readonly texts: { readonly owners: string[]; readonly excerpt: string }[] = [];
  /** The smallest hashes of each, one text after the other: a list for each would take far more memory. */
  private hashes = new Uint32Array(1024 * kept);
  /** What each text was joined to; itself, where it leads its group. */
  private readonly parents: number[] = [];
  private readonly bySketch = new Map<number, number>();
  /** Texts by a hash that is among their very smallest. */
  private readonly byHash = new Map<number, number[]>();

  /** @param owner whose text it is; several of one owner's are not held against each other. */
  add(owner: string, text: string): void {
    const letters = text
      .slice(0, 2000)
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '');
    if (letters.length < shortest) return;
    const sketch = smallest(letters);
    const id = sketch.reduce((sum, hash) => (sum * 31 + hash) % Number.MAX_SAFE_INTEGER, sketch.length);
    const same = this.bySketch.get(id);
    if (same !== undefined) {
      const owners = this.texts[same]?.owners;
      if (owners?.at(-1) !== owner) owners?.push(owner);
      return;
    }
    const index = this.keep(owner, text, sketch);
    this.bySketch.set(id, index);
    const candidates = new Set(sketch.slice(0, bands).flatMap((hash) => this.byHash.get(hash) ?? []));
    for (const other of candidates) {
      if (resemblance(this.sketch(other), sketch) >= alike) this.join(other, index);
    }
    for (const hash of sketch.slice(0, bands)) {
      const known = this.byHash.get(hash);
      if (!known) this.byHash.set(hash, [index]);
      else if (known.length < fullest) known.push(index);
    }
  }

  /** Groups of texts that are nearly the same, the largest first, with how each of them begins. */
  alike(): { readonly owners: readonly string[]; readonly excerpts: readonly string[] }[] {
    const groups = new Map<number, { owners: Set<string>; excerpts: Set<string> }>();
    for (const [index, { owners, excerpt }] of this.texts.entries()) {
      const leader = this.leader(index);
      const group = groups.get(leader) ?? { owners: new Set(), excerpts: new Set() };
      groups.set(leader, group);
      group.excerpts.add(excerpt);
      for (const owner of owners) group.owners.add(owner);
    }
    return [...groups.values()]
      .filter(({ owners }) => owners.size > 1)
      .map(({ owners, excerpts }) => ({ owners: [...owners].sort(), excerpts: [...excerpts] }))
      .sort(
        (a, b) => b.owners.length - a.owners.length || ((a.owners[0] ?? '') < (b.owners[0] ?? '') ? -1 : 1),
      );
  }

  private keep(owner: string, text: string, sketch: readonly number[]): number {
    const index = this.texts.push({ owners: [owner], excerpt: excerptOf(text) }) - 1;
    this.parents.push(index);
    if ((index + 1) * kept > this.hashes.length) {
      const larger = new Uint32Array(this.hashes.length * 2);
      larger.set(this.hashes);
      this.hashes = larger;
    }
    this.hashes.set(sketch, index * kept);
    return index;
  }

  private sketch(index: number): Uint32Array {
    const whole = this.hashes.subarray(index * kept, (index + 1) * kept);
    // Hashes rise, so what does not is no hash any more.
    const end = whole.findIndex((hash, at) => at > 0 && hash === 0);
    return end === -1 ? whole : whole.subarray(0, end);
  }

  private join(one: number, other: number): void {
    const [a, b] = [this.leader(one), this.leader(other)];
    this.parents[Math.max(a, b)] = Math.min(a, b);
  }

  private leader(index: number): number {
    let at = index;
    for (let next = this.parents[at]; next !== undefined && next !== at; next = this.parents[at]) at = next;
    return at;
  }
}

/** Shorter texts are the same by chance: many give one answer in a few words. */
const shortest = 40;
const shingle = 7;
const kept = 24;
const bands = 4;
/** So many texts under one hash are a phrase that everybody was handed. */
const fullest = 50;
const alike = 0.65;

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
function resemblance(one: ArrayLike<number>, other: ArrayLike<number>): number {
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
