import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Document, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { atBothSizes, telling } from '../grader/authoring/check/check';
import { askAgainOf } from '../grader/course/ask-again';
import { type Course, loadCourse } from '../grader/course/course';
import { handoutOf } from '../grader/course/handout';
import { worksheetFiles } from '../grader/course/stub';
import { worksheetPage } from '../grader/page/worksheet-page';
import { deleteAsTold } from '../grader/testing/fixtures';
import { newClone, newOwnCourse, packageRoot } from '../grader/testing/folders';
import { runInProcess } from '../grader/testing/in-process';
import { tries } from '../grader/testing/long';
import { modelCards } from './cards';
import type { Given } from './model';

test('after any documented change npm run generate writes the rest, and check, a release and the tests pass', async () => {
  const root = newClone();
  const file = path.join(root, 'rubric.yaml');
  const original = readFileSync(file, 'utf8');
  const config = { model_type: 'llama', hidden_size: 1536, num_attention_heads: 24, num_key_value_heads: 8 };
  const more = { num_hidden_layers: 16, vocab_size: 128_256, max_position_embeddings: 131_072 };
  writeFileSync(path.join(root, 'my-model.json'), JSON.stringify({ ...config, ...more }));
  const failed: string[] = [];
  for (const edits of changedTogether) {
    cpSync(path.join(packageRoot, 'solution'), path.join(root, 'solution'), { recursive: true });
    const rubric = parseDocument(original);
    for (const edit of Object.values(edits)) edit(rubric, root);
    writeFileSync(file, rubric.toString());
    const { stdout, stderr } = await runInProcess(root, 'generate');
    let check = await runInProcess(root, 'check');
    if (check.status !== 0) {
      deleteAsTold(root, check.stdout);
      check = await runInProcess(root, 'check');
    }
    const jest = path.join('node_modules', 'jest', 'bin', 'jest.js');
    const env = { ...process.env, FORCE_COLOR: '0', INIT_CWD: root };
    const tests = spawnSync(process.execPath, [jest, '--silent', '-i', 'solution'], {
      cwd: root,
      encoding: 'utf8',
      env,
    });
    const faults = [
      stderr,
      ...(check.status === 0 ? [] : [stdout, check.stdout]),
      ...(tests.status === 0 ? [] : [tests.stderr]),
    ].join('');
    if (faults !== '') failed.push(`${Object.keys(edits).join('; ')}: ${faults}`);
  }
  expect(failed).toEqual([]);
}, 300_000);

/**
 * Published models without a card: the width of the embedding, the number of heads and of key heads, and the width of a
 * head.
 */
const published: Readonly<Record<string, readonly [number, number, number, number]>> = {
  'Qwen3-4B': [2560, 32, 8, 128],
  'phi-2': [2560, 32, 32, 80],
  'Gemma-3-4B': [2560, 8, 4, 256],
  'Granite-3.1-2B': [2048, 32, 8, 64],
  'OLMo-2-1B': [2048, 16, 16, 128],
  'Llama-3.2-3B': [3072, 24, 8, 128],
  'Qwen2.5-7B': [3584, 28, 4, 128],
  'Gemma-2-2B': [2304, 8, 4, 256],
  'Llama-3.1-70B': [8192, 64, 8, 128],
};

test('about any known or published model, laws and hints hold at both sizes, and no text tells an answer', async () => {
  const root = newClone();
  const file = path.join(root, 'rubric.yaml');
  for (const [name, [hidden_size, num_attention_heads, num_key_value_heads, head_dim]] of Object.entries(
    published,
  )) {
    const sizes = { hidden_size, num_attention_heads, num_key_value_heads, head_dim, num_hidden_layers: 24 };
    const config = { model_type: 'qwen3', ...sizes, vocab_size: 128_256, max_position_embeddings: 131_072 };
    writeFileSync(path.join(root, `${name}.json`), JSON.stringify(config));
  }
  const original = readFileSync(file, 'utf8');
  const every = [...Object.keys(modelCards), ...Object.keys(published).map((name) => `./${name}.json`)];
  const step = Math.round(every.length / tries(every.length));
  for (const model of every.filter((_, index) => index % step === 0)) {
    const rubric = parseDocument(original);
    rubric.setIn(['given', 'model'], model);
    writeFileSync(file, rubric.toString());
    const course = loadCourse(root, false);
    const found = [...telling(course), ...atBothSizes(course)].filter(({ kind }) => kind === 'fault');
    expect({ model, found }).toEqual({ model, found: [] });
  }
}, 300_000);

type Model = Given[string];

const models: readonly Model[] = [
  ...Object.keys(modelCards),
  { width: 960, heads: 10 },
  { width: 1120, heads: 10 },
];
const nameOf = (model: Model) => (typeof model === 'object' ? 'an invented model' : String(model));
const sourceOf = (model: Model) => modelCards[nameOf(model)]?.source;
const wordsOf = (model: Model) => [nameOf(model), sourceOf(model)?.title, sourceOf(model)?.link];

/** This worksheet about one model, with a class page that asks again about another. */
function courseAbout(root: string, model: Model, asked: Model): Course {
  const file = path.join(root, 'rubric.yaml');
  const rubric = parseDocument(readFileSync(file, 'utf8'));
  // The title in rubric.yaml may name its own model.
  rubric.set('title', 'Shapes');
  rubric.setIn(['given', 'model'], model);
  rubric.setIn(['ask_again', 'model'], asked);
  writeFileSync(file, String(rubric));
  return loadCourse(root, false);
}

/** Faults of a text that may be only about certain models: names and links of others, and slips in a template. */
function faultsIn(text: string, spokenOf: readonly Model[]): string[] {
  const shown = text.replaceAll(/<(script|style)[\s>].*?<\/\1>/gs, '');
  const own = spokenOf.flatMap(wordsOf);
  // A name inside a longer one of its own, such as GPT-2 in GPT-2-small, is not another model's.
  const rest = own.reduce<string>((left, name) => (name ? left.replaceAll(name, '') : left), shown);
  const holds = (name: string) =>
    rest
      .split(name)
      .slice(1)
      .some((after) => !/^[\p{L}\p{N}]/u.test(after));
  const others = models.flatMap(wordsOf).filter((name) => name !== undefined && !own.includes(name));
  return [
    ...others.filter((name) => name !== undefined && holds(name)),
    ...['undefined', '[object', 'NaN', '****', '[]('].filter((slip) => shown.includes(slip)),
    ...(/\|[ :|-]+-:? \|\n(?!\|)|<tbody[^>]*>\s*<\/tbody>/.test(shown) ? ['an empty table'] : []),
  ].map(String);
}

test('a worksheet about any model speaks of that model, and of no other but where the class page asks again', async () => {
  const root = newOwnCourse();
  // The diagram is the same for every model and takes a second to draw, so leave it out.
  const template = path.join(root, 'solution', 'handout.md');
  writeFileSync(template, readFileSync(template, 'utf8').replace('```mermaid', '```text'));
  for (const [index, model] of models.entries()) {
    const asked = models[(index + 1) % models.length] ?? '';
    const course = courseAbout(root, model, asked);
    const handout = handoutOf(course, '');
    const isSibling = (other: Model) => sourceOf(other) && sourceOf(other)?.title === sourceOf(model)?.title;
    const told = [model, ...models.filter(isSibling)];
    const shown = String(askAgainOf(course)?.stated.join('\n'));
    const faults = [
      ...faultsIn(handout, told),
      ...faultsIn(await worksheetPage(course, undefined), told),
      ...Object.values(worksheetFiles(course.rubric)).flatMap((text) => faultsIn(text, [])),
      ...faultsIn(shown, [asked]),
    ];
    expect([model, faults, shown.includes(nameOf(asked))]).toEqual([model, [], typeof asked === 'string']);
    const [head = ''] = handout.split('## What is asked');
    expect(head).toContain(`**${nameOf(model)}**`);
    const links = [sourceOf(model)?.link, sourceOf(model)?.sizes].filter(Boolean).map((link) => `](${link})`);
    expect(head.match(/\]\(https:[^)]*\)/g) ?? []).toEqual(links);
  }
});

type Edit = (rubric: Document, root: string) => void;

const about =
  (model: string): Edit =>
  (rubric) =>
    rubric.setIn(['given', 'model'], model);

/**
 * Changes that README and docs/ tell people to make, as edits of rubric.yaml or of a hint, grouped by what goes
 * together.
 */
const changedTogether: readonly Readonly<Record<string, Edit>>[] = [
  {
    'a model of multi-head attention': about('GPT-2-small'),
    'tokens, points, and labels': (rubric) => {
      rubric.setIn(['given', 'tokens'], 50);
      rubric.setIn(['tables', 0, 'points'], 2);
      rubric.setIn(['tables', 0, 'rows', 1, 'label'], 'What is asked for');
      rubric.setIn(['tables', 0, 'columns', 0, 'label'], 'Height');
    },
    'a question with other words, one more, and one response': (rubric) => {
      rubric.setIn(['reflection', 'questions', 0, 'label'], 'What matters?');
      rubric.addIn(['reflection', 'questions'], rubric.createNode({ id: 'tempo', label: 'Too fast?' }));
      rubric.setIn(['reflection', 'choose'], 1);
    },
  },
  {
    'a model with fewer keys': about('Qwen3-0.6B'),
    'a question less, and no dispute': (rubric) => {
      rubric.deleteIn(['reflection', 'questions', 4]);
      rubric.deleteIn(['reflection', 'dispute']);
    },
    'a deadline, and another title': (rubric) => {
      const due = { due: '2026-12-01T23:59', timezone: 'America/New_York', late: { per_day: '10%' } };
      rubric.set('deadline', due);
      rubric.set('title', 'Week 3: shapes');
    },
    'a hint': (_, root) => {
      const file = path.join(root, 'solution', 'misconceptions.ts');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace('How wide is one head alone?', 'How wide is a single one?'));
    },
  },
  {
    'a published configuration': about('./my-model.json'),
    'a row less, and no reflection': (rubric) => {
      withoutValues(rubric);
      rubric.delete('reflection');
    },
    'no drawing, and nothing asked again': (rubric) => {
      rubric.deleteIn(['tables', 0, 'draw']);
      rubric.delete('ask_again');
    },
    'marks of form': (rubric) => rubric.set('self_check', 'form'),
  },
];

function withoutValues(rubric: Document): void {
  rubric.deleteIn(['tables', 0, 'rows', 3]);
  const laws = rubric.get('laws') as YAMLSeq<YAMLMap>;
  laws.items = laws.items.filter((law) => !String(law.get('law')).includes('values.'));
}
