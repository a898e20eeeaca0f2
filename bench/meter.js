// Loaded into each measured Node.js process: appends its processor time and peak memory, threads included, to a file.
const { appendFileSync } = require('node:fs');
const file = process.env.METER_FILE;
// Only the main thread reports: its figures at exit cover the whole process, threads included.
if (file && require('node:worker_threads').isMainThread)
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    appendFileSync(file, `${user + system} ${process.resourceUsage().maxRSS}\n`);
  });
