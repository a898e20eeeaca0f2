import { parse } from 'yaml';
import { type Course, studentFiles } from '../course';
import { filesBelow, readFile, sha256 } from '../files';
import { handoutFile } from '../handout';
import { stubFiles } from '../release/copy';
import { broken, type Finding, note } from './check';

/**
 * What of the solution got into a students' copy or a bundle: whole files, words in a row, or a row's
 * right answer.
 *
 * The copy is made of a list of files and of a sealed key, and nothing else that makes it is given an
 * expected value. So answers are looked for where a person wrote something that another person reads.
 */
export function leaks(course: Course, copy: string, files: readonly string[]): Finding[] {
  const texts = files.flatMap((file) => readable(course, copy, file));
  return [...sameFiles(course, copy, files), ...samePhrases(course, texts), ...rightRows(course, texts)];
}

interface Text {
  readonly file: string;
  readonly text: string;
  readonly isCode: boolean;
}

/** What a person wrote in a file; bundles, locks and keys are made by programs. */
function readable({ rubric }: Course, copy: string, file: string): Text[] {
  if (file === 'rubric.yaml') return [{ file, text: textsIn(parse(readFile(copy, file))), isCode: false }];
  const isCode = /^grader\/.*\.(?:ts|js)$/.test(file);
  const isText = /\.(?:md|ts|svg)$/.test(file) || studentFiles(rubric).includes(file);
  return isText || isCode ? [{ file, text: readFile(copy, file), isCode }] : [];
}

/** The words of a file of data, without its numbers. */
function textsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? Object.values(value).map(textsIn).join('\n') : '';
}

/** Files of the copy that are files of the solution; the stub stands there too, as a fixture. */
function sameFiles({ root, rubric }: Course, copy: string, files: readonly string[]): Finding[] {
  const stubs = studentFiles(rubric).map((file) => sha256(root, file));
  const solution = new Map(filesBelow(root, 'solution').map((file) => [sha256(root, file), file]));
  return files.flatMap((file) => {
    const digest = sha256(copy, file);
    const twin = stubs.includes(digest) ? undefined : solution.get(digest);
    return twin ? broken(`${file} in the copy is ${twin}. Take it out of what is handed out.`) : [];
  });
}

/** So many words in a row are no chance. */
const phraseLength = 8;

/** Words in a row that the copy shares with the solution, and that stub and handout do not explain. */
function samePhrases(course: Course, texts: readonly Text[]): Finding[] {
  const handedOut = [...stubFiles(course), handoutFile, 'rubric.yaml'];
  const open = new Set(handedOut.flatMap((file) => phrasesIn(readFile(course.root, file))));
  const secret = new Map<string, string>();
  // Tests of the solution say what the rest says, and what they are tests of.
  for (const file of filesBelow(course.root, 'solution').filter((name) => !name.endsWith('.test.ts'))) {
    // Submissions repeat what is handed out; the code of the solution has no words in common with it.
    const mayRepeat = /^solution\/(?:reference|fixtures)\//.test(file);
    for (const phrase of phrasesIn(readFile(course.root, file))) {
      if (!mayRepeat || !open.has(phrase)) secret.set(phrase, file);
    }
  }
  return texts.flatMap(({ file, text }) => {
    const told = phrasesIn(text).find((phrase) => secret.has(phrase));
    if (told === undefined) return [];
    const where = secret.get(told);
    return broken(`${file} in the copy says “${told}”, as ${where} does. Word it otherwise, or take it out.`);
  });
}

function phrasesIn(text: string): string[] {
  // Imports are alike everywhere, and addresses are known to everybody.
  const own = text.replace(/^import\b[^;]*;$|https?:\S+/gm, '');
  const words = own.match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.slice(phraseLength - 1).map((_, index) =>
    words
      .slice(index, index + phraseLength)
      .join(' ')
      .toLowerCase(),
  );
}

/** Digits that a row's values need together, to stand beside its name by no chance. */
const tellingDigits = 3;

/** Places that name a row and go on to all of its right values, as a table, a comment or a sentence would. */
function rightRows({ rubric, solution }: Course, texts: readonly Text[]): Finding[] {
  const rows = rubric.table.rows.map(({ id, label }) => {
    const values = [...(solution.expected.get(id)?.values() ?? [])];
    const isTelling = values.join('').length >= tellingDigits;
    return {
      label,
      isTelling,
      teller: tellerOf([id, label], values, isTelling ? '.' : '\\D'),
    };
  });
  return texts.flatMap(({ file, text, isCode }) => {
    const whole = text.replace(/(?<=\d)[,_](?=\d{3})/g, '').replace(/\s+/g, ' ');
    const told = rows.flatMap((row) => {
      const [found] = row.teller.exec(whole) ?? [];
      return found === undefined ? [] : [{ ...row, found }];
    });
    // The grader knows no course, and any short name stands beside some numbers in it: a table does not.
    if (isCode && told.length < rows.length) return [];
    return told.map(({ found, label, isTelling }) => {
      const said = `${file} in the copy says “${found}”, which is right for ${label}.`;
      return isTelling || isCode
        ? broken(`${said} Take it out.`)
        : note(`${said} So small numbers may stand there by chance; look whether they do.`);
    });
  });
}

/** Finds one of some names with some values after it, in either order, and characters of a class between. */
function tellerOf(names: readonly string[], values: readonly number[], between: '.' | '\\D'): RegExp {
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|');
  const inOrder = (order: readonly number[]) =>
    order.map((value) => `(?<![\\d.])${value}(?!\\.?\\d)`).join(`${between}{1,30}?`);
  const told = `(?:${inOrder(values)}|${inOrder([...values].reverse())})`;
  return new RegExp(`(?<!\\w)(?:${escaped})(?!\\w)${between}{0,40}?${told}`, 'iu');
}
