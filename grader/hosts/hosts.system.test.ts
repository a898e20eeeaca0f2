import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { listFiles, readText } from '../system/files';
import { newCourse, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { needs } from '../testing/needs';
import { type Released, released } from '../testing/released';
import { runCommand } from '../testing/run';
import {
  answersOf,
  blankAnswers,
  notesOf,
  rightAnswers,
  rubricYaml,
  wholeCourse,
} from '../testing/worksheet';

afterAll(removeFolders);

/** The schema `classroom50/result/v1`, based on what its collector accepts. */
const resultSchema = {
  type: 'object',
  additionalProperties: false,
  required: [
    ...['schema', 'classroom', 'assignment', 'assignment_type', 'owner', 'submission', 'commit', 'release'],
    ...['review', 'datetime', 'score', 'max-score', 'tests'],
  ],
  properties: {
    schema: { const: 'classroom50/result/v1' },
    classroom: { type: 'string', minLength: 1 },
    assignment: { type: 'string', minLength: 1 },
    assignment_type: { enum: ['individual', 'group'] },
    owner: { type: 'string', minLength: 1 },
    submission: { type: 'string', pattern: '^submit/' },
    commit: { type: 'string', minLength: 1 },
    release: { type: 'string', minLength: 1 },
    review: { type: 'string', minLength: 1 },
    datetime: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' },
    graded_at: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' },
    score: { type: 'integer', minimum: 0 },
    'max-score': { type: 'integer', minimum: 0 },
    tests: {
      type: 'array',
      items: {
        type: 'object',
        required: ['test-name', 'passed', 'score', 'max-score'],
        properties: {
          'test-name': { type: 'string', minLength: 1 },
          passed: { type: 'boolean' },
          score: { type: 'integer', minimum: 0 },
          'max-score': { type: 'integer', minimum: 0 },
        },
      },
    },
  },
};

/** The schema of Gradescope's `results.json`, based on its documentation. */
const resultsSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['score', 'tests'],
  properties: {
    score: { type: 'number', minimum: 0 },
    execution_time: { const: 0 },
    output: { type: 'string' },
    output_format: { const: 'text' },
    test_output_format: { const: 'text' },
    visibility: { const: 'visible' },
    stdout_visibility: { const: 'hidden' },
    extra_data: { type: 'object' },
    tests: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['score', 'max_score', 'status', 'name', 'output'],
        properties: {
          score: { type: 'integer', minimum: 0 },
          max_score: { type: 'integer', minimum: 0 },
          status: { enum: ['passed', 'failed'] },
          name: { type: 'string', minLength: 1 },
          number: { type: 'string' },
          output: { type: 'string' },
          visibility: { const: 'visible' },
        },
      },
    },
  },
};

interface Result {
  readonly score: number;
  readonly 'max-score': number;
  readonly tests: readonly { readonly score: number; readonly 'max-score': number }[];
}

interface Results {
  readonly score: number;
  readonly output: string;
  readonly tests: readonly { readonly score: number; readonly max_score: number; readonly output: string }[];
}

function fitting<Described>(schema: object, text: string): Described {
  const validate = new Ajv().compile<Described>(schema);
  const value: unknown = JSON.parse(text);
  validate(value);
  expect(validate.errors).toBeNull();
  return value as Described;
}

const variables = {
  CLASSROOM: 'fruit',
  ASSIGNMENT: 'boxes',
  USERNAME: 'ada-l',
  SUBMISSION_TAG: 'submit/2026-06-01T14-32-05Z-a1b2c3d',
  COMMIT_URL: 'https://example.org/c',
  RELEASE_URL: 'https://example.org/r',
};

const python = 'python3';

/** Releases the test course without a key for students. */
function releasedForm() {
  const rubric = `self_check: form\n${rubricYaml}`;
  const out = newFolder();
  const done = runCommand(newCourse({ ...wholeCourse, 'rubric.yaml': rubric }), 'release', '--out', out);
  expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: '' });
  return { out, said: done.stdout };
}

/** A release, with its two bundles unpacked as on the hosts. */
function bundles({ out, said }: Pick<Released, 'out' | 'said'>) {
  const source = path.join(newFolder('autograder'), 'source');
  const archive = unzipSync(readFileSync(path.join(out, 'gradescope', 'autograder.zip')));
  writeFiles(
    source,
    Object.fromEntries(Object.entries(archive).map(([file, bytes]) => [file, Buffer.from(bytes)])),
  );
  return { out, said, bundle: path.join(out, 'classroom50', 'bundle'), source };
}

/** Runs the bundle as Classroom 50's runner does: the student's checkout is the working folder. */
function onClassroom50(bundle: string, checkout: string, changed: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(python, [path.join(bundle, 'autograder.py')], {
    cwd: checkout,
    encoding: 'utf8',
    env: { ...process.env, ...variables, ...changed },
  });
  return { status, stdout, stderr };
}

/** Runs the autograder on files as if they were uploaded to Gradescope. */
function onGradescope(source: string, files: Record<string, string | Buffer>, hasFolder = true) {
  const place = path.dirname(source);
  for (const folder of ['submission', 'results']) {
    rmSync(path.join(place, folder), { recursive: true, force: true });
    mkdirSync(path.join(place, folder));
  }
  writeFiles(path.join(place, 'submission'), files);
  if (!hasFolder) rmSync(path.join(place, 'submission'), { recursive: true });
  const done = spawnSync(process.execPath, [path.join(source, 'grade.js'), 'gradescope'], {
    encoding: 'utf8',
  });
  const results = path.join(place, 'results', 'results.json');
  return {
    status: done.status,
    stderr: done.stderr,
    text: existsSync(results) ? readFileSync(results, 'utf8') : '',
  };
}

let scored: ReturnType<typeof bundles>;
beforeAll(() => {
  scored = bundles(released());
});

const submissions: [name: string, answers: string, notes: string, points: number][] = [
  ['full', rightAnswers, notesOf('a', 'b'), 10],
  ['partial', answersOf('{ down: 7, across: 24 }', '{ down: null, across: "x" }'), notesOf('Pears'), 4],
  ['zero', answersOf('{ down: 1, across: 1 }', '{ down: 1, across: 1 }'), notesOf(), 0],
  ['unreadable', 'export const boxes = {', '', 0],
  ['untouched', blankAnswers, notesOf(), 0],
  [
    'hostile',
    answersOf('{ down: "::error::x", across: "##[error]y" }', '{ down: 7, across: 13 }'),
    notesOf(),
    2,
  ],
];

needs('python3', () => {
  describe.each([
    ['scored', () => scored],
    ['form', () => bundles(releasedForm())],
  ] as const)('released with self_check: %s', (mode, release) => {
    let made: ReturnType<typeof bundles>;
    beforeAll(() => {
      made = release();
    });

    test.each(submissions)(
      'a %s submission has its points on both hosts',
      (_name, answers, notes, points) => {
        const files = { 'work/boxes.ts': answers, 'work/notes.md': notes };
        const checkout = newFolder();
        writeFiles(checkout, files);
        expect(onClassroom50(made.bundle, checkout)).toMatchObject({ status: 0, stderr: '' });
        const result = fitting<Result>(resultSchema, readText(checkout, 'result.json'));
        expect([result.score, result['max-score']]).toEqual([points, 10]);
        expect(result.tests.reduce((sum, test) => sum + test.score, 0)).toBe(points);
        expect(result.tests.reduce((sum, test) => sum + test['max-score'], 0)).toBe(10);
        expect(readText(checkout, 'release-body.md')).toContain(`${points} of 10 points**`);

        const gradescope = onGradescope(made.source, files);
        expect(gradescope).toMatchObject({ status: 0, stderr: '' });
        const results = fitting<Results>(resultsSchema, gradescope.text);
        expect(results.score).toBe(points);
        expect(results.tests.reduce((sum, test) => sum + test.score, 0)).toBe(points);
        expect(results.tests.reduce((sum, test) => sum + test.max_score, 0)).toBe(10);
        expect(results.output).toContain(`${points} of 10 points`);
        expect(`${readText(checkout, 'result.json')}${gradescope.text}`).not.toMatch(/::error|##\[/);
      },
    );

    test('a bundle holds the sealed key, whatever the students’ copy has', () => {
      const bundle = listFiles(made.bundle).filter((file) => file !== 'grade.js');
      expect(bundle).toEqual(['autograder.py', 'grader/sealed-key.json', 'rubric.yaml']);
      expect(listFiles(made.source)).toContain('grader/sealed-key.json');
      const template = listFiles(path.join(made.out, 'classroom50', 'template'));
      expect(template).toEqual(listFiles(path.join(made.out, 'student')));
      expect(template).not.toContain('.github/workflows/autograde.yaml');
      expect(template.includes('grader/sealed-key.json')).toBe(mode === 'scored');
      expect(made.said.includes('Anybody can read its bundle')).toBe(mode === 'form');
    });
  });

  describe('on Classroom 50', () => {
    let bundle: string;
    beforeAll(() => {
      bundle = scored.bundle;
    });

    test('the result tells whose it is, and when it was submitted', () => {
      const checkout = newFolder();
      onClassroom50(bundle, checkout, { REVIEW_URL: 'https://example.org/v', ASSIGNMENT_TYPE: 'group' });
      expect(JSON.parse(readText(checkout, 'result.json'))).toMatchObject({
        classroom: 'fruit',
        assignment: 'boxes',
        assignment_type: 'group',
        owner: 'ada-l',
        datetime: '2026-06-01T14:32:05Z',
        review: 'https://example.org/v',
      });
    });

    test('what a student left in the place of the result is replaced, and nothing behind it is touched', () => {
      const [checkout, outside] = [newFolder(), newFolder()];
      writeFiles(outside, { mine: 'Mine.' });
      symlinkSync(path.join(outside, 'mine'), path.join(checkout, 'result.json'));
      mkdirSync(path.join(checkout, 'release-body.md', 'folder'), { recursive: true });
      expect(onClassroom50(bundle, checkout).status).toBe(0);
      expect(JSON.parse(readText(checkout, 'result.json')).score).toBe(0);
      expect(statSync(path.join(checkout, 'release-body.md')).isFile()).toBe(true);
      expect(readText(outside, 'mine')).toBe('Mine.');
    });

    test.each([
      ['a variable that the host should set', { COMMIT_URL: '' }, 'The variable COMMIT_URL is not set.'],
      ['Node.js', { PATH: '' }, 'Give the assignment the runtime of runtime.json'],
    ])('without %s there is an error, and no score', (_name, changed, says) => {
      const checkout = newFolder();
      writeFiles(checkout, { 'result.json': '{ "schema": "classroom50/result/v1", "score": 16 }' });
      const where = spawnSync(python, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
      const done = spawnSync(where.stdout.trim(), [path.join(bundle, 'autograder.py')], {
        cwd: checkout,
        encoding: 'utf8',
        env: { ...process.env, ...variables, ...changed },
      });
      expect(done.status).not.toBe(0);
      expect(done.stderr).toContain(says);
      expect(existsSync(path.join(checkout, 'result.json'))).toBe(false);
    });

    test('a bundle that has lost its key is an error, and no score', () => {
      const [broken, checkout] = [newFolder(), newFolder()];
      writeFiles(checkout, { 'result.json': '{ "schema": "classroom50/result/v1", "score": 16 }' });
      for (const file of ['autograder.py', 'grade.js', 'rubric.yaml']) {
        writeFileSync(path.join(broken, file), readFileSync(path.join(bundle, file)));
      }
      const sealed = readFileSync(path.join(bundle, 'grader', 'sealed-key.json'), 'utf8');
      for (const [key, says] of [
        [undefined, 'is missing'],
        [
          sealed.replace(/("salt":\s*")(.)/, (_, key, first) => key + (first === '0' ? '1' : '0')),
          'has been changed since it was made',
        ],
      ] as const) {
        if (key !== undefined) writeFiles(broken, { 'grader/sealed-key.json': key });
        const { status, stderr } = onClassroom50(broken, checkout);
        expect(status).toBe(2);
        expect(stderr).toContain(`grader/sealed-key.json ${says}`);
        expect(stderr).toContain('Make the bundle again with npm run release');
        expect(stderr).not.toContain('your answers');
        expect(existsSync(path.join(checkout, 'result.json'))).toBe(false);
      }
    });
  });
});

describe('on Gradescope', () => {
  let source: string;
  beforeAll(() => {
    source = scored.source;
  });

  test('two files that were uploaded without their folder are found', () => {
    const { text } = onGradescope(source, { 'boxes.ts': rightAnswers, 'notes.md': notesOf('a', 'b') });
    expect(JSON.parse(text).score).toBe(10);
    const wrong = onGradescope(source, { 'boxes.ts': answersOf('{ down: 8, across: 11 }', 'null') });
    expect(wrong.text).toContain('(boxes.ts:2:19)');
  });

  const full = { 'work/boxes.ts': rightAnswers, 'work/notes.md': notesOf('a', 'b') };
  const below = (folder: string, files: Record<string, string | Buffer>) =>
    Object.fromEntries(Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text]));
  const archive = (files: Record<string, string>) =>
    Buffer.from(
      zipSync(Object.fromEntries(Object.entries(files).map(([file, text]) => [file, strToU8(text)]))),
    );
  const partly = answersOf('{ down: 7, across: 24 }', 'null');

  test.each<[string, Record<string, string | Buffer>, number, string]>([
    ['in their places', full, 10, '10 of 10 points\nNext'],
    ['two folders deep', below('me/fruit', full), 10, '10 of 10 points\nNext'],
    ['in an archive', { 'mine.zip': archive(full) }, 10, '10 of 10 points\nNext'],
    [
      'in an archive in a folder',
      { 'me/mine.ZIP': archive(below('fruit', full) as Record<string, string>) },
      10,
      '10 of 10 points\nNext',
    ],
    [
      'beside the untouched stub',
      { ...full, 'work/boxes.ts': blankAnswers, 'boxes.ts': rightAnswers },
      10,
      '“boxes.ts” counts as work/boxes.ts.',
    ],
    ['twice the same', { ...below('copy', full), 'mine.zip': archive(full) }, 10, '10 of 10 points\nNext'],
    [
      'as somebody else’s package',
      below('node_modules/fruit', full),
      0,
      'work/boxes.ts is missing. Hand it in, or take it from the original assignment',
    ],
    ['under another name', { 'boxes (1).ts': rightAnswers }, 4, '“boxes (1).ts” counts as work/boxes.ts.'],
    [
      'too large, with another copy elsewhere',
      { 'work/boxes.ts': `${rightAnswers}//${'x'.repeat(70_000)}`, 'old/boxes.ts': rightAnswers },
      4,
      '“old/boxes.ts” counts as work/boxes.ts.',
    ],
    [
      'too large',
      { 'work/boxes.ts': `${rightAnswers}//${'x'.repeat(70_000)}` },
      0,
      'work/boxes.ts is larger than 64 KiB',
    ],
    [
      'beside an archive that is cut short',
      { ...full, 'mine.zip': archive(full).subarray(0, 100) },
      10,
      '“mine.zip” was not opened: it is not a complete archive',
    ],
    [
      'beside an archive that is cut short, with only one file',
      { 'mine.zip': archive(full).subarray(0, 100), 'old/boxes.ts': partly },
      1,
      '“mine.zip” was not opened',
    ],
    [
      'in an archive with hidden folders',
      { 'mine.zip': archive({ ...full, '.history/boxes.ts': partly, 'node_modules/a/boxes.ts': partly }) },
      10,
      '10 of 10 points\nNext',
    ],
    ['not at all', {}, 0, 'work/boxes.ts is missing.'],
  ])(
    'files that were uploaded %s are graded where it is certain, and what was done is said',
    (_name, files, score, says) => {
      const { status, stderr, text } = onGradescope(source, files);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const results = fitting<Results>(resultsSchema, text);
      expect(results.score).toBe(score);
      expect(results.output).toContain(says);
    },
  );

  test.each<[string, Record<string, string | Buffer>, string]>([
    [
      'in two versions',
      { ...full, 'old/boxes.ts': partly },
      'different versions of work/boxes.ts: “work/boxes.ts” and “old/boxes.ts”',
    ],
    ['in an archive that is cut short', { 'mine.zip': archive(full).subarray(0, 100) }, '“mine.zip” was not'],
  ])('what was uploaded %s has no score, which is no zero, and a reason', (_name, files, says) => {
    const { status, stderr, text } = onGradescope(source, files);
    expect({ status, text }).toEqual({ status: 2, text: '' });
    expect(stderr).toContain(says);
  });

  test('without a folder for the submission there are results too', () => {
    const { status, text } = onGradescope(source, {}, false);
    expect(status).toBe(0);
    expect(fitting<Results>(resultsSchema, text).score).toBe(0);
  });

  test('a key of another rubric is an error, and no score', () => {
    const key = path.join(source, 'grader', 'sealed-key.json');
    const whole = readFileSync(key, 'utf8');
    for (const [text, says] of [
      [whole.replace(/"rubric":"\w{3}/, '"rubric":"000'), 'has been changed since it was made'],
      ['{', 'has been cut short or edited'],
      ['{}', 'is not a sealed key of this version'],
    ]) {
      writeFileSync(key, text ?? '');
      const { status, stderr, text: results } = onGradescope(source, { 'work/boxes.ts': rightAnswers });
      expect({ status, results }).toEqual({ status: 2, results: '' });
      expect(stderr).toContain(says);
    }
    writeFileSync(key, whole);
  });
});
