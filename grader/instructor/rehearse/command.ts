import { statSync } from 'node:fs';
import { Argument } from 'commander';
import { type Context, command, fromCaller, main } from '../../command';
import { GraderError } from '../../error';
import { lines, plain, type TerminalText } from '../../report/escape/terminal';
import { type Rehearsal, rehearse } from './rehearse';
import type { Annotation } from './runner';

export const rehearseCommand = ({ courseRoot, print }: Context) =>
  command(
    'rehearse',
    "Show what GitHub would show of a submission: the workflow's one grading runs here as a step of it.",
  )
    .addArgument(
      new Argument('[folder]', "the submission's root, which holds assignment/").default(
        courseRoot,
        'this repository',
      ),
    )
    .option('--public', 'as in a public repository, where no comment is written')
    .addHelpText(
      'after',
      '\nNothing is sent anywhere. Exit status: 0 when it was rehearsed, whatever came of it; 2 when it could not be.',
    )
    .action(async (named: string, options: { public?: boolean }) => {
      const folder = fromCaller(named);
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
        throw new GraderError(
          'folder',
          `There is no folder ${named}. Give the root of a submission, which holds assignment/.`,
        );
      }
      print(shown(await rehearse(courseRoot, folder), options.public === true));
    });

function shown({ step, posted, comment }: Rehearsal, isPublic: boolean): TerminalText {
  const { status, log, annotations, summary } = step;
  const colour = status === 0 ? 'green' : 'red';
  return lines([
    ...section('The log of the step npm run autograde', log),
    ...section('The summary on the page of the run, in Markdown', summary),
    ...section('Beside the files', annotations.map(annotation).join('\n') || 'No warning.'),
    ...section(
      step.outputs.get('comment-only-updates') === 'true'
        ? 'The comment in the pull request Feedback, if it has one already'
        : 'The comment in the pull request Feedback, if one is open',
      isPublic
        ? 'None is written: the repository is public, and everybody could read the grade in it. (The log and the summary above are public there, too.)'
        : (comment ?? 'None is written.'),
    ),
    ...section('The run', `It is ${colour}: autograde ends with status ${status}.`),
    ...section(
      'The points',
      posted ? `Points ${posted.totalPoints}/${posted.maxPoints}` : 'None are posted.',
    ),
  ]);
}

function section(title: string, text: string): TerminalText[] {
  return [plain(`--- ${title}`), plain(''), ...text.trimEnd().split('\n').map(plain), plain('')];
}

function annotation({ name, properties: { file, line, col, title }, message }: Annotation): string {
  const place = file === undefined ? '' : `${[file, line, col].filter(Boolean).join(':')} `;
  return `${name} ${place}${title ?? ''}: ${message.replaceAll('\n', ' ')}`;
}

if (require.main === module) main(rehearseCommand);
