import { GraderError } from '../../error';
import { named } from '../files';
import type { Download, DownloadedSubmission } from './downloads/download';
import type { Member, Work } from './match-folders';
import { matchFolders } from './match-folders';
import { emptyMatches } from './matches';
import { type Match, type MatchedBy, Matcher } from './matching';
import type { Roster, Student } from './roster';
import { keyWithoutLogin } from './student-key';

/** A class whose work came in a download. */
export interface MatchedDownload {
  /** Sorted by key. */
  readonly members: readonly Member[];
  /** What to know of the download and of the matching, in a line or some. */
  readonly notes: readonly string[];
  /** What `matches.csv` begins with: whoever could not be told. */
  readonly emptyMatches: string;
}

/**
 * Joins a download and a roster: every student of the roster, and every submission that is nobody's.
 *
 * @param byHand students by the name of a submission, as `matches.csv` has them.
 * @throws {GraderError} where no submission is anybody's.
 */
export function matchDownload(
  download: Download,
  roster: Pick<Roster, 'students' | 'worksheet'> | undefined,
  byHand: ReadonlyMap<string, readonly Student[]>,
): MatchedDownload {
  return roster ? withRoster(download, roster, byHand) : withoutRoster(download);
}

/** Whoever handed something in, as the download names them. */
function withoutRoster(download: Download): MatchedDownload {
  const members = new Map<string, { login: string; work: Work[]; student?: Student }>();
  for (const submission of download.submissions) {
    const owners = submission.owners.length > 0 ? submission.owners : [{}];
    for (const owner of owners) {
      // Only what a host itself gives is a key in a gradebook; a name may be a student's own text.
      const identifier = owner.userId ?? owner.email ?? owner.studentId ?? '';
      const key = owner.login?.toLowerCase() ?? keyWithoutLogin(identifier || submission.name);
      const student: Student = {
        ...{ key, login: owner.login ?? '', name: owner.name ?? '', firstName: '', lastName: '' },
        ...{ email: owner.email ?? '', userId: owner.userId ?? '', studentId: owner.studentId ?? '' },
        ...{ participant: owner.participant ?? '', identifier, section: '', group: '' },
        columns: { id: owner.userId ?? '' },
      };
      const known = members.get(key) ?? {
        login: student.login,
        work: [],
        ...(identifier !== '' && { student }),
      };
      members.set(key, known);
      known.work.push({ ...workOf(submission), ...(owners.length > 1 && { team: submission.name }) });
    }
  }
  return {
    members: sorted([...members].map(([key, entry]) => ({ key, ...entry }))),
    notes: [summary(download, []), ...download.notes],
    emptyMatches: emptyMatches([]),
  };
}

function withRoster(
  download: Download,
  { students: roster, worksheet }: Pick<Roster, 'students' | 'worksheet'>,
  byHand: ReadonlyMap<string, readonly Student[]>,
): MatchedDownload {
  const byLogin = loginsOf(download, roster);
  const matcher = new Matcher(roster, byHand, worksheet?.blindName);
  const members = new Map(
    roster.map((student) => [student.key, { login: student.login, student, work: [] as Work[] }] as const),
  );
  const open: { submission: DownloadedSubmission; candidates: readonly string[] }[] = [];
  const counts: MatchedBy[] = [];
  for (const submission of download.submissions) {
    const known = byHand.has(submission.name) ? undefined : byLogin.get(submission.name);
    const match = known ?? matcher.match(submission);
    if ('candidates' in match) {
      open.push({ submission, candidates: match.candidates.map(shown) });
      continue;
    }
    counts.push(match.by);
    const { content } = submission;
    const work: Work = {
      ...workOf(submission),
      download: { ...content, remarks: [...content.remarks, ...match.remarks] },
      matchedBy: match.by,
      ...(Math.max(submission.owners.length, match.students.length) > 1 && { team: submission.name }),
    };
    for (const { key } of match.students) members.get(key)?.work.push(work);
  }
  if (counts.length === 0)
    throw new GraderError(
      'folder',
      `None of the ${download.submissions.length} submissions is anybody’s on the roster. Found ${named(
        open.map(({ submission }) => submission.name),
        5,
      )}; the roster has ${named(roster.map(shown), 5)}.`,
      'Give the roster that was exported from the same course. Nothing was graded.',
    );
  const nobodys = open.map(({ submission, candidates }): Member => {
    const { name } = submission;
    return {
      ...{ key: `(submission ${name.toLowerCase()})`, login: name, work: [workOf(submission)] },
      ...(candidates.length > 0 && { candidates }),
    };
  });
  const without = [...members.values()].filter(({ work }) => work.length === 0).length;
  return {
    members: sorted([...[...members].map(([key, entry]) => ({ key, ...entry })), ...nobodys]),
    notes: [
      summary(download, counts),
      ...(without * 2 > roster.length
        ? [
            `Only ${roster.length - without} of the ${roster.length} students on the roster handed something in. Is this the right download?`,
          ]
        : []),
      ...(open.length > 0
        ? [
            `Nobody’s yet, for it is not certain whose they are: ${named(
              open.map(({ submission: { name }, candidates }) =>
                candidates.length > 0 ? `${name} (${candidates.join(' or ')}?)` : name,
              ),
              10,
            )}. Write each login into matches.csv beside the results, and grade again.`,
          ]
        : []),
      ...download.notes,
    ],
    emptyMatches: emptyMatches(open.map(({ submission: { name }, candidates }) => ({ name, candidates }))),
  };
}

/** Names that hold a login are read as the folders of a class are; one that is unclear stays so. */
function loginsOf(
  { name: root, submissions }: Download,
  roster: readonly Student[],
): ReadonlyMap<string, Match> {
  const found = new Map<string, Match>();
  if (!submissions.some(({ owners }) => owners.some(({ login }) => login !== undefined))) return found;
  const folders = submissions.map(({ name }) => name);
  const byLogin = new Map(roster.map((student) => [student.login, student] as const));
  for (const { student, work, candidates } of matchFolders({ root, folders, links: [] }, roster)) {
    for (const { folder, matchedBy: by = 'login' } of work) {
      const known = found.get(folder);
      if (student) {
        const students = known && 'students' in known ? [...known.students, student] : [student];
        found.set(folder, { students, by, remarks: [] });
      } else if (candidates)
        found.set(folder, { candidates: candidates.flatMap((login) => byLogin.get(login) ?? []) });
    }
  }
  return found;
}

function workOf({ name, content }: DownloadedSubmission): Work {
  return { folder: name, download: content };
}

/** What to write into `matches.csv`, and whom that means. */
function shown({ login, name, email, identifier }: Student): string {
  const id = login || identifier || email;
  return login === '' && name !== '' ? `${name} (${id})` : id;
}

function sorted(members: readonly Member[]): Member[] {
  return [...members].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** `A Moodle download: 214 submissions, 3 teams. Matched by participant (210), name (4).` */
function summary({ format, submissions }: Download, by: readonly MatchedBy[]): string {
  const teams =
    submissions.filter(({ owners }) => owners.length > 1).length + by.filter((one) => one === 'group').length;
  const counts = new Map<MatchedBy, number>();
  for (const one of by) counts.set(one, (counts.get(one) ?? 0) + 1);
  const matched = [...counts].map(([one, count]) => `${one} (${count})`).join(', ');
  const all = submissions.length;
  return `A ${format.title} download: ${all} submission${all === 1 ? '' : 's'}${teams > 0 ? `, ${teams} of teams` : ''}.${matched ? ` Matched by ${matched}.` : ''}`;
}
