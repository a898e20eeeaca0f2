import { Argument, InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import type { Configure } from '../../command';
import { escapeTerminal, lines } from '../../render/escape/terminal';
import { compare, excuses, type FuzzOutcome } from './compare';
import { files, type Kind, kinds } from './files';

/** How many files to compare between two looks at the clock. */
const batch = 500;
/** The outcomes of the files of one kind, and the mismatches, each shrunk as far as possible. */
export interface FuzzResult {
  readonly counts: Map<string, number>;
  readonly mismatches: { readonly source: string; readonly why: string }[];
}

/** Compares `count` files of one kind. The same seed always makes the same files. */
export function fuzz(kind: Kind, seed: number, count: number, result: FuzzResult): void {
  let isShrinking = false;
  const property = fc.property(files[kind], (source) => {
    const outcome = compare(source);
    if (!isShrinking) add(result.counts, outcome);
    if (outcome.kind !== 'mismatch') return;
    isShrinking = true;
    throw new Error(outcome.why);
  });
  const { counterexample, errorInstance } = fc.check(property, { seed, numRuns: count });
  if (!counterexample) return;
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  result.mismatches.push({ source: counterexample[0], why });
}

function add(counts: Map<string, number>, outcome: FuzzOutcome): void {
  const name = outcome.kind === 'excused' ? `excused: ${outcome.form}` : outcome.kind;
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('It has to be a number above 0.');
  return number;
}

/** `npm run fuzz` */
export const configureFuzz: Configure = (command, context) =>
  command
    .addArgument(new Argument('[minutes]', 'how long').default(1).argParser(positive))
    .option('--seed <n>', 'start from these files, to see a mismatch again', positive)
    .addHelpText('after', '\nExit status: 0 without mismatches, 1 with some.')
    .action((duration: number, options: { seed?: number }) => {
      const { print } = context;
      const first = options.seed ?? Date.now() % 1_000_000;
      const start = performance.now();
      const tallies = new Map(
        kinds.map((kind) => [kind, { counts: new Map(), mismatches: [] } as FuzzResult]),
      );
      print(escapeTerminal(`Seed ${first}.`));
      for (let seed = first; performance.now() - start < duration * 60_000; seed++)
        for (const [kind, result] of tallies) fuzz(kind, seed, batch, result);
      for (const [kind, { counts, mismatches }] of tallies) {
        print(
          escapeTerminal(`${kind}: ${[...counts].map(([name, count]) => `${count} ${name}`).join(', ')}`),
        );
        for (const { why, source } of mismatches)
          print(
            lines([
              escapeTerminal(`  mismatch: ${why}`),
              ...source.split('\n').map((line) => escapeTerminal(`    ${line}`)),
            ]),
          );
      }
      const used = excuses.filter(({ form }) =>
        [...tallies.values()].some(({ counts }) => counts.has(`excused: ${form}`)),
      );
      for (const { form, reason } of used) print(escapeTerminal(`Excused: ${form}. ${reason}`));
      if ([...tallies.values()].some(({ mismatches }) => mismatches.length > 0)) context.status = 1;
    });
