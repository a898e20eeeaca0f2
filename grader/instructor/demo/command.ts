import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { command, courseRoot, fromCaller, run } from '../../command';
import { coloursShow } from '../../report/colour';
import { lines, paints, plain } from '../../report/escape/terminal';
import { openClass } from '../class/class';
import { finish } from '../class/finish';
import type { Graded } from '../class/graded.schema';
import { overridesFile } from '../class/place';
import { startGrading } from '../class/pool';
import { classTable } from '../class/show';
import { loadCourse, withDeadline } from '../course';
import { due, writeClass } from './class';

run(
  command('demo', 'Make a sample class of 30 submissions, grade it, and show where its page is.')
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
      const shown: Graded[] = [];
      const rows = startGrading(courseRoot, opened.students, opened.terms).rows();
      const finished = await finish(noted(rows, shown), {
        out: results,
        started,
        digest: opened.digest,
        course,
        roster: opened.roster?.students,
        isAnonymous: false,
        canvasColumn: course.rubric.title,
        applies: true,
      });
      const again = [
        'The same with your own class:',
        '    npm run grade:class -- <folder with one folder a student> --roster <roster.csv>',
      ];
      console.log(
        lines([
          classTable(shown, course.rubric, paints(coloursShow())),
          plain(''),
          finished.text,
          plain(''),
          ...again.map(plain),
        ]),
      );
    }),
);

async function* noted(rows: AsyncIterable<Graded>, shown: Graded[]): AsyncGenerator<Graded> {
  for await (const row of rows) {
    shown.push(row);
    yield row;
  }
}
