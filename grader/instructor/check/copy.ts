import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { gradeFolder } from '../../grade';
import { chooseKey } from '../../key/choose';
import { noKey } from '../../key/key';
import { sealedKeyFile } from '../../key/sealed-file';
import { loadRubric } from '../../rubric/load';
import { type Course, studentFiles } from '../course';
import { at, filesBelow, readFile, sha256 } from '../files';
import { writeCopy } from '../release/copy';
import { broken, type Check, type Finding } from './check';
import { rightValues, type Values } from './table';

/** All that may be in a students' copy, apart from the files that they edit. */
const keepList: readonly RegExp[] = [
  /^(?:README\.md|LICENSE|rubric\.yaml|package\.json|package-lock\.json|tsconfig\.json)$/,
  /^\.(?:gitattributes|gitignore|npmrc)$/,
  /^\.devcontainer\/devcontainer\.json$/,
  /^\.github\/workflows\/classroom\.yml$/,
  /^assignment\/[\w-]+\.(?:ts|png|jpg|svg|gif)$/,
  /^grader\/(?!instructor\/|testing\/)(?:[\w-]+\/)*[\w.-]+(?<!\.test)\.(?:ts|js|json)$/,
];

export const contents: Check = {
  promise: "The students' copy holds what it should, and nothing of solution/",
  async find(course, copy) {
    await writeCopy(course, copy);
    const files = filesBelow(copy);
    const edited = studentFiles(course.rubric);
    const off = files.filter((file) => !edited.includes(file) && !keepList.some((kept) => kept.test(file)));
    return [
      ...off.map((file) =>
        broken(`The copy holds ${file}, which is not on the keep-list of grader/instructor/check/copy.ts.`),
      ),
      ...sameFiles(course, copy, files),
      ...samePhrases(course, copy, files),
    ];
  },
};

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

/** Words in a row that the copy shares with the solution, and that the handed-out files do not explain. */
function samePhrases({ root, rubric }: Course, copy: string, files: readonly string[]): Finding[] {
  const handedOut = [...filesBelow(root, 'assignment'), ...studentFiles(rubric), 'rubric.yaml'];
  const open = new Set(handedOut.flatMap((file) => phrasesIn(readFile(root, file))));
  const secret = new Map<string, string>();
  for (const file of filesBelow(root, 'solution')) {
    for (const phrase of phrasesIn(readFile(root, file))) if (!open.has(phrase)) secret.set(phrase, file);
  }
  return files.flatMap((file) => {
    const told = phrasesIn(readFile(copy, file)).find((phrase) => secret.has(phrase));
    if (told === undefined) return [];
    return broken(
      `${file} in the copy says “${told}”, as ${secret.get(told)} does. Word it otherwise, or take it out.`,
    );
  });
}

function phrasesIn(text: string): string[] {
  const words = text.replace(/^import\b[^;]*;$/gm, '').match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.slice(phraseLength - 1).map((_, index) => words.slice(index, index + phraseLength).join(' '));
}

export const grading: Check = {
  promise: "The students' copy judges as this course does, or not at all",
  async find(course, copy) {
    const rubric = loadRubric(copy);
    if (rubric.digest !== course.rubric.digest)
      return [broken('The copy has another rubric than this course.')];
    const key = chooseKey(copy, rubric);
    const report = await gradeFolder(copy, rubric, key);
    if (report.started) return [broken('The copy is started already. Put back the stubs.')];
    if (course.rubric.selfCheck === 'form') {
      const hasKey = key !== noKey || existsSync(at(copy, sealedKeyFile));
      return hasKey ? [broken('self_check is form, and the copy holds a key. It must not.')] : [];
    }
    for (const { row, values } of rowsToTry(course)) {
      const typed = new Map(Object.entries(values));
      const [sealed, plain] = await Promise.all([key.judge(row, typed), course.key.judge(row, typed)]);
      if (!isDeepStrictEqual(sealed, plain)) {
        const shown = Object.values(values).join(' x ');
        return [
          broken(
            `The sealed key judges ${row} as ${shown} otherwise than the plain one. Correct grader/key/.`,
          ),
        ];
      }
    }
    return [];
  },
};

/** Each row as it is right, with every known wrong answer, and with a cell that is wrong in no known way. */
function rowsToTry(course: Course): { row: string; values: Values[string] }[] {
  return Object.entries(rightValues(course)).flatMap(([row, right]) => [
    { row, values: right },
    ...course.solution.misconceptions
      .filter((entry) => entry.row === row)
      .map(({ shape }) => ({ row, values: { ...right, ...shape } })),
    ...Object.keys(right).map((column) => ({ row, values: { ...right, [column]: 77_777 } })),
  ]);
}
