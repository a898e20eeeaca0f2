import { type Commands, runProcess } from '../command';

/** Commands for people who work on this package. */
const toolCommands: Commands = {
  bench: {
    description:
      'Measure how long everything takes, beside what does the least: machines differ, so read the ratios.',
    load: () => (require('../../bench/bench') as typeof import('../../bench/bench')).configureBench,
  },
  'docs:images': {
    description: 'Take the pictures of README and docs/ anew. It needs Chromium.',
    load: () => (require('./images') as typeof import('./images')).configureImages,
  },
  fuzz: {
    description: 'Compare how files of answers are read with what they are when they really run.',
    load: () => (require('./fuzz/command') as typeof import('./fuzz/command')).configureFuzz,
  },
};

/** The entry point that Node.js runs. */
export function main(): void {
  runProcess(toolCommands, process.argv.slice(2));
}
