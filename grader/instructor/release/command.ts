import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { command, courseRoot, fromCaller, run } from '../../command';
import { GraderError } from '../../error';
import { lines, plain, type TerminalText } from '../../report/escape/terminal';
import { prove } from '../check/prove';
import { type Manifest, manifestName, manifestOf } from './manifest';
import { putInPlace, startDraft, studentName } from './place';

run(
  command(
    'release',
    'Make the repository that students get: no line of solution/ is in it, and no answer that can be read. First everything is checked; what is broken is not released.',
  )
    .option('--out <folder>', 'where to make it, in a folder student/ (default: dist/ in this repository)')
    .addHelpText(
      'after',
      '\nExit status: 0 when it released; 1 when a check is broken; 2 when it could not. Without 0 nothing was changed.',
    )
    .action(({ out }: { out?: string }) => release(out)),
);

async function release(named: string | undefined): Promise<void> {
  const out = named === undefined ? path.join(courseRoot, 'dist') : fromCaller(named);
  refuseSource(out);
  const draft = startDraft(out);
  try {
    const copy = path.join(draft.folder, studentName);
    const course = await prove(courseRoot, copy);
    if (!course) {
      console.log(plain('Nothing is released. Mend what is broken, and run this again.'));
      process.exitCode = 1;
      return;
    }
    const manifest = manifestOf(course, copy);
    putInPlace(out, draft, manifest);
    console.log(made(out, manifest));
  } finally {
    draft.discard();
  }
}

/** A release into the course's own root, or into a folder that releases are made from, would be in the way there. */
function refuseSource(out: string): void {
  const real = (folder: string) => (existsSync(folder) ? realpathSync(folder) : folder);
  const steps = path.relative(real(courseRoot), real(out)).split(path.sep);
  const isInside = steps[0] !== '..' && !path.isAbsolute(steps.join(path.sep));
  if (isInside && !['dist', 'out'].includes(steps[0] ?? '')) {
    throw new GraderError(
      'folder',
      `${out} is a part of the course. Choose dist, out, or a folder elsewhere: npm run release -- --out <folder>`,
    );
  }
}

function made(out: string, { files, selfCheck }: Manifest): TerminalText {
  const shown = (name: string) => path.join(path.relative('', out) || '.', name);
  const student = shown(studentName);
  const modes = {
    scored: 'scored. npm test there marks every cell; its key shows nothing, but can be tried',
    form: 'form. npm test there tells what is missing or malformed, and marks nothing',
  };
  const text = [
    '',
    `Made ${student}: the students' copy, ${Object.keys(files).length} files.`,
    `    self_check: ${modes[selfCheck]}.`,
    `Made ${shown(manifestName)}: what the copy was made of. It stays with you.`,
    '',
    'Next:',
    `    1. See what students see: in ${student}, run npm ci and npm test.`,
    '    2. Copy it to a folder of its own, without node_modules; there git init, commit, push.',
    '    3. Mark that repository as a template, or give it to your host as starter code.',
  ];
  return lines(text.map(plain));
}
