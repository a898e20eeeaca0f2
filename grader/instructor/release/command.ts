import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { type Context, command, fromCaller, main } from '../../command';
import { GraderError } from '../../error';
import { lines, plain, type TerminalText } from '../../report/escape/terminal';
import { prove } from '../check/prove';
import { writeHosts } from './hosts';
import { type Manifest, manifestName, manifestOf } from './manifest';
import { parts, putInPlace, startDraft } from './place';

export const releaseCommand = (context: Context) =>
  command(
    'release',
    'Make the repository that students get, with no line of solution/ in it and no answer that can be read, and what other hosts grade it by. First everything is checked; what is broken is not released.',
  )
    .option(
      '--out <folder>',
      'where to make student/, classroom50/ and gradescope/ (default: dist/ in this repository)',
    )
    .addHelpText(
      'after',
      '\nExit status: 0 when it released; 1 when a check is broken; 2 when it could not. Without 0 nothing was changed.',
    )
    .action(({ out }: { out?: string }) => release(context, out));

async function release(context: Context, named: string | undefined): Promise<void> {
  const { courseRoot, print } = context;
  const out = named === undefined ? path.join(courseRoot, 'dist') : fromCaller(named);
  refuseSource(courseRoot, out);
  const draft = await startDraft(out);
  try {
    const copy = path.join(draft.folder, parts.student);
    const course = await prove(context, copy);
    if (!course) {
      print(plain('Nothing is released. Mend what is broken, and run this again.'));
      context.status = 1;
      return;
    }
    await writeHosts(course, copy, draft.folder);
    const manifest = manifestOf(course, draft.folder);
    putInPlace(out, draft, manifest);
    print(made(out, manifest));
  } finally {
    draft.discard();
  }
}

/** A release into the course's own root, or into a folder that releases are made from, would be in the way there. */
function refuseSource(courseRoot: string, out: string): void {
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
  const student = shown(parts.student);
  const count = Object.keys(files).filter((file) => file.startsWith(`${parts.student}/`)).length;
  const modes = {
    scored: 'scored. npm test there marks every cell; its key shows nothing, but can be tried',
    form: 'form. npm test there tells what is missing or malformed, and marks nothing',
  };
  const text = [
    '',
    `Made ${student}: the students' copy, ${count} files.`,
    `    self_check: ${modes[selfCheck]}.`,
    `Made ${shown(parts.classroom50)}: the bundle for Classroom 50, with the steps in its README.md.`,
    ...(selfCheck === 'form' ? keyInBundle : []),
    `Made ${shown(parts.gradescope)}: autograder.zip for Gradescope. Its key can be read; it stays with the staff.`,
    `Made ${shown(manifestName)}: what all this was made of. It stays with you.`,
    '',
    'Next:',
    `    1. See what students see: in ${student}, run npm ci and npm test.`,
    '    2. Copy it to a folder of its own, without node_modules; there git init, commit, push.',
    '    3. Mark that repository as a template, or give it to your host as starter code.',
  ];
  return lines(text.map(plain));
}

const keyInBundle = [
  '    Beware: Classroom 50 needs a key to give points, and anybody can read its bundles. The one in',
  '    this bundle is sealed, and a script that guesses opens it. Use another host where that counts.',
];

if (require.main === module) main(releaseCommand);
