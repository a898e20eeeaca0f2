// Fails every test that asserts nothing, such as one that loops over an empty list.
beforeEach(() => expect.hasAssertions());

// The first build in a test file starts a thread of esbuild, which would outlive the file.
afterAll(() => require('esbuild').stop());

// Node.js would spend a fifth of a run on optimizing code that soon ends.
require('node:v8').setFlagsFromString('--interrupt-budget=1600000');
