import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { listFiles, readText } from '../system/files';
import { newCopy, newCourse, newFolder, packageRoot, writeFiles } from '../testing/folders';
import { git } from '../testing/histories';
import { needs } from '../testing/needs';
import { runCommand } from '../testing/run';
import { answersOf, notesOf, rightAnswers, rubricYaml, wholeCourse } from '../testing/worksheet';

const text = { type: 'string', minLength: 1 };
const score = { type: 'integer', minimum: 0 };
const moment = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' };

const [format, visible] = [{ const: 'text' }, { const: 'visible' }];

let scored: ReturnType<typeof bundles>;
let form: ReturnType<typeof bundles>;
beforeAll(() => {
  scored = bundlesOf(wholeCourse);
  form = bundlesOf({ ...wholeCourse, 'rubric.yaml': `self_check: form\n${rubricYaml}` });
});

needs('python3', () => {
  const hostile = answersOf('{ down: "::error::x", across: "##[error]y" }', '{ down: 7, across: 13 }');
  test.each([
    ['full', rightAnswers, notesOf('a', 'b'), 10, () => scored],
    ['full, where students have no key,', rightAnswers, notesOf('a', 'b'), 10, () => form],
    ['hostile', hostile, notesOf(), 2, () => scored],
  ])('a %s submission has its points on both hosts', (_name, answers, notes, points, release) => {
    const files = { 'work/boxes.ts': answers, 'work/notes.md': notes };
    const checkout = newFolder();
    writeFiles(checkout, files);
    expect(onClassroom50(release().bundle, checkout)).toMatchObject({ status: 0, stderr: '' });
    const result = readText(checkout, 'result.json');
    const identity = { owner: 'ada-l', assignment_type: 'team' };
    expect(fitting(resultSchema, result)).toMatchObject({ ...identity, score: points, 'max-score': 10 });
    expect(readText(checkout, 'release-body.md')).toContain(`${points} of 10 points**`);
    const { results, ...done } = onGradescope(release().source, files);
    expect(done).toEqual({ status: 0, stderr: '' });
    const output = expect.stringContaining(`${points} of 10 points`);
    expect(fitting(resultsSchema, results)).toMatchObject({ score: points, output });
    expect(`${result}${results}`).not.toMatch(/::error|##\[/);
  });

  test('what a student left in the place of the result is replaced, and nothing behind it is touched', () => {
    const [checkout, outside] = [newFolder(), newFolder()];
    writeFiles(outside, { mine: 'Mine.' });
    symlinkSync(path.join(outside, 'mine'), path.join(checkout, 'result.json'));
    mkdirSync(path.join(checkout, 'release-body.md', 'folder'), { recursive: true });
    expect(onClassroom50(scored.bundle, checkout).status).toBe(0);
    expect(JSON.parse(readText(checkout, 'result.json')).score).toBe(0);
    expect(statSync(path.join(checkout, 'release-body.md')).isFile()).toBe(true);
    expect(readText(outside, 'mine')).toBe('Mine.');
  });

  test.each<[string, object, string | undefined, string]>([
    ['a variable of the host', { COMMIT_URL: '' }, undefined, 'The variable COMMIT_URL is not set.'],
    ['Node.js', { PATH: '' }, undefined, 'Give the assignment the runtime of runtime.json'],
    ['a whole key', {}, '{', 'has been cut short or edited'],
  ])('without %s staff read an error, and no host has a score', (_name, changed, key, says) => {
    const { bundle, source } = bundles(scored.out);
    const [broken, checkout] = [path.join(newFolder(), 'bundle'), newFolder()];
    cpSync(bundle, broken, { recursive: true });
    if (key !== undefined)
      for (const root of [broken, source]) writeFiles(root, { 'grader/sealed-key.json': key });
    writeFiles(checkout, { 'result.json': '{ "schema": "classroom50/result/v1", "score": 16 }' });
    const { status: code, stderr } = onClassroom50(broken, checkout, changed as NodeJS.ProcessEnv);
    expect([code === 0, existsSync(path.join(checkout, 'result.json'))]).toEqual([false, false]);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('your answers');
    if (key === undefined) return;
    expect(onGradescope(source, { 'boxes.ts': rightAnswers })).toMatchObject({ status: 2, results: '' });
  });
});

test('a bundle holds the sealed key, whatever the students’ copy has', () => {
  for (const { out, bundle, source } of [scored, form]) {
    expect(listFiles(bundle)).toEqual(['autograder.py', 'grade.js', 'grader/sealed-key.json', 'rubric.yaml']);
    expect(listFiles(source)).toContain('grader/sealed-key.json');
    const template = listFiles(path.join(out, 'classroom50', 'template'));
    const ours = listFiles(path.join(out, 'student')).filter(
      (file) => !file.startsWith('.github/workflows/'),
    );
    expect(template).toEqual(ours);
    expect(template.includes('grader/sealed-key.json')).toBe(out === scored.out);
  }
});

describe('the steps of the workflow', () => {
  const workflow = readText(packageRoot, '.github/workflows/classroom.yml');
  const { steps } = parse(workflow).jobs['run-autograding-tests'];
  const ids: (string | undefined)[] = steps.map(
    ({ id, uses = '' }: Record<string, string>) => id ?? uses.split('@')[0],
  );
  const run = (script: string, cwd: string, more: Record<string, string> = {}) => {
    const env = { ...process.env, ...more };
    return spawnSync('bash', ['--noprofile', '--norc', '-e', '-c', script], { cwd, encoding: 'utf8', env });
  };
  const scriptOf = (id: string): string => steps[ids.indexOf(id)].run;

  needs('bash', () => {
    const unlisted = 'The pull requests of this repository could not be listed.';
    test.each([
      ['no program gh', 'private', undefined, 'number=\n', unlisted],
      ['none for feedback', 'private', 'exit 0', 'number=\n', 'No pull request for feedback is open'],
      ['one for feedback', 'private', 'echo 7', 'number=7\n', ''],
      ['one that others can read', 'public', 'echo 7', '', 'is not private, so no comment is written'],
    ])('look for the pull request, say so, and go on, with %s', (_name, visibility, gh, output, says) => {
      const folder = newFolder();
      writeFiles(folder, { output: '', ...(gh && { gh: `#!/bin/sh\n${gh}\n` }) });
      const GITHUB_OUTPUT = path.join(folder, 'output');
      const env = { GITHUB_OUTPUT, REPOSITORY: 'o/r', VISIBILITY: visibility, KEPT: '/nothing' };
      // The folder has to be in the shell's own notation, on Windows too.
      const { status: code, stdout } = run(
        `chmod +x gh 2>&- || :; PATH="$PWD:$KEPT"\n${scriptOf('feedback')}`,
        folder,
        env,
      );
      expect([code, readText(folder, 'output')]).toEqual([0, output]);
      expect(stdout).toContain(says);
    });
  });

  needs('git', () => {
    test('say in one annotation which file was deleted before anything else runs, and how to get it back', () => {
      expect(ids.indexOf('complete')).toBe(ids.indexOf('actions/setup-node') - 1);
      const program = listFiles(newCopy({}), 'grader');
      const needed = [...program, 'rubric.yaml', 'package.json', 'package-lock.json', 'tsconfig.json'];
      const folder = newFolder();
      git(folder, ['init', '--quiet']);
      writeFiles(folder, Object.fromEntries(needed.map((file) => [file, file])));
      git(folder, ['add', '-A']);
      git(folder, ['commit', '--quiet', '-m', 'first']);
      expect(run(scriptOf('complete'), folder)).toMatchObject({ status: 0, stdout: '', stderr: '' });
      for (const name of ['grader', ...needed]) {
        rmSync(path.join(folder, name), { recursive: true });
        git(folder, ['commit', '--quiet', '-a', '-m', `Delete ${name}`]);
        const { status: code, stdout } = run(scriptOf('complete'), folder);
        expect([code, stdout.split('\n').length]).toEqual([1, 2]);
        const begin = `::error title=Grading failed (this is not a zero)::Missing in this repository: ${name}.`;
        expect(stdout.slice(0, begin.length)).toBe(begin);
        const [, restore = ''] = /In a clone, run: git pull; (.*); then commit/.exec(stdout) ?? [];
        expect(run(restore, folder).status).toBe(0);
        expect(run(scriptOf('complete'), folder).status).toBe(0);
        git(folder, ['commit', '--quiet', '-a', '-m', `Restore ${name}`]);
      }
    });
  });
});

const object = (required: object, optional = {}) => ({
  ...{ type: 'object', additionalProperties: false, required: Object.keys(required) },
  properties: { ...required, ...optional },
});

/** The schema `classroom50/result/v1`, based on what its collector accepts. */
const resultSchema = object(
  {
    ...{ schema: { const: 'classroom50/result/v1' }, classroom: text, assignment: text, owner: text },
    ...{
      assignment_type: { enum: ['individual', 'group', 'team'] },
      commit: text,
      release: text,
      review: text,
    },
    ...{ submission: { type: 'string', pattern: '^submit/' }, datetime: moment, score, 'max-score': score },
    tests: {
      type: 'array',
      items: object(
        { 'test-name': text, passed: { type: 'boolean' }, score, 'max-score': score },
        { message: text },
      ),
    },
  },
  { graded_at: moment },
);

/** The schema of Gradescope's `results.json`, based on its documentation. */
const test50 = {
  score,
  max_score: score,
  status: { enum: ['passed', 'failed'] },
  name: text,
  output: { type: 'string' },
};

const resultsSchema = object(
  {
    score: { type: 'number', minimum: 0 },
    tests: { type: 'array', minItems: 1, items: object(test50, { number: text, visibility: visible }) },
  },
  {
    ...{
      execution_time: { const: 0 },
      output: { type: 'string' },
      output_format: format,
      visibility: visible,
    },
    ...{ test_output_format: format, stdout_visibility: { const: 'hidden' }, extra_data: { type: 'object' } },
  },
);

function fitting(schema: object, content: string) {
  const validate = new Ajv().compile<Record<string, unknown>>(schema);
  const value: unknown = JSON.parse(content);
  validate(value);
  expect(validate.errors).toBeNull();
  return value as Record<string, unknown>;
}

/** Two bundles of a release, as they are unpacked on the hosts. */
function bundles(out: string) {
  const source = path.join(newFolder('autograder'), 'source');
  const archive = unzipSync(readFileSync(path.join(out, 'gradescope', 'autograder.zip')));
  for (const [file, bytes] of Object.entries(archive)) writeFiles(source, { [file]: Buffer.from(bytes) });
  return { out, bundle: path.join(out, 'classroom50', 'bundle'), source };
}

function bundlesOf(course: Readonly<Record<string, string>>) {
  const out = path.join(newFolder(), 'out');
  const { status, stderr } = runCommand(newCourse(course), 'release', '--out', out);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return bundles(out);
}

const variables = {
  ...{ CLASSROOM: 'fruit', ASSIGNMENT: 'boxes', USERNAME: 'ada-l', ASSIGNMENT_TYPE: 'team' },
  ...{ COMMIT_URL: 'https://example.org/c', RELEASE_URL: 'https://example.org/r' },
  ...{ REVIEW_URL: 'https://example.org/v', SUBMISSION_TAG: 'submit/2026-06-01T14-32-05Z-a1b2c3d' },
};

/** Runs the bundle as Classroom 50's runner does: the student's checkout is the working folder. */
function onClassroom50(bundle: string, checkout: string, changed: NodeJS.ProcessEnv = {}) {
  const where = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  const env = { ...process.env, ...variables, ...changed };
  const script = path.join(bundle, 'autograder.py');
  return spawnSync(where.stdout.trim(), [script], { cwd: checkout, encoding: 'utf8', env });
}

/** Runs the autograder on files as if they were uploaded to Gradescope. */
function onGradescope(source: string, files: Record<string, string | Buffer>) {
  const place = path.dirname(source);
  for (const folder of ['submission', 'results']) {
    rmSync(path.join(place, folder), { recursive: true, force: true });
    mkdirSync(path.join(place, folder));
  }
  writeFiles(path.join(place, 'submission'), files);
  const args = [path.join(source, 'grade.js'), 'gradescope'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const results = path.join(place, 'results', 'results.json');
  return { status, stderr, results: existsSync(results) ? readFileSync(results, 'utf8') : '' };
}
