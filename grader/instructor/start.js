// What npm runs for the commands about a class: their program is compiled once and kept.
const { compiled } = require('./compiled');

const kept = compiled('grader/instructor/class/program.ts');
// What is compiled is loaded first, for what reads TypeScript would go through all of it once more.
const program = kept === undefined ? undefined : require(kept);
// An author's solution is TypeScript, and is read as it is.
require('../preload');
(program ?? require('./class/program')).start();
