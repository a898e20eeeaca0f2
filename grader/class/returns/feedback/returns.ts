import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { joinNames } from '../../../files';
import type { HtmlText } from '../../../render/escape/html';
import type { MarkdownText } from '../../../render/escape/markdown';
import { wordFor } from '../../members/people';
import type { GradedClass } from '../../results/run';
import type { StudentResult } from '../../results/student-result.schema';
import { writePosts } from './posts';

/** What is handed back for one submission. */
export interface Returned {
  /** Everybody who handed it in. */
  readonly rows: readonly StudentResult[];
  /** For everybody who handed it in: it has nothing that is of one of them alone. */
  readonly page: HtmlText;
  readonly markdown: () => MarkdownText;
  /** The page of each of them, by key. */
  readonly pages: ReadonlyMap<string, HtmlText>;
}

const feedbackName = 'feedback.html';
const moodleArchive = 'moodle-feedback.zip';
const canvasArchive = 'canvas-feedback.zip';

/** The archives that hosts take back. */
export const archives = [moodleArchive, canvasArchive];

/** Archives with the same content are the same, whenever they are made. */
const mtime = '2000-01-01T00:00:00Z';

/** What to do with the files that hosts take back, and whose own page reaches them through no host. */
interface Returns {
  readonly said: string[];
  readonly unreached: readonly StudentResult[];
}

/**
 * Writes the files that hosts take back.
 *
 * @param place the final place of the folder.
 */
export function returnsFor(
  folder: string,
  place: string,
  returned: readonly Returned[],
  { rows, roster }: GradedClass,
): Returns {
  const said: string[] = [];
  const archive = (name: string, files: Zippable) =>
    writeFileSync(path.join(folder, name), zipSync(files, { level: 6, mtime }), { mode: 0o600 });
  const [{ pages } = { pages: new Map<string, string>() }] = returned;
  if (roster?.worksheet) {
    archive(moodleArchive, moodleFiles(rows, pages));
    said.push(
      `For Moodle: ${path.join(place, moodleArchive)}, under “Upload multiple feedback files in a zip”. Moodle notifies the students.`,
    );
  }
  const canvas = returned.filter(({ rows: all }) => all.some(({ returnsAs }) => returnsAs !== undefined));
  const [others, own] = [canvas.filter(isOthers), canvas.filter((one) => !isOthers(one))];
  if (canvas.length > 0) {
    archive(
      canvasArchive,
      Object.fromEntries(
        own.map(({ rows: [first], page }) => [`${first?.returnsAs}${feedbackName}`, strToU8(page)]),
      ),
    );
    const left = joinNames(others.flatMap(({ rows: all }) => all.map(wordFor)).sort());
    said.push(
      `For Canvas: ${path.join(place, canvasArchive)}, under “Upload Submissions”. A second upload adds a second comment.${
        others.length === 0
          ? ''
          : ` It leaves out ${left}, to whom matches.csv gives a submission that somebody else may have uploaded and would read. Give them their page in ${place} yourself.`
      }`,
    );
  }
  const posts = writePosts(folder, returned, rows);
  if (posts > 0) said.push('For GitHub: npm run feedback:post shows what it would post, and where.');
  const isPersonal = ({ rows: all }: Returned) => all.length === 1 && !all[0]?.shared;
  const isPosted = ({ rows: [first] }: Returned) => first?.repository !== undefined;
  const reached = new Set(
    [...own, ...returned.filter(isPosted)].filter(isPersonal).flatMap(({ rows: all }) => all),
  );
  if (roster?.worksheet) for (const row of rows) if (row.student?.participant) reached.add(row);
  return { said, unreached: said.length === 0 ? [] : rows.filter((row) => !reached.has(row)) };
}

/**
 * A folder for each participant, because Moodle reads the participant's number from the folder's name. It takes every
 * number for a participant's, so a team's feedback goes to each member and never to the team's folder.
 */
function moodleFiles(rows: readonly StudentResult[], pages: ReadonlyMap<string, string>): Zippable {
  return Object.fromEntries(
    rows.flatMap(({ key, student }) => {
      const page = pages.get(key);
      if (!student?.participant || page === undefined) return [];
      const name = (student.name || 'Participant').replace(/[_/\\]/g, ' ');
      return [[`${name}_${student.participant}_assignfeedback_file/${feedbackName}`, strToU8(page)]];
    }),
  );
}

/** Whether Canvas would give it to an uploader, while a person said that the work is somebody else's. */
function isOthers({ rows }: Returned): boolean {
  return rows.every(({ matched, uploaded }) => matched === 'matches.csv' && !uploaded);
}
