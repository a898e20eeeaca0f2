import { readFileSync } from 'node:fs';
import path from 'node:path';
import { program } from '../build';
import { startBrowser } from '../testing/browser';
import { gradeClass, releasedCourse } from '../testing/classes';
import { canvasFiles, canvasGradebook, class30, zip } from '../testing/downloads';
import { fileOf } from '../testing/folders';
import { needs } from '../testing/needs';

needs('chromium', () => {
  test('a page without a disk grades a download to the same files as the command', async () => {
    const course = releasedCourse();
    const [download, roster] = [fileOf('c.zip', zip(canvasFiles(class30))), canvasGradebook(class30)];
    const { out } = await gradeClass(course, download, { roster: fileOf('r.csv', roster), feedback: true });
    const { file, rubric, solution } = course;
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: program('classInBrowser').code });
      const given = JSON.stringify({ file, rubric, solution });
      const files = (await page.evaluate(
        `classInBrowser.grade(${given},
          new Blob([Uint8Array.from(atob('${readFileSync(download).toString('base64')}'), (one) => one.charCodeAt(0))]),
          new Blob([${JSON.stringify(roster)}]))`,
      )) as Record<string, string>;
      const compared = Object.keys(files).filter((name) => name !== 'run.json');
      expect(compared.length).toBeGreaterThan(2 * class30.length);
      const here = (name: string) => {
        const content = readFileSync(path.join(out, ...name.split('/')));
        return name.endsWith('.zip') ? [...content].join() : content.toString();
      };
      for (const name of compared) expect([name, files[name]]).toEqual([name, here(name)]);
    } finally {
      await browser.close();
    }
  }, 120_000);
});
