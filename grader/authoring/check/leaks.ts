import type { Course } from '../../course';
import { listFiles, readText } from '../../files';
import { expectedIn } from '../../key/plain';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import { allRowsOf, rowName } from '../../rubric/rubric';

/** The words of a text in lower case, and its numbers without separators: 1,024 and 1_024 as 1024. */
function wordsIn(text: Answer): string[] {
  const joined = String(text)
    .toLowerCase()
    .replace(/(?<=\d)[,_](?=\d{3}(?!\d))/g, '');
  return joined.match(/\d+(?:\.\d+)?(?![\p{L}\p{N}])|[\p{L}\p{N}_]+/gu) ?? [];
}

/** Some words, each with a space on either side, so that only whole words are found in it. */
function spaced(words: readonly string[]): string {
  return words.map((word) => ` ${word} `).join('');
}

/** Whether a text contains some words in a row. */
export function tells(text: string, part: Answer): boolean {
  const words = wordsIn(part);
  return words.length > 0 && spaced(wordsIn(text)).includes(spaced(words));
}

/**
 * Finds parts of the solution in a release: words in a row, or the name of a row with its right answer. No code that
 * makes a release is given an expected value but for sealing it, so answers are looked for where a person wrote what
 * another person reads.
 */
export function leaks(course: Course, release: string): string[] {
  const texts = new Map<string, string>();
  // The content of archives is also beside them.
  for (const file of listFiles(release).filter((name) => !name.endsWith('.zip'))) {
    const whole = readText(release, file);
    const shown = whole.replace(/<(script|style|svg)\b[\s\S]*?<\/\1>|<[^>]*>/g, ' ');
    texts.set(file.endsWith('.html') ? shown : whole, file);
  }
  const read = [...texts].map(([text, file]) => [file, wordsIn(text)] as const);
  return [...samePhrases(course, read), ...rightRows(course, read)];
}

type Texts = readonly (readonly [file: string, words: readonly string[]])[];

/** This many words in a row are no coincidence. */
const phraseLength = 8;

function phrasesIn(words: readonly string[]): string[] {
  return words.slice(phraseLength - 1).map((_, index) => words.slice(index, index + phraseLength).join(' '));
}

/** Finds words in a row that the release shares with the solution. */
function samePhrases({ root, solution }: Course, texts: Texts): string[] {
  // The meaning of a number reveals no answer.
  const open = new Set(solution.quantities.flatMap(({ phrase }) => phrasesIn(wordsIn(phrase))));
  const secret = new Map<string, string>();
  // Tests repeat the rest of the solution, the handout is meant to be handed out, and submissions repeat the stub.
  const closed = /^(?!.*\.test\.ts$|solution\/(?:handout\.md$|reference\/|fixtures\/))/;
  for (const file of listFiles(root, 'solution').filter((name) => closed.test(name))) {
    // Imports are alike everywhere, and addresses are public.
    const own = readText(root, file).replace(/^import\b[^;]*;$|https?:\S+/gm, '');
    for (const phrase of phrasesIn(wordsIn(own))) if (!open.has(phrase)) secret.set(phrase, file);
  }
  return texts.flatMap(([file, words]) => {
    const phrase = phrasesIn(words).find((one) => secret.has(one));
    return phrase === undefined ? [] : `${file} says “${phrase}”, as ${secret.get(phrase)} does. Reword it.`;
  });
}

/** The characters that a row's values need together so that they are no coincidence beside its name. */
const tellingLength = 3;
/** The most words between the name of a row and the end of its values, as in a table or a sentence. */
const nearName = 12;

/** Finds the name of a row with all of its right values after it. */
function rightRows({ rubric, solution }: Course, texts: Texts): string[] {
  // The grader and its packages hold no course, and much that looks like numbers beside a name. rubric.yaml and the stub
  // hold labels, which another check reads, and the sizes that a table states, which may be what is right there.
  const read = texts.filter(([file]) => !/\.(?:js(?:on)?|ts|yaml)$/.test(file));
  return allRowsOf(rubric).flatMap((row) => {
    // The rubric lists all options, the right one and the others.
    const cells = row.cells.filter((cell) => !kindOf(cell).options);
    const values = cells.flatMap(({ id }) => expectedIn(solution, row.id, id)?.value ?? []);
    if (values.join('').length < tellingLength) return [];
    const wanted = values.map((value) => spaced(wordsIn(value)));
    const names = [rowName(row), row.label].map((name) => spaced(wordsIn(name)));
    return read.flatMap(([file, words]) => {
      const parts = names.flatMap((name) => (name ? spaced(words).split(name).slice(1) : []));
      const said = parts
        .map((part) => part.trim().split(/\s+/).slice(0, nearName))
        .find((after) => {
          const text = spaced(after);
          return wanted.every((one) => text.split(one).length >= wanted.join('').split(one).length);
        });
      return said ? `${file} says “${row.label} … ${said.join(' ')}”, which is right there. Remove it.` : [];
    });
  });
}
