import path from 'node:path';
import { quizPages } from '../grader/class/quiz-page';
import { loadCourse } from '../grader/course/course';
import { voteSizesOf } from '../grader/course/fair-sizes';
import { manifestOf } from '../grader/course/released';
import { answersText } from '../grader/course/stub';
import { expectedIn } from '../grader/key/judge';
import { inSentence, labelInRow, rowsOf, secondTable } from '../grader/rubric/rubric';
import { listFiles } from '../grader/system/files';
import { classOf, graded, runClass } from '../grader/testing/classes';
import { fileOf, newFolder, newOwnCourse, packageRoot, writeFiles } from '../grader/testing/folders';
import { runInProcess } from '../grader/testing/in-process';

const own = loadCourse(packageRoot, false);
const cells = rowsOf(own.rubric).flatMap((row) => row.cells.map((cell) => ({ row, cell })));

/** The pages that are made of a report; the rubric may have no vote. */
const pages = 'reason' in voteSizesOf(own) ? ['report.html'] : ['poll.html', 'report.html'];

describe('the report “Responses” of the quiz', () => {
  const reports = path.join(packageRoot, 'solution', 'testing', 'moodle', 'quiz');
  const course = newOwnCourse();
  writeFiles(course, { 'dist/release.json': JSON.stringify(manifestOf(own, newFolder())) });
  const made = async (file: string) => {
    const { files, notes } = await quizPages(own, file, newFolder());
    return {
      files: files.map(([name]) => name).sort(),
      page: String(files[0]?.[1]),
      notes: notes.join('\n'),
    };
  };

  const refused = (file: string) =>
    made(file).then(
      () => 'accepted',
      (error: Error) => error.message,
    );

  const { questions = [] } = own.rubric.reflection ?? {};
  const second = secondTable(own.rubric)?.rows.flatMap((row) => row.cells) ?? [];
  /** After the worksheet, its second table and the reflection, where the rubric has them. */
  const counts = new Set(
    [0, second.length, second.length + questions.length].map((more) => cells.length + more),
  );
  const asks = `the quiz of this release asks ${new Intl.ListFormat('en', { type: 'disjunction' }).format([...counts].map(String))}.`;
  // The reports are of a worksheet with fourteen cells.
  const notOfThisQuiz =
    cells.length === 14
      ? 'only 0 of 2 attempts could be compared with it. Tick “Question text” in the report'
      : `it has 14 responses, and ${asks}`;
  test.each([
    ['cells-responses-en', notOfThisQuiz],
    ['cells-responses-de', notOfThisQuiz],
    ['cells-overview-en', 'this is the report “Grades”. Download “Responses” in place of it.'],
    ['cells-overview-de', 'this is the report “Grades”. Download “Responses” in place of it.'],
    ['table-responses-only-en', `it has 8 responses, and ${asks}`],
    ['rows-responses-only-de', `it has 10 responses, and ${asks}`],
    ['deferred-responses-only-en', `it has 8 responses, and ${asks}`],
  ])('%s, of a real Moodle, is refused: %s', async (name, says) => {
    expect(await refused(path.join(reports, `${name}.csv`))).toContain(says);
  });

  const heads = ['Nachname', 'Vorname', 'E-Mail-Adresse', 'Status', 'Begonnen', 'Beendet', 'Dauer'];
  const rightIn = ({ row, cell }: (typeof cells)[number]) =>
    String(expectedIn(own.solution, row.id, cell.id)?.value);
  const right = cells.map(rightIn);
  const allPoints = cells.reduce((sum, { cell }) => sum + cell.points, 0);
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
      `\uFEFF${[[...heads, `Bewertung/${allPoints},00`, ...asked].join(';'), ...lines].join('\r\n')}\r\n`,
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
    const { page, files, notes } = await made(
      report(students.map((student) => lineOf(student, answersFor(student)))),
    );
    expect(main(page)).toBe(main(fromFiles.page));
    expect(page).toContain('Counted: 31 of 31 students');
    expect(files).toEqual(pages);
    expect(notes).toContain('each with the answers of the first attempt that the report has');
    expect(notes).not.toMatch(/no finished attempt|not yet marked/);
  });

  test('of each person the first answers count, whoever is in progress is not counted, and the run says so', async () => {
    const wrong = right.map((value, index) => (index === 3 ? '4096' : value));
    const { notes, page } = await made(
      report([
        lineOf(1, wrong, ''),
        // A later try has no address.
        ['L1', 'F1', '', 'Beendet', 'x', 'x', 'x', `${allPoints},00`, ...right].join(';'),
        lineOf(2, right, '-'),
        ...[3, 4, 5, 6].map((student) => lineOf(student, right)),
        lineOf(6, wrong),
        lineOf(7, right, 'Noch nicht bewertet'),
      ]),
    );
    expect(notes).toContain('6 students, each with the first answers of the first attempt.');
    expect(notes).toContain('1 student with no finished attempt, who are not counted.');
    expect(notes).toContain('1 attempt not yet marked in Moodle.');
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
    const [, possible] =
      /contradict it \(F\d+ L\d+: Moodle gave \d+ of (\d+), and here the answers earn \d+(?:; F\d+ [^;]*){2}\)/.exec(
        said,
      ) ?? [];
    expect(possible).toBe(String(allPoints));
    const less = report(
      students.map((student) =>
        lineOf(student, answersFor(student), `${markOf(answersFor(student)) - 1},00`),
      ),
    );
    expect(await refused(less)).toContain('contradict it');
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
            `${allPoints},00`,
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
    const out = newFolder();
    writeFiles(out, { 'run.json': '{}' });
    const { status, stderr } = await runInProcess(course, 'quiz:page', file, '--out', out);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('whose page would be lost'),
    });
    const place = path.join(newFolder(), 'out');
    expect((await runInProcess(course, 'quiz:page', file, '--out', place)).status).toBe(0);
    expect([...listFiles(place)].sort()).toEqual(pages);
  });
});
