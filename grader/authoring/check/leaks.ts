import path from 'node:path';
import { parse } from 'yaml';
import { type Course, handoutFile } from '../../course';
import { fileDigest, listFiles, readText } from '../../files';
import { expectedIn, expectedRows } from '../../key/plain';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import { allRowsOf, rowName, studentFiles } from '../../rubric/rubric';
import { handoutTemplate } from '../generate/template';
import { worksheetFiles } from '../generate/worksheet';
import { graderFile } from '../release/students-copy';
import { type Finding, failed, note } from './finding';

/**
 * Finds parts of the solution that got into a students' copy or a bundle: whole files, words in a row, or a
 * row's right answer.
 *
 * The copy is made from a list of files and a sealed key, and no other code that makes it is given an
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
  /** Whether this is the unchanged file, so that a line can be named. */
  readonly isWhole: boolean;
}

/** The text that a person wrote in a file; bundles, locks and keys are made by programs. */
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

/** Quotes a part of a text on one line, with its file and line. */
function quoteIn({ file, text, isWhole }: Text, start: number, end: number): string {
  const line = isWhole ? `:${text.slice(0, start).split('\n').length}` : '';
  return `${file}${line} in the copy says “${text.slice(start, end).replace(/\s+/g, ' ')}”`;
}

/** The built grader without the code of packages; a comment marks where each part comes from. */
function ownCode(grader: string): string {
  const parts = grader.split(/^\/\/ (?=node_modules\/|grader\/)/m);
  return parts.filter((part) => !part.startsWith('node_modules/')).join('');
}

/** The visible text of one of our pages, without its program, its style and its pictures. */
function shownBy(page: string): string {
  return page.replace(/<(script|style|svg)\b[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]*>/g, ' ');
}

/** The words of a data file, without its numbers. */
function textsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? Object.values(value).map(textsIn).join('\n') : '';
}

/** Finds files of the copy that are files of the solution. The stub may be in both, as a fixture. */
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

/** This many words in a row are no coincidence. */
const phraseLength = 8;

/** Finds words in a row that the copy shares with the solution, and that stub and handout do not explain. */
function samePhrases(course: Course, texts: readonly Text[]): Finding[] {
  const handedOut = [
    ...Object.values(worksheetFiles(course.rubric)),
    readText(course.root, handoutFile),
    readText(course.root, 'rubric.yaml'),
  ];
  const phrasesOf = (text: string) => phrasesIn(text).map(({ words }) => words);
  const open = new Set(handedOut.flatMap(phrasesOf));
  // Phrases of quantities are allowed: the meaning of a number reveals no answer.
  const stated = new Set(course.solution.quantities.flatMap(({ phrase }) => phrasesOf(phrase)));
  const secret = new Map<string, string>();
  // Tests of the solution repeat the rest of it, and the handout is meant to be handed out.
  const files = listFiles(course.root, 'solution').filter(
    (file) => !file.endsWith('.test.ts') && file !== handoutTemplate,
  );
  for (const file of files) {
    // Submissions repeat the handed-out text; the code of the solution shares no words with it.
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

/** Some words in a row, in lower case, and their position. */
interface Phrase {
  readonly words: string;
  readonly start: number;
  readonly end: number;
}

function phrasesIn(text: string): Phrase[] {
  // Imports are alike everywhere, and addresses are public.
  const own = text.replace(/^import\b[^;]*;$|https?:\S+/gm, (known) => ' '.repeat(known.length));
  const words = [...own.matchAll(/[\p{L}\p{N}_]+/gu)];
  return words.slice(phraseLength - 1).flatMap((last, index) => {
    const row = words.slice(index, index + phraseLength).map(([word]) => word.toLowerCase());
    const start = words[index]?.index ?? 0;
    return { words: row.join(' '), start, end: last.index + last[0].length };
  });
}

/** The digits that a row's values need together so that they are no coincidence beside its name. */
const tellingDigits = 3;

/**
 * Finds places that name a row and continue with all of its right values, as a table, a comment or a sentence
 * would.
 */
function rightRows({ rubric, solution }: Course, texts: readonly Text[]): Finding[] {
  const expected = expectedRows(solution);
  const rows = allRowsOf(rubric).flatMap((row) => {
    const { id, label, cells } = row;
    // The rubric lists all options, the right one and the others.
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
    // The grader contains no course. A short name may be near some numbers in it, but not a whole table.
    if (text.isCode && revealed.length < rows.length) return [];
    return revealed.map(({ quote, label, isTelling }) => {
      const leakText = `${quote}, which is right for ${label}.`;
      return isTelling || text.isCode
        ? failed('answer-in-copy', `${leakText} Remove it.`)
        : note(
            'answer-perhaps-in-copy',
            `${leakText} Such small numbers may be there by chance. Check whether they are.`,
          );
    });
  });
}

/** Matches one of some names with some values after it, in either order, and characters of a class between. */
function tellerOf(names: readonly string[], values: readonly Answer[], between: '\\S' | '[^\\s\\d]'): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  // Also finds 1024 as 1,024 and 1_024.
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
