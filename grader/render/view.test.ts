import type { Report } from '../grading/report.schema';
import { score } from '../grading/score';
import { renderGradescope } from '../hosts/gradescope/host';
import { plainKey } from '../key/key';
import { interpolate, type Message } from '../message';
import { findFiles } from '../submission/find';
import { readSubmission } from '../submission/submission';
import { gradeTexts } from '../testing/grade';
import { answersOf, notesOf, rubric, solution } from '../testing/worksheet';
import { printHtml } from './html';
import { renderMarkdown } from './markdown';
import { printPlain, renderPlain } from './plain';
import { renderTerminal } from './terminal';
import { viewOf } from './view';

/** Files, by name, that cannot be graded as they are. */
const lost: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a missing comma': { 'work/boxes.ts': 'export const boxes = {\n  basket: { down: 7 across: 11 },\n};' },
  'no file': {},
  'a document': { 'work/boxes.docx': 'PK' },
  'two versions': {
    'work/boxes.ts': answersOf('{ down: 7, across: 11 }', 'null'),
    'work/boxes (1).ts': answersOf('{ down: 8, across: 11 }', 'null'),
  },
};

function graded(files: Readonly<Record<string, string>>): Promise<Report> {
  const given = Object.entries({ 'work/notes.md': notesOf('Pears'), ...files }).map(([path, text]) => ({
    path,
    content: new TextEncoder().encode(text),
  }));
  return score(rubric, readSubmission(findFiles(given, rubric), rubric), plainKey(rubric, solution));
}

/** What a medium shows, as plain words: without escapes, quotation marks and tags. */
const words = (text: string) => text.replaceAll(/<[^>]*>|[\\“”*]|` | `/g, '').replaceAll(/\s+/g, ' ');

const media: Readonly<Record<string, (report: Report) => string>> = {
  terminal: (report) => renderTerminal(report, { hasColors: false }),
  'sentences for screen readers': (report) => renderPlain(report, {}),
  'the summary on GitHub': (report) => renderMarkdown(report, { notes: [] }),
  feedback: (report) => printHtml(viewOf(report, { explanations: 'whole', headline: '3 of 10 points' })),
  Gradescope: (report) => JSON.parse(renderGradescope({ ...report, points: report.points ?? 0 })).output,
};

test.each(Object.keys(lost).flatMap((name) => Object.keys(media).map((medium) => [name, medium])))(
  'with %s, the reason and the fix come before the points in %s',
  async (name = '', medium = '') => {
    const report = await graded(lost[name] ?? {});
    const text = words(media[medium]?.(report) ?? '');
    const [problem] = report.problems;
    const reason = words(problem ? interpolate(problem.reason, String) : '');
    expect(problem?.reason.next).toBeDefined();
    expect(text).toContain(reason);
    expect(text.indexOf(reason)).toBeLessThan(text.search(/\d+ of 10|No points yet|Not started/));
  },
);

/** Every next step that a Report has for somebody who can still hand in. */
function stepsIn(report: Report): string[] {
  const { problems, remarks, rows, reflection } = report;
  const messages: (Message | undefined)[] = [
    ...problems.map(({ reason }) => reason),
    ...remarks,
    ...rows.flatMap(({ cells }) => cells.map(({ reason }) => reason)),
    ...[reflection?.reason, reflection?.remark],
  ];
  return messages.flatMap((one) => one?.next ?? []);
}

test.each(Object.keys(lost))('after the cutoff nothing is left to do with %s', async (name) => {
  const report = await graded(lost[name] ?? {});
  const shown = (isOver: boolean) => printPlain(viewOf(report, { explanations: 'whole', isOver }));
  const steps = stepsIn(report);
  expect(steps.length).toBeGreaterThan(0);
  for (const step of steps) {
    expect(shown(false)).toContain(step);
    expect(shown(true)).not.toContain(step);
  }
  expect(shown(true)).not.toMatch(/Next:|run again|\byet\b(?!:)/);
});

test('nothing names a program that a student on GitHub’s page has not', async () => {
  const answers = answersOf('{ down: 1, across: "2" }', '{ down: 2, across: 4 }');
  for (const text of [answers, answersOf('null', 'null'), 'x'])
    expect(renderMarkdown(await gradeTexts(text, notesOf()), { notes: [] })).not.toMatch(/npm|Jest|grader/);
});
