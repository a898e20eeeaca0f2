import { spawn } from 'node:child_process';
import path from 'node:path';
import { watch } from 'chokidar';
import { type Context, command, main } from './command';
import { plain } from './report/escape/terminal';
import { loadRubric } from './rubric/load';

/** Editors write a file in several steps; this long nothing has to happen, in milliseconds. */
const quiet = 100;

const jest = [
  path.join('node_modules', 'jest', 'bin', 'jest.js'),
  '--config',
  path.join('grader', 'jest', 'jest.config.js'),
];

const watchCommand = ({ courseRoot, print }: Context) =>
  command(
    'watch',
    'Grade assignment/ now, and again at each save of the answers or of the reflection.',
  ).action(() => {
    const { table, reflection } = loadRubric(courseRoot);
    const files = reflection ? [table.file, reflection.file] : [table.file];
    const again = grader(courseRoot, () => print(plain(footer)));
    // Jest itself must not watch there: it would take what lies beside the two files for its own.
    watch(courseRoot, {
      // A file that is replaced by another of its name is a new one, and only its folder tells of it.
      ignored: (place) => !isOnTheWay(path.relative(courseRoot, place).split(path.sep).join('/'), files),
      ignoreInitial: true,
      awaitWriteFinish: { stabilityThreshold: quiet, pollInterval: quiet / 4 },
    }).on('all', again);
    again();
  });

const footer = 'Watching both files: save one to see this anew. Ctrl+C ends it.';

main(watchCommand);

/** Whether a path is one of some files or a folder that one of them lies in. */
function isOnTheWay(place: string, files: readonly string[]): boolean {
  return files.some((file) => place === '' || file === place || file.startsWith(`${place}/`));
}

/** Grades when it is called, and once more where it is called meanwhile. */
function grader(courseRoot: string, ended: () => void): () => void {
  let [running, wanted] = [false, false];
  const grade = () => {
    if (running) {
      wanted = true;
      return;
    }
    running = true;
    if (process.stdout.isTTY) console.clear();
    spawn(process.execPath, jest, { cwd: courseRoot, stdio: 'inherit' }).on('close', () => {
      ended();
      running = false;
      if (!wanted) return;
      wanted = false;
      grade();
    });
  };
  return grade;
}
