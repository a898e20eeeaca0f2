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
  disputed = '',
): string {
  const { dispute, questions } = rubric;
  const [title, ...paragraphs] = linesAbove(rubric);
  const parts = title ? [`# ${title}`, ...paragraphs] : [];
  for (const [index, { id, label }] of questions.entries())
    parts.push(`## ${index + 1}. ${label}\n\n${responses[id] ?? ''}`);
  if (dispute !== undefined) parts.push(`## ${dispute}\n\n${disputed}`);
  return `${parts.join('\n\n').trimEnd()}\n`;
}
