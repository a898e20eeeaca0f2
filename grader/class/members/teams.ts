import path from 'node:path';
import { GraderError, messageOf } from '../../error';
import { joinNames } from '../../files';
import { groupBy } from '../../key/group-by';
import { isValid } from '../../validate';
import { teamOf, teamSlug } from './matching';
import type { Roster } from './roster';
import { type Submission, teamsBeside, teamsFile } from './source';

/** The part of Classroom 50's `teams.json` that the grader reads. */
interface TeamsFile {
  readonly assignments: Readonly<
    Record<
      string,
      { readonly teams: readonly { readonly slug: string; readonly members: readonly string[] }[] }
    >
  >;
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
 * @throws {GraderError} if the file cannot be used, or a student is in two teams.
 */
export function withTeams(roster: Roster, submissions: readonly Submission[]): Roster {
  const sources = groupBy(submissions, ({ source }) => source);
  const groups = new Map<string, string>();
  const notes: string[] = [];
  for (const [source, all] of sources) {
    const content = source.format.metadata === undefined ? teamsBeside(source) : undefined;
    if (content === undefined) continue;
    const file = path.join(source.place, teamsFile);
    const { assignments } = read(file, content);
    const repositories = all.flatMap(({ name }) => /([^/]+)-group-\d+(?:\.zip)?$/i.exec(name)?.[1] ?? []);
    const name = assignmentOf(Object.keys(assignments), [source.name, ...repositories]);
    if (name === undefined)
      throw new GraderError(
        'folder',
        'teams-of-several',
        `${file} has the assignments ${Object.keys(assignments).join(', ')}, and the folder’s name does not tell which one to grade. Remove the others from it.`,
      );
    for (const { slug, members } of assignments[name]?.teams ?? [])
      for (const member of members.map((login) => login.toLowerCase())) {
        if (groups.has(member))
          throw new GraderError(
            'folder',
            'member-of-two-teams',
            `${file}: ${member} is in two teams of ${name}. Keep one.`,
          );
        groups.set(member, teamOf(source, slug.replace(teamSlug, 'group-')));
      }
    notes.push(`${teamsFile}: the teams of ${name}.`);
  }
  const students = roster.students.map((student) => ({
    ...student,
    group: student.group || (groups.get(student.key) ?? ''),
  }));
  const unknown = [...groups.keys()].filter((member) => !students.some(({ key }) => key === member));
  if (unknown.length > 0) notes.push(`In ${teamsFile} and not on the roster: ${joinNames(unknown, 10)}.`);
  return { ...roster, students, notes: [...roster.notes, ...notes] };
}

/** The longest assignment whose name is part of that of the folder or of a repository: `hw1` in `cs-hw1-submissions`. */
function assignmentOf(names: readonly string[], places: readonly string[]): string | undefined {
  const isIn = (name: string) =>
    places.some((place) => `-${place}-`.toLowerCase().includes(`-${name}-`.toLowerCase()));
  const [longest] = names.filter(isIn).sort((a, b) => b.length - a.length);
  return longest ?? (names.length === 1 && places.length === 1 ? names[0] : undefined);
}

/** @throws {GraderError} if the text is no such table. */
function read(file: string, content: string): TeamsFile {
  try {
    const teams: unknown = JSON.parse(content);
    if (isValid<TeamsFile>(teamsSchema, teams)) return teams;
  } catch (error) {
    throw new GraderError('folder', 'teams-unreadable', `${file} cannot be read: ${messageOf(error)}.`);
  }
  throw new GraderError(
    'folder',
    'not-teams',
    `${file} is not a teams.json of Classroom 50 (classroom50/teams/v1).`,
  );
}
