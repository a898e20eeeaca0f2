import { sealedKeyFile } from '../../key/sealed-file';
import { type Course, studentFiles } from '../course';
import { filesBelow, readFile, sha256 } from '../files';
import { handoutFile } from '../handout';
import { stubFiles } from '../release/copy';
import { broken, type Finding } from './check';

/** What in a students' copy comes of the solution: whole files, words in a row, or a row's right answer. */
export function leaks(course: Course, copy: string, files: readonly string[]): Finding[] {
  return [
    ...sameFiles(course, copy, files),
    ...samePhrases(course, copy, files),
    ...rightRows(course, copy, files),
  ];
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
function samePhrases(course: Course, copy: string, files: readonly string[]): Finding[] {
  const handedOut = [...stubFiles(course), handoutFile, 'rubric.yaml'];
  const open = new Set(handedOut.flatMap((file) => phrasesIn(readFile(course.root, file))));
  const secret = new Map<string, string>();
  for (const file of filesBelow(course.root, 'solution')) {
    // Submissions and tests repeat what is handed out; the code of the solution has no words in common with it.
    const mayRepeat = /^solution\/(?:reference|fixtures)\/|\.test\.ts$/.test(file);
    for (const phrase of phrasesIn(readFile(course.root, file))) {
      if (!mayRepeat || !open.has(phrase)) secret.set(phrase, file);
    }
  }
  return files.flatMap((file) => {
    const told = phrasesIn(readFile(copy, file)).find((phrase) => secret.has(phrase));
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

/** Places that name a row and go on to all of its right values, as a table, a comment or a sentence would. */
function rightRows({ rubric, solution }: Course, copy: string, files: readonly string[]): Finding[] {
  const tellers = rubric.table.rows.map(({ id, label }) => {
    const names = [id, label].map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|');
    const values = [...(solution.expected.get(id)?.values() ?? [])];
    const inOrder = (order: readonly number[]) =>
      order.map((value) => `(?<![\\d.])${value}(?!\\.?\\d)`).join('.{1,30}?');
    const told = `(?:${inOrder(values)}|${inOrder([...values].reverse())})`;
    return { label, teller: new RegExp(`(?<!\\w)(?:${names})(?!\\w).{0,40}?${told}`, 'iu') };
  });
  const readable = files.filter((file) => ![sealedKeyFile, 'package-lock.json'].includes(file));
  return readable.flatMap((file) => {
    const text = readFile(copy, file)
      .replace(/(?<=\d)[,_](?=\d{3})/g, '')
      .replace(/\s+/g, ' ');
    return tellers.flatMap(({ label, teller }) => {
      const [told] = teller.exec(text) ?? [];
      return told
        ? broken(`${file} in the copy says “${told}”, which is right for ${label}. Take it out.`)
        : [];
    });
  });
}
