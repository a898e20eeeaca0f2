#!/usr/bin/env node
// What a course elsewhere runs, which has linked this repository: worksheet <command> [options]
const path = require('node:path');
require('../preload');

if (process.argv[2] === 'autograde') {
  process.argv.splice(2, 1, '--config', path.join(__dirname, '..', 'jest', 'jest.config.js'));
  // @ts-expect-error: it has no types, and nothing of it is used here.
  require('jest/bin/jest');
} else if (['grade:class', 'feedback:post', 'grade:merge'].includes(process.argv[2] ?? '')) {
  require('./start');
} else {
  require('../command').main(require('./cli').instructorCommands);
}
