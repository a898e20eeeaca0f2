const { rmSync } = require('node:fs');

/** Removes the folder that the tests of a run share. */
module.exports = () => {
  rmSync(process.env.SHARED_FOLDER ?? '', { recursive: true, force: true });
};
