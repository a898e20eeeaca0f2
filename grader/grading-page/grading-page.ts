import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { program } from '../build';
import { type ClassOptions, compareWithRelease } from '../class/grade-class';
import type { ClassInput, Release } from '../class/open-class';
import { style as classStyle } from '../class/pages/layout';
import { type Configure, fromCaller } from '../command';
import { askAgainOf } from '../course/ask-again';
import { type Course, loadCourse } from '../course/course';
import { manifestName } from '../course/released';
import { GraderError } from '../message';
import { html, page, textHtml } from '../render/escape/html';
import { escapeTerminal } from '../render/escape/terminal';
import { writeFile } from '../system/files';
import { noticesOf } from '../system/packages';

/** The page in which staff grade a class. It lies beside a release, never in it. */
export const gradingPageFile = 'grading.html';

/** The text at the top of the page, by which a release knows it: no student may get it. */
export const warning = 'For instructors: holds every answer';

/** A course as the page holds it, in JSON, with every answer. */
export interface GradingData
  extends Pick<Course, 'file' | 'rubric' | 'solution'>,
    Pick<ClassInput, 'askAgain'> {
  readonly release?: Release | undefined;
}

interface Options extends Pick<ClassOptions, 'release' | 'keyChanged'> {
  readonly out?: string;
}

/** `npm run grading:page` */
export const configureGradingPage: Configure = (command, { courseRoot, print }) =>
  command
    .option('--out <folder>', 'where the page goes (default: dist-instructor/)', fromCaller)
    .option('--release <folder>', 'the release that students started from (default: dist/)', fromCaller)
    .option('--key-changed', 'grade with a key or rubric other than the released')
    .action(({ out = path.join(courseRoot, 'dist-instructor'), ...options }: Options) => {
      const course = loadCourse(courseRoot, false);
      const release = compareWithRelease(course, options);
      assertNotReleased(out);
      writeGradingPage(course, out, release);
      print(
        escapeTerminal(
          `${path.join(out, gradingPageFile)}: open it in a browser to grade a class. It holds every answer.`,
        ),
      );
    });

/** @throws {GraderError} if a folder is a release or in one: students get what is there. */
function assertNotReleased(out: string): void {
  for (let folder = out; path.dirname(folder) !== folder; folder = path.dirname(folder))
    if (existsSync(folder) && existsSync(path.join(realpathSync(folder), manifestName)))
      throw new GraderError(
        'usage',
        'out-in-release',
        `${out} is in the release ${folder}, which students get, and the page holds every answer. Choose another folder with --out.`,
      );
}

/** The parts of a course that the page holds. */
export function dataOf(course: Course, release: Release | undefined): GradingData {
  const { file, rubric, solution } = course;
  return { file, rubric, solution, askAgain: askAgainOf(course), release };
}

/**
 * Writes the page of a course into a folder: all of its answers, and the same grader as the command. The page keeps and
 * sends nothing.
 */
export function writeGradingPage(course: Course, folder: string, release: Release | undefined): void {
  const { rubric, key } = course;
  const { code, inputs } = program('gradingPage');
  const made =
    release?.made === undefined ? 'Of no known release' : `Of the release of ${release.made.slice(0, 10)}`;
  const content = html`<header><p class="holds">${textHtml(warning)}</p>
<h1>${textHtml(rubric.title)}: grade the class</h1>
<p>${textHtml(`${made}; rubric ${rubric.digest.slice(0, 8)}, answer key ${key.digest.replace(/^\w+:/, '').slice(0, 8)}.`)} This page sends nothing and keeps nothing: save what you decide before you close it.</p>
<noscript><p><strong>This page needs JavaScript. Allow it here, or grade with npm run grade:class.</strong></p></noscript></header>
<main id="place"></main>`;
  const whole = page(`${rubric.title}: grade the class`, classStyle + style, content, {
    script: code.trim(),
    data: dataOf(course, release),
    notices: noticesOf(inputs),
    shownStyles: [classStyle],
  });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFile(folder, gradingPageFile, whole);
}

/** The styles of the grading page, beside the design of all pages and that of a class. */
const style = `
body { max-width: 88rem; padding-top: 0; }
.holds { max-width: none; margin: 0 0 var(--s4); padding: var(--s2) var(--s4); color: var(--paper); background: var(--wrong); font-weight: 600; text-align: center; }
.views { display: flex; flex-wrap: wrap; gap: var(--s2); margin: var(--s4) 0; padding: 0; list-style: none; }
.views [aria-current] { background: var(--tint); border-color: var(--accent); }
button:disabled { color: var(--faint); background: var(--wash); border-color: var(--rule); cursor: default; }
.drop { border: 2px dashed var(--line); }
.drop.over { background: var(--tint); }
.files { padding: 0; list-style: none; }
.files li { display: flex; flex-wrap: wrap; gap: 0 var(--s3); align-items: center; max-width: none; border-bottom: 1px solid var(--rule); }
.files button, .made button { min-height: 2rem; padding: 0 var(--s3); font-size: var(--small); }
.files span { flex: 1 1 20rem; }
.form { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: var(--s3) var(--s5); }
.form label { display: block; font-weight: 600; }
.form :is(input, select, textarea) { width: 100%; font-weight: 400; }
.form small { display: block; color: var(--faint); font-weight: 400; }
.form h2, .form .actions { grid-column: 1 / -1; margin: 0; }
progress { width: min(24rem, 100%); accent-color: var(--accent); }
.todo { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 0 var(--s4); align-items: center; padding: var(--s2) 0; background: var(--paper); border-bottom: 1px solid var(--rule); }
.todo p { margin: 0; }
html { scroll-padding: 5rem 0 2rem; }
.cases { content-visibility: auto; contain-intrinsic-size: auto 40rem; }
iframe { width: 100%; height: 80vh; border: 1px solid var(--rule); border-radius: var(--round); background: var(--paper); }
dialog { max-width: min(40rem, 100vw); color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: var(--round); padding: var(--s5); }
dialog::backdrop { background: rgb(0 0 0 / 40%); }
.actions { display: flex; flex-wrap: wrap; gap: var(--s2); align-items: center; max-width: none; }
@media (width < 48rem) { .made :is(th, td):nth-child(3) { display: none; } }
@media print { .views, .actions, .drop, iframe { display: none; } .todo { position: static; } .holds { border: 2px solid; color: inherit; background: none; } .cases { content-visibility: visible; } }
`;
