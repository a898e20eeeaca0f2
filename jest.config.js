/**
 * The package's own tests. The student's worksheet is graded by `grader/jest/jest.config.js`.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  testMatch: ['<rootDir>/(grader|solution)/**/*.test.ts'],
  transform: { '\\.ts$': 'ts-jest' },
  modulePathIgnorePatterns: ['<rootDir>/(dist|out|\\.graded)/'],
};
