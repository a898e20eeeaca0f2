import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError, messageOf } from '../../error';
import { compileValidator } from '../../validate';
import type { Roster } from './roster';

const teamsFile = 'teams.json';

/** Classroom 50's own table, as far as it is read here. */
interface TeamsFile {
  readonly assignments: Readonly<
    Record<
      string,
      { readonly teams: readonly { readonly slug: string; readonly members: readonly string[] }[] }
    >
  >;
}

const list = (items: object) => ({ type: 'array', items });

const isTeamsFile = compileValidator<TeamsFile>({
  type: 'object',
  required: ['schema', 'assignments'],
  properties: {
    schema: { const: 'classroom50/teams/v1' },
    assignments: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['teams'],
        properties: {
          teams: list({
            type: 'object',
            required: ['slug', 'members'],
            properties: { slug: { type: 'string' }, members: list({ type: 'string' }) },
          }),
        },
      },
    },
  },
});

/**
 * A roster with the teams of Classroom 50, as its `teams.json` has them: a repository is called
 * `<classroom>-<assignment>-group-<n>`, and the name of its team ends in the same number.
 *
 * @param request the file, if it does not lie beside the submissions.
 * @throws {GraderError} where it cannot be used, or a student is in two teams.
 */
export function withTeams(roster: Roster, { root, teams }: { root: string; teams?: string }): Roster {
  const file = teams ?? path.join(root, teamsFile);
  if (teams === undefined && !existsSync(file)) return roster;
  const { assignments } = read(file);
  const [[assignment, found] = [], ...others] = Object.entries(assignments).filter(
    ([name], _index, all) => all.length === 1 || path.basename(root).includes(name),
  );
  if (found === undefined || others.length > 0)
    throw new GraderError(
      'folder',
      `${file} has the assignments ${Object.keys(assignments).join(', ')}, and the folder’s name does not tell which is graded. Leave the others out of a copy of it, and name that with --teams.`,
    );
  const groups = new Map<string, string>();
  const odd: string[] = [];
  for (const { slug, members } of found.teams) {
    const number = /-(\d+)$/.exec(slug)?.[1];
    if (number === undefined) {
      odd.push(slug);
      continue;
    }
    for (const member of members.map((name) => name.toLowerCase())) {
      if (groups.has(member))
        throw new GraderError('folder', `${file}: ${member} is in two teams of ${assignment}. Keep one.`);
      groups.set(member, `group-${number}`);
    }
  }
  return {
    ...roster,
    students: roster.students.map((student) => {
      const group = groups.get(student.key);
      return group === undefined || student.group !== '' ? student : { ...student, group };
    }),
    notes: [
      ...roster.notes,
      `${path.basename(file)}: the teams of ${assignment}.`,
      ...(odd.length > 0
        ? [`${path.basename(file)}: these teams have no number and are left out: ${odd.join(', ')}.`]
        : []),
      ...missing(roster, groups, file),
    ],
  };
}

function missing(roster: Roster, groups: ReadonlyMap<string, string>, file: string): string[] {
  const known = new Set(roster.students.map(({ key }) => key));
  const unknown = [...groups.keys()].filter((member) => !known.has(member));
  return unknown.length === 0
    ? []
    : [`In ${path.basename(file)} and not on the roster: ${unknown.slice(0, 10).join(', ')}.`];
}

function read(file: string): TeamsFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new GraderError('folder', `${file} cannot be read: ${messageOf(error)}.`);
  }
  if (isTeamsFile(content)) return content;
  throw new GraderError('folder', `${file} is no teams.json of Classroom 50 (classroom50/teams/v1).`);
}
