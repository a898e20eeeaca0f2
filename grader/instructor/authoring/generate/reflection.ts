import { linesAbove, type Rubric } from '../../../rubric/rubric';
import { usualPlaceholder } from '../../../submission/reflection';

/**
 * The text of a reflection's file.
 *
 * @param responses under the questions that have one, by question.
 * @param disputed what is said under the last heading, where the rubric has it.
 */
export function reflectionOf(
  rubric: NonNullable<Rubric['reflection']>,
  responses: Readonly<Record<string, string>> = {},
  disputed?: string,
): string {
  const { dispute, questions, placeholder = usualPlaceholder } = rubric;
  const [title, ...paragraphs] = linesAbove(rubric);
  const empty = `<!-- ${placeholder} -->`;
  const sections = questions.map(
    ({ id, label }, index) => `## ${index + 1}. ${label}\n\n${responses[id] ?? empty}`,
  );
  const last = dispute === undefined ? [] : [`## ${dispute}\n\n${disputed ?? empty}`];
  return `${[...(title ? [`# ${title}`] : []), ...paragraphs, ...sections, ...last].join('\n\n')}\n`;
}
