/** Where the grader lies: all its programs run from this folder, as its sources do in tests. */
export const graderFolder = __dirname;
