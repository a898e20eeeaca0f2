import { strToU8, zipSync } from 'fflate';
import { jsonFile } from '../../render/escape/json';
import { printFitting } from '../../render/markdown';
import { printPlain } from '../../render/plain';
import { groupBy, joinNames } from '../../system/lists';
import { sha256 } from '../../system/platform';
import type { GradedClass } from '../results/run';
import type { StudentResult } from '../results/student-result.schema';
import { feedbackOn, feedbackPage, sharedHeadline } from './feedback';

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
const [moodleArchive, canvasArchive] = archives;

/** Archives with the same content are the same, whenever they are made. */
const mtime = '2000-01-01T00:00:00Z';

/** In UTF-16 units. GitHub takes 65,536, and our marker comes on top. */
const maxComment = 65_000;

/** A host's use of the feedback: whom it tells all that is on their own pages, the files for it, and what a person has to do. */
interface Returned {
  readonly told: readonly StudentResult[];
  readonly files: readonly FeedbackFile[];
  readonly steps: readonly string[];
}

/** A file below the folder of the feedback. */
type FeedbackFile = readonly [name: string, content: string | Uint8Array];

/** Says where a file of the results will be. */
type PlaceOf = (file: string) => string;

const noTeamZip =
  'No zip for Moodle: in an assignment for teams it takes the numbers in such a zip for those of groups, so pages could reach others. The comments in the worksheet tell each member the points, and how they came about.';

/** How each host gives feedback to students. */
const hosts: Readonly<Record<string, (graded: GradedClass, at: PlaceOf) => Returned>> = {
  /**
   * Moodle reads the number of a participant from a folder's name, and in an assignment for teams that of a group, in
   * some versions: a page would reach nobody, or another team (`mod/assign/feedback/file` of Moodle 4.5).
   */
  moodle: (graded, at) => {
    const rows = graded.students.filter(({ student }) => student.participant);
    // A person may have given the work of one to two, where there are no groups.
    const isTeams = rows.some(
      ({ host, shared, matched, student }) =>
        host === 'moodle' && shared && (matched !== 'matches.csv' || student.group !== ''),
    );
    if (isTeams) return { told: [], files: [], steps: [noTeamZip] };
    const pages = rows.map((row): [string, string] => {
      const { participant, name } = row.student;
      const moodleName = `${name.replace(/[_/\\]/g, ' ')}_${participant}_assignfeedback_file`;
      return [`${moodleName}/${feedbackName}`, pageOf(row, graded)];
    });
    const how =
      'Moodle, after the worksheet, under “Upload multiple feedback files in a zip”. Moodle notifies the students.';
    return { told: rows, ...archiveOf(moodleArchive, pages, how, at) };
  },

  canvas: (graded, at) => {
    // The host would give a page to whoever uploaded the work, though a person said that it is somebody else's.
    const teams = teamsBy(graded.students, ({ returnsAs }) => returnsAs).filter(({ rows }) =>
      rows.some(isUploader),
    );
    const pages = teams.map(({ row, readers, way }): [string, string] => [
      `${way}${feedbackName}`,
      pageOf(row, graded, readers),
    ]);
    const how = 'Canvas, under “Upload Submissions”. A second upload adds a second comment.';
    return {
      told: teams.flatMap((team) => fullyTold(team, graded)).filter(isUploader),
      ...archiveOf(canvasArchive, pages, how, at),
    };
  },

  github: (graded) => {
    const teams = teamsBy(graded.students, ({ repository }) => repository);
    const posts = teams.map(({ row, owners, readers, way: repository }): Post => {
      const feedback = feedbackOn(row, graded, readers);
      const short = feedbackOn({ ...row, report: undefined }, graded, readers);
      return {
        repository,
        logins: owners.map(({ login }) => login),
        body: printFitting([feedback, short], maxComment),
      };
    });
    const enrolled = graded.students.map(({ login }) => login.toLowerCase());
    const all: Posts = { version: postsVersion, enrolled, posts };
    return {
      files: [[postsFile, jsonFile(all)]],
      told: teams.flatMap((team) => fullyTold(team, graded)),
      steps:
        posts.length > 0 ? ['For GitHub: npm run feedback:post shows what it would post, and where.'] : [],
    };
  },

  /** Students have seen there what the autograder gave, and nothing that was set or added since. */
  gradescope: ({ students, comments }) => ({
    told: students.filter(
      ({ host, key, adjustments, matched }) =>
        host === 'gradescope' &&
        adjustments.length === 0 &&
        !comments.has(key) &&
        // There, only those are told who handed it in.
        matched !== 'matches.csv',
    ),
    files: [],
    steps: [],
  }),
};

/**
 * Makes a page and a text for each student, and the files that hosts take back.
 *
 * @returns also what to do with the files for hosts, and whose feedback no host gives them.
 */
export function feedbackFiles(graded: GradedClass, at: PlaceOf) {
  const place = at(feedbackFolder);
  const pages = graded.students.flatMap((row): FeedbackFile[] => {
    const feedback = feedbackOn(row, graded);
    const name = fileNameOf(row.key);
    return [
      [`${name}.txt`, `${printPlain(feedback)}\n`],
      [`${name}.html`, feedbackPage(graded.course.rubric.title, feedback)],
    ];
  });
  const returned = Object.values(hosts).map((host) => host(graded, at));
  const told = new Set(returned.flatMap((host) => host.told));
  const untold = graded.students.filter((row) => isToBeTold(row, graded) && !told.has(row));
  const steps = returned.flatMap((host) => host.steps);
  const lines = [
    `The feedback: ${place}, a page and a text for each student, ${graded.feedback?.why}.`,
    ...steps,
  ];
  if (untold.length > 0) {
    const names = untold.map(({ student }) => graded.people.nameOf(student));
    const isNobodyTold = told.size === 0 && steps.length === 0;
    const what = isNobodyTold
      ? 'students their pages'
      : `${joinNames(names, names.length)} all that is on their pages`;
    lines.push(`No host gives ${what}: do it yourself, from ${place}.`);
  }
  const files = [...pages, ...returned.flatMap((host) => host.files)];
  return {
    files: files.map(([name, content]) => [`${feedbackFolder}/${name}`, content] as const),
    told: lines,
  };
}

/** Whether there is something that a student has not heard: of work, of points set by hand, or a comment. */
function isToBeTold({ key, folder, override }: StudentResult, { comments }: GradedClass) {
  return folder !== undefined || override !== undefined || comments.has(key);
}

/** Students whose work came by one way, to which feedback goes back. */
interface Team {
  /** One of those whose grade comes from this work. */
  readonly row: StudentResult;
  /** All of them. */
  readonly rows: readonly StudentResult[];
  /** All who handed it in: the best work of some may be another. */
  readonly owners: readonly StudentResult[];
  /** The owners, unless it is one student alone. */
  readonly readers: readonly StudentResult[] | undefined;
}

/** The teams of a class whose work came by a way, each with what that is. */
function teamsBy(rows: readonly StudentResult[], wayOf: (row: StudentResult) => string | undefined) {
  const placed = rows.filter((row) => wayOf(row) !== undefined);
  return [...groupBy(placed, ({ folder }) => folder)].flatMap(([folder = '', inTeam]) => {
    const [row] = inTeam;
    const way = row && wayOf(row);
    if (!row || way === undefined) return [];
    const owners = rows.filter((one) => inTeam.includes(one) || one.submissions?.includes(folder));
    const isPersonal = owners.length === 1 && !row.shared;
    return { row, rows: inTeam, owners, readers: isPersonal ? undefined : owners, way };
  });
}

/** Whether Canvas gives the page to a student: as the one who uploaded it, or as one of that group. */
function isUploader({ matched, returnsAs, student }: StudentResult) {
  return matched !== 'matches.csv' || returnsAs?.includes(`_${student.userId || 'nobody'}_`) === true;
}

/** Students to whom the page of a team says all that their own pages say. */
function fullyTold({ rows, readers }: Team, { comments, course }: GradedClass) {
  if (readers && sharedHeadline(readers, course.rubric) === undefined) return [];
  return readers ? rows.filter(({ key }) => !comments.has(key)) : rows;
}

function pageOf(row: StudentResult, graded: GradedClass, readers?: readonly StudentResult[]) {
  return feedbackPage(graded.course.rubric.title, feedbackOn(row, graded, readers));
}

/** An archive for a host, if there is something in it, and how the host takes it. */
function archiveOf(
  name: string,
  pages: readonly (readonly [file: string, page: string])[],
  how: string,
  at: PlaceOf,
): Pick<Returned, 'files' | 'steps'> {
  if (pages.length === 0) return { files: [], steps: [] };
  const entries = Object.fromEntries(pages.map(([file, page]) => [file, strToU8(page)]));
  return {
    files: [[name, zipSync(entries, { mtime })]],
    steps: [`${at(`${feedbackFolder}/${name}`)}: for ${how}`],
  };
}

/** Matches names that are safe on every system. Others may be refused, or taken for another file. */
const isPlainName = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9][a-z0-9_.-]{0,60}(?<!\.)$/;

/** A file name for a student, which no other student's key has. */
export function fileNameOf(key: string) {
  if (isPlainName.test(key)) return key;
  const plain = key.replace(/[^a-z0-9_-]+/g, '_').slice(0, 40);
  return `student-${plain}-${sha256(key).slice(0, 12)}`;
}
