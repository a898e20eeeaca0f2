import { existsSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gradeFolder } from '../../grade';
import { chooseKey } from '../../key/choose';
import { noKey } from '../../key/key';
import { sealedKeyFile } from '../../key/sealed-file';
import { loadRubric } from '../../rubric/load';
import { type Course, studentFiles } from '../course';
import { at, filesBelow } from '../files';
import { copiedFiles, writeCopy } from '../release/copy';
import { keyForStudents } from '../release/seal';
import { broken, bug, type Check, note } from './check';
import { leaks } from './leaks';
import { rightValues, type Values } from './table';

/** Whether a file goes over because the stub or the handout asks for it. */
function isOfAuthor(file: string): boolean {
  return !/^(?:grader\/|\.github\/|LICENSE$|tsconfig\.json$)/.test(file);
}

/** In the folders of the files that students edit: types, and pictures for the handout. */
function isBesideStudentFiles(file: string, edited: readonly string[]): boolean {
  const folders = ['assignment', ...edited.map((name) => path.posix.dirname(name))];
  const isInside = folders.some((folder) => folder !== '.' && file.startsWith(`${folder}/`));
  return isInside && /\.(?:ts|png|jpe?g|gif|svg|webp)$/.test(file);
}

const noWorkflow =
  'There is no .github/workflows/classroom.yml, so nothing grades what students push. Put it back if that is not meant.';

export const contents: Check = {
  promise: "The students' copy holds what it should, and nothing of solution/",
  async find(course, copy) {
    writeCopy(course, copy, await keyForStudents(course));
    const files = filesBelow(copy);
    const edited = studentFiles(course.rubric);
    const off = copiedFiles(course).filter(
      (file) => isOfAuthor(file) && !edited.includes(file) && !isBesideStudentFiles(file, edited),
    );
    return [
      ...(files.includes('.github/workflows/classroom.yml') ? [] : [note(noWorkflow)]),
      ...off.map((file) =>
        broken(
          `The copy would hold ${file}, which the stub imports or the handout links to. Only TypeScript and pictures beside what students edit go along: take it out, or put what it says into the handout.`,
        ),
      ),
      ...leaks(course, copy, files),
    ];
  },
};

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
        return [bug(`The sealed key judges ${row} as ${shown} otherwise than the plain one.`)];
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
