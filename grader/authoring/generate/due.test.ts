import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadCourse } from '../../course';
import { renderGradescope } from '../../hosts/gradescope/host';
import { worksheetPage } from '../../page/page';
import { escapeMarkdown } from '../../render/escape/markdown';
import { renderMarkdown } from '../../render/markdown';
import { renderTerminal } from '../../render/terminal';
import { viewOf } from '../../render/view';
import { parseRubric } from '../../rubric/load';
import { newFolder, newOwnCourse, removeFolders, writeFiles } from '../../testing/folders';
import { gradeTexts } from '../../testing/grade';
import { blankAnswers, rubric as invented, rightAnswers, rubricYaml } from '../../testing/worksheet';
import { makeCopy } from '../release/make';
import { seal } from '../release/seal';
import { handoutOf } from './template';

afterAll(removeFolders);

const deadline =
  'deadline: { due: 2026-12-01T23:59, timezone: America/New_York, grace_minutes: 17, late: { per_day: 10%, at_most: 30%, until: 2026-12-08T23:59 } }\n';
const when = 'Due Tuesday 1 December 2026, 23:59 (America/New_York).';
const cost =
  'Late work loses 10% of the points for each day begun, 30% at most; nothing counts after Tuesday 8 December 2026, 23:59.';

/** A text on one line. */
const joined = (text: string) => text.replaceAll(/\s+/g, ' ');

test('the handout and the page say when work is due, once, and nothing without a deadline', async () => {
  const root = newOwnCourse();
  const text = readFileSync(path.join(root, 'rubric.yaml'), 'utf8');
  const without = loadCourse(root, false);
  writeFiles(root, { 'rubric.yaml': `${text}\n${deadline}` });
  const course = loadCourse(root, false);
  const markup = (html: string) => html.replaceAll(/<(script|style)[\s>].*?<\/\1>/gs, '');
  for (const shown of [handoutOf(course, ''), markup(await worksheetPage(course, undefined))])
    expect(joined(shown).split(`${when} ${cost}`)).toHaveLength(2);
  for (const shown of [handoutOf(without, ''), markup(await worksheetPage(without, undefined))])
    expect(shown).not.toMatch(/\bdue\b|Late work/i);
});

test('wherever points are printed, the due date stands below them, unless what counts is known', async () => {
  const rubric = parseRubric(`${rubricYaml}${deadline}`);
  for (const answers of [rightAnswers, blankAnswers]) {
    const report = await gradeTexts(answers, undefined, undefined, rubric);
    const [, status = '', ...below] = renderTerminal(report, { hasColors: false }).split('\n');
    expect(status).not.toBe('');
    expect(joined(below.slice(0, 3).join(' '))).toContain(`${when} ${cost}`);
    expect(renderMarkdown(report, { notes: [] })).toContain(escapeMarkdown(when));
    expect(renderGradescope({ ...report, points: 0 })).toContain(when);
    const options = { later: 'folded', explanations: 'whole', hasNext: false } as const;
    expect(JSON.stringify(viewOf(report, { ...options, headline: '3 of 10 points: late' }))).not.toContain(
      'Due',
    );
  }
  const undated = await gradeTexts(rightAnswers, undefined, undefined, invented);
  expect(renderTerminal(undated, { hasColors: false })).not.toContain('Due');
});

test('a students’ copy knows the due date, not the grace, and its key opens as without one', async () => {
  const root = newOwnCourse();
  const own = readFileSync(path.join(root, 'rubric.yaml'), 'utf8');
  writeFiles(root, { 'rubric.yaml': `${own}\n${deadline}` });
  const course = loadCourse(root, false);
  const copy = newFolder();
  makeCopy(course, copy, await seal(course.rubric, course.solution));
  const text = readFileSync(path.join(copy, 'rubric.yaml'), 'utf8');
  expect(parseRubric(text)).toMatchObject({ due: [when, cost], digest: parseRubric(own).digest });
  expect(text).not.toMatch(/grace|\b17\b/);
});
