import path from 'node:path';
import { parse } from 'yaml';
import { expectedIn } from '../../../key/plain';
import type { Answer } from '../../../kinds/kind';
import { kindOf } from '../../../kinds/registry';
import { rowsOf, studentFiles } from '../../../rubric/rubric';
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
}

/** What a person wrote in a file; bundles, locks and keys are made by programs. */
function readable({ rubric }: Course, copy: string, file: string): Text[] {
  if (file === 'rubric.yaml') return [{ file, text: textsIn(parse(readText(copy, file))), isCode: false }];
  if (file.endsWith('.html')) return [{ file, text: shownBy(readText(copy, file)), isCode: false }];
  if (file.endsWith(graderName)) return [{ file, text: ownCode(readText(copy, file)), isCode: true }];
  const isCode = /^grader\/.*\.(?:ts|js)$/.test(file);
  const isText = /\.(?:md|ts|svg)$/.test(file) || studentFiles(rubric).includes(file);
  return isText || isCode ? [{ file, text: readText(copy, file), isCode }] : [];
}

const graderName = path.posix.basename(graderFile);

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
  const open = new Set(handedOut.flatMap(phrasesIn));
  const secret = new Map<string, string>();
  // Tests of the solution say what the rest says; the handout is to be handed out.
  const files = listFiles(course.root, 'solution').filter(
    (file) => !file.endsWith('.test.ts') && file !== handoutTemplate,
  );
  for (const file of files) {
    // Submissions repeat what is handed out; the code of the solution has no words in common with it.
    const mayRepeat = /^solution\/(?:reference|fixtures)\//.test(file);
    for (const phrase of phrasesIn(readText(course.root, file))) {
      if (!mayRepeat || !open.has(phrase)) secret.set(phrase, file);
    }
  }
  return texts.flatMap(({ file, text }) => {
    const phraseFound = phrasesIn(text).find((phrase) => secret.has(phrase));
    if (phraseFound === undefined) return [];
    const where = secret.get(phraseFound);
    return failed(
      'solution-words-in-copy',
      `${file} in the copy says “${phraseFound}”, as ${where} does. Reword it, or remove it.`,
    );
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
  const rows = rowsOf(rubric).flatMap(({ id, label, cells }) => {
    // Options stand in the rubric, the right one and the others.
    const values = cells
      .filter((cell) => kindOf(cell).options === undefined)
      .flatMap((cell) => expectedIn(solution, id, cell.id)?.value ?? []);
    if (values.length === 0) return [];
    const isTelling = values.join('').length >= tellingDigits;
    return { label, isTelling, teller: tellerOf([id, label], values, isTelling ? '.' : '\\D') };
  });
  return texts.flatMap(({ file, text, isCode }) => {
    const whole = text.replace(/(?<=\d)[,_](?=\d{3})/g, '').replace(/\s+/g, ' ');
    const revealed = rows.flatMap((row) => {
      const [found] = row.teller.exec(whole) ?? [];
      return found === undefined ? [] : [{ ...row, found }];
    });
    // The grader knows no course, and any short name stands beside some numbers in it: a table does not.
    if (isCode && revealed.length < rows.length) return [];
    return revealed.map(({ found, label, isTelling }) => {
      const leakText = `${file} in the copy says “${found}”, which is right for ${label}.`;
      return isTelling || isCode
        ? failed('answer-in-copy', `${leakText} Take it out.`)
        : note(
            'answer-perhaps-in-copy',
            `${leakText} So small numbers may stand there by chance; look whether they do.`,
          );
    });
  });
}

/** Finds one of some names with some values after it, in either order, and characters of a class between. */
function tellerOf(names: readonly string[], values: readonly Answer[], between: '.' | '\\D'): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const escaped = names.map(literal).join('|');
  const written = (value: Answer) =>
    typeof value === 'string'
      ? `(?<!\\w)${literal(value)}(?!\\w)`
      : `(?<![\\d.])(?:${[...new Set([value, ...(Number.isInteger(value) ? [] : [Number(value.toPrecision(3))])])].map((one) => literal(String(one))).join('|')})(?!\\.?\\d)`;
  const inOrder = (order: readonly Answer[]) => order.map(written).join(`${between}{1,30}?`);
  const eitherOrder = `(?:${inOrder(values)}|${inOrder([...values].reverse())})`;
  return new RegExp(`(?<!\\w)(?:${escaped})(?!\\w)${between}{0,40}?${eitherOrder}`, 'iu');
}
