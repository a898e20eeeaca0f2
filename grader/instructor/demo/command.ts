import path from 'node:path';
import { type Context, command, fromCaller, main } from '../../command';
import { lines, paints, plain } from '../../report/escape/terminal';
import { openClass } from '../class/class';
import { type Finished, finish } from '../class/finish';
import { overridesFile } from '../class/overrides';
import { startGrading } from '../class/pool';
import { classTable } from '../class/show';
import { type Course, loadCourse, withDeadline } from '../course';
import { writeFile } from '../files';
import { due, writeClass } from './class';
import { takeDemoFolder } from './demo-folder';

/** `npm run demo` */
export const demoCommand = ({ courseRoot, print, hasColours }: Context) =>
  command(
    'demo',
    'Make a sample class (30 submissions, and one student who handed in nothing), grade it, and show where its page is.',
  )
    .option('--out <folder>', 'where to make it (default: dist/demo/ in this repository)')
    .action(async ({ out }: { out?: string }) => {
      const folder = out === undefined ? path.join(courseRoot, 'dist', 'demo') : fromCaller(out);
      const place = await takeDemoFolder(folder);
      try {
        const { rows, text, course } = await makeDemo(courseRoot, folder);
        const table = classTable(rows, course.rubric, paints(hasColours));
        print(lines([table, plain(''), text, plain(''), ...nextSteps.map(plain)]));
      } finally {
        place.done();
      }
    });

/** Makes a class in an empty folder and grades it. */
async function makeDemo(courseRoot: string, folder: string): Promise<Finished & { course: Course }> {
  const started = new Date();
  const course = withDeadline(loadCourse(courseRoot), due);
  const { root, roster, overrides } = await writeClass(course, folder);
  const out = path.join(folder, 'out');
  writeFile(out, overridesFile, overrides);
  const { students, terms, digest, keys, ...opened } = openClass(course, {
    ...{ root, roster, out, readsHistory: true },
  });
  const grading = startGrading(students, terms);
  try {
    const finished = await finish(grading.rows(), {
      ...{ out, started, digest, course, keys, roster: opened.roster?.students, students: students.length },
      // This class was given no release, so there is none to compare with.
      ...{ notes: [], isAnonymous: false, canvasColumn: course.rubric.title, applies: true },
    });
    return { ...finished, course };
  } finally {
    await grading.end();
  }
}

const nextSteps = [
  `This class had to hand in by ${due.due}, with a point a day for lateness, and a cutoff`,
  `at ${due.cutoff}. Grade your own, with a deadline in rubric.yaml if you like:`,
  '    npm run grade:class -- <folder with one folder a student> --roster <roster.csv>',
];

if (require.main === module) main(demoCommand);
