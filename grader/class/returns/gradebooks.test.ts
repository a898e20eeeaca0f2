import { classOf, graded, tableFile, work } from '../../testing/classes';
import { class30, type Enrolled, gradescopeFiles, zip } from '../../testing/downloads';
import { fileOf, newCourse, removeFolders } from '../../testing/folders';
import { courseFiles, rightAnswers } from '../../testing/worksheet';

afterAll(removeFolders);

const course = newCourse(courseFiles);

test.each([
  ['one e-mail address', 'email', 'x@example.org', 'X@example.org', ['moodle.csv', 'canvas.csv']],
  ['one number at the school', 'student_id', '77', '77', ['moodle.csv', 'canvas.csv']],
  ['one number of a user of Canvas', 'id', '77', '77', ['canvas.csv']],
])('two students with %s: neither’s grade is written over the other’s, and it is said', async (...row) => {
  const [, heading, one, other, files] = row;
  const full = work(rightAnswers, 'Pears', 'Lemons');
  const list = tableFile('roster.csv', [
    `login,name,${heading}`,
    `ada,Ada,${one}`,
    `bob,Bob,${other}`,
    `cyd,Cyd,${heading === 'email' ? 'cyd@example.org' : '78'}`,
  ]);
  const root = classOf({ ada: full, bob: full, cyd: full });
  const { table, stdout } = await graded(course, root, '--roster', list);
  for (const file of files) {
    expect(
      table(`gradebooks/${file}`).filter((cells) => cells.some((cell) => /^7[78]$|@/.test(cell))),
    ).toHaveLength(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`gradebooks/${file} leaves out ada, bob:`);
  }
  // A host that finds them by login can tell them apart.
  expect(table('gradebooks/classroom50.csv')).toHaveLength(4);
});

test('students whom Canvas knows apart by its own numbers keep their lines, whatever else they share', async () => {
  const list = tableFile('roster.csv', ['login,id,email', 'ada,1,x@example.org', 'bob,2,x@example.org']);
  const { table } = await graded(course, classOf({ ada: work(rightAnswers) }), '--roster', list);
  expect(table('gradebooks/canvas.csv').map(([, id]) => id)).toEqual(['ID', '', '1', '2']);
  expect(table('gradebooks/moodle.csv')).toHaveLength(1);
});

test('what students typed about themselves is a formula in no gradebook, where no roster says who they are', async () => {
  const [ada, bob] = class30 as unknown as [Enrolled, Enrolled];
  const typed = [
    { ...ada, studentId: '\'=HYPERLINK("https://example.org")\'', email: '"@SUM(1)"' },
    { ...bob, studentId: '+1', email: '"-bob@example.org"' },
  ];
  const { table } = await graded(course, fileOf('a.zip', zip(gradescopeFiles(typed.map((one) => [one])))));
  for (const file of ['grades', ...['canvas', 'moodle', 'classroom50'].map((name) => `gradebooks/${name}`)]) {
    const cells = table(`${file}.csv`).slice(1).flat();
    expect(cells.join().toUpperCase()).toContain('SUM(1)');
    for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@]./);
  }
});
