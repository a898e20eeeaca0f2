import { cpSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Course } from '../../course';
import { GraderError } from '../../error';
import { graderRoot, listFiles, readText, resolvePath, writeFile } from '../../files';
import { gradeFolder, keyOfCopy } from '../../grading/context';
import type { Files } from '../../hosts/host';
import { bundledHosts } from '../../hosts/registry';
import { type ExpectedRow, rightAnswers } from '../../key/hints';
import { noKey } from '../../key/key';
import { expectedIn, expectedRows, partsOf } from '../../key/plain';
import { sealedKeyFile } from '../../key/sealed';
import { pageHasKey, worksheetPageFile, writePage } from '../../page/page';
import { runScript } from '../../program';
import { loadRubric } from '../../rubric/load';
import { allRowsOf } from '../../rubric/rubric';
import { withTempDir } from '../../temp-dir';
import { referenceFolder } from '../generate/fixtures';
import { bundlesFor } from '../release/hosts';
import { makeCopy, sealedKeyIn } from '../release/students-copy';
import { bug, type Check, type Finding, failed, note } from './finding';
import { changedRow, wrongAnswers } from './key';
import { leaks } from './leaks';

const noWorkflow =
  'There is no .github/workflows/classroom.yml, so nothing grades what students push. Put it back unless you removed it on purpose.';

export const contentsCheck: Check = {
  claim: "The students' copy holds what it should, and nothing of solution/",
  async find(course, copy) {
    await makeCopy(course, copy);
    const files = listFiles(copy);
    return [
      ...(files.includes('.github/workflows/classroom.yml')
        ? []
        : [note('copy-without-workflow', noWorkflow)]),
      ...leaks(course, copy, files),
    ];
  },
};

export const gradingCheck: Check = {
  claim: "The students' copy judges as this course does, or not at all",
  async find(course, copy) {
    const rubric = loadRubric(copy);
    if (rubric.digest !== course.rubric.digest)
      return [failed('copy-of-other-rubric', 'The copy’s rubric is not this course’s.')];
    const key = keyOfCopy(copy, rubric);
    const report = await gradeFolder(copy, rubric, key);
    if (report.reflection && !report.reflection.untouched)
      return [
        failed(
          'copy-reflection-answered',
          'The reflection that students get counts as answered. Change intro in rubric.yaml: something in it is read as a response.',
        ),
      ];
    if (report.started) return [bug('copy-filled-in', 'The worksheet in the copy is filled in already.')];
    if (course.rubric.selfCheck === 'form') {
      const hasKey = key !== noKey || existsSync(resolvePath(copy, sealedKeyFile));
      return hasKey
        ? [failed('copy-holds-key', 'self_check is form, and the copy holds a key. It must not.')]
        : [];
    }
    const judged = rowsToTry(course).map(async (row) => {
      const [sealed, plain] = await Promise.all([key.judge(row), course.key.judge(row)]);
      if (isDeepStrictEqual(sealed, plain)) return [];
      const values = row.cells.map(({ value }) => value).join(' x ');
      return [
        bug(
          'copy-judges-otherwise',
          `The sealed key judges ${row.id} as ${values} differently from the plain one.`,
        ),
      ];
    });
    return (await Promise.all(judged)).flat().slice(0, 1);
  },
};

/** Each row with its right answers, with each known wrong answer, and with other values in single cells. */
function rowsToTry({ rubric, solution }: Course): ExpectedRow[] {
  const expected = expectedRows(solution);
  const misconceptions = partsOf(solution).flatMap((part) => part.misconceptions);
  return allRowsOf(rubric).flatMap(({ id, cells }) => {
    const right = expected.find((row) => row.id === id);
    if (!right) return [];
    const known = misconceptions.filter(({ row }) => row === id);
    const single = cells.flatMap((cell) => {
      const answer = expectedIn({ expected }, id, cell.id);
      const answers = answer ? [...rightAnswers(answer), ...wrongAnswers(cell, answer)] : [];
      return answers.map((answer) => ({ [cell.id]: answer }));
    });
    return [
      right,
      ...[...known.map(({ values }) => values), ...single].map((values) => changedRow(right, values)),
    ];
  });
}

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface PackageLock {
  readonly packages?: Readonly<Record<string, LockedPackage & { readonly dev?: boolean }>>;
}

export const partsCheck: Check = {
  claim: "The students' copy asks for what it runs, in the versions that this course has",
  find: (_course, copy) => [...lock(graderRoot), ...lock(copy)],
};

/** Checks that the lock matches package.json, since npm ci refuses any other. */
function lock(root: string): Finding[] {
  const asked = JSON.parse(readText(root, 'package.json')) as LockedPackage;
  const { packages = {} } = JSON.parse(readText(root, 'package-lock.json')) as PackageLock;
  const locked = packages[''];
  const isSame =
    isDeepStrictEqual(locked?.dependencies, asked.dependencies) &&
    isDeepStrictEqual(locked?.devDependencies, asked.devDependencies);
  const hasOnlyThese = asked.devDependencies !== undefined || !Object.values(packages).some(({ dev }) => dev);
  return isSame && hasOnlyThese
    ? []
    : [
        failed(
          'lock-does-not-fit',
          'package-lock.json does not match package.json. Run npm install and try again.',
        ),
      ];
}

export const pageCheck: Check = {
  claim: 'The single-page worksheet can be made, and shows no answer',
  find: (course, copy) =>
    withTempDir(async (folder) => {
      await writePage(course, folder, sealedKeyIn(course, copy));
      const hasKey = /"log2N":/.test(readText(folder, worksheetPageFile));
      const key =
        pageHasKey(course) || !hasKey ? [] : [bug('page-holds-key', 'The page holds a key, and must not.')];
      return [...leaks(course, folder, [worksheetPageFile]), ...key];
    }),
};

export const hostsCheck: Check = {
  claim: 'The bundles for other hosts grade by themselves, and hold no answer that can be read',
  find: (course, copy) =>
    withTempDir(async (folder) => {
      const { root, rubric, key } = course;
      const { points } = await gradeFolder(resolvePath(root, referenceFolder), rubric, key);
      const bundles = await bundlesFor(course, copy);
      const findings = bundledHosts.map(async (host) => {
        const { id, title, bundled } = host;
        const files = bundles.get(id) ?? {};
        const place = path.join(folder, id);
        const score = await scoreByBundle(host, files, resolvePath(root, referenceFolder), place);
        // Another check covers whether the reference is right.
        const other = `On ${title} ${referenceFolder} would earn ${score} of ${rubric.possible}, but here it earns ${points}.`;
        return [
          ...leaks(course, path.join(place, bundled.layout.bundle), Object.keys(files)),
          ...(score === points ? [] : [bug('bundle-grades-otherwise', other)]),
        ];
      });
      return (await Promise.all(findings)).flat();
    }),
};

/**
 * Grades the submission in a folder with a host's bundle, and returns the score.
 *
 * @param place a new folder, in which everything is laid out as on the host.
 * @throws {GraderError} if the bundle fails to grade.
 */
export async function scoreByBundle(
  { id, bundled }: (typeof bundledHosts)[number],
  files: Files,
  submission: string,
  place: string,
): Promise<unknown> {
  const { layout } = bundled;
  const bundle = path.join(place, layout.bundle);
  for (const [file, text] of Object.entries(files)) writeFile(bundle, file, text);
  cpSync(submission, path.join(place, layout.submission), { recursive: true });
  mkdirSync(path.dirname(path.join(place, layout.result)), { recursive: true });
  const { status, stderr } = await runScript([path.join(bundle, 'grade.js'), id], {
    cwd: path.join(place, layout.workingFolder),
    env: { ...process.env, ...layout.variables },
  });
  if (status === 0) return (JSON.parse(readText(place, layout.result)) as { score: unknown }).score;
  throw new GraderError(
    'folder',
    'bundle-fails',
    `The bundle for ${id} does not grade: ${stderr.trim().split('\n')[0]}`,
    'If the cause is not in this course, it is a bug in the grader: report it with this line.',
  );
}
