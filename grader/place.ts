/** The grader's folder: all its programs run from here, and so do its sources in tests. */
export const graderFolder = __dirname;
