// JavaScript, for what has to be said where no TypeScript can be compiled.

/** The problem matchers that actions/setup-node leaves registered for all later steps. */
const matcherOwners = ['tsc', 'eslint-stylish', 'eslint-compact'];

/** What is said where there is no grade. */
const gradingFailed = 'Grading failed (this is not a zero)';

module.exports = { gradingFailed, matcherOwners };
