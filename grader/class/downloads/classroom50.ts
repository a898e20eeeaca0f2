import { Type } from '@sinclair/typebox';
import { byName, text } from '../../schema';
import { type Owner, readHostTable } from '../members/download';
import type { ClassHost } from '../returns/class-host';

const teamsFile = 'teams.json';

/** The part of Classroom 50's `teams.json` that the grader reads (`schemas/teams-v1.schema.json` there, 63cb10f6ab). */
const TeamsSchema = Type.Object({
  schema: Type.Literal('classroom50/teams/v1'),
  assignments: byName(
    Type.Object({ teams: Type.Array(Type.Object({ slug: text, members: Type.Array(text) })) }),
  ),
});

/**
 * Returns a function that finds the members of a team by the name of its repository or its archive. A repository's name
 * ends in `-<assignment>-group-<n>`; an archive may be named after the team's slug, which ends in the same number. For
 * a whole class, the web app names archives `group-<n>` in every assignment; only the repository inside tells which.
 */
function teamFinder(content: string) {
  const { assignments } = readHostTable(teamsFile, TeamsSchema, content);
  const endings = Object.entries(assignments).flatMap(([assignment, { teams }]) =>
    teams.flatMap(({ slug, members }) => {
      const owners = members.map((login): Owner => ({ login }));
      return [slug, `${assignment}-group-${/\d*$/.exec(slug)}`].map((name) => ({
        end: `-${name}`.toLowerCase(),
        owners,
      }));
    }),
  );
  return async (label: string, repositoryIn: () => Promise<string>) => {
    const name = /^group-\d+$/i.test(label) ? await repositoryIn() : label;
    const [team, ...others] = endings.filter(({ end }) => `-${name}`.toLowerCase().endsWith(end));
    return others.length === 0 ? team?.owners : undefined;
  };
}

/** Folders or archives, as from any host, and a table of who is in which team. */
export const classroom50: ClassHost = {
  id: 'classroom50',
  title: 'Classroom 50',
  teams: { name: teamsFile, read: teamFinder },
};
