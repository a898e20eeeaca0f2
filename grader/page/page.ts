import { numbersNamed } from '../authoring/generate/template';
import { worksheetFiles } from '../authoring/generate/worksheet';
import { program } from '../build';
import type { Course } from '../course';
import { writeFile } from '../files';
import type { SealedFile } from '../key/sealed';
import { noticesOf } from '../notices';
import { type HtmlText, page } from '../render/escape/html';
import type { Rubric } from '../rubric/rubric';
import { readAnswers } from '../submission/cells';
import { handingIn } from './hand-in';
import { pageHandout } from './handout';
import { pageBody } from './markup';
import type { Sheet } from './work';

/** The file name of the page, in its folder of a release. */
export const worksheetPageFile = 'worksheet.html';

/** The data that is embedded in the page. */
export interface PageData extends Sheet {
  /** Missing if the page can check only the form of answers. */
  readonly key?: SealedFile;
}

/**
 * Writes the page of a course into a folder.
 *
 * @throws {GraderError} as `worksheetPage` does.
 */
export async function writePage(
  course: Course,
  folder: string,
  sealed: SealedFile | undefined,
): Promise<void> {
  writeFile(folder, worksheetPageFile, await worksheetPage(course, sealed));
}

/** Whether the page of a course can judge answers. */
export function pageHasKey({ rubric }: Pick<Course, 'rubric'>): boolean {
  return rubric.selfCheck === 'scored';
}

/**
 * Builds the worksheet as one page that needs no installation: handout, fields, and the grader itself.
 *
 * @param sealed the key of the students' copy.
 * @throws {GraderError} if a part of the course cannot be put into the page.
 */
export async function worksheetPage(course: Course, sealed: SealedFile | undefined): Promise<HtmlText> {
  const hasKey = sealed !== undefined && pageHasKey(course);
  // Students do not get the values that only solution/ reads.
  const rubric: Rubric = { ...course.rubric, given: {}, selfCheck: hasKey ? 'scored' : 'form' };
  const facts = factsFor(course);
  const stub = worksheetFiles(course.rubric)[rubric.file] ?? '';
  const handout = await pageHandout(course);
  const [{ code, inputs }, style] = [program('page'), program('style')];
  const data: PageData = { rubric, stub, facts, ...(hasKey && { key: sealed }) };
  const body = pageBody(rubric, handout, facts, handingIn(course));
  return page(rubric.title, style.code.trim(), body, {
    script: code.trim(),
    data,
    notices: noticesOf(inputs),
  });
}

/** Returns the numbers of the handout whose names can be used in a cell. */
function factsFor(course: Course): Record<string, number> {
  const { root, rubric, solution } = course;
  const facts = { ...rubric.given, ...solution.handoutFacts };
  const named = numbersNamed(root, facts);
  const exported = rubric.tables.map((table) => table.export);
  return Object.fromEntries(
    Object.entries(named).filter(([name, value]) => {
      if (exported.includes(name)) return false;
      const source = `const ${name} = ${value};\nexport const it = { one: { two: ${name} } };`;
      return !readAnswers(source, probe).isUnreadable;
    }),
  );
}

/** A minimal worksheet, for testing whether a name can be used in a cell. */
const probe = {
  file: 'probe.ts',
  tables: [
    {
      export: 'it',
      columns: [{ id: 'two', label: 'two' }],
      rows: [
        {
          id: 'one',
          label: 'one',
          cells: [{ id: 'two', label: '', points: 0, kind: 'count', settings: {} }],
        },
      ],
    },
  ],
};
