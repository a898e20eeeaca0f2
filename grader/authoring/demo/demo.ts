import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openClass } from '../../class/results/class';
import { overridesFile } from '../../class/results/overrides';
import { startGrading } from '../../class/results/pool';
import { classTable } from '../../class/terminal';
import { type WrittenRun, writeResults } from '../../class/write-results';
import { type Configure, fromCaller } from '../../command';
import { type Course, loadCourse, withDeadline } from '../../course';
import { GraderError } from '../../error';
import { writeFile } from '../../files';
import { onInterrupt } from '../../interrupt';
import { holdLock } from '../../lock';
import { worksheetPageFile, writePage } from '../../page/page';
import { colors } from '../../render/escape/colors';
import { escapeTerminal, lines } from '../../render/escape/terminal';
import { pagePart } from '../release/manifest';
import { keyForStudents } from '../release/seal';
import { due, writeClass } from './sample';

export const configureDemo: Configure = (command, { courseRoot, print, hasColors }) =>
  command
    .option('--out <folder>', 'where to make it (default: dist/demo/ in this repository)')
    .action(async ({ out }: { out?: string }) => {
      const folder = out === undefined ? path.join(courseRoot, 'dist', 'demo') : fromCaller(out);
      const place = await takeDemoFolder(folder);
      try {
        const { rows, text, course } = await makeDemo(courseRoot, folder);
        const table = classTable(rows, course, colors(hasColors));
        const page = path.join(path.relative('', folder) || '.', pagePart, worksheetPageFile);
        const ends = [`The page for students who install nothing: ${page}`, '', ...nextSteps];
        print(lines([table, escapeTerminal(''), text, escapeTerminal(''), ...ends.map(escapeTerminal)]));
      } finally {
        place.done();
      }
    });

/** Makes a class in an empty folder and grades it. */
async function makeDemo(courseRoot: string, folder: string): Promise<WrittenRun & { course: Course }> {
  const started = new Date();
  const course = withDeadline(loadCourse(courseRoot), due);
  const { root, roster, overrides } = await writeClass(course, folder);
  const out = path.join(folder, 'out');
  const page = keyForStudents(course).then((key) => writePage(course, path.join(folder, pagePart), key));
  // Any error is thrown where the page is awaited.
  page.catch(() => {});
  writeFile(out, overridesFile, overrides);
  const { students, context, digest, people, ...opened } = await openClass(course, {
    root,
    roster,
    out,
  });
  const grading = startGrading(students, context);
  try {
    const finished = await writeResults(grading.rows(), {
      out,
      started,
      digest,
      course,
      people,
      roster: opened.roster?.students,
      students: students.length,
      // This class was given no release, so there is none to compare with.
      notes: [],
      canvasColumn: course.rubric.title,
      applies: true,
    });
    await page;
    return { ...finished, course };
  } finally {
    await grading.end();
  }
}

const nextSteps = [
  `This class had to hand in by ${due.due}, with a point a day for lateness, and a cutoff`,
  `at ${due.cutoff}. Grade your own, with a deadline in rubric.yaml if you like:`,
  '    npm run grade:class -- <folder with one folder per student> --roster <roster.csv>',
];

/** Marks a folder as the demo's own, so that it may be made anew. */
const markName = 'demo.json';
const lockName = '.demo.lock';
const ours =
  /^(?:demo\.json|\.demo\.lock|worksheet-submissions|page|roster\.csv|out(?:\..+)?|\.DS_Store|Thumbs\.db)$/;

/** A folder to make a sample class in. */
export interface DemoFolder {
  /** Ends the work in the folder; before that, an interruption removes everything again. */
  done(): void;
}

/**
 * Takes a folder for a sample class, and removes an earlier one from it.
 *
 * @throws {GraderError} if it holds anything else, or another demo is being made there.
 */
async function takeDemoFolder(folder: string): Promise<DemoFolder> {
  const isNew = !existsSync(folder);
  if (!isNew) assertOurs(folder);
  mkdirSync(folder, { recursive: true });
  const lock = holdLock(path.join(folder, lockName), `Another demo is made in ${folder}`);
  const empty = () => {
    for (const name of readdirSync(folder)) {
      if (name !== lockName && ours.test(name))
        rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  };
  const off = onInterrupt(() => {
    empty();
    lock.release();
    if (isNew && readdirSync(folder).length === 0) rmdirSync(folder);
  });
  empty();
  writeFileSync(
    path.join(folder, markName),
    `${JSON.stringify({ about: 'A sample class. npm run demo makes this folder anew.' })}\n`,
  );
  return {
    done: () => {
      off();
      lock.release();
    },
  };
}

function assertOurs(folder: string): void {
  const refuse = (code: string, reason: string) => {
    throw new GraderError(
      'folder',
      code,
      `${folder} ${reason}. It was not changed. Choose another folder: npm run demo -- --out <folder>`,
    );
  };
  if (!statSync(folder).isDirectory()) refuse('demo-not-a-folder', 'is not a folder');
  const names = readdirSync(folder);
  const foreign = names.find((name) => !ours.test(name));
  if (foreign !== undefined) refuse('demo-holds-other-files', `holds ${foreign}, which no demo put there`);
  const isMarked =
    names.includes(markName) || names.every((name) => /^(?:\.demo\.lock|\.DS_Store)$/.test(name));
  if (!isMarked) refuse('demo-unmarked', `holds ${names[0]}, which no demo put there`);
}
