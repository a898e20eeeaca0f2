import { type Answer, exact, type Kind, type KindDefinition, noAnswer } from './kind';
import { comparableText, notInQuotes, quoted, textIn } from './text';

type ChoiceSettings = {
  readonly options: readonly string[];
};

/** One of several options, compared like texts: see `comparableText`. */
export const choiceKind: KindDefinition<ChoiceSettings> = {
  id: 'choice',
  about:
    'one of several texts; what does not count in a `text` does not tell options apart. An option that looks like a number needs quotes in `rubric.yaml`',
  settings: {
    options: {
      type: 'array',
      minItems: 2,
      maxItems: 20,
      items: {
        type: 'string',
        minLength: 1,
        pattern: '^[^\\r\\n]*[^\\s][^\\r\\n]*$',
        maxLength: 100,
        description: 'an option: some text, in quotes if it is a number',
      },
      description: 'a list of at least two options to choose from',
    },
  },
  required: ['options'],
  faults({ options }) {
    const forms = options.map(comparableText);
    const twin = options.find((option, index) => forms.indexOf(comparableText(option)) < index);
    if (twin === undefined) return [];
    return [
      {
        setting: 'options',
        text: `The option "${twin}" counts as the same as another one; case, hyphens, and punctuation at the end make no difference.`,
      },
    ];
  },
  create({ options }): Kind {
    const optionOf = (text: string) =>
      options.find((option) => comparableText(option) === comparableText(text));
    const takes = `one of ${options.map(quoted).join(', ')}`;
    return {
      ...exact,
      type: [...options.map(quoted), 'null'].join(' | '),
      valueKind: 'string',
      takes,
      note: takes,
      width: Math.max(...options.map((option) => option.length)),
      unquoted: (sourceText) => notInQuotes(sourceText, takes, optionOf(sourceText) !== undefined),
      options,
      parse(written, sourceText) {
        const reading = textIn(written, sourceText, takes, (text) => optionOf(text) !== undefined);
        if ('reason' in reading) return reading;
        const value = optionOf(reading.text);
        if (value !== undefined) return { value };
        return noAnswer('no-option', `{written} is not one of the options. Write ${takes}.`, reading.text);
      },
      answerOf: (value) => (typeof value === 'string' ? optionOf(value) : undefined),
      sourceText: (answer: Answer) => quoted(String(answer)),
    };
  },
  examples: [
    {
      settings: { options: ['More', 'far less', 'Größe', '2'] },
      right: ['Größe'],
      spellings: ['"Größe"', "'grösse'", "' GRÖSSE\\t'", "'Gro\u0308ße'"],
      wrong: ["'More'", "'2'", "'far less'", "'Größ'", "'Größe Größe'", '2'],
    },
  ],
};
