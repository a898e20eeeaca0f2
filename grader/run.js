#!/usr/bin/env node
// Runs a command for instructors; a course elsewhere runs it by its path in node_modules/.
require('./node-version');

const command = process.argv[2] || '';
if (['autograde', 'grade', 'watch'].includes(command)) require('./start');
else {
  const isTool = ['bench', 'docs:images', 'fuzz'].includes(command);
  require('./build').load(isTool ? 'tools' : 'instructor', module);
}
