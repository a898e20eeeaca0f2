import path from 'node:path';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { jsonFile } from '../../render/escape/json';
import { printFitting } from '../../render/markdown';
import { printPlain } from '../../render/plain';
import { writePrivate } from '../../system/files';
import { groupBy, joinNames, thoseSo } from '../../system/lists';
import { sha256 } from '../../system/platform';
import { wordFor } from '../members/people';
import type { GradedClass } from '../results/run';
import { feedbackOn, feedbackPage } from './feedback';

/** The feedback to post to one repository. */
export interface Post {
  /** Its page on GitHub. */
  readonly repository: string;
  /** The students who handed it in. */
  readonly logins: readonly string[];
  readonly body: string;
}

export const postsFile = 'github.json';
export const postsVersion = 4;

/** The posts that a run leaves for `npm run feedback:post`. */
export interface Posts {
  readonly version: typeof postsVersion;
  /** The logins of everyone in the class, in lower case. None of them is staff. */
  readonly enrolled: readonly string[];
  readonly posts: readonly Post[];
}

export const feedbackFolder = 'feedback';

const feedbackName = 'feedback.html';

/** The archives that hosts take back. */
export const archives = ['moodle-feedback.zip', 'canvas-feedback.zip'] as const;

/** Archives with the same content are the same, whenever they are made. */
const mtime = '2000-01-01T00:00:00Z';

/** In UTF-16 units. GitHub takes 65,536, and our marker comes on top. */
const maxComment = 65_000;

/**
 * Writes a page and a text for each student, and the files that hosts take back.
 *
 * @param place the final place of the results.
 * @returns what to do with the files written for hosts, and whose feedback no host gives them.
 */
export function writeFeedback(out: string, place: string, graded: GradedClass) {
  const { rows, comments, course } = graded;
  const folder = path.join(out, feedbackFolder);
  const shown = path.join(place, feedbackFolder);
  const moodle: Zippable = {};
  const canvas: Zippable = {};
  const posts: Post[] = [];
  // Those of whom no host is known yet that gives them all that is on their own pages.
  const unheard = new Set(rows.filter(({ key }) => comments.has(key)));
  for (const row of rows) {
    const feedback = feedbackOn(row, graded);
    const page = feedbackPage(course.rubric.title, feedback);
    const file = fileNameOf(row.key);
    writePrivate(folder, `${file}.txt`, `${printPlain(feedback)}\n`);
    writePrivate(folder, `${file}.html`, page);
    const { participant, name = '' } = row.student ?? {};
    if (!participant) continue;
    // Moodle reads the number of a participant from the folder's name. It takes every number for one, so a team's
    // feedback goes to each member and never to the team's folder.
    const moodleName = `${name.replace(/[_/\\]/g, ' ')}_${participant}_assignfeedback_file`;
    moodle[`${moodleName}/${feedbackName}`] = strToU8(page);
    unheard.delete(row);
  }
  const placed = rows.filter(({ returnsAs, repository }) => returnsAs ?? repository);
  for (const team of groupBy(placed, (row) => `${row.source}/${row.folder}`).values()) {
    const [first] = team;
    if (!first) continue;
    // Canvas would give it to its uploader, while a person said that the work is somebody else's.
    const isOthers = team.every(
      ({ matched, returnsAs, student }) =>
        matched === 'matches.csv' && returnsAs?.includes(`_${student?.userId || 'nobody'}_`) === false,
    );
    if (isOthers) {
      for (const row of team) unheard.add(row);
      continue;
    }
    const { returnsAs, repository, shared } = first;
    const isPersonal = team.length === 1 && !shared;
    const readers = isPersonal ? undefined : team;
    const feedback = feedbackOn(first, graded, readers);
    if (returnsAs !== undefined)
      canvas[`${returnsAs}${feedbackName}`] = strToU8(feedbackPage(course.rubric.title, feedback));
    if (repository !== undefined) {
      const short = feedbackOn({ ...first, report: undefined }, graded, readers);
      posts.push({
        repository,
        logins: team.map(({ login }) => login),
        body: printFitting([feedback, short], maxComment),
      });
    }
    if (isPersonal) unheard.delete(first);
  }
  writePrivate(
    folder,
    postsFile,
    jsonFile({
      version: postsVersion,
      enrolled: rows.flatMap(({ enrolled, login }) => (enrolled ? login.toLowerCase() : [])),
      posts,
    } satisfies Posts),
  );
  const [moodleArchive, canvasArchive] = archives;
  const archive = (name: string, files: Zippable, how: string) => {
    if (Object.keys(files).length === 0) return [];
    writePrivate(folder, name, zipSync(files, { mtime }));
    return [`${path.join(shown, name)}: for ${how}`];
  };
  return [
    `The feedback: ${shown}, a page and a text for each student, ${graded.feedback?.why}.`,
    ...archive(
      moodleArchive,
      moodle,
      'Moodle, under “Upload multiple feedback files in a zip”. Moodle notifies the students.',
    ),
    ...archive(
      canvasArchive,
      canvas,
      'Canvas, under “Upload Submissions”. A second upload adds a second comment.',
    ),
    ...thoseSo([
      [posts.length > 0, 'For GitHub: npm run feedback:post shows what it would post, and where.'],
      [
        unheard.size > 0,
        `No host gives ${joinNames([...unheard].map(wordFor))} their pages, with your comment or on work that others uploaded: do it yourself, from ${shown}.`,
      ],
    ]),
  ];
}

/** Matches names that are safe on every system. Others may be refused, or taken for another file. */
const isPlainName = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9][a-z0-9_.-]{0,60}(?<!\.)$/;

/** A file name for a student, which no other student's key has. */
export function fileNameOf(key: string) {
  if (isPlainName.test(key)) return key;
  const plain = key.replace(/[^a-z0-9_-]+/g, '_').slice(0, 40);
  return `student-${plain}-${sha256(key).slice(0, 12)}`;
}
