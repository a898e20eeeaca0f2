import path from 'node:path';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { readRoster } from './roster';

afterAll(removeFolders);

function roster(content: string | Buffer) {
  const folder = newFolder();
  writeFiles(folder, { 'roster.csv': content });
  const file = path.join(folder, 'roster.csv');
  const { students, remarks } = readRoster(file);
  return { students, remarks: remarks.map((remark) => remark.replace(`${file}: `, '')) };
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
  const { students, remarks } = roster(content);
  expect(students).toEqual([
    expect.objectContaining({ login: 'Ada-L', name: 'Ada, Countess', identifier: 's-1' }),
  ]);
  expect(remarks).toEqual([]);
});

test('a student who is listed twice counts once, and one without a login is kept and named', () => {
  const { students, remarks } = roster(
    'identifier,github_username,name\ns-1,ada,Ada\ns-2,,Bob\ns-3,ADA,Ada again\n',
  );
  expect(students.map(({ login, identifier }) => login || identifier)).toEqual(['ada', 's-2']);
  expect(remarks).toEqual(['s-2 has no login yet.', 'entry 3 is ADA again; entry 1 counts.']);
});

test('two students are two, though they share a name, or one is called what the other’s login is', () => {
  const { students, remarks } = roster(
    'login,name,identifier,email\n,Wei Zhang,,\n,Wei Zhang,,\n,Bobby,bob,\nbob,Bob,s2,\n,,,x@example.org\n',
  );
  expect(students.map(({ key }) => key)).toEqual([
    '(entry 1)',
    '(entry 2)',
    '(bob)',
    'bob',
    '(x@example.org)',
  ]);
  expect(remarks).toHaveLength(4);
});

test('the row of Canvas that holds the points is no student', () => {
  const { students, remarks } = roster(
    'Student,ID,SIS User ID,SIS Login ID,Section,login\n    Points Possible,,,,,\n"Lovelace, Ada",7,s-1,ada@example.org,A,ada\n',
  );
  expect(students.map(({ login, name, columns }) => [login, name, columns.id])).toEqual([
    ['ada', 'Lovelace, Ada', '7'],
  ]);
  expect(remarks).toEqual([]);
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

test('a roster that is missing is named', () => {
  expect(() => readRoster('/nowhere/roster.csv')).toThrow('/nowhere/roster.csv is missing.');
});
