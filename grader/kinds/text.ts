import { type Answer, exact, type Kind, type KindDefinition, type Settings } from './kind';
import {
  collapsed,
  isShort,
  notInQuotes,
  onOneLine,
  quoted,
  textIn,
  withoutCase,
  withoutEnd,
} from './quoted';

interface TextSettings {
  readonly case_sensitive?: boolean;
}

/**
 * A short text. Ignored are spaces around it, repeated spaces, invisible characters, punctuation at its end,
 * and whether quotes and hyphens are typographic.
 */
export const textKind: KindDefinition = {
  id: 'text',
  settings: {
    case_sensitive: {
      type: 'boolean',
      description: 'true where upper and lower case matter, else false',
    },
  } as KindDefinition['settings'],
  required: [],
  create(settings: Settings): Kind {
    const { case_sensitive: isCaseSensitive = false } = settings as TextSettings;
    const form = (written: string) => {
      const text = withoutEnd(collapsed(written));
      return isCaseSensitive ? text : withoutCase(text);
    };
    const takes = 'a text in quotes';
    return {
      ...exact,
      type: {
        name: isCaseSensitive ? 'ExactText' : 'Text',
        definition: 'string | null',
        comment: `A text in quotes${isCaseSensitive ? '; upper and lower case matter' : ''}, or \`null\` while you have not filled it in.`,
      },
      valueKind: 'string',
      takes,
      width: 30,
      unquoted: (sourceText) => notInQuotes(sourceText, takes, true),
      parse(written, sourceText) {
        const found = textIn(written, sourceText, takes, isShort);
        if ('reason' in found) return found;
        const typed = written.kind === 'string' ? onOneLine(written.value) : found.text;
        return { value: form(found.text), shown: isShort(typed) ? typed : found.text };
      },
      answerOf: (value) => (typeof value === 'string' && isShort(collapsed(value)) ? form(value) : undefined),
      sourceText: (answer: Answer) => quoted(String(answer)),
      wrongAnswers: (right) =>
        [`${right}x`, `x${right}`, 'something else', '0'].filter((wrong) => form(wrong) !== right),
    };
  },
};
