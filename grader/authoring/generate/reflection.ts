import { linesAbove, type Rubric } from '../../rubric/rubric';

/**
 * The text of a reflection file. Leaves only empty space below a question: if a comment says where to write,
 * people write inside the comment.
 *
 * @param responses the responses to write below the questions, by question id.
 * @param disputed the text below the last heading, if the rubric has that heading.
 */
export function reflectionOf(
  rubric: NonNullable<Rubric['reflection']>,
  responses: Readonly<Record<string, string>> = {},
  disputed?: string,
): string {
  const { dispute, questions } = rubric;
  const [title, ...paragraphs] = linesAbove(rubric);
  const sections = questions.map(
    ({ id, label }, index) => `## ${index + 1}. ${label}\n\n${responses[id] ?? ''}`,
  );
  const last = dispute === undefined ? [] : [`## ${dispute}\n\n${disputed ?? ''}`];
  const parts = [...(title ? [`# ${title}`] : []), ...paragraphs, ...sections, ...last];
  return `${parts.join('\n\n').trimEnd()}\n`;
}
