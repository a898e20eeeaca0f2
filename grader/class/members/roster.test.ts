import path from 'node:path';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { readRoster } from './roster';

afterAll(removeFolders);

function roster(content: string | Buffer) {
  const folder = newFolder();
  writeFiles(folder, { 'roster.csv': content });
  const file = path.join(folder, 'roster.csv');
  const { students, notes } = readRoster(file);
  return { students, notes: notes.map((note) => note.replace(`${file}, `, '')) };
}

test.each([
  [
    'of GitHub Classroom',
    '"identifier","github_username","github_id","name"\n"s-1","Ada-L","7","Ada, Countess"\n',
  ],
  [
    'of Classroom 50',
    'username,first_name,last_name,email,section,github_id,student_id,name\nAda-L,Ada,Lovelace,a@b.c,A,7,s-1,"Ada, Countess"\n',
  ],
  ['of three columns', 'login,name,identifier\nAda-L,"Ada, Countess",s-1\n'],
  [
    'with a byte order mark, semicolons and CRLF',
    '\ufeffLogin;Name;Identifier\r\nAda-L;Ada, Countess;s-1\r\n',
  ],
  ['with tabs', 'login\tname\tidentifier\nAda-L\tAda, Countess\ts-1\n'],
])('a roster %s is read', (_name, content) => {
  const { students, notes } = roster(content);
  expect(students).toEqual([
    expect.objectContaining({ login: 'Ada-L', name: 'Ada, Countess', studentId: 's-1' }),
  ]);
  expect(notes).toEqual([]);
});

test('a student without a login is kept', () => {
  const { students } = roster('identifier,github_username,name\ns-1,ada,Ada\ns-2,,Bob\n');
  expect(students.map(({ login, studentId }) => login || studentId)).toEqual(['ada', 's-2']);
});

test('two students are two, though they share a name, or one is called what the other’s login is', () => {
  const { students, notes } = roster(
    'login,name,identifier,email\n,Wei Zhang,,\n,Wei Zhang,,\n,Bobby,bob,\nbob,Bob,s2,\n,,,x@example.org\n',
  );
  expect(students.map(({ key }) => key)).toEqual([
    ...['(wei zhang, line 2)', '(wei zhang, line 3)', '(bob)', 'bob', '(x@example.org)'],
  ]);
  expect(notes).toEqual([]);
});

test('the row of Canvas that holds the points is no student', () => {
  const { students, notes } = roster(
    'Student,ID,SIS User ID,SIS Login ID,Section,login\n    Points Possible,,,,,\n"Lovelace, Ada",7,s-1,ada@example.org,A,ada\n',
  );
  expect(students.map(({ login, name, columns }) => [login, name, columns.id])).toEqual([
    ['ada', 'Lovelace, Ada', '7'],
  ]);
  expect(notes).toEqual([]);
});

test('names that look like formulas or like parts of an object stay as they are', () => {
  const { students } = roster('login,name\n__proto__,=1+1\nconstructor,@x\n');
  expect(students.map(({ login, name }) => [login, name])).toEqual([
    ['__proto__', '=1+1'],
    ['constructor', '@x'],
  ]);
});

test.each([
  [
    'without a login',
    'surname,mark\nx,1\n',
    'has the headings surname, mark. Its first line has to name a column github_username or login',
  ],
  ['that is empty', '', 'has the headings (none). Its first line has to name'],
  [
    'in another encoding',
    Buffer.from('login,name\nada,Zo\xeb\n', 'latin1'),
    'not valid for encoding utf-8. Save it as “CSV UTF-8”',
  ],
])('a roster %s is refused with what was found', (_name, content, says) => {
  expect(() => roster(content)).toThrow(says);
});

test.each([
  [
    'a comma in a name without quotes',
    'name,login,email\nLovelace, Ada,ada,ada@example.org\nBob,bob,bob@example.org\n',
    ['expect 3, got 4 on line 2. Save it as “CSV UTF-8”, with quotes around a cell that holds a separator.'],
  ],
  [
    'a comma in a name, and a cell that is missing',
    'name,login,email\nLovelace, Ada,ada\n',
    ['line 2: “ada” is not an e-mail address.'],
  ],
  [
    'a comma in a name, and an empty cell at the end',
    'name,login,section\nLovelace, Ada,ada1,\nBob,bob,A\n',
    ['expect 3, got 4 on line 2'],
  ],
  ['two columns of one name', 'login,name,login\nada,Ada,ada\n', ['line 1: two columns are called login']],
  ['too few cells', 'name,login,email\nAda,ada\n', ['expect 3, got 2 on line 2']],
  [
    'a quote that swallows lines',
    'name,login\n"Ada,ada\nBob,bob\nCyd "C",cyd\nDan,dan\n',
    ['Invalid Closing Quote: got "C" at line 4'],
  ],
  [
    'one login for two students, or a student twice',
    'name,login\nAda,ada\nBob,ada\nAda,ADA\n',
    ['line 3: ada is in line 2 already.', 'line 4: ADA is in line 2 already.'],
  ],
])('a roster with %s is refused, and such a line is named', (_name, content, says) => {
  for (const problem of says) expect(() => roster(content)).toThrow(problem);
});

test('empty cells that a spreadsheet leaves behind the last column are no fault', () => {
  expect(roster('login,name,,\r\nada,Ada,,\r\n,,,\r\nbob,Bob,,\r\n').students).toHaveLength(2);
});

test('a roster that is missing is named', () => {
  expect(() => readRoster('/nowhere/roster.csv')).toThrow(
    expect.objectContaining({ code: 'table-unreadable' }),
  );
});
