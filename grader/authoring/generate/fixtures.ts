import { existsSync, readdirSync } from 'node:fs';
import type { Course } from '../../course';
import { readText, resolvePath } from '../../files';
import { expectedIn } from '../../key/plain';
import { kindOf } from '../../kinds/registry';
import { type Given, studentFiles } from '../../rubric/rubric';
import { readYaml } from '../../rubric/yaml-file';
import { reflectionOf } from './reflection';
import { answersText, worksheetFiles } from './worksheet';

const words = { type: 'string', description: 'a text' };

const schema = {
  type: 'object',
  description: 'a fixture: about, points and given',
  required: ['about'],
  additionalProperties: false,
  properties: {
    about: words,
    points: { type: ['integer', 'null'], description: 'a whole number, or null where it cannot be graded' },
    given: { type: 'object', description: 'the sizes that its answers were written for' },
    reflection: { type: 'object', description: 'responses by question', additionalProperties: words },
  },
};

export const referenceFolder = 'solution/reference';
/** The fixture that holds the stub as it is handed out. */
export const blankFolder = 'solution/fixtures/blank';
const fixturesFolder = 'solution/fixtures';

/** A submission to try. */
export interface Fixture {
  /** Its files are in this folder, as a student would hand them in. */
  readonly folder: string;
  /** The file that describes it, and the line of its points. */
  readonly place: string;
  /** null where it cannot be graded. */
  readonly points?: number | null;
  /** The sizes that its answers were written for, if they are not those of rubric.yaml. */
  readonly given?: Given;
  /** Of the reference: its responses, by question. */
  readonly reflection?: Readonly<Record<string, string>>;
}

/**
 * Reads the description of each fixture, and of the reference, which gives all points.
 *
 * @throws {GraderError} that names the place of a fault.
 */
export function fixturesOf({ root, rubric }: Pick<Course, 'root' | 'rubric'>): Fixture[] {
  const all = resolvePath(root, fixturesFolder);
  const entries = existsSync(all) ? readdirSync(all, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const fixtures = names.sort().map((name) => described(root, `${fixturesFolder}/${name}`));
  return [{ ...described(root, referenceFolder), points: rubric.possible }, ...fixtures];
}

function described(root: string, folder: string): Fixture {
  const file = `${folder}/fixture.yaml`;
  const text = readText(root, file);
  const line = text.split('\n').findIndex((one) => one.startsWith('points')) + 1;
  return { folder, place: `${file}:${line || 1}`, ...readYaml<object>(file, text, schema) };
}

/** The fixtures that are generated, by path: the stub, and the reference with every right answer and its responses. */
export function madeFixtures({ root, rubric, solution }: Course): Record<string, string> {
  const { file, reflection } = rubric;
  const stub = worksheetFiles(rubric);
  const files = Object.fromEntries(
    studentFiles(rubric).map((name) => [`${blankFolder}/${name}`, stub[name] ?? '']),
  );
  files[`${referenceFolder}/${file}`] = answersText(rubric, (row, cell) =>
    kindOf(cell).sourceText(expectedIn(solution, row, cell.id)?.value ?? ''),
  );
  if (reflection) {
    const { reflection: responses } = described(root, referenceFolder);
    files[`${referenceFolder}/${reflection.file}`] = reflectionOf(reflection, responses);
  }
  return files;
}
