import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError, messageOf } from '../../error';
import { joinNames } from '../../files';
import { archiveEnd } from '../../submission/container';
import { isValid } from '../../validate';
import { type Download, isFolder, teamsFile } from './downloads/download';
import { teamSlug } from './matching';
import type { Roster } from './roster';

/** The part of Classroom 50's `teams.json` that the grader reads. */
interface TeamsFile {
  readonly assignments: Readonly<Record<string, { readonly teams: readonly Team[] }>>;
}

interface Team {
  readonly slug: string;
  readonly members: readonly string[];
}

const text = { type: 'string' };
const list = (items: object) => ({ type: 'array', items });
const table = (required: readonly string[], properties: object) => ({ type: 'object', required, properties });
const team = table(['slug', 'members'], { slug: text, members: list(text) });

const teamsSchema = table(['schema', 'assignments'], {
  schema: { const: 'classroom50/teams/v1' },
  assignments: { type: 'object', additionalProperties: table(['teams'], { teams: list(team) }) },
});

/**
 * Adds the teams in Classroom 50's `teams.json` to a roster. A repository is named
 * `<classroom>-<assignment>-group-<n>`, and its team has the same number.
 *
 * @param root the folder or archive of the submissions; the file is looked for in it or beside it.
 * @param download the contents of that archive, or of a folder of archives.
 * @throws {GraderError} if the file cannot be used, or a student is in two teams.
 */
export function withTeams(
  roster: Roster,
  root: string,
  download: Pick<Download, 'submissions' | 'teams'> | undefined,
): Roster {
  const place = isFolder(root) ? root : path.dirname(root);
  const inside = download?.teams;
  const file = path.join(inside === undefined ? place : root, teamsFile);
  const isNamed = !download || download.submissions.some(({ owners }) => owners.some(({ label }) => label));
  if (!isNamed || (inside === undefined && !existsSync(file))) return roster;
  const { assignments } = read(file, inside);
  const names = Object.keys(assignments);
  const labels = download ? download.submissions.map(({ name }) => name) : readdirSync(root);
  const assignment = assignmentOf(names, root, labels) ?? '';
  const found = assignments[assignment];
  if (!found)
    throw new GraderError(
      'folder',
      'teams-of-several',
      `${file} has the assignments ${names.join(', ')}, and the folder’s name does not tell which one to grade. Remove the others from it.`,
    );
  const groups = new Map<string, string>();
  for (const { slug, members } of found.teams)
    for (const member of members.map((name) => name.toLowerCase())) {
      if (groups.has(member))
        throw new GraderError(
          'folder',
          'member-of-two-teams',
          `${file}: ${member} is in two teams of ${assignment}. Keep one.`,
        );
      groups.set(member, slug.replace(teamSlug, 'group-'));
    }
  const known = new Set(roster.students.map(({ login }) => login.toLowerCase()));
  const unknown = [...groups.keys()].filter((member) => !known.has(member));
  const name = path.basename(file);
  return {
    ...roster,
    students: roster.students.map((student) => ({
      ...student,
      group: student.group || (groups.get(student.login.toLowerCase()) ?? ''),
    })),
    notes: [
      ...roster.notes,
      `${name}: the teams of ${assignment}.`,
      ...(unknown.length > 0 ? [`In ${name} and not on the roster: ${joinNames(unknown, 10)}.`] : []),
    ],
  };
}

/**
 * Finds the assignment whose whole name is part of the name of the graded folder or archive, or of a repository: `hw1`
 * in `cs-hw1-submissions` or `cs-hw1-group-2`. If several match, returns the longest, provided it contains the others.
 */
function assignmentOf(names: readonly string[], root: string, labels: readonly string[]): string | undefined {
  const repositories = labels.flatMap(
    (label) => /^(.+)-group-\d+$/i.exec(label.replace(archiveEnd, ''))?.[1] ?? [],
  );
  const places = [path.basename(root).replace(archiveEnd, ''), ...repositories];
  const isIn = (name: string, place: string) =>
    `-${place}-`.toLowerCase().includes(`-${name}-`.toLowerCase());
  const fitting = names.filter((name) => places.some((place) => isIn(name, place)));
  const [longest] = [...fitting].sort((a, b) => b.length - a.length);
  if (longest !== undefined) return fitting.every((name) => isIn(name, longest)) ? longest : undefined;
  return names.length === 1 && repositories.length === 0 ? names[0] : undefined;
}

/** @param inside the text of the file, if it is in an archive. */
function read(file: string, inside: string | undefined): TeamsFile {
  try {
    const content: unknown = JSON.parse(inside ?? readFileSync(file, 'utf8'));
    if (isValid<TeamsFile>(teamsSchema, content)) return content;
  } catch (error) {
    throw new GraderError('folder', 'teams-unreadable', `${file} cannot be read: ${messageOf(error)}.`);
  }
  throw new GraderError(
    'folder',
    'not-teams',
    `${file} is not a teams.json of Classroom 50 (classroom50/teams/v1).`,
  );
}
