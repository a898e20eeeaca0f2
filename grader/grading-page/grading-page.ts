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
import { style } from './style';

/** The page in which staff grade a class. It is put beside a release, never in it. */
export const gradingPageFile = 'grading.html';

/** The text at the top of the page, by which a release recognizes it: no student may get it. */
export const warning = 'For staff: this page has every answer';

/** A course as the page contains it, in JSON, with every answer. */
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
    .option('--key-changed', 'grade with a key or rubric other than the released one')
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

/** @throws {GraderError} if a folder is a release or inside one, because students get everything there. */
function assertNotReleased(out: string): void {
  for (let folder = out; path.dirname(folder) !== folder; folder = path.dirname(folder))
    if (existsSync(folder) && existsSync(path.join(realpathSync(folder), manifestName)))
      throw new GraderError(
        'usage',
        'out-in-release',
        `${out} is in the release ${folder}, which students get, and the page holds every answer. Choose another folder with --out.`,
      );
}

/** The parts of a course that the page contains. */
export function dataOf(course: Course, release: Release | undefined): GradingData {
  const { file, rubric, solution } = course;
  return { file, rubric, solution, askAgain: askAgainOf(course), release };
}

/**
 * Writes the page of a course into a folder: all of its answers, and the same grader as the command. The page stores
 * nothing and sends nothing.
 */
export function writeGradingPage(course: Course, folder: string, release: Release | undefined): void {
  const { rubric, key } = course;
  const { code, notices } = program('gradingPage');
  const made =
    release?.made === undefined
      ? 'Made from no known release'
      : `Made from the release of ${release.made.slice(0, 10)}`;
  const digests = `rubric ${rubric.digest.slice(0, 8)}, answer key ${key.digest.replace(/^\w+:/, '').slice(0, 8)}`;
  const content = html`<header><p class="staff"><strong>▲ ${textHtml(warning)}.</strong><span class="long"> It sends nothing and keeps nothing: save what you decide.</span></p>
<noscript><p><strong>This page needs JavaScript. Allow it here, or grade with npm run grade:class.</strong></p></noscript></header>
<main id="place"></main>
<footer class="foot"><p>${textHtml(`${made}, ${digests}.`)}</p></footer>`;
  const whole = page(`${rubric.title}: grade the class`, classStyle + style, content, {
    script: code.trim(),
    data: dataOf(course, release),
    notices,
    shownStyles: [classStyle],
  });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFile(folder, gradingPageFile, whole);
}
