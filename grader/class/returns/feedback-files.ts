import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { counted } from '../../message';
import { printPlain } from '../../render/view-plain';
import { dayText } from '../../rubric/moment';
import { groupBy, joinNames } from '../../system/lists';
import { sha256 } from '../../system/platform';
import type { EarlierRun, GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';
import type {
  ClassHost,
  FeedbackFile,
  HostFeedback,
  PathOf,
  Returned,
  ReturnedPage,
  ToDo,
} from './class-host';
import { feedbackOn, feedbackPage, sharedHeadline } from './feedback';

export const feedbackFolder = 'feedback';
export const feedbackName = 'feedback.html';

/** The folder, inside the feedback folder, for the pages of students whom no host reaches. */
export const byHandFolder = 'by-hand';

/**
 * Makes a page and a text for each student, and the files that go back to hosts.
 *
 * @param earlier when each archive was made last, in ISO format.
 * @returns also what is in them, the file for each host, a digest of what each student reads there, and what to do about
 *   students whom no host reaches.
 */
export function feedbackFiles(
  graded: GradedClass,
  hosts: readonly ClassHost[],
  at: PathOf,
  earlier: EarlierRun['archives'] = {},
) {
  const pages = graded.students.map((row) => {
    const feedback = feedbackOn(row, graded);
    const page = feedbackPage(graded.course.rubric.title, feedback);
    return { row, name: fileNameOf(row.key), text: `${printPlain(feedback)}\n`, page };
  });
  const files = pages.flatMap(({ name, text, page }): FeedbackFile[] => [
    [`${name}.txt`, text],
    [`${name}.html`, page],
  ]);
  const ofHosts = new Map<ClassHost, HostFeedback>();
  const told = new Map<StudentResult, StudentResult['pages']>();
  const reached = new Set<StudentResult>();
  const refused: string[] = [];
  for (const host of hosts) {
    const returned = host.feedback?.(graded);
    if (!returned) continue;
    for (const row of returned.reached) reached.add(row);
    if (returned.refused !== undefined) refused.push(returned.refused);
    const made = filesFor(host, returned, told, earlier);
    files.push(...made.files);
    if (made.feedback) ofHosts.set(host, made.feedback);
  }
  const untold = pages.filter(({ row }) => isToBeTold(row, graded) && !reached.has(row));
  const toDo: ToDo[] = [];
  if (untold.length > 0 && reached.size + ofHosts.size + refused.length === 0)
    toDo.push(`Give students their pages yourself, since no host does: they are in ${at(feedbackFolder)}.`);
  else if (untold.length > 0) {
    files.push(...untold.map(({ name, page }) => [`${byHandFolder}/${name}.html`, page] as const));
    const names = untold.map(({ row }) => graded.people.nameOf(row.student));
    const theirPages = untold.length === 1 ? 'their page is' : 'their pages are';
    const place = at(`${feedbackFolder}/${byHandFolder}/`);
    toDo.push(
      `Tell ${counted(untold.length, 'student')} yourself: ${theirPages} in ${place}: ${joinNames(names, names.length)}.`,
    );
  }
  const made = graded.started.toISOString();
  const { why = { command: '', page: '' } } = graded.feedback ?? {};
  const each = `The feedback: ${at(feedbackFolder)}, a page and a text for each student`;
  return {
    files: files.map(([name, content]) => [`${feedbackFolder}/${name}`, content] as const),
    about: [{ command: `${each}, ${why.command}.`, page: `${each}, ${why.page}.` }, ...refused],
    ofHosts,
    archives: {
      ...earlier,
      ...Object.fromEntries([...ofHosts.keys()].flatMap(({ archive }) => (archive ? [[archive, made]] : []))),
    },
    told,
    toDo,
  };
}

/** Whether there is something that a student has not heard: about work, or points set by hand, or a comment. */
function isToBeTold({ key, folder, override }: StudentResult, { comments }: GradedClass) {
  return folder !== undefined || override !== undefined || comments.has(key);
}

/** Matches names that are safe on every system. Others may be refused, or mistaken for another file. */
const isPlainName = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9][a-z0-9_.-]{0,60}(?<!\.)$/;

/** A file name for a student that no other student's key has. */
export function fileNameOf(key: string) {
  if (isPlainName.test(key)) return key;
  const plain = key.replace(/[^a-z0-9_-]+/g, '_').slice(0, 40);
  return `student-${plain}-${sha256(key).slice(0, 12)}`;
}

// The files that go back to hosts.

/** With a fixed time, archives with the same content are equal, whenever they are made. */
const mtime = '2000-01-01T00:00:00Z';

/** Students who share work that came back from one place, so their feedback goes back there. */
interface Team {
  /** One of those whose grade comes from this work. */
  readonly row: StudentResult;
  /** All of them. */
  readonly rows: readonly StudentResult[];
  /** Everybody who handed it in: for some of them, other work may be the best. */
  readonly owners: readonly StudentResult[];
  /** The owners, unless it is just one student. */
  readonly readers: readonly StudentResult[] | undefined;
}

/**
 * The teams of a class for which `wayOf` gives a way to return feedback, each with that way.
 *
 * @param teamOf gives a value that only a team shares: by default the submission.
 */
export function teamsBy(
  { students: rows }: GradedClass,
  wayOf: (row: StudentResult) => string | undefined,
  teamOf: (row: StudentResult) => string | undefined = ({ folder }) => folder,
) {
  const placed = rows.filter((row) => wayOf(row) !== undefined);
  return [...groupBy(placed, teamOf).values()].flatMap((inTeam) => {
    const [row] = inTeam;
    const { folder = '' } = row;
    const way = wayOf(row);
    if (way === undefined) return [];
    const owners = rows.filter((one) => inTeam.includes(one) || handedIn(one, folder));
    const isPersonal = owners.length === 1 && !row.shared;
    return { row, rows: inTeam, owners, readers: isPersonal ? undefined : owners, way };
  });
}

/** Whether a student handed in a submission, alone or in a team, even if another submission counts for them. */
function handedIn({ folder, submissions }: StudentResult, submission: string): boolean {
  return folder === submission || submissions?.includes(submission) === true;
}

/** Students for whom the team's page says everything that their own pages say. */
export function fullyTold({ rows, readers }: Team, { comments, course }: GradedClass) {
  if (!readers) return rows;
  const shared = sharedHeadline(readers, course.rubric);
  // A reason that not all of them share is left out.
  const isTold = ({ key, adjustments }: StudentResult) =>
    !comments.has(key) && (shared?.how !== '' || adjustments.length === 0);
  return shared ? rows.filter(isTold) : [];
}

export function pageOf(row: StudentResult, graded: GradedClass, readers?: readonly StudentResult[]) {
  return feedbackPage(graded.course.rubric.title, feedbackOn(row, graded, readers));
}

/**
 * Makes the files for a host: an archive, and one with only the pages that say something else than the last ones that
 * were made for these students.
 *
 * @param told receives what the pages of each student say now.
 */
function filesFor(
  { archive }: ClassHost,
  { pages = [], file }: Returned,
  told: Map<StudentResult, StudentResult['pages']>,
  earlier: EarlierRun['archives'],
): { readonly files: readonly FeedbackFile[]; readonly feedback?: HostFeedback } {
  if (file) return { files: [file], feedback: { file: placeOf(file[0]) } };
  if (archive === undefined || pages.length === 0) return { files: [] };
  const isChanged = ({ name, content, rows }: ReturnedPage) => {
    const digest = sha256(readableText(name, content));
    const others = rows.filter((row) => row.pages?.[archive] !== digest);
    for (const row of rows) told.set(row, { ...told.get(row), [archive]: digest });
    return others.length > 0;
  };
  const changedPages = pages.filter(isChanged);
  const all: FeedbackFile = [archive, archivedPages(pages)];
  const last = earlier[archive];
  if (last === undefined) return { files: [all], feedback: { file: placeOf(archive) } };
  const when = whenText(last);
  if (changedPages.length === 0)
    return { files: [all], feedback: { file: placeOf(archive), since: { when, changed: undefined } } };
  const changed = changedName(archive);
  return {
    files: [all, [changed, archivedPages(changedPages)]],
    feedback: { file: placeOf(archive), since: { when, changed: placeOf(changed) } },
  };
}

const placeOf = (name: string) => `${feedbackFolder}/${name}`;

/** The name of an archive's companion with only the changes: `canvas-feedback-changed.zip`. */
export function changedName(archive: string): string {
  return archive.replace(/\.zip$/, '-changed.zip');
}

const archivedPages = (pages: readonly ReturnedPage[]) =>
  archived(pages.map(({ name, content }) => [name, content]));

/** Everything that a student reads in a file: for a page, not its styles or markup, which differ between versions. */
function readableText(name: string, content: string | Uint8Array): string {
  if (typeof content !== 'string' && /\.zip$/i.test(name)) {
    const { [feedbackName]: page = '' } = unzipSync(content);
    return readableText(feedbackName, page);
  }
  const text = typeof content === 'string' ? content : strFromU8(content);
  const shown = /\.html$/i.test(name) ? text.replace(/^.*?<body>/s, '').replace(/<[^>]*>/g, ' ') : text;
  return shown.replace(/\s+/g, ' ').trim();
}

/** The time of a run by the reader's clock: `1 December, 14:05`. There may be several runs in a day. */
function whenText(started: string): string {
  const time = new Date(started);
  return `${dayText(started)}, ${time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
}

/** Says which archive to upload, as the start of a thing to do. The grader does not know what was uploaded before. */
export function uploadText({ file, since }: HostFeedback, at: PathOf): string {
  if (!since) return `Upload ${at(file)}.`;
  const { when, changed } = since;
  const hasEarlier = `you uploaded the feedback of ${when}`;
  return changed === undefined
    ? `Upload ${at(file)}, unless ${hasEarlier}: nothing in it has changed since.`
    : `Upload ${at(changed)} if ${hasEarlier}: it has the pages that are new or changed since. Otherwise upload all of them: ${at(file)}.`;
}

export function archived(files: readonly (readonly [name: string, content: string | Uint8Array])[]) {
  const entries = files.map(([name, content]) => [
    name,
    typeof content === 'string' ? strToU8(content) : content,
  ]);
  return zipSync(Object.fromEntries(entries), { mtime });
}
