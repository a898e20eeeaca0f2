import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { loadCourse } from '../grader/course/course';
import { manifestOf } from '../grader/course/released';
import { gradedWith } from '../grader/testing/classes';
import { fileOf, newFolder, packageRoot } from '../grader/testing/folders';

// The downloads in testing/moodle/ come from a real Moodle 4.5: twenty people with awkward names, and what each of them
// handed in. Some assignments were individual, some for teams; one was with blind marking, two were in German, and one
// was on a site that shows every fact about its users.

/** The release of this worksheet. Without it, each run would compare the key with a head that it runs. */
const release = path.dirname(
  fileOf('release.json', JSON.stringify(manifestOf(loadCourse(packageRoot, false), newFolder()))),
);

const isTwice = (name = '') => name === 'Alex Kim';

test.each(['en-plain', 'de-german'])(
  'each has the fair points and a page under the own number, and whoever has none has no line (%s)',
  async (download) => {
    const { points, handedIn, pages, worksheet, before, rows } = await graded(download);
    expect(points).toEqual(alone);
    // If Moodle says when something was handed in, the result has that time.
    expect(handedIn).toBe(
      rows.filter(({ folder, points }) => folder !== undefined && points !== null).length,
    );
    expect(pages).toHaveLength(rows.filter((row) => row.points !== null).length);
    const [headings = [], ...lines] = worksheet;
    const head = before.split(/\r?\n/)[0] ?? '';
    expect(headings.join()).toBe(head.replace(/^\ufeff|"/g, ''));
    const grade = headings.findIndex((title) => /^(?:Grade|Bewertung)$/.test(title));
    expect(lines).toHaveLength(pages.length);
    expect(lines.filter((cells) => cells[grade] === '')).toEqual([]);
    for (const [first = ''] of lines)
      expect(pages.filter((name) => name.includes(`_${/\d+/.exec(first)?.[0]}_assignfeedback`))).toHaveLength(
        1,
      );
  },
);

test('where Moodle has all grades and comments, nobody has a line, and who was changed there by hand is named', async () => {
  const { points, rows, pages, worksheet, stdout } = await graded('all-columns');
  expect(points).toEqual(alone);
  expect(worksheet).toEqual([]);
  expect(stdout).toContain('Moodle has all these grades and comments');
  expect(stdout).toMatch(/^Changed by hand at the host.*: محمد علي \(2\.00 now, 16 here\)\.$/m);
  // A feedback page for a grade that was changed by hand would count as another change.
  expect(pages).toHaveLength(rows.filter((row) => row.points !== null).length - 1);
});

test.each(['en-team', 'de-team'])(
  'a team’s members have its points and read them in the worksheet, for a zip could reach others (%s)',
  async (download) => {
    const { points, pages, worksheet, stdout, rows } = await graded(download);
    expect(points).toEqual(inTeams);
    expect(pages).toEqual([]);
    expect(stdout).toContain('There is no zip for Moodle: in an assignment for teams');
    const told = worksheet.slice(1).filter((cells) => /\d+ of 16 points/.test(cells.at(-1) ?? ''));
    expect(told).toHaveLength(rows.filter((row) => row.points !== null).length);
  },
);

test('with blind marking the same people have the same points, each by the own number', async () => {
  const { rows, pages } = await graded('en-blind');
  const given = rows.map(({ points, status }) => (status === 'graded' ? points : status));
  expect(given.map(String).sort()).toEqual(Object.values(alone).map(String).sort());
  expect(pages).toHaveLength(rows.filter(({ points }) => points !== null).length);
});

/** The points that a fair person would give each student for the upload, by name and address, or why there are none. */
const alone = {
  // Everything right.
  'Ada Lovelace': 16,
  'Alex Kim alex.kim1@example.edu': 16,
  'Ann/Marie Back\\slash': 16,
  'Zoë😀 Nguyễn Thị': 16,
  // The typical worksheet, once under a name given by a browser.
  'Jörg Müller': 9,
  '- Sukarno': 9,
  'Sam, Jr. "Quote" Quinn': 9,
  // Half done, and transposed.
  "Seán O'Neill": 6,
  'Alex Kim alex.kim2@example.edu': 6,
  // Answers without a reflection, with one response, with different responses, and with a size of all heads together.
  '伟 王': 14,
  'Tom & Jerry D’Angelo': 15,
  'Mesut Özil': 15,
  'No Idnumber': 12,
  // Only a reflection; answers in UTF-16 with a byte order mark, and a reflection in no known encoding.
  'Louis 7 XIV 14': 1,
  'محمد علي': 16,
  'Groß Weiß': 'not started',
  '=Sum +Plus': 'undecided',
  'María José García Márquez-López': 'not readable',
  'Under_Score Smith_Jones': 'not readable',
  'Never Submits': 'no submission',
};

/** Moodle puts students without a team in a group of its own; one of them handed in everything right. */
const inTeams = {
  ...Object.fromEntries(Object.keys(alone).map((name) => [name, 16])),
  '伟 王': 9,
  'Alex Kim alex.kim1@example.edu': 9,
  'Alex Kim alex.kim2@example.edu': 6,
  'María José García Márquez-López': 6,
  'Under_Score Smith_Jones': 6,
  'Mesut Özil': 6,
  'Tom & Jerry D’Angelo': 'not readable',
  'Ann/Marie Back\\slash': 'not readable',
};

async function graded(download: string) {
  const folder = path.join(packageRoot, 'solution', 'testing', 'moodle', download);
  const [zip, worksheet] = ['submissions.zip', 'worksheet.csv'].map((file) => path.join(folder, file));
  const given = [
    '--roster',
    `${worksheet}`,
    '--due',
    '2026-11-30T12:00Z',
    '--feedback',
    '--release',
    release,
  ];
  const { students: rows, out, table, stdout } = await gradedWith({}, packageRoot, `${zip}`, ...given);
  const pages = path.join(out, 'feedback', 'moodle-feedback.zip');
  return {
    rows,
    stdout,
    points: Object.fromEntries(
      rows.map(({ student, points, status }) => [
        isTwice(student.name) ? `${student.name} ${student.email}` : student.name,
        status === 'graded' ? points : status,
      ]),
    ),
    handedIn: rows.filter(({ submitted }) => submitted).length,
    pages: existsSync(pages) ? Object.keys(unzipSync(readFileSync(pages))) : [],
    before: readFileSync(`${worksheet}`, 'utf8'),
    worksheet: existsSync(path.join(out, 'gradebooks')) ? table('gradebooks/moodle-worksheet.csv') : [],
  };
}
