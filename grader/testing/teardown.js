const { rmSync } = require('node:fs');

/** Takes away what the tests of a run have shared. */
module.exports = () => {
  rmSync(process.env.SHARED_FOLDER ?? '', { recursive: true, force: true });
};
