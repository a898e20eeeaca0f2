// Loaded into each process of Node.js that is measured: adds to a file what it took, with all of its threads.
const { appendFileSync } = require('node:fs');
const file = process.env.METER_FILE;
// How a process began with its threads is seen by the first of them alone.
if (file && require('node:worker_threads').isMainThread)
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    appendFileSync(file, `${user + system} ${process.resourceUsage().maxRSS}\n`);
  });
