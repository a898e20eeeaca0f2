import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { command, courseRoot, run } from '../../command';
import { prove } from './prove';

run(
  command('check', 'Prove this course: rubric, key, stub, handout, fixtures, and the copy that students get.')
    .addHelpText(
      'after',
      '\nExit status: 0 when every check holds; 1 when one is broken; 2 when they could not run.',
    )
    .action(async () => {
      const copy = mkdtempSync(path.join(tmpdir(), 'students-copy-'));
      try {
        if (!(await prove(courseRoot, copy))) process.exitCode = 1;
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    }),
);
