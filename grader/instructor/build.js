// JavaScript, for what starts a program compiles it before anything can read TypeScript.

/**
 * Files of TypeScript, and the packages that they use, as one file that Node.js runs. The same sources
 * give the same code.
 *
 * @param {string} root
 * @param {string} entry path from the root.
 * @param {{ external?: readonly string[], minifyWhitespace?: boolean }} [options] what is left to be loaded when
 *   it runs, and whether nobody reads it.
 * @returns {{ code: string, inputs: string[] }} and what it was made of, as paths from the root.
 * @throws where something does not compile.
 */
function build(root, entry, { external = ['typescript'], minifyWhitespace = false } = {}) {
  const { buildSync } = require('esbuild');
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: 'bundle.js',
    bundle: true,
    // TypeScript tells where an author's fault is, and no bundle loads what an author wrote.
    external: [...external],
    minifyWhitespace,
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    write: false,
  });
  return { code: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) };
}

module.exports = { build };
