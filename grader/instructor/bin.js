#!/usr/bin/env node
// What a course elsewhere runs, which has linked this repository: worksheet <command> [options]
require('../preload');
const { jestGrader } = require('../jest/program');

if (process.argv[2] === 'autograde') {
  process.argv.splice(2, 1, ...jestGrader.slice(1));
  // @ts-expect-error: it has no types, and nothing of it is used here.
  require('jest/bin/jest');
} else {
  require('../command').main(require('./cli').instructorCommands);
}
