import { command, courseRoot, run } from '../../command';
import { inTemporary } from '../interrupt';
import { prove } from './prove';

run(
  command('check', 'Prove this course: rubric, key, stub, handout, fixtures, and the copy that students get.')
    .addHelpText(
      'after',
      '\nExit status: 0 when every check holds; 1 when one is broken; 2 when they could not run.',
    )
    .action(async () => {
      const course = await inTemporary('students-copy', (copy) => prove(courseRoot, copy));
      if (!course) process.exitCode = 1;
    }),
);
