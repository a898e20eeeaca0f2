const path = require('node:path');

/** What Node.js is given to grade through Jest; the course is the folder in which it runs. */
const jestGrader = [require.resolve('jest/bin/jest'), '--config', path.join(__dirname, 'jest.config.js')];

module.exports = { jestGrader };
