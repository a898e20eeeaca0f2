import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { misnamed } from '../grader/authoring/check/check';
import { handoutOf } from '../grader/authoring/generate/template';
import { answersText, worksheetFiles } from '../grader/authoring/generate/worksheet';
import { pollOf, renderPoll } from '../grader/class/pages/vote';
import { statisticsOf } from '../grader/class/pages/statistics';
import { type Course, loadCourse } from '../grader/course';
import { score } from '../grader/grading/score';
import { worksheetPage } from '../grader/page/page';
import { findFiles } from '../grader/submission/find';
import { readSubmission } from '../grader/submission/submission';
import { newOwnCourse, removeFolders } from '../grader/testing/folders';
import { type Given, modelCards } from './model';

afterAll(removeFolders);

type Model = Given[string];

const models: readonly Model[] = [
  ...Object.keys(modelCards),
  { width: 960, heads: 10 },
  { width: 1120, heads: 10 },
];
const nameOf = (model: Model) => (typeof model === 'object' ? 'an invented model' : String(model));
const cardOf = (model: Model) => modelCards[nameOf(model)];
const titleOf = (model: Model) => cardOf(model)?.source?.title;

let root: string;
beforeAll(() => {
  root = newOwnCourse();
  // The diagram is the same for every model, and takes a second to draw.
  const handout = path.join(root, 'solution', 'handout.md');
  writeFileSync(handout, readFileSync(handout, 'utf8').replace('```mermaid', '```text'));
});

/** This worksheet about one model, with its second table about another and its vote about a third. */
function courseAbout(...[model, again, vote]: readonly Model[]): Course {
  const file = path.join(root, 'rubric.yaml');
  const rubric = parseDocument(readFileSync(file, 'utf8'));
  // The author's title may name the model of rubric.yaml.
  rubric.set('title', 'Shapes');
  rubric.setIn(['given', 'model'], model);
  rubric.setIn(['tables', 1, 'given', 'model'], again);
  rubric.setIn(['vote', 'model'], vote);
  writeFileSync(file, String(rubric));
  return loadCourse(root, false);
}

/** The vote of a class that fell for known wrong answers in every row: three students for the first, and others for the next. */
async function voteOf(course: Course): Promise<string> {
  const { rubric, solution } = course;
  const rows = await Promise.all(
    [0, 0, 0, 1, 2].map(async (turn, index) => {
      const known = (id: string) => {
        const all = solution.misconceptions.filter(({ row, values }) => row === id && values.columns);
        return all[turn % all.length];
      };
      const text = answersText(rubric, (row, cell) => String(known(row)?.values[cell.id] ?? 'null'));
      const files = findFiles([{ path: rubric.file, content: new TextEncoder().encode(text) }], rubric);
      const report = await score(rubric, readSubmission(files, rubric), course.key);
      return {
        ...({ key: `s${index}`, login: `s${index}`, status: 'graded', enrolled: true } as const),
        ...{ points: report.points, report, adjustments: [], responses: [], warnings: [] },
      };
    }),
  );
  const poll = pollOf(course, statisticsOf(rubric, rows, solution.misconceptions));
  if ('reason' in poll) throw new Error(poll.reason);
  return renderPoll(poll, rubric.title);
}

/** Whether a text holds a name as words of its own. */
function holds(text: string, name: string): boolean {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'u').test(text);
}

/** What is wrong with a text that may speak of some models alone: names and links of others, and slips of a template. */
function faultsIn(text: string, spokenOf: readonly Model[]): string[] {
  const shown = text.replaceAll(/<(script|style)[\s>].*?<\/\1>/gs, '');
  const own = spokenOf.flatMap((model) => [nameOf(model), titleOf(model), cardOf(model)?.source?.link]);
  const others = models.flatMap((model) => [nameOf(model), titleOf(model), cardOf(model)?.source?.link]);
  // A name within an own one, as GPT-2 is in GPT-2-small, is no other's.
  const rest = own.reduce<string>((left, name) => (name ? left.replaceAll(name, '') : left), shown);
  return [
    ...others.filter((name) => name !== undefined && !own.includes(name) && holds(rest, name)),
    ...['undefined', '[object', 'NaN', '****', '[]('].filter((slip) => shown.includes(slip)),
    ...(/\|[ :|-]+-:? \|\n(?!\|)|<tbody[^>]*>\s*<\/tbody>/.test(shown) ? ['an empty table'] : []),
  ].map(String);
}

test.each(
  models.map(
    (model, index) => [typeof model === 'object' ? JSON.stringify(model) : model, model, index] as const,
  ),
)(
  'a worksheet about %s speaks of that model, and of no other but in its second table and its vote',
  async (_name, model, index) => {
    const [again, vote] = [1, 2].map((step) => models[(index + step) % models.length] ?? model);
    const course = courseAbout(model, again ?? model, vote ?? model);
    const handout = handoutOf(course, '');
    const siblings = models.filter(
      (other) => titleOf(other) !== undefined && titleOf(other) === titleOf(model),
    );
    const page = await worksheetPage(course, undefined);
    const faults = {
      handout: faultsIn(handout, [model, again ?? model, ...siblings]),
      page: faultsIn(page, [model, again ?? model, ...siblings]),
      files: Object.values(worksheetFiles(course.rubric)).flatMap((text) => faultsIn(text, [again ?? model])),
      vote: faultsIn(await voteOf(course), [vote ?? model]),
    };
    expect(faults).toEqual({ handout: [], page: [], files: [], vote: [] });
    const [head = ''] = handout.split('## What is asked');
    const link = cardOf(model)?.source?.link;
    expect(head).toContain(`**${nameOf(model)}**`);
    const links = [link, cardOf(model)?.source?.sizes].flatMap((one) =>
      one === undefined ? [] : `](${one})`,
    );
    expect(head.match(/\]\(https:[^)]*\)/g) ?? []).toEqual(links);
    for (const size of Object.values(typeof model === 'object' ? model : {}))
      expect(head).toContain(`**${size}**`);
  },
);

test('title and labels name no other model than the given one, or npm run check says so', () => {
  const own = loadCourse(newOwnCourse(), false);
  expect([...misnamed(own)]).toEqual([]);
  for (const model of Object.keys(modelCards)) {
    const titled = { ...own, rubric: { ...own.rubric, title: `One head of ${model}` } };
    const kinds = [...misnamed(titled)].map(({ kind }) => kind);
    expect([model, kinds]).toEqual([model, model === own.rubric.given.model ? [] : ['note']]);
  }
});
