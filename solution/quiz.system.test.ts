import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { quizOf } from '../grader/authoring/release/moodle-quiz';
import { type Course, loadCourse } from '../grader/course/course';
import { expectedIn } from '../grader/key/judge';
import { allRowsOf } from '../grader/rubric/rubric';
import { newCourse, newFolder, packageRoot } from '../grader/testing/folders';
import { needs } from '../grader/testing/needs';
import { courseFiles, rubricYaml } from '../grader/testing/worksheet';

interface Question {
  readonly type: string;
  readonly name: string;
  readonly text: string;
  readonly mark: string;
  readonly answers: readonly { readonly part: string; readonly value: string; readonly hint: string }[];
}

/** Reads a quiz with Python's own XML reader. */
const reader = `
import json, sys, xml.etree.ElementTree as tree
text = lambda question, place: (question.findtext(place) or '')
print(json.dumps([{
  'type': question.get('type'), 'name': text(question, 'name/text'), 'text': text(question, 'questiontext/text'),
  'mark': text(question, 'defaultgrade'),
  'answers': [{ 'part': answer.get('fraction'), 'value': text(answer, 'text'), 'hint': text(answer, 'feedback/text') } for answer in question.iter('answer')],
} for question in tree.parse(sys.argv[1]).getroot()]))`;

async function questionsOf(course: Course): Promise<Question[]> {
  const file = path.join(newFolder(), 'quiz.xml');
  writeFileSync(file, await quizOf(course));
  const { stdout, stderr } = spawnSync('python3', ['-c', reader, file], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

const own = loadCourse(packageRoot, false);

needs('python3', () => {
  test('the quiz asks for each cell, takes what is right alone, and has the hint of each wrong number that shows one', async () => {
    const questions = await questionsOf(own);
    const numbers = questions.filter(({ type }) => type === 'numerical');
    const cells = allRowsOf(own.rubric).flatMap((row) => row.cells.map((cell) => ({ row, cell })));
    expect(numbers).toHaveLength(cells.length);
    const told: boolean[] = [];
    for (const [index, { row, cell }] of cells.entries()) {
      const { answers, mark, text } = numbers[index] as Question;
      expect([text.includes(row.label), Number(mark)]).toEqual([true, cell.points]);
      const right = String(expectedIn(own.solution, row.id, cell.id)?.value);
      expect(answers.filter(({ part }) => part === '100').map(({ value }) => value)).toEqual([right]);
      expect(new Set(answers.map(({ value }) => value)).size).toBe(answers.length);
      for (const { hint } of answers) expect(hint).not.toMatch(/\d/);
      // A known wrong answer that differs from what is right in this cell alone.
      const isWrong = ([column, value]: readonly [string, unknown]) =>
        value !== expectedIn(own.solution, row.id, column)?.value;
      const wrongIn = (values: object) =>
        Object.entries(values)
          .filter(isWrong)
          .map(([column]) => column);
      const ideas = own.solution.misconceptions.filter(
        ({ row: id, values }) => id === row.id && wrongIn(values).join() === cell.id,
      );
      for (const { values, text: hint } of ideas) {
        const given = answers.find(({ value }) => value === String(values[cell.id]))?.hint ?? '';
        told.push(given.replaceAll('&#39;', "'").includes(hint.slice(0, 30)));
      }
    }
    expect(told.length).toBeGreaterThan(30);
    expect(told.filter(Boolean).length / told.length).toBeGreaterThanOrEqual(0.85);
    expect(questions.filter(({ type }) => type === 'essay').map(({ mark }) => mark)).toEqual(
      own.rubric.reflection?.questions.map(() => '0'),
    );
    expect(questions.map(({ type }) => type).slice(0, 3)).toEqual(['category', 'description', 'numerical']);
    expect(questions[1]?.text).toContain('<img src="@@PLUGINFILE@@/diagram.svg"');
    expect(JSON.stringify(questions)).not.toMatch(/<script|\\\\u\{/);
  });

  test('each kind of answer is asked in Moodle’s own way, and no name of a course breaks the file', async () => {
    const odd = 'A <b> & ]]> "course"';
    const rubric = rubricYaml
      .replace('title: Fruit in boxes', `title: '${odd}'`)
      .replace(
        '{ id: across, label: Across }',
        '{ id: across, label: Across, kind: choice, options: [ripe, <raw>] }',
      );
    const answers = `{ basket: { down: 7, across: 'ripe' }, crate: { down: 7, across: '<raw>' } }`;
    const index = `export const derive = () => (${answers}); export const measure = derive; export const misconceptions = () => [];`;
    const files = {
      ...courseFiles,
      'rubric.yaml': rubric,
      'solution/index.ts': index,
      'solution/handout.md': '# {{ title }}\n\n{{ table }}\n',
    };
    const [category, , number, choice] = await questionsOf(loadCourse(newCourse(files), false));
    expect(category?.type).toBe('category');
    expect([number?.type, choice?.type]).toEqual(['numerical', 'multichoice']);
    expect(choice?.answers.map(({ part, value }) => [part, value])).toEqual([
      ['100', 'ripe'],
      ['0', '&lt;raw&gt;'],
    ]);
  });
});
