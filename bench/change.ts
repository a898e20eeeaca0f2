import { Random } from '../grader/authoring/demo/sample';
import { changeOf, type PairedCounts, pairedText, pairOf } from '../grader/class/pages/paired';

// Checks what the interval of a change says about classes whose true change is known.

/** A kind of simulated class. */
interface Scenario {
  readonly name: string;
  /** Draws one student's chance of being right at first, and afterwards. */
  readonly student: (random: Random) => readonly [before: number, after: number];
  /** The share of students who copied the answers of another. */
  readonly copied?: number;
}

const between = (random: Random, low: number, high: number) => low + (high - low) * random.next();
const same = (chance: number) => [chance, chance] as const;

/** With a gain, a student who would be wrong at first is right afterwards with the chance `share`. */
const gain = (chance: number, share: number) => [chance, chance + share * (1 - chance)] as const;

const withoutGain: readonly Scenario[] = [
  { name: 'chances wide apart', student: (random) => same(between(random, 0.02, 0.98)) },
  { name: 'chances close together', student: (random) => same(between(random, 0.4, 0.6)) },
  { name: 'chances high', student: (random) => same(between(random, 0.8, 0.98)) },
  { name: 'everybody guesses', student: () => same(0.25) },
  { name: 'a third copied', student: (random) => same(between(random, 0.2, 0.8)), copied: 1 / 3 },
];

const withGain: readonly Scenario[] = [
  { name: 'a small gain', student: (random) => gain(between(random, 0.1, 0.7), 0.25) },
  { name: 'a large gain', student: (random) => gain(between(random, 0.1, 0.7), 0.6) },
  { name: 'a gain of those with low chances', student: (random) => gain(between(random, 0.05, 0.4), 0.4) },
];

/** How the interval performs over many classes of one kind. */
export interface Fared {
  readonly name: string;
  /** Share of classes whose interval lies wholly above zero. */
  readonly above: number;
  /** Share of classes whose interval holds the true change. */
  readonly holds: number;
  /** The sentence that a page shows for the first class. */
  readonly sentence: string;
}

const usual = { classes: 20_000, students: 31 };

/** @param seed gives the same classes each time. */
export function fareOf(scenario: Scenario, seed: number, { classes, students } = usual): Fared {
  const random = new Random(seed);
  const truth = trueChange(scenario, new Random(seed + 1));
  let [above, holds] = [0, 0];
  let sentence = '';
  for (let index = 0; index < classes; index++) {
    const counts = classOf(scenario, students, random);
    const { low, high } = changeOf(counts);
    if (low > 0) above++;
    if (low <= truth && truth <= high) holds++;
    if (index === 0) sentence = pairedText(counts, 'at first', 'at other sizes');
  }
  return { name: scenario.name, above: above / classes, holds: holds / classes, sentence };
}

export const scenarios = { withoutGain, withGain };

/** The mean change over very many students. */
function trueChange({ student }: Scenario, random: Random): number {
  const many = 200_000;
  let sum = 0;
  for (let index = 0; index < many; index++) {
    const [before, after] = student(random);
    sum += after - before;
  }
  return sum / many;
}

function classOf({ student, copied = 0 }: Scenario, students: number, random: Random): PairedCounts {
  const counts = { rightRight: 0, wrongRight: 0, rightWrong: 0, wrongWrong: 0 };
  const own = students - Math.round(students * copied);
  const all: (readonly [boolean, boolean])[] = [];
  for (let index = 0; index < own; index++) {
    const [before, after] = student(random);
    all.push([random.chance(before), random.chance(after)]);
  }
  while (all.length < students) all.push(random.pick(all.slice(0, own), [false, false]));
  for (const [before, after] of all) counts[pairOf(before, after)]++;
  return counts;
}

/** Prints how the interval performs for each kind of class. */
export function benchChange(): void {
  console.log(`\nThe interval of a change, over ${usual.classes} classes of ${usual.students} each`);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  for (const [title, list] of [
    ['Without a gain: above zero in', withoutGain],
    ['With a gain: above zero in', withGain],
  ] as const) {
    console.log(title);
    for (const [index, scenario] of list.entries()) {
      const { name, above, holds, sentence } = fareOf(scenario, 20_261_127 + index);
      console.log(`    ${name}: ${percent(above)}; it holds the true change in ${percent(holds)}`);
      console.log(`        ${sentence}`);
    }
  }
}
