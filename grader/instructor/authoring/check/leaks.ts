import path from 'node:path';
import { parse } from 'yaml';
import { expectedIn, partsOf } from '../../../key/plain';
import type { Answer } from '../../../kinds/kind';
import { kindOf } from '../../../kinds/registry';
import { rowName, rowsOf, studentFiles, tablesInFile } from '../../../rubric/rubric';
import { type Course, handoutFile } from '../../course';
import { fileDigest, listFiles, readText } from '../../files';
import { handoutTemplate } from '../generate/template';
import { worksheetFiles } from '../generate/worksheet';
import { graderFile } from '../release/students-copy';
import { type Finding, failed, note } from './finding';

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
  /** Whether this is the file as it is, so that a line can be named. */
  readonly isWhole: boolean;
}

/** What a person wrote in a file; bundles, locks and keys are made by programs. */
function readable({ rubric }: Course, copy: string, file: string): Text[] {
  const whole = readText(copy, file);
  const part = (text: string, isCode: boolean) => [{ file, text, isCode, isWhole: false }];
  if (file === 'rubric.yaml') return part(textsIn(parse(whole)), false);
  if (file.endsWith('.html')) return part(shownBy(whole), false);
  if (file.endsWith(graderName)) return part(ownCode(whole), true);
  const isCode = /^grader\/.*\.(?:ts|js)$/.test(file);
  const isText = /\.(?:md|ts|svg)$/.test(file) || studentFiles(rubric).includes(file);
  return isText || isCode ? [{ file, text: whole, isCode, isWhole: true }] : [];
}

const graderName = path.posix.basename(graderFile);

/** A part of a text on one line, with its file and line. */
function quoteIn({ file, text, isWhole }: Text, start: number, end: number): string {
  const line = isWhole ? `:${text.slice(0, start).split('\n').length}` : '';
  return `${file}${line} in the copy says “${text.slice(start, end).replace(/\s+/g, ' ')}”`;
}

/** What in the built grader is not of a package: a comment tells where each part comes from. */
function ownCode(grader: string): string {
  const parts = grader.split(/^\/\/ (?=node_modules\/|grader\/)/m);
  return parts.filter((part) => !part.startsWith('node_modules/')).join('');
}

/** What a page of ours shows: its text without its program, its style and its pictures. */
function shownBy(page: string): string {
  return page.replace(/<(script|style|svg)\b[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]*>/g, ' ');
}

/** The words of a file of data, without its numbers. */
function textsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? Object.values(value).map(textsIn).join('\n') : '';
}

/** Files of the copy that are files of the solution; the stub stands there too, as a fixture. */
function sameFiles({ root, rubric }: Course, copy: string, files: readonly string[]): Finding[] {
  const stubs = Object.keys(worksheetFiles(rubric));
  const solution = new Map(listFiles(root, 'solution').map((file) => [fileDigest(root, file), file]));
  return files.flatMap((file) => {
    const digest = fileDigest(copy, file);
    const twin = stubs.includes(file) ? undefined : solution.get(digest);
    return twin
      ? failed('solution-file-in-copy', `${file} in the copy is ${twin}. Remove it from the students' copy.`)
      : [];
  });
}

/** So many words in a row are no chance. */
const phraseLength = 8;

/** Words in a row that the copy shares with the solution, and that stub and handout do not explain. */
function samePhrases(course: Course, texts: readonly Text[]): Finding[] {
  const handedOut = [
    ...Object.values(worksheetFiles(course.rubric)),
    readText(course.root, handoutFile),
    readText(course.root, 'rubric.yaml'),
  ];
  const phrasesOf = (text: string) => phrasesIn(text).map(({ words }) => words);
  const open = new Set(handedOut.flatMap(phrasesOf));
  // Sizes are told by what they are, and what a number is tells no answer.
  const stated = new Set(course.solution.quantities.flatMap(({ phrase }) => phrasesOf(phrase)));
  const secret = new Map<string, string>();
  // Tests of the solution say what the rest says; the handout is to be handed out.
  const files = listFiles(course.root, 'solution').filter(
    (file) => !file.endsWith('.test.ts') && file !== handoutTemplate,
  );
  for (const file of files) {
    // Submissions repeat what is handed out; the code of the solution has no words in common with it.
    const mayRepeat = /^solution\/(?:reference|fixtures)\//.test(file);
    for (const phrase of phrasesOf(readText(course.root, file))) {
      if (!stated.has(phrase) && (!mayRepeat || !open.has(phrase))) secret.set(phrase, file);
    }
  }
  return texts.flatMap((text) => {
    const phrase = phrasesIn(text.text).find(({ words }) => secret.has(words));
    if (!phrase) return [];
    const quote = quoteIn(text, phrase.start, phrase.end);
    const where = secret.get(phrase.words);
    return failed('solution-words-in-copy', `${quote}, as ${where} does. Reword it, or remove it.`);
  });
}

/** Some words in a row, in small letters, and where they stand. */
interface Phrase {
  readonly words: string;
  readonly start: number;
  readonly end: number;
}

function phrasesIn(text: string): Phrase[] {
  // Imports are alike everywhere, and addresses are known to everybody.
  const own = text.replace(/^import\b[^;]*;$|https?:\S+/gm, (known) => ' '.repeat(known.length));
  const words = [...own.matchAll(/[\p{L}\p{N}_]+/gu)];
  return words.slice(phraseLength - 1).flatMap((last, index) => {
    const row = words.slice(index, index + phraseLength).map(([word]) => word.toLowerCase());
    const start = words[index]?.index ?? 0;
    return { words: row.join(' '), start, end: last.index + last[0].length };
  });
}

/** Digits that a row's values need together, to stand beside its name by no chance. */
const tellingDigits = 3;

/** Places that name a row and go on to all of its right values, as a table, a comment or a sentence would. */
function rightRows({ rubric, solution }: Course, texts: readonly Text[]): Finding[] {
  const expected = partsOf(solution).flatMap((part) => part.expected);
  const rows = rowsOf({ tables: tablesInFile(rubric) }).flatMap((row) => {
    const { id, label, cells } = row;
    // Options stand in the rubric, the right one and the others.
    const values = cells
      .filter((cell) => kindOf(cell).options === undefined)
      .flatMap((cell) => expectedIn({ expected }, id, cell.id)?.value ?? []);
    if (values.length === 0) return [];
    const isTelling = values.join('').length >= tellingDigits;
    return {
      label,
      isTelling,
      teller: tellerOf([rowName(row), label], values, isTelling ? '\\S' : '[^\\s\\d]'),
    };
  });
  return texts.flatMap((text) => {
    const revealed = rows.flatMap((row) => {
      const found = row.teller.exec(text.text);
      return found ? [{ ...row, quote: quoteIn(text, found.index, found.index + found[0].length) }] : [];
    });
    // The grader knows no course, and any short name stands beside some numbers in it: a table does not.
    if (text.isCode && revealed.length < rows.length) return [];
    return revealed.map(({ quote, label, isTelling }) => {
      const leakText = `${quote}, which is right for ${label}.`;
      return isTelling || text.isCode
        ? failed('answer-in-copy', `${leakText} Take it out.`)
        : note(
            'answer-perhaps-in-copy',
            `${leakText} So small numbers may stand there by chance; look whether they do.`,
          );
    });
  });
}

/** Finds one of some names with some values after it, in either order, and characters of a class between. */
function tellerOf(names: readonly string[], values: readonly Answer[], between: '\\S' | '[^\\s\\d]'): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  // 1024 is found as 1,024 and 1_024 too.
  const digits = (value: number) => literal(String(value)).replace(/\B(?=(?:\d{3})+(?!\d))/g, '[,_]?');
  const rounded = (value: number) => (Number.isInteger(value) ? value : Number(value.toPrecision(3)));
  const written = (value: Answer) =>
    typeof value === 'string'
      ? `(?<!\\w)${literal(value)}(?!\\w)`
      : `(?<![\\d.]|\\d[,_](?=\\d{3}(?!\\d)))(?:${[...new Set([value, rounded(value)])].map(digits).join('|')})(?!\\.?\\d|[,_]\\d{3})`;
  const escaped = names.map((name) => literal(name).replace(/\s+/g, '\\s+')).join('|');
  const gap = `(?:\\s+(?!\\s)|${between})`; // spaces and ends of lines count as one
  const inOrder = (order: readonly Answer[]) => order.map(written).join(`${gap}{1,30}?`);
  const eitherOrder = `(?:${inOrder(values)}|${inOrder([...values].reverse())})`;
  return new RegExp(`(?<!\\w)(?:${escaped})(?!\\w)${gap}{0,40}?${eitherOrder}`, 'iu');
}
