import { link, type MarkdownText, markdown, words } from './escape/markdown';
import type { Renderer } from './renderer';
import { renderSummary } from './summary';

/** What the comment on a pull request is about, as GitHub tells it. */
export interface CommentContext {
  readonly besideKey: boolean;
  readonly commit: string;
  /** Address of the run that graded it. */
  readonly run: string;
}

/** The worksheet for the pull request that a course gives feedback in, with the run that it comes from. */
export const renderComment: Renderer<'markdown', CommentContext> = (
  report,
  rubric,
  { besideKey, ...source },
) => markdown`${renderSummary(report, rubric, { besideKey })}\n${commentSource(source)}\n`;

/** Which commit a comment is about, and the run that it comes from. */
export function commentSource({ commit, run }: Pick<CommentContext, 'commit' | 'run'>): MarkdownText {
  return markdown`${words(`Commit ${commit.slice(0, 7)}, graded by `)}${link('this run', run)}`;
}
