/** One test per cell and per response. `setup.js` has already graded them all. */
describe('Worksheet', () => {
  /** @type {{ worksheet: import('./autograde').JestRun }} */
  // @ts-expect-error: a global that exists in this suite only.
  const { worksheet } = globalThis;
  for (const { title, failure } of worksheet.tests) {
    test(title, () => {
      if (failure !== undefined) throw reason(failure);
    });
  }
});

/** An error without a stack, because a place in the grader is no use to a student. @param {string} text */
function reason(text) {
  const error = new Error(text);
  error.stack = text;
  return error;
}
