import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { quizOf } from '../grader/authoring/release/quiz';
import { type Course, loadCourse } from '../grader/course/course';
import { answersText } from '../grader/course/stub';
import { expectedIn } from '../grader/key/key';
import { allRowsOf, rowsOf } from '../grader/rubric/rubric';
import { classOf, graded, runClass } from '../grader/testing/classes';
import { newCourse, newFolder, newOwnCourse, packageRoot } from '../grader/testing/folders';
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
const rows = rowsOf(own.rubric);

needs('python3', () => {
  test('the quiz asks for each cell, takes what is right alone, and has the hint of each wrong number that shows one', async () => {
    const questions = await questionsOf(own);
    const numbers = questions.filter(({ type }) => type === 'numerical');
    const cells = allRowsOf(own.rubric).flatMap((row) => row.cells.map((cell) => ({ row, cell })));
    expect(numbers).toHaveLength(cells.length);
    let [single, there] = [0, 0];
    for (const [index, { row, cell }] of cells.entries()) {
      const { answers, mark, text } = numbers[index] as Question;
      expect([text.includes(row.label), Number(mark)]).toEqual([true, cell.points]);
      const right = String(expectedIn(own.solution, row.id, cell.id)?.value);
      expect(answers.filter(({ part }) => part === '100').map(({ value }) => value)).toEqual([right]);
      expect(new Set(answers.map(({ value }) => value)).size).toBe(answers.length);
      for (const { hint } of answers) expect(hint).not.toMatch(/\d/);
      // A known wrong answer that differs from what is right in this cell alone.
      const inRow = (column: string) => expectedIn(own.solution, row.id, column)?.value;
      for (const { values, text: hint } of own.solution.misconceptions.filter(
        (idea) => idea.row === row.id,
      )) {
        const wrong = Object.keys(values).filter((column) => values[column] !== inRow(column));
        if (wrong.length !== 1 || wrong[0] !== cell.id) continue;
        single++;
        const given = answers.find(({ value }) => value === String(values[cell.id]))?.hint ?? '';
        if (given.replaceAll('&#39;', "'").includes(hint.slice(0, 30))) there++;
      }
    }
    expect(single).toBeGreaterThan(30);
    expect(there / single).toBeGreaterThanOrEqual(0.85);
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

describe('the report “Responses” of the quiz', () => {
  const reports = path.join(packageRoot, 'solution', 'testing', 'moodle', 'quiz');
  const course = newOwnCourse();

  test.each(['cells-responses-en', 'cells-responses-de'])(
    '%s is read, and where Moodle reads numbers otherwise, both say what they gave',
    async (name) => {
      const { students, table, out } = await graded(course, path.join(reports, `${name}.csv`));
      expect(students.map(({ student, points }) => [student?.email, points])).toEqual([
        ['emoji@example.edu', 2],
        ['noid@example.edu', 2],
      ]);
      const [, first = []] = table('grades.csv');
      expect(first.join()).toContain(
        'Moodle gave 3 of 14 for these answers, and here they earn 2. It may have read 4,096, 100 tokens, 4 096 as a number.',
      );
      expect(() => readFileSync(path.join(out, 'gradebooks', 'moodle.csv'))).toThrow('ENOENT');
    },
  );

  test.each([
    ['cells-overview-en', 'this is the report “Grades”. Download “Responses” in place of it.'],
    ['cells-overview-de', 'this is the report “Grades”. Download “Responses” in place of it.'],
    ['table-responses-only-en', 'it has 8 responses, and the quiz of this release asks 14, 20, or 25.'],
    ['rows-responses-only-de', 'it has 10 responses, and the quiz of this release asks 14, 20, or 25.'],
    ['deferred-responses-only-en', 'it has 8 responses, and the quiz of this release asks 14, 20, or 25.'],
  ])('%s is refused: %s', async (name, says) => {
    const { status, stderr } = await runClass(course, path.join(reports, `${name}.csv`));
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(says) });
  });

  const heads = [
    'Last name',
    'First name',
    'Email address',
    'Status',
    'Started',
    'Completed',
    'Duration',
    'Grade/14.00',
  ];
  const cells = rows.flatMap((row) => row.cells.map(({ id }) => ({ row: row.id, column: id })));
  /** The answers of student number n: every third takes a known wrong answer for each row in turn. */
  const answerOf = (student: number, row: string, column: string) => {
    const known = own.solution.misconceptions.filter((idea) => idea.row === row);
    const idea = student % 3 === 0 ? known[student % known.length] : undefined;
    return String(idea?.values[column] ?? expectedIn(own.solution, row, column)?.value);
  };
  const lineOf = (student: number, status: string, responses: readonly string[]) =>
    [
      `L${student}`,
      `F${student}`,
      `s${student}@example.edu`,
      status,
      'then',
      status === 'Finished' ? 'now' : '-',
      '-',
      status === 'Finished' ? '7.00' : '-',
      ...responses,
    ].join();
  const report = (...lines: string[]) => {
    const file = path.join(newFolder(), 'responses.csv');
    writeFileSync(
      file,
      `\uFEFF${[[...heads, ...cells.map((_, index) => `Response ${index + 1}`)].join(), ...lines].join('\n')}\n`,
    );
    return file;
  };

  test('a class has the same counts on its page, whether it handed in files or took the quiz', async () => {
    const students = Array.from({ length: 31 }, (_, student) => student);
    const folder = classOf(
      Object.fromEntries(
        students.map((student) => [
          `s${student}`,
          {
            'assignment/answers.ts': answersText(own.rubric, (row, { id }) =>
              row.includes('.') ? 'null' : answerOf(student, row, id),
            ),
          },
        ]),
      ),
    );
    const file = report(
      ...students.map((student) =>
        lineOf(
          student,
          'Finished',
          cells.map(({ row, column }) => answerOf(student, row, column)),
        ),
      ),
    );
    const main = (page: string) => page.slice(page.indexOf('<main>'), page.indexOf('<h2>Points'));
    const [fromFiles, fromQuiz] = [await graded(course, folder), await graded(course, file)];
    expect(main(fromQuiz.page)).toBe(main(fromFiles.page));
    expect(fromQuiz.page).toContain('Counted: 31 of 31 students');
  });

  test('attempts are versions: the best counts, and one in progress is none', async () => {
    const right = cells.map(({ row, column }) => String(expectedIn(own.solution, row, column)?.value));
    const wrong = right.map((value, index) => (index === 3 ? '4096' : value));
    const blank = right.map(() => '-');
    const { students } = await graded(
      course,
      report(
        lineOf(1, 'Finished', wrong),
        lineOf(1, 'Finished', right),
        lineOf(2, 'In progress', right),
        lineOf(3, 'Finished', right),
        lineOf(3, 'Finished', blank),
      ),
    );
    const row = (email: string) => students.find(({ student }) => student?.email === email);
    expect([row('s1@example.edu')?.points, row('s3@example.edu')?.points]).toEqual([14, 14]);
    expect(row('s2@example.edu')?.status).toBe('no submission');
  });

  test('a table without addresses, and one that is no report, are refused', async () => {
    const file = path.join(newFolder(), 'r.csv');
    writeFileSync(file, 'Last name,Grade/14.00,Response 1\nAda,1.00,7\n');
    expect((await runClass(course, file)).stderr).toContain('no column holds addresses');
    writeFileSync(file, 'Name,Email\nAda,ada@example.edu\n');
    expect((await runClass(course, file)).stderr).toContain('this is no report of a quiz');
  });
});
