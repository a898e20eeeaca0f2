import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { seal } from '../authoring/release/sealed-facts';
import type { Configure } from '../command';
import { loadCourse } from '../course/course';
import { gradeFolder } from '../grading/context';
import { gradingPageFile, writeGradingPage } from '../grading-page/grading-page';
import { fieldOf } from '../page/work-files';
import { worksheetPage, worksheetPageFile } from '../page/worksheet-page';
import { textLines as escapeHtml } from '../render/escape/html';
import { newsSince } from '../render/view';
import { renderTerminal } from '../render/view-terminal';
import { rowsOf } from '../rubric/rubric';
import { listFiles, writeFile } from '../system/files';
import { startBrowser } from './browser';
import { newFolder, packageRoot, removeFolders } from './folders';
import { runCommand } from './run';

export const configureImages: Configure = (command) => command.action(takePictures);

/** The folder of the pictures, each with the text read from it, which a test compares with today's pages. */
const imagesFolder = path.join(packageRoot, 'docs', 'images');

async function takePictures(): Promise<void> {
  mkdirSync(imagesFolder, { recursive: true });
  for await (const { name, png, text } of pictures()) {
    writeFileSync(path.join(imagesFolder, `${name}.png`), png);
    writeFileSync(path.join(imagesFolder, `${name}.txt`), text);
  }
  removeFolders();
}

/** A picture for README or docs/, and the text that it shows. */
interface Picture {
  readonly name: string;
  readonly png: Uint8Array;
  readonly text: string;
}

async function pictureOf(page: Page, name: string, element: string): Promise<Picture> {
  const shown = page.locator(element).first();
  const [read = ''] = await shown.allInnerTexts();
  const text = `${read}\n`.replace(/[ \t]+$/gm, '');
  const png = element === '#terminal' ? await shown.screenshot() : await page.screenshot();
  return { name, png, text };
}

/**
 * Takes the pictures, most of them of a half-done worksheet.
 *
 * @param demo the folder of a demo, if one was already made.
 */
export async function* pictures(demo?: string): AsyncGenerator<Picture> {
  const place = demo ?? newFolder();
  const course = loadCourse(packageRoot, false);
  const { rubric } = course;
  const typical = path.join(packageRoot, 'solution', 'fixtures', 'typical');
  const report = await gradeFolder(typical, rubric, course.key);
  // Close the browser even if a picture fails: otherwise it keeps the process alive.
  await using browser = await startBrowser();

  // The top of the class page shows no names.
  if (demo === undefined) runCommand(packageRoot, 'demo', '--out', place);
  const classPage = await browser.newPage({ viewport: { width: 1000, height: 790 } });
  await classPage.goto(pathToFileURL(path.join(place, 'out', 'report.html')).href);
  yield pictureOf(classPage, 'class-page', 'main');

  // The grading page, with the cases of a made-up class.
  writeGradingPage(course, place, { grades: [], words: [], due: course.rubric.due });
  const grading = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await grading.goto(pathToFileURL(path.join(place, gradingPageFile)).href);
  await grading
    .locator('#files')
    .setInputFiles([zipOf(place, 'worksheet-submissions'), path.join(place, 'roster.csv')]);
  await grading.getByRole('button', { name: 'Grade', exact: true }).click();
  await grading.locator('.sheet').first().waitFor();
  yield pictureOf(grading, 'grading-page', '#view');

  const text = renderTerminal(report, { hasColors: true, changes: newsSince(undefined, report) });
  const terminal = await browser.newPage({ viewport: { width: 760, height: 100 } });
  await terminal.setContent(`<pre id="terminal">${htmlOf(`$ npm test\n\n${text}`)}</pre><style>
    body { margin: 0 } pre { margin: 0; padding: 16px; background: #1e1e1e; color: #ddd; font: 13px/1.35 monospace }
    .s1 { font-weight: bold; color: #fff } .s2 { opacity: .65 } .s31 { color: #ff7b72 } .s32 { color: #7ee787 }</style>`);
  yield pictureOf(terminal, 'terminal', '#terminal');

  // The page that needs no install: on a laptop, on a phone and in dark mode.
  const key = await seal(rubric, course.solution);
  writeFile(place, worksheetPageFile, await worksheetPage(course, key));
  for (const [name, width, height, colorScheme, top] of [
    ['page-laptop', 1100, 860, 'light', '#worksheet'],
    ['page-phone', 360, 720, 'light', '.grid'],
    ['page-dark', 520, 720, 'dark', '.grid'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(pathToFileURL(path.join(place, worksheetPageFile)).href);
    for (const { id, cells } of report.rows)
      for (const { id: column, sourceText = '' } of cells)
        await page.locator(`[id="${fieldOf.cell(id, column)}"]`).fill(sourceText);
    const question = fieldOf.response(rubric.reflection?.questions[0]?.id ?? '');
    await page.locator(`[id="${question}"]`).fill('Each token keeps its row.');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page
      .locator('.check')
      .filter({ hasText: `${report.points} of` })
      .waitFor();
    await page
      .locator(`[id^="cell.${rowsOf(rubric)[1]?.id}."]:is(input, select)`)
      .last()
      .focus();
    await page.evaluate(`document.querySelector('${top}').scrollIntoView()`);
    yield pictureOf(page, name, top);
  }
}

/** Zips a folder, leaving out repositories. */
function zipOf(place: string, folder: string): string {
  const files = listFiles(place, folder).filter((name) => !name.includes('/.git/'));
  const contents = files.map((name) => [name, readFileSync(path.join(place, name))] as const);
  const file = path.join(place, 'class.zip');
  writeFileSync(file, zipSync(Object.fromEntries(contents)));
  return file;
}

/** Converts text with terminal styles to HTML. */
function htmlOf(text: string): string {
  const [first = '', ...styled] = text.split('\u001b[');
  const spans = styled.map((piece) => {
    const [, codes = '', words = ''] = /^([\d;]*)m([\s\S]*)$/.exec(piece) ?? [];
    return `<span class="s${codes}">${escapeHtml(words)}</span>`;
  });
  return escapeHtml(first) + spans.join('');
}
