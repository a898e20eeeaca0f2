// Says at the end of a process how much memory it held at most, with all of its threads.
process.on('exit', () => {
  process.stderr.write(`peak memory: ${process.resourceUsage().maxRSS} kB\n`);
});
