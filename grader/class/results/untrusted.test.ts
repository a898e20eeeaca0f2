import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { classOf, graded, roster, work } from '../../testing/classes';
import { newCourse, removeFolders } from '../../testing/folders';
import { answersOf, courseFiles } from '../../testing/worksheet';

afterAll(removeFolders);

const email = '-ada@example.org';

/** Characters that a terminal, an editor, a browser or a spreadsheet could obey, hide or reverse. */
const hidden = '\u001b[2J\u009b31m\u202e\u2066\u200b\u2028\u2029\ufeff\ud800';
const formulas = ['=1+1', "a\n=cmd|' /C calc'!A0", 'a;=1', '“=1”', '＝1', 'a\t@SUM(1)'];
const evil = (n: number) => `${hidden}${formulas[n % formulas.length]} ::error::x ##[error]y 1:2 error z  w`;

test('nothing of a student or a roster reaches a file of a class as it is, but for what a gradebook has to match', async () => {
  const course = newCourse(courseFiles);
  const inQuotes = (text: string) =>
    `'${text
      .replaceAll('\n', ' ')
      .replaceAll("'", '"')
      .replace(/[\u2028\u2029]/g, '')}'`;
  const root = classOf({
    ada: work(
      answersOf(`{ down: ${inQuotes(evil(0))}, across: 11 }`, `{ ${inQuotes(evil(1))}: 1 }`),
      evil(1),
      evil(2),
    ),
    bob: work(answersOf(`{ down: ${evil(4)} }`, 'null'), evil(3), evil(4)),
    [`=${hidden.replace('\ud800', '')}`]: work(answersOf('null', 'null'), evil(5)),
  });
  const name = `"${evil(1).replaceAll('\n', ' ').replaceAll('"', '')}"`;
  const { out, stdout, table } = await graded(
    course,
    root,
    '--feedback',
    '--roster',
    roster(`ada,${name},${email}`, `bob,=1,bob@example.org`),
  );
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file));
  expect(files).toEqual(
    expect.arrayContaining(['results.jsonl', 'report.html', 'grades.csv', 'responses.csv']),
  );
  for (const text of [stdout, ...files.map((file) => readFileSync(path.join(out, file), 'utf8'))]) {
    expect(text).not.toMatch(/(?!\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\r\n])\p{Cc}/u);
    expect(text).not.toMatch(/::error|##\[/);
    expect(text).not.toMatch(/1:2 error(?:\s|$)/m);
  }
  for (const file of files.filter((found) => found.endsWith('.csv'))) {
    const rows: string[][] = parse(readFileSync(path.join(out, file), 'utf8'), { record_delimiter: '\r\n' });
    const cells = rows
      .slice(1)
      .flat()
      .filter((cell) => cell !== '-' && cell !== email);
    for (const cell of cells) expect(cell).not.toMatch(/(?:^|[\n;"“])\s*[=+\-@＝]/m);
  }
  expect(table('gradebooks/moodle.csv').flat()).toContain(email);
  expect(table('grades.csv').flat()).toContain(`'${email}`);
});
