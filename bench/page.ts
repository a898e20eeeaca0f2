import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { seal } from '../grader/authoring/release/seal';
import { loadCourse } from '../grader/course';
import { worksheetPageFile, writePage } from '../grader/page/page';
import { studentFiles } from '../grader/rubric/rubric';
import { startBrowser } from '../grader/testing/browser';

/** How many times a page is measured. The minimum shows its cost when nothing else interferes. */
const times = 7;

/**
 * Measures the page that needs no install, in processor time of the browser's renderer: until it can be used, and
 * for a check. Compares it with a page that only parses as much text.
 */
export async function benchPage(root: string, folder: string): Promise<void> {
  let browser: Browser;
  try {
    browser = await startBrowser();
  } catch {
    console.log('\nThe page: not measured, for there is no Chromium here (apt-get install chromium).');
    return;
  }
  try {
    const course = loadCourse(root, false);
    mkdirSync(folder, { recursive: true });
    await writePage(course, folder, await seal(course.rubric, course.solution));
    const plain = path.join(folder, 'plain.html');
    writeFileSync(plain, `<!doctype html><title>x</title><pre>${'some text '.repeat(40_000)}</pre>`);
    const typical = path.join(root, 'solution', 'fixtures', 'typical');
    const files = studentFiles(course.rubric).map((file) => path.join(typical, ...file.split('/')));
    const [bare] = await least(browser, plain);
    const [start, check] = await least(browser, path.join(folder, worksheetPageFile), files);
    const row = (name: string, time: number) =>
      console.log(`  ${name.padEnd(40)} ${time.toFixed(0).padStart(5)} ms  ${(time / bare).toFixed(1)}`);
    console.log('\nThe page (processor time, and how many times the first row)');
    row('as much plain text', bare);
    row('the page until it can be used', start);
    row('a check of a typical worksheet', check);
  } finally {
    await browser.close();
  }
}

/** The minimum processor time, in milliseconds, that a page takes to start, and to grade some files. */
async function least(
  browser: Browser,
  file: string,
  files?: readonly string[],
): Promise<readonly [start: number, check: number]> {
  const system = await browser.newBrowserCDPSession();
  const taken = async () => {
    const { processInfo } = await system.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, one) => sum + (one.type === 'renderer' ? 1000 * one.cpuTime : 0), 0);
  };
  const [starts, checks]: [number[], number[]] = [[], []];
  for (let round = 0; round < times; round++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(pathToFileURL(file).href, { waitUntil: 'domcontentloaded' });
    const { metrics } = await session.send('Performance.getMetrics');
    starts.push(1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN));
    if (files) {
      const graded = async () => Number(await page.evaluate('document.documentElement.dataset.graded ?? 0'));
      while ((await graded()) === 0) await sleep(20);
      const [before, count] = [await taken(), await graded()];
      await page.locator('#open').setInputFiles([...files]);
      while ((await graded()) === count) await sleep(20);
      checks.push((await taken()) - before);
    }
    await context.close();
  }
  return [Math.min(...starts), Math.min(...checks)];
}
