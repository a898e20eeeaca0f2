import { jsonFile } from '../../render/escape/json';
import { printFitting } from '../../render/view-markdown';
import type { ClassHost } from '../returns/class-host';
import { feedbackOn } from '../returns/feedback';
import { fullyTold, teamsBy } from '../returns/feedback-files';

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

/** In UTF-16 units. GitHub takes 65,536, and our marker is added to the text. */
const maxComment = 65_000;

/** Clones of repositories in folders, as from any host. Feedback is posted to each. */
export const github: ClassHost = {
  id: 'github',
  title: 'GitHub',
  feedback: (graded) => {
    const teams = teamsBy(graded, ({ repository }) => repository);
    const posts = teams.map(({ row, owners, readers, way: repository }): Post => {
      const feedback = feedbackOn(row, graded, readers);
      const short = feedbackOn({ ...row, report: undefined }, graded, readers);
      return {
        repository,
        logins: owners.map(({ login }) => login),
        body: printFitting([feedback, short], maxComment),
      };
    });
    const enrolled = graded.people.all.map(({ login }) => login.toLowerCase());
    const content: Posts = { version: postsVersion, enrolled, posts };
    return {
      file: posts.length > 0 ? [postsFile, jsonFile(content)] : undefined,
      reached: teams.flatMap((team) => fullyTold(team, graded)),
    };
  },
  stepsFor: (_, { feedback }) => ({
    toDo: feedback ? ['Run npm run feedback:post: it shows what it would post to GitHub, and where.'] : [],
    notices: [],
  }),
};
