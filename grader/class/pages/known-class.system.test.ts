import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { makeRepository } from '../../authoring/demo/demo';
import { withAgain } from '../../testing/again';
import { linesIn, outputsIn, roster, runClass } from '../../testing/classes';
import { newCourse, newFolder, removeFolders } from '../../testing/folders';
import { courseFiles, notesOf } from '../../testing/worksheet';

afterAll(removeFolders);

const due = Date.parse('2026-10-01T12:00Z');
const hour = 60 * 60 * 1000;
const dispute = 'Is something marked wrong that you think is right?';

/** A worksheet of two rows about 7 apples, a second table about 12 and a vote about 20. */
const course = newCourse({
  ...courseFiles,
  'rubric.yaml': `${withAgain('{ apples: 12 }').replace('  choose: 2', `  dispute: ${dispute}\n  choose: 2`)}vote: { apples: 20 }
deadline: { due: 2026-10-01T12:00Z, late: { per_day: 1, until: 2026-10-03T12:00Z }, timezone: UTC }
`,
  'solution/index.ts': `
    export const derive = ({ apples }) => ({ basket: { down: apples, across: apples + 4 }, crate: { down: apples, across: apples + 6 } });
    export const measure = derive;
    export const misconceptions = ({ apples }) => [
      { id: 'all-fruit', title: 'All fruit', row: 'basket', values: { down: apples, across: 3 * apples + 3 }, text: 'Only one kind.' },
      { id: 'square', title: 'Square', row: 'basket', values: { down: apples, across: apples }, text: 'Not a square.' },
      { id: 'peeled', title: 'Peeled', row: 'crate', values: { down: apples - 2, across: apples - 2 }, text: 'Nothing was peeled.' },
      { id: 'peeled', title: 'Peeled', row: 'basket', values: { down: apples - 2, across: apples - 2 }, text: 'Nothing was peeled.' },
    ];
    export const quantities = () => [];
    export const explanations = () => ({ basket: 'A basket holds all apples.' });
  `,
});

// What is true of each student, which every count below is made from.

/** What a student thinks of a row; none leaves a cell blank, and half both of them but one. */
type Thought = 'right' | 'all-fruit' | 'square' | 'peeled' | 'odd' | 'half' | 'none';

interface Version {
  readonly basket: Thought;
  readonly crate: Thought;
  readonly again?: readonly [Thought, Thought];
  /** In hours after the deadline. */
  readonly at: number;
  readonly isBroken?: true;
  /** Other answers in a file beside. */
  readonly beside?: Thought;
}

interface Truth {
  readonly login: string;
  readonly versions: readonly Version[];
  readonly notes: readonly string[];
  readonly disputes?: true;
}

const numbersOf = (thought: Thought, apples: number, more: number) =>
  ({
    right: [apples, apples + more],
    'all-fruit': [apples, 3 * apples + 3],
    square: [apples, apples],
    peeled: [apples - 2, apples - 2],
    odd: [1000, apples + more],
    half: [apples, null],
    none: [null, null],
  })[thought];

const isComplete = (thought: Thought) => thought !== 'none' && thought !== 'half';

/** How many cells of a row are right: down and across. */
const marksOf = (thought: Thought) => ({
  down: thought === 'right' || thought === 'all-fruit' || thought === 'square' || thought === 'half',
  across: thought === 'right' || thought === 'odd',
});

const students: Truth[] = Array.from({ length: 57 }, (_, index): Truth => {
  const login = `s${String(index).padStart(2, '0')}`;
  const pick = <Item>(items: readonly Item[], step: number) => items[(index * step) % items.length] as Item;
  const notes = pick([['Pears', 'Lemons'], ['Pears'], [`Plums ${index}`, 'Lemons'], []], 3);
  const again = pick(
    [
      undefined,
      ['right', 'right'],
      ['all-fruit', 'right'],
      ['right', 'peeled'],
      ['right', 'half'],
      ['odd', 'right'],
    ] as const,
    5,
  );
  const first = {
    basket: pick(['all-fruit', 'right', 'square', 'all-fruit', 'odd'] as const, 1),
    crate: pick(['right', 'peeled', 'right', 'odd'] as const, 3),
  };
  const later = {
    basket: pick(['right', 'all-fruit', 'right', 'square'] as const, 1),
    crate: pick(['right', 'right', 'peeled'] as const, 2),
  };
  const one = (versions: readonly Version[], more: Partial<Truth> = {}) => ({
    login,
    notes,
    versions,
    ...more,
  });
  // Who comes to think what, of those with a history.
  if (index < 24)
    return one([
      { ...first, at: -9 },
      { ...later, again, at: -5 },
    ]);
  if (index < 28)
    return one([
      { ...first, at: -9 },
      { ...first, again, at: -5 },
    ]);
  // Blank cells in the end: the newer version has more points.
  if (index < 31)
    return one([
      { basket: 'all-fruit', crate: 'none', at: -9 },
      { basket: 'none', crate: 'right', again, at: -5 },
    ]);
  if (index < 40) return one([{ ...first, again, at: -5 }]);
  if (index < 42) return one([{ basket: 'half', crate: 'right', at: -5 }]);
  if (index < 45) return one([{ ...first, isBroken: true, at: -5 }]);
  if (index < 47) return one([{ ...first, at: 100 }]);
  if (index < 49) return one([{ ...later, beside: 'odd', at: -5 }]);
  if (index < 51) return one([{ ...first, at: 20 }]);
  if (index < 53)
    return one([{ basket: 'none', crate: 'none', at: -5 }], { notes: index === 51 ? [] : ['Pears'] });
  if (index < 55) return one([]);
  return one([{ ...first, at: -5 }], { disputes: true });
});

function filesOf({ notes, disputes }: Truth, { basket, crate, again, isBroken, beside }: Version) {
  const tables = (first: Thought, second: Thought) => {
    const line = (thought: Thought, apples: number, more: number) => {
      const [down, across] = numbersOf(thought, apples, more) as (number | null)[];
      return `{ down: ${down}, across: ${across} }`;
    };
    const table = (name: string, apples: number, rows: readonly [Thought, Thought]) =>
      `export const ${name} = { basket: ${line(rows[0], apples, 4)}, crate: ${line(rows[1], apples, 6)} };\n`;
    return table('boxes', 7, [first, second]) + table('again', 12, again ?? ['none', 'none']);
  };
  return {
    'work/boxes.ts': isBroken ? 'export const boxes = {{{\n' : tables(basket, crate),
    'work/notes.md': `${notesOf(...notes)}${disputes ? `\n## ${dispute}\n\nIt fits.\n` : ''}`,
    ...(beside && { 'work/boxes (1).ts': tables(beside, crate) }),
  };
}

// An oracle of its own: what counts, and for whom.

const cells = ['down', 'across'] as const;
const rowsHere = ['basket', 'crate'] as const;
const pointsFor = ({ notes }: Truth, version: Version) => {
  const right = rowsHere.flatMap((row) =>
    cells.filter((cell) => !version.isBroken && marksOf(version[row])[cell]),
  );
  return Math.max(0, right.length + 3 * notes.length - (version.at > 0 ? 1 : 0));
};

/** The version that counts, if any does: the one with most points, or the later. */
function countingOf(truth: Truth): Version | undefined {
  const inTime = truth.versions.filter(({ at, beside }) => at <= 48 && !beside);
  return [...inTime].sort((a, b) => pointsFor(truth, b) - pointsFor(truth, a) || b.at - a.at)[0];
}

const hasAnswer = (thought: Thought) => thought !== 'none';
const counting = students.flatMap((truth) => {
  const now = countingOf(truth);
  const isRead = now && !now.isBroken && (hasAnswer(now.basket) || hasAnswer(now.crate));
  return isRead ? { truth, now } : [];
});
const ideasOf = (thoughts: readonly Thought[]) =>
  thoughts.filter((one) => one === 'all-fruit' || one === 'square' || one === 'peeled');
/** A square crate, and all fruit in a crate, are no known idea; none of the class writes them. */
const inWorksheet = ({ now }: (typeof counting)[number]) => ideasOf([now.basket, now.crate]);
const isFilledIn = ({ now: { again } }: (typeof counting)[number]) => again?.every(isComplete) === true;
const atOtherSizes = (one: (typeof counting)[number]) =>
  isFilledIn(one) ? ideasOf(one.now.again ?? []) : [];
const firstOf = ({ truth }: (typeof counting)[number], row: (typeof rowsHere)[number]) =>
  truth.versions.map((version) => version[row]).find(isComplete);
const versionsOf = ({ versions }: Truth) =>
  new Set(versions.map(({ at: _, ...written }) => JSON.stringify(written))).size;
const compared = counting.filter(
  (one) =>
    versionsOf(one.truth) > 1 && rowsHere.every((row) => isComplete(one.now[row]) && firstOf(one, row)),
);
const count = <Item>(items: readonly Item[], is: (item: Item) => boolean) => items.filter(is).length;

const titles = { 'all-fruit': 'All fruit', square: 'Square', peeled: 'Peeled' } as const;
const labels = { basket: 'Basket of fruit', crate: 'Crate' } as const;

let out: string;
let stdout: string;
const root = path.join(newFolder(), 'fruit-submissions');
const list = roster(...students.map(({ login }) => `${login},Student ${login},`));
const pageOf = (name: string) =>
  readFileSync(path.join(out, name), 'utf8').replace(/<style>.*?<\/style>/gs, '');
const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
/** The rows of the table under a heading, as the texts of their cells. */
function tableUnder(heading: string): string[][] {
  const page = pageOf('report.html');
  const [, body = ''] = /<tbody>(.*?)<\/tbody>/s.exec(page.slice(page.indexOf(heading))) ?? [];
  return body
    .split('</tr>')
    .map((row) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => textOf(cell)))
    .filter((row) => row.length > 0);
}

beforeAll(async () => {
  for (const truth of students) {
    if (truth.versions.length === 0) continue;
    const commits = truth.versions.map((version) => ({
      time: due + version.at * hour,
      message: 'x',
      files: filesOf(truth, version),
    }));
    makeRepository(path.join(root, `fruit-${truth.login}`), truth.login, commits);
  }
  out = path.join(newFolder(), 'out');
  const done = await runClass(course, root, '--roster', list, '--out', out);
  expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: '' });
  stdout = done.stdout;
}, 120_000);

const withoutGrade = students.filter((truth) => countingOf(truth) === undefined);

test('the class is one in which everything happens', () => {
  expect(compared.length).toBeGreaterThan(10);
  expect(counting.length - compared.length).toBeGreaterThan(10);
  expect(withoutGrade.length).toBeGreaterThan(3);
  expect(outputsIn(out).rows.map(({ points }) => points)).toEqual(
    students.map((truth) => {
      const version = countingOf(truth);
      return version ? pointsFor(truth, version) : null;
    }),
  );
});

test('the top of each page, and the terminal, say of how many nothing is known', () => {
  expect(textOf(pageOf('report.html'))).toContain(
    `Counted are ${counting.length} of 57 students: their answers were read and count. Not counted: 3 not readable, 2 after the cutoff, 2 no submission, 2 undecided, 1 blank, 1 not started.`,
  );
  const line = `${withoutGrade.length} of 57 have no grade yet.`;
  expect(textOf(pageOf('follow-up.html').replace(/^.*<body>/s, ''))).toMatch(new RegExp(`^${line}`));
  expect(stdout).toContain(`\n${line}\n57 students: `);
});

test('the picture says of each cell how many have it right of those who answered it', () => {
  const expected = rowsHere.map((row) => [
    labels[row],
    ...cells.map((cell) => {
      const answered = counting.filter(({ now }) =>
        cell === 'down' ? hasAnswer(now[row]) : isComplete(now[row]),
      );
      return `${count(answered, ({ now }) => marksOf(now[row])[cell])} of ${answered.length}`;
    }),
  ]);
  expect(tableUnder('<main>')).toEqual(expected);
  expect(
    tableUnder('<h2>Frequent wrong answers').map(([cell, right, blank]) => [cell, right, blank]),
  ).toEqual(
    expected.flatMap(([label, ...both]) =>
      both.map((right, index) => [
        `${label} · ${cells[index]}`,
        right,
        String(counting.length - Number(right?.split(' of ')[1])),
      ]),
    ),
  );
});

test('the headline, the table of ideas and the vote count who shows an idea now, and at first of the same students', () => {
  const counts = Object.entries(titles).map(([id, title]) => {
    const shows = (all: readonly Thought[]) => all.includes(id as Thought);
    return {
      title,
      now: count(counting, (one) => shows([...inWorksheet(one), ...atOtherSizes(one)])),
      cells: [
        String(count(counting, (one) => shows(inWorksheet(one)))),
        String(count(counting, (one) => shows(atOtherSizes(one)))),
        `${count(compared, (one) => rowsHere.some((row) => firstOf(one, row) === id))} at first, ${count(compared, (one) => shows(inWorksheet(one)))} now`,
      ],
    };
  });
  const [most] = [...counts].sort((a, b) => b.now - a.now);
  const first = textOf(pageOf('report.html'));
  expect(first).toContain(`${most?.now} of ${counting.length} show this idea: ${most?.title}`);
  expect(first).toContain(
    `${most?.cells[0]} of ${counting.length} show it in the worksheet, and ${most?.cells[1]} of the ${count(counting, isFilledIn)} who filled in the second table show it there.`,
  );
  const shown = tableUnder('<h2>Ideas');
  expect(
    shown
      .map(([title = '', ...rest]) => [counts.find((one) => title.startsWith(one.title))?.title, ...rest])
      .sort(),
  ).toEqual(counts.map((one) => [one.title, ...one.cells]).sort());
  expect(first).toContain(`of the ${compared.length} with two versions or more and no blank cell`);
  const options = [...pageOf('poll.html').matchAll(/<b>[A-E]<\/b> (\d+ and \d+)/g)]
    .map(([, text]) => text)
    .sort();
  expect(options).toEqual(['18 and 18', '20 and 20', '20 and 24', '20 and 63']);
});

test('wrong answers, first answers, points, the second table and responses are those of the truth', () => {
  const wrongTable = tableUnder('<h2>Frequent wrong answers');
  const wrong = (row: (typeof rowsHere)[number], thought: Thought) =>
    count(counting, ({ now }) => now[row] === thought);
  const across = wrongTable.find(([cell]) => cell === 'Basket of fruit · across');
  for (const said of [
    `${wrong('basket', 'all-fruit')} × 24: All fruit`,
    `${wrong('basket', 'square')} × 7: Square`,
  ])
    expect(across?.[3]).toContain(said);
  expect(wrongTable.find(([cell]) => cell === 'Basket of fruit · down')?.[3]).toBe(
    `${wrong('basket', 'odd')} × 1000: no known reason`,
  );
  expect(wrongTable.map((row) => row[4])).toEqual(
    rowsHere.flatMap((row) =>
      cells.map(
        (cell) =>
          `${count(compared, (one) => marksOf(firstOf(one, row) ?? 'none')[cell])} at first, ${count(compared, ({ now }) => marksOf(now[row])[cell])} now`,
      ),
    ),
  );
  const points = students.flatMap((truth) => {
    const version = countingOf(truth);
    return version ? pointsFor(truth, version) : [];
  });
  expect(tableUnder('<h2>Points').map(([value, many]) => [value, many])).toEqual(
    [...new Set(points)]
      .sort((a, b) => b - a)
      .map((value) => [String(value), String(count(points, (one) => one === value))]),
  );
  const filled = counting.filter(isFilledIn);
  expect(tableUnder('<h2>At other sizes')).toEqual(
    rowsHere.map((row, index) => [
      labels[row],
      `${count(filled, ({ now }) => now.again?.[index] === 'right')} of ${filled.length}`,
    ]),
  );
  const report = textOf(pageOf('report.html'));
  const graded = students.filter((truth) => countingOf(truth));
  for (const [index, question] of ['Which fruit was the sweetest?', 'Which fruit was the sourest?'].entries())
    expect(report).toContain(`${question} (${count(graded, ({ notes }) => notes.length > index)} responses)`);
});

test('the page with names lists whom the truth has, and every line of it is accepted at once', async () => {
  const page = textOf(pageOf('follow-up.html'));
  const started = students.filter((truth) => {
    const version = countingOf(truth);
    return (
      version &&
      !version.isBroken &&
      (hasAnswer(version.basket) || hasAnswer(version.crate) || truth.notes.length > 0)
    );
  });
  const lowest = started.filter((truth) => 2 * pointsFor(truth, countingOf(truth) as Version) <= 10);
  expect(page).toContain(`Fewest points (${Math.min(20, lowest.length)})`);
  const same = counting.flatMap((one) => atOtherSizes(one).filter((idea) => inWorksheet(one).includes(idea)));
  expect(page).toContain(`The same idea in both tables (${same.length})`);
  expect(page).toContain('Disputed marks (2)');
  expect(page).toContain('Lines that cannot be read (3)');
  expect(page).toContain('Versions that differ (2)');
  expect(page).toMatch(/Not started \(3\)/);
  const blocks = linesIn(pageOf('follow-up.html'));
  for (const { file, lines } of blocks) appendFileSync(path.join(out, file), `${lines.join('\n')}\n`);
  expect(new Set(blocks.map(({ file }) => file))).toEqual(new Set(['overrides.csv', 'extensions.csv']));
  const done = await runClass(course, root, '--roster', list, '--out', out, '--apply');
  expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: '' });
  expect(done.stdout).not.toContain('does not count:');
  const lines = blocks.filter(({ file }) => file === 'overrides.csv').flatMap((block) => block.lines);
  for (const line of lines) {
    const [login = '', total] = line.split(',');
    expect([login, outputsIn(out).row(login).points]).toEqual([login, Number(total)]);
  }
  expect(outputsIn(out).rows.filter(({ points }) => points === null)).toHaveLength(2);
}, 120_000);
