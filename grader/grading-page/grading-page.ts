import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { program } from '../build';
import { type ClassOptions, compareWithRelease } from '../class/grade-class';
import type { Release } from '../class/open-class';
import { style as classStyle } from '../class/pages/layout';
import { voteStyle } from '../class/pages/vote-page';
import { type Configure, fromCaller } from '../command';
import { type Course, loadCourse } from '../course/course';
import { voteSizesOf } from '../course/fair-sizes';
import { manifestName } from '../course/released';
import { GraderError } from '../message';
import { type HtmlText, html, page, textHtml } from '../render/escape/html';
import { escapeTerminal } from '../render/escape/terminal';
import { writeFile } from '../system/files';
import { noticesOf } from '../system/packages';
import { type GradingData, warning } from './data';
import { style } from './style';

/** The page in which staff grade a class. It lies beside a release, never in it. */
export const gradingPageFile = 'grading.html';

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

export function writeGradingPage(course: Course, folder: string, release: Release | undefined): void {
  writeFile(folder, gradingPageFile, gradingPage(course, release));
}

/** Builds the page of a course: all of its answers, and the same grader as the command. It keeps and sends nothing. */
function gradingPage(course: Course, release: Release | undefined): HtmlText {
  const { file, rubric, solution, key } = course;
  const { code, inputs } = program('gradingPage');
  const made =
    release?.made === undefined ? 'Of no known release' : `Of the release of ${release.made.slice(0, 10)}`;
  const content = html`<header><p class="holds">${textHtml(warning)}</p>
<h1>${textHtml(rubric.title)}: grade the class</h1>
<p>${textHtml(`${made}; rubric ${rubric.digest.slice(0, 8)}, answer key ${key.digest.replace(/^\w+:/, '').slice(0, 8)}.`)} This page sends nothing and keeps nothing: save what you decide before you close it.</p>
<noscript><p><strong>This page needs JavaScript. Allow it here, or grade with npm run grade:class.</strong></p></noscript></header>
<main id="place"></main>`;
  const data: GradingData = {
    file,
    rubric,
    solution,
    atOtherSizes: [...course.atOtherSizes],
    vote: voteSizesOf(course),
    release,
  };
  return page(`${rubric.title}: grade the class`, classStyle + style, content, {
    script: code.trim(),
    data,
    notices: noticesOf(inputs),
    shownStyles: [classStyle, voteStyle],
  });
}
