import * as fs from 'node:fs';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { add, commit, init, remove } from 'isomorphic-git';
import type { Course } from '../../course';
import { readText, writeFile } from '../../files';
import { rightAnswers } from '../../key/hints';
import { expectedIn } from '../../key/plain';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import type { Deadline } from '../../rubric/file.schema';
import {
  againTable,
  askedTables,
  type Rubric,
  type RubricCell,
  rowName,
  rowsOf,
  studentFiles,
} from '../../rubric/rubric';
import { wrongAnswers } from '../check/key';
import { reflectionOf } from '../generate/reflection';
import { answersText } from '../generate/worksheet';

/** A made-up submission, and the points that it is worth. */
export interface Sample {
  /** The final texts, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly points: number;
  /** The answers of an earlier try, if there was one. */
  readonly firstAnswers?: string;
  /** The table at other sizes, added to the answers at the end: the first try, and the try after its marks. */
  readonly again?: { readonly first: string; readonly later: string };
}

type Rows = readonly {
  readonly id: string;
  readonly cells: readonly { readonly id: string; readonly value: Answer | null }[];
}[];

/** Makes up submissions for a course: right and wrong in many ways, and written in many ways. */
export class Sampler {
  private readonly course: Course;
  private readonly random: Random;

  constructor(course: Course, seed: number) {
    this.course = course;
    this.random = new Random(seed);
  }

  next(): Sample {
    const { rubric } = this.course;
    const first = this.worksheet(0.45);
    const final = this.random.chance(0.6) ? this.improved(first) : first;
    const answered = this.random.pick([0, 1, 2, 2, 2, 3], 2);
    const reflection = rubric.reflection ? this.reflection(rubric.reflection, answered) : undefined;
    return {
      files: {
        [rubric.file]: this.answers(final),
        ...(rubric.reflection && reflection !== undefined && { [rubric.reflection.file]: reflection }),
      },
      points: this.points(final, answered),
      ...(first !== final && { firstAnswers: this.answers(first) }),
    };
  }

  /** A worksheet in which some rows show a known mistake, a wrong answer or nothing. */
  private worksheet(wrong: number): Rows {
    const { rubric, solution } = this.course;
    return rowsOf(rubric).map(({ id: row, cells }) => {
      const right = cells.map((cell) => ({
        id: cell.id,
        value: expectedIn(solution, row, cell.id)?.value ?? null,
      }));
      if (!this.random.chance(wrong)) return { id: row, cells: right };
      const known = solution.misconceptions.filter((entry) => entry.row === row);
      const pickedValues = this.random.pick(known, undefined)?.values ?? {};
      const cell = this.random.pick(cells, undefined);
      const odd = cell && !this.random.chance(0.3) ? this.oddAnswer(row, cell) : null;
      const values: Readonly<Record<string, Answer | null>> = this.random.chance(0.75)
        ? pickedValues
        : { [cell?.id ?? '']: odd };
      return {
        id: row,
        cells: right.map(({ id, value }) => ({ id, value: id in values ? (values[id] ?? null) : value })),
      };
    });
  }

  /** An answer of a cell's kind, nearly always a wrong one. */
  private oddAnswer(row: string, cell: RubricCell): Answer | null {
    const any = 1 + this.random.below(5000);
    const right = expectedIn(this.course.solution, row, cell.id);
    return kindOf(cell).answerOf(any) ?? this.random.pick(right ? wrongAnswers(cell, right) : [], null);
  }

  /** The worksheet after the student saw and fixed some mistakes. */
  private improved(rows: Rows): Rows {
    const { expected } = this.course.solution;
    return rows.map((row) =>
      this.random.chance(0.7) ? (expected.find(({ id }) => id === row.id) ?? row) : row,
    );
  }

  private points(worksheet: Rows, answered: number): number {
    const { rubric, solution } = this.course;
    const earned = rowsOf(rubric).flatMap((row) =>
      row.cells
        .filter((cell) => {
          const value = worksheet
            .find(({ id }) => id === row.id)
            ?.cells.find(({ id }) => id === cell.id)?.value;
          const right = expectedIn(solution, row.id, cell.id);
          return (
            right &&
            rightAnswers(right).some(
              (answer) => (value ?? null) !== null && kindOf(cell).matches(value ?? '', answer),
            )
          );
        })
        .map(({ points }) => points),
    );
    const { choose = 0, points = 0 } = rubric.reflection ?? {};
    return earned.reduce((sum, count) => sum + count, 0) + Math.min(answered, choose) * points;
  }

  private answers(worksheet: Rows): string {
    const constants: string[] = [];
    const tables = askedTables(this.course.rubric).map((table) => {
      const rows = table.rows.map(({ id: row, cells }) => {
        const entries = cells.map((cell) => {
          const value = worksheet.find(({ id }) => id === row)?.cells.find(({ id }) => id === cell.id)?.value;
          return `${cell.id}: ${this.spelled(cell, value ?? null, constants)}`;
        });
        const quote = this.random.chance(0.1) ? '"' : '';
        return `  ${quote}${row}${quote}: { ${entries.join(', ')} },`;
      });
      return this.exported(table.export, `{\n${rows.join('\n')}\n}`);
    });
    const text = [...constants, '// my answers', ...tables, ''].join('\n');
    return this.random.chance(0.3) ? text.replaceAll('\n', '\r\n') : text;
  }

  private exported(name: string, body: string): string {
    return this.random.pick(
      [
        `export const ${name} = ${body};`,
        `export const ${name} = ${body} as const;`,
        `const my${name} = ${body};\nexport { my${name} as ${name} };`,
      ],
      `export const ${name} = ${body};`,
    );
  }

  private spelled(cell: RubricCell, value: Answer | null, constants: string[]): string {
    if (value === null) return 'null';
    const plain = kindOf(cell).sourceText(value);
    const named = () => {
      const name = `size${constants.length + 1}`;
      constants.push(`const ${name} = ${plain};`);
      return name;
    };
    if (typeof value === 'string' || !Number.isSafeInteger(value) || value < 1)
      return this.random.chance(0.8) ? plain : named();
    const ways = [
      () => String(value),
      () => `0x${value.toString(16)}`,
      () => `${value - 1} + 1`,
      () => `(${value * 2}) / 2`,
      () => `Math.max(1, ${value})`,
      () => `${value}.0`,
      () => String(value).replace(/(?<=\d)(?=(?:\d{3})+$)/g, '_'),
      named,
    ];
    return this.random.chance(0.5) ? String(value) : this.random.pick(ways, () => String(value))();
  }

  /** Responses to the first questions of a shuffled list. */
  private reflection(rubric: NonNullable<Rubric['reflection']>, answered: number): string {
    const order = rubric.questions
      .map(({ id }) => ({ id, at: this.random.next() }))
      .sort((a, b) => a.at - b.at);
    const picked = new Set(order.slice(0, answered).map(({ id }) => id));
    const responses = rubric.questions.flatMap(({ id }) =>
      picked.has(id) ? [[id, this.response()] as const] : [],
    );
    return reflectionOf(rubric, Object.fromEntries(responses));
  }

  private response(): string {
    const rows = rowsOf(this.course.rubric);
    const label = () => (this.random.pick(rows, undefined)?.label ?? 'all of it').replace(/ \(.*/, '');
    const begin = this.random.pick(
      [
        () => `I am still not sure about ${label()}. Why is it this and not something else?`,
        () => `That ${label()} depends on what comes before it, and that I can check one by the other.`,
        () => `${label()}. I kept mixing things up until I said aloud what is asked there.`,
        () => `How ${label()} would change if everything were twice as large.`,
        () => 'It reminded me of something from last year, only that here every number has a meaning.',
        () => `Drawing a picture helped. ${label()} made sense only then.`,
        () => `${label()}, because I had learned it the other way round.`,
        () => `I would like to see ${label()} once more, step by step, with small numbers.`,
      ],
      () => 'Everything.',
    )();
    const end = this.random.pick(
      [
        () => ` I asked my neighbor about ${label()}, and we both had to start again.`,
        () => ` ${label()} took me the longest.`,
        () => ' Is that always so?',
        () => ` Next week I want to look at ${label()} in an example from real life.`,
        () => '',
        () => ` (${label()} was easy.)`,
      ],
      () => '',
    )();
    return `${begin}${end}`;
  }
}

/** Pseudo-random numbers that are the same each time (mulberry32, by T. Ettinger). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** One of the items, or a fallback if there are none. */
  pick<Item>(items: readonly Item[], fallback: Item): Item {
    return items[this.below(items.length)] ?? fallback;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}

/** The deadline of the sample class. */
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
  /** The folder with one folder per student. */
  readonly root: string;
  readonly roster: string;
  /** The text of an overrides file. */
  readonly overrides: string;
}

/**
 * Writes a sample class: thirty repositories with histories, of students who are right, wrong, late, barely
 * started, hostile or in a hurry; one student who handed in nothing; and a roster.
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
    const odd = special(course, index, copied);
    const sample = odd ?? { ...made, again: againText(course, index) };
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

/** The commits of the handout, a first try, and the submission; every seventh student is late. */
function commitsOf(
  sample: Sample,
  stub: Record<string, string>,
  { rubric }: Course,
  index: number,
): SampleCommit[] {
  const end = Date.parse(due.due);
  const late = index % 7 === 3 ? (index % 2 === 0 ? 30 : 200) * hour : 0;
  const { file } = rubric;
  const first = sample.firstAnswers;
  return [
    { time: end - 200 * hour, message: 'Initial commit', files: stub },
    ...(first === undefined
      ? []
      : [{ time: end - (20 + index) * hour, message: 'First try', files: { [file]: first } }]),
    ...(Object.keys(sample.files).length === 0
      ? []
      : [{ time: end - 2 * hour + late, message: 'Hand in', files: sample.files }]),
    ...(sample.again === undefined
      ? []
      : [
          {
            time: end - hour + late,
            message: 'The last table',
            files: { [file]: `${sample.files[file]}\n${sample.again.first}` },
          },
          ...(sample.again.first === sample.again.later
            ? []
            : [
                {
                  time: end - hour / 2 + late,
                  message: 'After its marks',
                  files: { [file]: `${sample.files[file]}\n${sample.again.later}` },
                },
              ]),
        ]),
  ];
}

/** The answers of most of the class to the table at other sizes: right, or a known misconception. */
function againText({ rubric, atOtherSizes }: Course, index: number): Sample['again'] {
  const random = new Random(1000 + index);
  const table = againTable(rubric);
  const again = table && atOtherSizes.get(table.export);
  if (!table || !again || random.chance(0.2)) return undefined;
  const rows = table.rows.map((row) => {
    const known = again.misconceptions.filter((idea) => idea.row === rowName(row));
    const wrong = random.chance(0.85) ? undefined : random.pick(known, undefined);
    const textOf = (values: Readonly<Record<string, Answer>> = {}) => {
      const cells = row.cells.map((cell) => {
        const value = values[cell.id] ?? expectedIn(again, rowName(row), cell.id)?.value;
        return `${cell.id}: ${value === undefined ? 'null' : kindOf(cell).sourceText(value)}`;
      });
      return `  ${rowName(row)}: { ${cells.join(', ')} },\n`;
    };
    const first = textOf(wrong?.values);
    return { first, later: random.chance(0.6) ? textOf() : first };
  });
  const tableOf = (texts: readonly string[]) => `export const ${table.export} = {\n${texts.join('')}};\n`;
  return {
    first: tableOf(rows.map(({ first }) => first)),
    later: tableOf(rows.map(({ later }) => later)),
  };
}

/** The special cases that every class has. */
function special({ rubric }: Course, index: number, copied: Sample): Sample | undefined {
  const { file, reflection } = rubric;
  const answers = copied.files[file] ?? '';
  switch (index) {
    case 5: // never began
      return { files: {}, points: 0 };
    case 11: // copied a neighbor's reflection
      return copied;
    case 14: // forgot a bracket
      return { ...copied, files: { ...copied.files, [file]: answers.replace(/\}[^}]*$/, '') } };
    case 17: // tries to be funny
      return {
        points: 0,
        files: {
          [file]: `require('node:child_process').execSync('id');\n${answersText(rubric, () => '"<script>alert(1)</script>"')}`,
          ...(reflection && {
            [reflection.file]: `## 1. ${reflection.questions[0]?.label}\n\n=HYPERLINK("https://example.org") <img src=x onerror=alert(1)> ::error::\u001b[2J\n`,
          }),
        },
      };
    default:
      return undefined;
  }
}

/** One commit of a made-up repository: the files that it changes; null removes a file. */
export interface SampleCommit {
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly message: string;
  readonly files: Readonly<Record<string, string | null>>;
}

/** Makes a repository with some commits, oldest first, and their files. */
export async function makeRepository(
  dir: string,
  author: string,
  commits: readonly SampleCommit[],
): Promise<void> {
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
