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
  ['in UTF-16', Buffer.from('\ufefflogin,name,identifier\nAda-L,"Ada, Countess",s-1\n', 'utf16le')],
])('a roster %s is read', (_name, content) => {
  const { students, notes } = roster(content);
  expect(students).toEqual([
    expect.objectContaining({ login: 'Ada-L', name: 'Ada, Countess', identifier: 's-1' }),
  ]);
  expect(notes).toEqual([]);
});

test('a student who is listed twice counts once, and one without a login is kept and named', () => {
  const { students, notes } = roster('identifier,github_username,name\ns-1,ada,Ada\ns-2,,Bob\ns-3,ADA,Ada\n');
  expect(students.map(({ login, identifier }) => login || identifier)).toEqual(['ada', 's-2']);
  expect(notes).toEqual([
    'line 4: ADA is in line 2 already.',
    'No login in the roster, so no folder can be theirs until one is added: s-2.',
  ]);
});

test('two students are two, though they share a name, or one is called what the other’s login is', () => {
  const { students, notes } = roster(
    'login,name,identifier,email\n,Wei Zhang,,\n,Wei Zhang,,\n,Bobby,bob,\nbob,Bob,s2,\n,,,x@example.org\n',
  );
  expect(students.map(({ key }) => key)).toEqual([
    ...['(wei zhang, line 2)', '(wei zhang, line 3)', '(bob)', 'bob', '(x@example.org)'],
  ]);
  expect(notes).toHaveLength(1);
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
  ['that is empty', '', 'is empty. Its first line has to name'],
  [
    'in another encoding',
    Buffer.from('login,name\nada,Zo\xeb\n', 'latin1'),
    'is not in UTF-8; save it as “CSV UTF-8”',
  ],
])('a roster %s is refused with what was found', (_name, content, says) => {
  expect(() => roster(content)).toThrow(says);
});

test.each([
  [
    'a comma in a name without quotes',
    'name,login,email\nLovelace, Ada,ada,ada@example.org\nBob,bob,bob@example.org\n',
    [
      'line 2: 4 cells under 3 headings: Lovelace, Ada,ada,ada@example.org. Put quotes around a cell that holds a ,',
    ],
  ],
  [
    'a comma in a name, and a cell that is missing',
    'name,login,email\nLovelace, Ada,ada\n',
    ['line 2: “ada” is not an e-mail address.'],
  ],
  [
    'a comma in a name, and an empty cell at the end',
    'name,login,section\nLovelace, Ada,ada1,\nBob,bob,A\n',
    ['line 2: 4 cells under 3 headings: Lovelace, Ada,ada1,.'],
  ],
  ['two columns of one name', 'login,name,login\nada,Ada,ada\n', ['line 1: two columns are called login']],
  ['too few cells', 'name,login,email\nAda,ada\n', ['line 2: 2 cells under 3 headings: Ada,ada.']],
  [
    'a quote that swallows lines',
    'name,login\n"Ada,ada\nBob,bob\nCyd "C",cyd\nDan,dan\n',
    ['line 2: the quote at'],
  ],
  [
    'one login for two students',
    'name,login\nAda,ada\nBob,ada\n',
    ['line 3: ada is in line 2 already, for Ada and not for Bob.'],
  ],
  [
    'something else for a login',
    'name,login\nAda,Ada Lovelace\n',
    ['line 2: “Ada Lovelace” is not a login.'],
  ],
])('a roster with %s is refused, and every such line is named', (_name, content, says) => {
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
