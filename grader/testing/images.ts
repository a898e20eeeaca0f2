import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { seal } from '../authoring/release/sealed-facts';
import type { Configure } from '../command';
import { type Course, loadCourse } from '../course';
import { gradeFolder } from '../grading/context';
import type { Report } from '../grading/report.schema';
import { worksheetPageFile, writePage } from '../page/page';
import { fieldOf } from '../page/work-files';
import { textLines as escapeHtml } from '../render/escape/html';
import { renderTerminal } from '../render/terminal';
import { changesSince } from '../render/view';
import { rowsOf } from '../rubric/rubric';
import { startBrowser } from './browser';
import { newFolder, packageRoot, removeFolders } from './folders';
import { runCommand } from './run';

/** The folder of the pictures in README and docs/. */
const folder = path.join(packageRoot, 'docs', 'images');

export const configureImages: Configure = (command) => command.action(takePictures);

async function takePictures(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await startBrowser();
  try {
    await classPage(browser);
    await terminal(browser);
    await worksheetPages(browser);
  } finally {
    await browser.close();
    removeFolders();
  }
}

/** Takes a picture of the top of the demo class's page, without names. */
async function classPage(browser: Browser): Promise<void> {
  const place = newFolder();
  runCommand(packageRoot, 'demo', '--out', place);
  const page = await browser.newPage({ viewport: { width: 1000, height: 720 } });
  await page.goto(pathToFileURL(path.join(place, 'out', 'report.html')).href);
  await page.screenshot({ path: path.join(folder, 'class-page.png') });
}

/** Takes pictures of the page that needs no installation, half done: on a laptop, on a phone and in dark mode. */
async function worksheetPages(browser: Browser): Promise<void> {
  const course = loadCourse(packageRoot, false);
  const place = newFolder();
  await writePage(course, place, await seal(course.rubric, course.solution));
  const { rows } = await typical(course);
  const [question] = course.rubric.reflection?.questions ?? [];
  const looks = [
    { name: 'page-laptop', width: 1100, height: 860, colorScheme: 'light' },
    { name: 'page-phone', width: 360, height: 720, colorScheme: 'light' },
    { name: 'page-dark', width: 520, height: 720, colorScheme: 'dark' },
  ] as const;
  for (const { name, width, height, colorScheme } of looks) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(pathToFileURL(path.join(place, worksheetPageFile)).href);
    for (const { id, cells } of rows)
      for (const { id: column, sourceText = '' } of cells)
        await page.locator(`[id="${fieldOf.cell(id, column)}"]`).fill(sourceText);
    await page.locator(`[id="${fieldOf.response(question?.id ?? '')}"]`).fill('Each token keeps its row.');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.locator('.box').filter({ hasText: 'Next:' }).waitFor();
    const [row] = rowsOf(course.rubric).slice(1);
    await page.locator(`[id^="cell.${row?.id}."]:is(input, select)`).last().focus();
    await page
      .locator(width < 768 ? '.grid' : '#worksheet')
      .first()
      .evaluate((heading) => heading.scrollIntoView());
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
  }
}

/** Takes a picture of the terminal, in colors, with the result of a half-done worksheet. */
async function terminal(browser: Browser): Promise<void> {
  const report = await typical(loadCourse(packageRoot, false));
  const text = renderTerminal(report, { hasColors: true, changes: changesSince(undefined, report) });
  const page = await browser.newPage({ viewport: { width: 760, height: 100 } });
  await page.setContent(`<pre id="terminal">${htmlOf(`$ npm test\n\n${text}`)}</pre><style>
    body { margin: 0 } pre { margin: 0; padding: 16px; background: #1e1e1e; color: #ddd; font: 13px/1.35 monospace }
    .s1 { font-weight: bold; color: #fff } .s2 { opacity: .65 } .s31 { color: #ff7b72 } .s32 { color: #7ee787 }</style>`);
  await page.locator('#terminal').screenshot({ path: path.join(folder, 'terminal.png') });
}

/** A worksheet that is half done. */
function typical({ rubric, key }: Course): Promise<Report> {
  return gradeFolder(path.join(packageRoot, 'solution', 'fixtures', 'typical'), rubric, key);
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
