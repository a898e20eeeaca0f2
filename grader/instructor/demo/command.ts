import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Context, command, fromCaller, main } from '../../command';
import { lines, paints, plain } from '../../report/escape/terminal';
import { openClass } from '../class/class';
import { finish } from '../class/finish';
import { overridesFile } from '../class/overrides';
import { startGrading } from '../class/pool';
import { classTable } from '../class/show';
import { loadCourse, withDeadline } from '../course';
import { due, writeClass } from './class';

/** `npm run demo` */
export const demoCommand = ({ courseRoot, print, hasColours }: Context) =>
  command(
    'demo',
    'Make a sample class (30 submissions, and one student who handed in nothing), grade it, and show where its page is.',
  )
    .option('--out <folder>', 'where to make it (default: a new temporary folder)')
    .action(async ({ out }: { out?: string }) => {
      const started = new Date();
      const place = out === undefined ? mkdtempSync(path.join(tmpdir(), 'demo-')) : fromCaller(out);
      const results = path.join(place, 'out');
      const course = withDeadline(loadCourse(courseRoot), due);
      const made = await writeClass(course, place);
      mkdirSync(results, { recursive: true });
      writeFileSync(path.join(results, overridesFile), made.overrides);
      const opened = openClass(course, {
        root: made.root,
        roster: made.roster,
        out: results,
        readsHistory: true,
      });
      const grading = startGrading(opened.students, opened.terms);
      try {
        const finished = await finish(grading.rows(), {
          out: results,
          started,
          digest: opened.digest,
          course,
          roster: opened.roster?.students,
          keys: opened.keys,
          students: opened.students.length,
          notes: opened.notes,
          isAnonymous: false,
          canvasColumn: course.rubric.title,
          applies: true,
        });
        const table = classTable(finished.rows, course.rubric, paints(hasColours));
        print(lines([table, plain(''), finished.text, plain(''), ...nextSteps.map(plain)]));
      } finally {
        await grading.end();
      }
    });

const nextSteps = [
  `This class had to hand in by ${due.due}, with a point a day for lateness, and a cutoff`,
  `at ${due.cutoff}. Grade your own, with a deadline in rubric.yaml if you like:`,
  '    npm run grade:class -- <folder with one folder a student> --roster <roster.csv>',
];

if (require.main === module) main(demoCommand);
