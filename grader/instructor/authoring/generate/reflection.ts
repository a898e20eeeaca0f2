import { linesAbove, type Rubric } from '../../../rubric/rubric';

/**
 * The text of a reflection's file. Nothing stands under a question but room to write: in a comment that says
 * where to write, people write inside it.
 *
 * @param responses under the questions that have one, by question.
 * @param disputed what is said under the last heading, where the rubric has it.
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
