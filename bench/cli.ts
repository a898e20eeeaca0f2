import { type Commands, runProcess } from '../grader/command';

/** Commands for people who work on this package. */
const toolCommands: Commands = {
  bench: {
    description:
      'Measure how long everything takes, beside what does the least: machines differ, so read the ratios.',
    load: async () => (await import('./bench')).configureBench,
  },
  'docs:images': {
    description: 'Take the pictures of README and docs/ anew. It needs Chromium.',
    load: async () => (await import('../grader/testing/images')).configureImages,
  },
  fuzz: {
    description: 'Compare how files of answers are read with what they are when they really run.',
    load: async () => (await import('../grader/testing/fuzz/command')).configureFuzz,
  },
};

/** The entry point that Node.js runs. */
export function main(): void {
  runProcess(toolCommands, process.argv.slice(2));
}
