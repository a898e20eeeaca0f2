import * as fs from 'node:fs';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { add, commit, init, remove } from 'isomorphic-git';
import type { Deadline } from '../../../rubric/file.schema';
import { studentFiles } from '../../../rubric/rubric';
import type { Course } from '../../course';
import { readText, writeFile } from '../../files';
import { type Sample, Sampler } from './sample';

/** When the sample class had to hand in. */
export const due: Deadline = {
  due: '2026-10-01T23:59:00Z',
  grace_minutes: 15,
  per_day_points: 1,
  cutoff: '2026-10-08T23:59:00Z',
};

const names = [
  ...['Ada Lovelace', 'Alan Turing', 'Grace Hopper', 'Emmy Noether', 'Katherine Johnson', 'Edsger Dijkstra'],
  ...['Barbara Liskov', 'Donald Knuth', 'Hedy Lamarr', 'John Backus', 'Frances Allen', 'Tony Hoare'],
  ...[
    'Sofia Kovalevskaya',
    'Claude Shannon',
    'Mary Jackson',
    'Niklaus Wirth',
    'Radia Perlman',
    'Ken Thompson',
  ],
  ...['Shafi Goldwasser', 'Dennis Ritchie', 'Jean Bartik', 'Leslie Lamport', 'Annie Easley', 'Robin Milner'],
  ...['Karen Jones', 'Michael Rabin', 'Evelyn Granville', 'Dana Scott', 'Ida Rhodes', 'Stephen Cook'],
  'Lynn Conway',
];

const hour = 60 * 60 * 1000;

/** A class on disk. */
export interface MadeClass {
  /** The folder with one folder a student. */
  readonly root: string;
  readonly roster: string;
  /** The text of an overrides' file. */
  readonly overrides: string;
}

/**
 * Writes a sample class: thirty repositories with histories, of students who are right, wrong, late,
 * hardly begun, hostile or in a hurry; one student who handed nothing in; and a roster.
 */
export async function writeClass(course: Course, place: string): Promise<MadeClass> {
  const root = path.join(place, 'worksheet-submissions');
  const students = names.map((name) => ({ name, login: name.toLowerCase().replace(' ', '-') }));
  const sampler = new Sampler(course, 7);
  const stub = Object.fromEntries(
    studentFiles(course.rubric).map((file) => [file, readText(course.root, file)]),
  );
  let copied: Sample | undefined;
  for (const [index, { login }] of students.slice(0, -1).entries()) {
    const made = sampler.next();
    copied ??= made;
    const sample = special(course, index, copied) ?? made;
    await makeRepository(
      path.join(root, `worksheet-${login}`),
      login,
      commitsOf(sample, stub, course, index),
    );
  }
  const roster = path.join(place, 'roster.csv');
  const rows = students.map(({ name, login }) => `${login},${name},${login}@example.org`);
  writeFileSync(roster, `login,name,email\n${rows.join('\n')}\n`);
  return {
    root,
    roster,
    overrides: `login,total,adjust,reason\n${students[9]?.login},${course.rubric.possible},,Handed in on paper\n`,
  };
}

/** The handout, a first try, and what was handed in; every seventh student is late. */
function commitsOf(
  sample: Sample,
  stub: Record<string, string>,
  { rubric }: Course,
  index: number,
): Commit[] {
  const end = Date.parse(due.due);
  const late = index % 7 === 3 ? (index % 2 === 0 ? 30 : 200) * hour : 0;
  const { table } = rubric;
  const first = sample.firstAnswers;
  return [
    { time: end - 200 * hour, message: 'Initial commit', files: stub },
    ...(first === undefined
      ? []
      : [{ time: end - (20 + index) * hour, message: 'First try', files: { [table.file]: first } }]),
    ...(Object.keys(sample.files).length === 0
      ? []
      : [{ time: end - 2 * hour + late, message: 'Hand in', files: sample.files }]),
  ];
}

/** Those whom every class has. */
function special({ rubric }: Course, index: number, copied: Sample): Sample | undefined {
  const { table, reflection } = rubric;
  const answers = copied.files[table.file] ?? '';
  switch (index) {
    case 5: // never began
      return { files: {}, points: 0 };
    case 11: // copied a neighbour's reflection
      return copied;
    case 14: // forgot a bracket
      return { ...copied, files: { ...copied.files, [table.file]: answers.replace(/\}[^}]*$/, '') } };
    case 17: // tries to be funny
      return {
        points: 0,
        files: {
          [table.file]: `require('node:child_process').execSync('id');\nexport const ${table.export} = { ${table.rows[0]?.id}: { ${table.columns[0]?.id}: "<script>alert(1)</script>" } };\n`,
          ...(reflection && {
            [reflection.file]: `## 1. ${reflection.questions[0]?.label}\n\n=HYPERLINK("https://example.org") <img src=x onerror=alert(1)> ::error::\u001b[2J\n`,
          }),
        },
      };
    default:
      return undefined;
  }
}

/** One commit of a made-up repository: the files that it changes; null takes one away. */
export interface Commit {
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly message: string;
  readonly files: Readonly<Record<string, string | null>>;
}

/** Makes a repository with some commits, the oldest first, and their files. */
export async function makeRepository(dir: string, author: string, commits: readonly Commit[]): Promise<void> {
  fs.mkdirSync(dir, { recursive: true });
  await init({ fs, dir, defaultBranch: 'main' });
  for (const { time, message, files } of commits) {
    for (const [filepath, text] of Object.entries(files)) {
      if (text === null) {
        fs.rmSync(path.join(dir, ...filepath.split('/')));
        await remove({ fs, dir, filepath });
      } else {
        writeFile(dir, filepath, text);
        await add({ fs, dir, filepath });
      }
    }
    const who = {
      name: author,
      email: `${author}@example.org`,
      timestamp: Math.floor(time / 1000),
      timezoneOffset: 0,
    };
    await commit({ fs, dir, message, author: who, committer: who });
  }
}
