#!/usr/bin/env node
// Runs a command for instructors. Courses in other repositories run this file by its path in node_modules/.
require('./node-version');

const command = process.argv[2] || '';
if (['autograde', 'grade', 'watch'].includes(command)) require('./start');
else {
  const isTool = ['bench', 'docs:images', 'fuzz'].includes(command);
  require('./build').load(isTool ? 'tools' : 'instructor', module);
}
