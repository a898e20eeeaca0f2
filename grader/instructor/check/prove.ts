import type { Context } from '../../command';
import { type Paints, paints, plain, sheet, type TerminalText } from '../../report/escape/terminal';
import type { Course } from '../course';
import { checkCount, type Result, runChecks } from './run';

const marks = 8;
const texts = 80 - marks;

/**
 * Runs every check, and prints each as it ends.
 *
 * @param copy an empty folder; the students' copy is in it afterwards.
 * @returns the course, if all of them hold.
 */
export async function prove(
  { courseRoot, print, hasColours }: Context,
  copy: string,
): Promise<Course | undefined> {
  const paint = paints(hasColours);
  let [count, failed] = [0, 0];
  const results = runChecks(courseRoot, copy);
  for (;;) {
    const { done, value } = await results.next();
    if (done) {
      const checks = `${count} check${count === 1 ? '' : 's'}`;
      const summary = failed === 0 ? `${checks}, and all hold.` : `${checks}, ${failed} broken.`;
      print(plain(''));
      if (count < checkCount) print(plain('The checks after that one have nothing to look at yet.'));
      print(failed === 0 ? paint.good(plain(summary)) : paint.bad(plain(summary)));
      return failed === 0 ? value : undefined;
    }
    count++;
    if (isBroken(value)) failed++;
    print(printed(value, paint));
  }
}

function isBroken({ findings }: Result): boolean {
  return findings.some(({ is }) => is === 'broken');
}

/** One check and what it found, for 80 columns. */
function printed(result: Result, paint: Paints): TerminalText {
  const mark = isBroken(result) ? paint.bad(plain('broken')) : paint.good(plain('ok'));
  return sheet(
    [marks, texts],
    [
      [{ text: mark }, { text: plain(result.promise) }],
      ...result.findings.flatMap(({ is, text }) =>
        text
          .split('\n')
          .map((line, index) => [
            { text: plain(index === 0 && is === 'note' ? '  note' : '') },
            { text: plain(line) },
          ]),
      ),
    ],
  );
}
