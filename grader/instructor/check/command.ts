import { type Context, command, main } from '../../command';
import { withTempDir } from '../temp-dir';
import { prove } from './prove';

export const checkCommand = (context: Context) =>
  command('check', 'Prove this course: rubric, key, stub, handout, fixtures, and the copy that students get.')
    .addHelpText(
      'after',
      '\nExit status: 0 when every check holds; 1 when one is broken; 2 when they could not run.',
    )
    .action(async () => {
      const course = await withTempDir((copy) => prove(context, copy));
      if (!course) context.status = 1;
    });

if (require.main === module) main(checkCommand);
