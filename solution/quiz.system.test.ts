import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { quizOf } from '../grader/authoring/release/moodle-quiz';
import { type Course, loadCourse } from '../grader/course/course';
import { answersText } from '../grader/course/stub';
import { expectedIn } from '../grader/key/key';
import { allRowsOf, inSentence, labelInRow, rowsOf } from '../grader/rubric/rubric';
import { classOf, graded, runClass } from '../grader/testing/classes';
import { fileOf, newCourse, newFolder, newOwnCourse, packageRoot } from '../grader/testing/folders';
import { runInProcess } from '../grader/testing/in-process';
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

describe('the report “Responses” of the quiz', () => {
  const reports = path.join(packageRoot, 'solution', 'testing', 'moodle', 'quiz');
  const course = newOwnCourse();
  const made = async (file: string) => {
    const out = path.join(newFolder(), 'out');
    const done = await runInProcess(course, 'quiz:page', file, '--out', out);
    const files = existsSync(out) ? readdirSync(out).sort() : [];
    const page = files.includes('report.html') ? readFileSync(path.join(out, 'report.html'), 'utf8') : '';
    return { ...done, files, page };
  };
  const refused = async (file: string) => {
    const { status, stderr, files } = await made(file);
    expect({ status, files }).toEqual({ status: 2, files: [] });
    return stderr;
  };

  test.each([
    [
      'cells-responses-en',
      'only 0 of 2 attempts could be compared with it. Tick “Question text” in the report',
    ],
    [
      'cells-responses-de',
      'only 0 of 2 attempts could be compared with it. Tick “Question text” in the report',
    ],
    ['cells-overview-en', 'this is the report “Grades”. Download “Responses” in place of it.'],
    ['cells-overview-de', 'this is the report “Grades”. Download “Responses” in place of it.'],
    ['table-responses-only-en', 'it has 8 responses, and the quiz of this release asks 14, 20, or 25.'],
    ['rows-responses-only-de', 'it has 10 responses, and the quiz of this release asks 14, 20, or 25.'],
    ['deferred-responses-only-en', 'it has 8 responses, and the quiz of this release asks 14, 20, or 25.'],
  ])('%s, of a real Moodle, is refused: %s', async (name, says) => {
    expect(await refused(path.join(reports, `${name}.csv`))).toContain(says);
  });

  const heads = ['Nachname', 'Vorname', 'E-Mail-Adresse', 'Status', 'Begonnen', 'Beendet', 'Dauer'];
  const cells = rows.flatMap((row) => row.cells.map((cell) => ({ row, cell })));
  const rightIn = ({ row, cell }: (typeof cells)[number]) =>
    String(expectedIn(own.solution, row.id, cell.id)?.value);
  const right = cells.map(rightIn);
  /** The answers of student number n: every third takes a known wrong answer for each row in turn. */
  const answersFor = (student: number) =>
    cells.map((one) => {
      const known = own.solution.misconceptions.filter(({ row }) => row === one.row.id);
      const idea = student % 3 === 0 ? known[student % known.length] : undefined;
      return String(idea?.values[one.cell.id] ?? rightIn(one));
    });
  const markOf = (responses: readonly string[]) =>
    cells.reduce((sum, { cell }, index) => sum + (responses[index] === right[index] ? cell.points : 0), 0);
  const loginOf = (student: number) => `s${String(student).padStart(2, '0')}`;
  const person = (student: number) => [`L${student}`, `F${student}`, `${loginOf(student)}@example.edu`];
  const lineOf = (student: number, responses: readonly string[], mark = `${markOf(responses)},00`) =>
    [...person(student), mark === '-' ? 'In Bearbeitung' : 'Beendet', 'x', 'x', 'x', mark, ...responses].join(
      ';',
    );
  /** As a German spreadsheet saves it, with the columns of each question. */
  const report = (lines: readonly string[], columns: readonly string[] = ['Antwort']) => {
    const asked = cells.flatMap((_, index) => columns.map((column) => `${column} ${index + 1}`));
    return fileOf(
      'r.csv',
      `\uFEFF${[[...heads, 'Bewertung/14,00', ...asked].join(';'), ...lines].join('\r\n')}\r\n`,
    );
  };
  const students = Array.from({ length: 31 }, (_, student) => student);

  test('makes the page that the class would have if it had handed in files, and the vote, and nothing else', async () => {
    const folder = classOf(
      Object.fromEntries(
        students.map((student) => {
          const answers = answersFor(student);
          const answerOf = (row: string, column: string) =>
            answers[cells.findIndex((one) => one.row.id === row && one.cell.id === column)] ?? 'null';
          return [
            loginOf(student),
            { 'assignment/answers.ts': answersText(own.rubric, (row, { id }) => answerOf(row, id)) },
          ];
        }),
      ),
    );
    const main = (page: string) =>
      page
        .slice(page.indexOf('<main>'), page.indexOf('<h2>Points'))
        .replace(/<p><a href="follow-up.*<\/p>\n/, '');
    const fromFiles = await graded(course, folder);
    const { page, files, stdout, status } = await made(
      report(students.map((student) => lineOf(student, answersFor(student)))),
    );
    expect(status).toBe(0);
    expect(main(page)).toBe(main(fromFiles.page));
    expect(page).toContain('Counted: 31 of 31 students');
    expect(files).toEqual(['poll.html', 'report.html']);
    expect(stdout).toContain('each with the answers of the first attempt that the report has');
  });

  test('of each person the first answers count, whoever is in progress is not counted, and the run says so', async () => {
    const wrong = right.map((value, index) => (index === 3 ? '4096' : value));
    const { stdout, page } = await made(
      report([
        lineOf(1, wrong, ''),
        // A later try has no address.
        ['L1', 'F1', '', 'Beendet', 'x', 'x', 'x', '14,00', ...right].join(';'),
        lineOf(2, right, '-'),
        ...[3, 4, 5, 6].map((student) => lineOf(student, right)),
        lineOf(6, wrong),
        lineOf(7, right, 'Noch nicht bewertet'),
      ]),
    );
    expect(stdout).toContain('6 students, each with the first answers of the first attempt.');
    expect(stdout).toContain('1 student with no finished attempt, who are not counted.');
    expect(stdout).toContain('1 attempt not yet marked in Moodle.');
    expect(page).toContain('Counted: 6 of 6 students');
    expect(page).toContain('5</strong> of 6');
  });

  test('of another quiz, or with its questions in another order, it is refused, and up to three attempts are named', async () => {
    const mixed = report(
      students.map((student) =>
        lineOf(student, [...answersFor(student)].reverse(), `${markOf(answersFor(student))},00`),
      ),
    );
    const said = await refused(mixed);
    expect(said).toMatch(
      /contradict it \(F\d+ L\d+: Moodle gave \d+ of 14, and here the answers earn \d+(?:; F\d+ [^;]*){2}\)/,
    );
    const few = report([1, 2].map((student) => lineOf(student, right)));
    expect(await refused(few)).toContain('only 2 of 2 attempts could be compared');
  });

  test('with the texts of the questions, each column has to be that of its question', async () => {
    const textOf = ({ row, cell }: (typeof cells)[number]) =>
      `${row.label.toUpperCase()}: ${inSentence(labelInRow(cell, row))} and more`;
    const withTexts = (texts: readonly string[]) =>
      report(
        [1, 2].map((student) =>
          lineOf(
            student,
            right.flatMap((value, index) => [`"${texts[index]}"`, value, value]),
            '14,00',
          ),
        ),
        ['Frage', 'Antwort', 'Richtige Antwort'],
      );
    const texts = cells.map(textOf);
    expect((await made(withTexts(texts))).page).toContain('Counted: 2 of 2 students');
    const swapped = texts.with(4, texts[5] ?? '').with(5, texts[4] ?? '');
    expect(await refused(withTexts(swapped))).toContain(
      'its questions are those of another quiz, or in another order',
    );
  });

  test('a table that is no report is refused, a class is not graded from one, and its results are not lost', async () => {
    expect(await refused(fileOf('r.csv', 'Name,Email\nAda,ada@example.edu\n'))).toContain(
      'this is no report of a quiz',
    );
    const file = report(students.map((student) => lineOf(student, right)));
    expect((await runClass(course, file)).stderr).toContain('npm run quiz:page -- ');
    const { out } = await graded(course, classOf({ ada: { 'assignment/answers.ts': '' } }));
    const { status, stderr } = await runInProcess(course, 'quiz:page', file, '--out', out);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('whose page would be lost'),
    });
  });
});
