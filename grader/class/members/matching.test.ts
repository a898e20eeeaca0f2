import path from 'node:path';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { listClass } from './class-folder';
import { matchSubmissions } from './matching';
import type { Student } from './people';
import { readRoster } from './roster';

afterAll(removeFolders);

/** Matches a class of folders, with the name of each as the label of its owner. */
function matched(root: string, folders: readonly string[], students: readonly Student[] | undefined) {
  const submissions = [...folders].sort().map((name) => ({ name, owners: [{ label: name }] }));
  return matchSubmissions({ root, kind: 'folder', submissions }, students && { students });
}

function enrolled(root: string, folders: readonly string[], logins?: readonly string[]) {
  const place = newFolder();
  writeFiles(place, { 'roster.csv': ['login', ...(logins ?? [])].join('\n') });
  const students = logins && readRoster(path.join(place, 'roster.csv')).students;
  const found = matched(root, folders, students);
  return found.map(({ login, work }) => [login, ...work.map(({ folder }) => folder)]);
}

test.each([
  ['the whole name, where nothing says otherwise', 'x', ['ada'], undefined, [['ada', 'ada']]],
  [
    'what follows the slug of the folder around it',
    'shapes-submissions',
    ['shapes-ada-l'],
    undefined,
    [['ada-l', 'shapes-ada-l']],
  ],
  [
    'what stands before the same names for all',
    'x',
    ['nlp-shapes-ada-l', 'nlp-shapes-bob'],
    ['ada-l', 'bob'],
    [
      ['ada-l', 'nlp-shapes-ada-l'],
      ['bob', 'nlp-shapes-bob'],
    ],
  ],
  [
    'the longest end that the roster knows',
    'x',
    ['shapes-ada-l'],
    ['l', 'ada-l'],
    [['ada-l', 'shapes-ada-l'], ['l']],
  ],
  [
    'what stands before the names, where the slug of the folder around is another',
    'final-submissions',
    ['shapes-ada', 'shapes-bob'],
    ['ada', 'bob'],
    [
      ['ada', 'shapes-ada'],
      ['bob', 'shapes-bob'],
    ],
  ],
  ['as the roster spells it', 'x', ['Shapes-ADA-L'], ['Ada-L'], [['Ada-L', 'Shapes-ADA-L']]],
  [
    'nobody whom the roster does not know',
    'x',
    ['a-zoe', 'a-ada'],
    ['ada'],
    [
      ['a-zoe', 'a-zoe'],
      ['ada', 'a-ada'],
    ],
  ],
  [
    'nobody else, though the roster knows the end of a name',
    'ws-submissions',
    ['ws-anna-smith', 'ws-smith'],
    ['smith'],
    [
      ['anna-smith', 'ws-anna-smith'],
      ['smith', 'ws-smith'],
    ],
  ],
  [
    'nobody else, where most begin otherwise',
    'x',
    ['ws-anna-smith', 'ws-smith', 'ws-bob'],
    ['smith', 'bob'],
    [
      ['bob', 'ws-bob'],
      ['smith', 'ws-smith'],
      ['ws-anna-smith', 'ws-anna-smith'],
    ],
  ],
  [
    'the student whom the slug leads to, whoever is called as the whole',
    'lab-submissions',
    ['lab-x', 'lab-lab-x'],
    ['x', 'lab-x'],
    [
      ['lab-x', 'lab-lab-x'],
      ['x', 'lab-x'],
    ],
  ],
  [
    'its student without the ending of a mirror',
    'x',
    ['s-ada.git', 's-bob.git'],
    ['ada', 'bob'],
    [
      ['ada', 's-ada.git'],
      ['bob', 's-bob.git'],
    ],
  ],
] as const)('a folder names %s', (_name, root, folders, logins, expected) => {
  expect(enrolled(root, folders, logins)).toEqual(expected);
});

const candidatesOf = (folders: readonly string[], logins: readonly string[], root = 'x') => {
  const place = newFolder();
  writeFiles(place, { 'roster.csv': ['login', ...logins].join('\n') });
  const { students } = readRoster(path.join(place, 'roster.csv'));
  return matched(root, folders, students)
    .filter(({ candidates }) => candidates)
    .map(({ login, student, candidates }) => [login, student, candidates]);
};

test('a folder whose name can be read in two ways is nobody’s, and both are named', () => {
  expect(candidatesOf(['lab-x', 'lab-a', 'lab-b'], ['x', 'lab-x', 'a', 'b'])).toEqual([
    ['lab-x', undefined, ['lab-x', 'x']],
  ]);
  expect(candidatesOf(['shapes-y-q', 'shapes-y-x'], ['q', 'x', 'y-x'])).toEqual([
    ['shapes-y-q', undefined, ['q']],
    ['shapes-y-x', undefined, ['x', 'y-x']],
  ]);
  expect(candidatesOf(['shapes-y-q', 'shapes-y-x', 'shapes-a'], ['q', 'x', 'y-x'])).toEqual([
    ['shapes-y-q', undefined, ['q']],
  ]);
  expect(candidatesOf(['shapes-a-x', 'shapes-a-y', 'shapes-bob'], ['x', 'y', 'bob'])).toEqual([
    ['shapes-a-x', undefined, ['x']],
    ['shapes-a-y', undefined, ['y']],
  ]);
  expect(candidatesOf(['lab-x', 'lab-bob'], ['lab-x', 'bob'], 'lab-submissions')).toEqual([
    ['lab-x', undefined, ['lab-x']],
  ]);
  expect(candidatesOf(['lab-x', 'lab-lab-x', 'lab-a'], ['x', 'lab-x', 'a'])).toEqual([]);
});

test('a folder of nobody’s that ends as a login without a folder does is listed with that login', () => {
  expect(candidatesOf(['s-ada', 's-bob', 's-y-x'], ['ada', 'bob', 'x'])).toEqual([
    ['s-y-x', undefined, ['x']],
  ]);
  expect(candidatesOf(['s-ada', 's-anna-smith', 's-smith'], ['ada', 'smith'])).toEqual([]);
});

test('two folders of one student are one student', () => {
  expect(enrolled('x', ['ada', 'b-ada', 'B-ADA'], ['ada'])).toEqual([['ada', 'B-ADA', 'ada', 'b-ada']]);
});

test.each([
  [
    'of archives of another kind',
    { 'a.rar': '', notes: '' },
    'has no folders, and a.rar, which cannot be read',
  ],
  ['of files', { notes: '' }, 'has no folders in it'],
])('a folder %s is refused with what was found', (_name, files, says) => {
  const root = newFolder();
  writeFiles(root, files);
  expect(() => listClass(root)).toThrow(says);
});

test('a folder that is missing, or a file, is refused by name', () => {
  const root = newFolder();
  writeFiles(root, { file: '' });
  expect(() => listClass(path.join(root, 'none'))).toThrow(
    expect.objectContaining({ code: 'class-folder-unreadable' }),
  );
  expect(() => listClass(path.join(root, 'file'))).toThrow(
    `This is neither a folder nor an archive: ${path.join(root, 'file')}.`,
  );
});
