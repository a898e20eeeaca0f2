import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { cellsOf, linesAbove, type Rubric } from '../rubric/rubric';
import { type Case, casesIn, type Outcome, outcomeOf } from '../testing/cases';
import { newFolder, writeFiles } from '../testing/folders';
import { manyKinds } from '../testing/many-kinds';
import {
  answersOf,
  blankAnswers,
  disputableYaml,
  notesOf,
  rightAnswers,
  rubric,
  rubricIn,
  withCell,
} from '../testing/worksheet';
import { isUntouched, readAnswers } from './cells';
import { maxFile } from './decode';
import { findInFolder, readFile } from './folder';
import { workFinder } from './read-files';
import { readReflection, responseCount } from './reflection';
import { readSubmission } from './submission';

const read = (source: string) => readAnswers(source, rubric);

/** The values of all cells, in order. A cell without a value is represented by its kind. */
const valuesOf = (source: string) =>
  cellsOf(read(source)).map((cell) => (cell.kind === 'value' ? cell.value : cell.kind));

const isProblem = ({ outcome }: Case) => /^\d+:\d+ /.test(outcome.result);
const sectionsOf = (file: string) => {
  const all = casesIn(file);
  return [...new Set(all.map(({ section }) => section))].map(
    (section) => [section, all.filter((one) => one.section === section)] as const,
  );
};

// answers/answers.system.test.ts checks these values by really running the files.
describe('what is written in one cell, and what becomes of it', () => {
  test.each(sectionsOf('cells.txt'))('%s', (_section, cases) => {
    const outcomes = cases.map((one) => ({ ...one, outcome: outcomeOfCell(one.input) }));
    expect(outcomes).toEqual(cases);
    for (const one of cases) {
      const others = isProblem(one) ? ['invalid', 'invalid', 'invalid'] : [11, 7, 13];
      expect([one.input, ...valuesOf(withCell(one.input)).slice(1)]).toEqual([one.input, ...others]);
    }
  });
});

describe('what is in a whole file, and what becomes of it', () => {
  test.each([...sectionsOf('files.txt'), ...sectionsOf('advice.txt')])('%s', (_section, cases) => {
    const outcomes = cases.map((one) => ({ ...one, outcome: outcomeOfFile(one.input) }));
    expect(outcomes).toEqual(cases);
  });

  test('a slip is shown with its line, costs every cell, and the line to write in its place removes it', () => {
    for (const { name, input } of casesIn('files.txt').filter(isProblem)) {
      expect([name, ...valuesOf(input)]).toEqual([name, ...Array(4).fill('invalid')]);
      const [{ location, excerpt, reason } = { reason: undefined }, ...more] = read(input).problems;
      expect([name, more]).toEqual([name, []]);
      // No corrected line helps a file without a table, so none is shown.
      expect([name, excerpt === undefined]).toEqual([name, reason?.next === undefined]);
      if (excerpt === undefined || location === undefined) continue;
      const lines = input.split('\n');
      const line = lines[location.line - 1] ?? '';
      expect(excerpt.line.slice(excerpt.column - 1)).toBe(line.slice(location.column - 1).trimEnd());
      if (excerpt.corrected === undefined) continue;
      lines[location.line - 1] = line.replace(excerpt.line, () => excerpt.corrected ?? '');
      const next = read(lines.join('\n')).problems[0]?.location;
      const isLater =
        next === undefined || next.line * 1e6 + next.column > location.line * 1e6 + location.column;
      expect([name, excerpt.corrected, isLater]).toEqual([name, excerpt.corrected, true]);
    }
  });

  test('a slip that shows at an empty last line has no line to show', () => {
    const [problem] = read('export const boxes =\n\n').problems;
    expect([problem?.location?.line, problem?.excerpt]).toEqual([3, undefined]);
  });

  test('an instruction to write or delete something is one whose line is shown, or the deletion of a line', () => {
    const cells = casesIn('cells.txt').map(({ input }) => withCell(input));
    const files = casesIn('files.txt').map(({ input }) => input);
    const open = [...cells, ...files].flatMap((source) => {
      const { problems, rows, corrected } = read(source);
      return [...problems, ...cellsOf({ rows })].flatMap((part) => {
        const { reason, excerpt } = 'reason' in part ? { excerpt: undefined, ...part } : {};
        const asked =
          /\b(?:Write|Delete|Put|Add|Replace|Remove) (?!(?:the|a|one) number|it in digits|one of the two)\S+/.exec(
            reason?.text ?? '',
          );
        const isShown = excerpt?.corrected !== undefined || corrected !== undefined;
        return asked && !isShown ? [`${asked[0]} … in ${excerpt?.line}`] : [];
      });
    });
    expect(open).toEqual([]);
  });

  test('of two corrections that read all and give different values none is shown: only the student can choose', () => {
    const withRow = (row: string) =>
      read(answersOf('{ down: 7, across: 11 }', '{ down: 7, across: 13 }').replace('11 },', row));
    // 22 / 2, or 22 and a note.
    const { problems, corrected } = withRow('22 // 2 },');
    expect([problems[0]?.location?.line, problems[0]?.excerpt?.corrected, corrected]).toEqual([
      2,
      undefined,
      undefined,
    ]);
    expect(withRow('22 // two },').corrected?.source).toContain('across: 22 }, // two');
  });

  test('a stub of this version or an earlier one is untouched until something is filled in', () => {
    const older = (value: string) => blankAnswers.replace('};', `  barrel: { down: ${value} },\n};`);
    expect([blankAnswers, older('null')].map((source) => isUntouched(read(source)))).toEqual([true, true]);
    expect([rightAnswers, older('7')].map((source) => isUntouched(read(source)))).toEqual([false, false]);
  });

  test('a row or column that is not in the worksheet is told, with the one that was probably meant', () => {
    const misspelled =
      'export const boxes = { baskett: { down: 7, across: 11 }, crate: { Down: 7, across: 13 } };';
    expect(outcomeOfFile(misspelled).result.replaceAll('answers/', '')).toBe(
      'misspelled-row misspelled-row misspelled-column 13',
    );
    const shortened =
      'export const boxes = { bas: { down: 7, across: 11 }, crate: { down: 7, across: 13 } };';
    expect(outcomeOfFile(shortened).result.replaceAll('answers/', '')).toBe(
      'misspelled-row misspelled-row 7 13',
    );
    const more = `${rightAnswers.slice(0, -3)}  elephants: { down: 1 },\n};`;
    expect(outcomeOfFile(more).result).toBe('4:3 answers/unknown-row');
  });

  test('a file is read through thousands of consts', () => {
    const chain = Array.from({ length: 1500 }, (_, n) => `const a${n + 1} = a${n};`).join('\n');
    expect(valuesOf(`const a0 = 7;\n${chain}\n${withCell('a1500')}`)).toEqual([7, 11, 7, 13]);
  });
});

test('words without quotes are told of as the cells of the worksheet ask: in digits, or in quotes', () => {
  const [ofTexts, ofNumbers] = [rubricIn(manyKinds['rubric.yaml'] ?? ''), rubric].map((form) =>
    readAnswers('export const boxes = { basket: { sort: dark red } };', form).problems.map(
      ({ reason }) => reason,
    ),
  );
  expect(ofTexts).toMatchObject([
    { code: 'answers/words', text: expect.stringContaining('A text has quotes') },
  ]);
  expect(ofNumbers).toMatchObject([{ code: 'answers/words', text: expect.stringContaining('in digits.') }]);
  expect(ofNumbers).not.toEqual(ofTexts);
});

describe('answers outside of their table', () => {
  const rows = ['basket: { down: 7, across: 11 }', 'crate: { down: 7, across: 13 }'];
  const said = rows.map((row) => row.replace(/\W+/g, ' '));
  const table = `{ ${rows.join(', ')} }`;
  const start = 'export const boxes';
  const above = (text: string) => blankAnswers.replace(start, `${text}\n${start}`);

  const told = {
    'in a table above': above(`const mine = ${table};`),
    'in a table below': `${blankAnswers}const mine = ${table};\n`,
    'in consts': above(rows.map((row) => `const ${row.replace(':', ' =')};`).join('\n')),
    'in consts of several lines': above(
      rows.map((row) => `const ${row.replace(': {', ' = {\n')};`).join('\n'),
    ),
    'in a table within the table': `${start} = { boxes: ${table} };`,
    'commented out row by row': `${start} = {\n// ${rows.join(',\n// ')},\n};`,
    'in a comment at the top': `/*\n${said.join('\n')}\n*/\n${blankAnswers}`,
    'in words below': `${blankAnswers}Basket: 7 x 11\nCrate: 7 x 13\n`,
    'in a text': above(`const mine = '${said.join('; ')}';`),
    'behind the cells': blankAnswers.replace(
      /(basket|crate): .*,/g,
      (row) => `${row} // ${row.startsWith('b') ? '7, 11' : '7 and 13'}`,
    ),
    'below a table of which half is filled in': `${answersOf('{ down: 7, across: 11 }', 'null')}// 7, 13\n`,
  };

  test.each(Object.entries(told))(
    'are told with their line, and are no blank worksheet: %s',
    (_name, source) => {
      const { outside } = read(source);
      expect(outside?.reason.code).toBe('answers/elsewhere');
      expect(source.split('\n')[(outside?.location?.line ?? 0) - 1]).toMatch(/basket|\/\/ 7/i);
      expect(isUntouched(read(source))).toBe(false);
    },
  );

  const none = {
    'an old answer above a row that is filled in': rightAnswers.replace(
      '  crate',
      '  // crate: { down: 1, across: 2 }\n  crate',
    ),
    arithmetic: above('// crate: 7 + 6 = 13\nconst width = 7 + 6;'),
    'consts that cells use': `const row = { down: 7, across: 11 };\n${start} = { basket: row, crate: row };`,
    'a number for a row': above('// The basket is 7 wide.'),
    'an export of the student’s own': above(`export const mine = ${table};`),
  };

  test.each(Object.entries(none))('are none: %s', (_name, source) => {
    expect(read(source)).toMatchObject({ problems: [], outside: undefined });
  });
});

describe('a reflection', () => {
  const form = rubricIn(disputableYaml).reflection;
  type Form = NonNullable<Rubric['reflection']>;
  /** The reflection that the cases were written for, whatever rubric.yaml asks now. */
  const own: Form = {
    file: 'assignment/reflection.md',
    choose: 2,
    points: 1,
    intro:
      'Exit ticket\nBefore you leave, pick a couple of these questions to react to. Write under the heading; a sentence or two is enough, in any language.\nYour instructors read this with your name, and keep it until the course is over.\n',
    dispute: form?.dispute,
    questions: [
      { id: 'important', label: 'What was the most important concept from today for you?' },
      { id: 'muddiest', label: 'What was the muddiest concept today?' },
      { id: 'connection', label: 'How does what we did today connect with what you have learned before?' },
      { id: 'review', label: 'What would you like to review or clarify the next time we meet?' },
      { id: 'curious', label: 'What are you curious, hopeful or excited about?' },
    ],
  };

  function readNotes(source: string) {
    const { responses, unsorted, reason, isUntouched } = readReflection(source, form as Form);
    return {
      responses: Object.fromEntries([...responses].map(([id, { text }]) => [id, text])),
      unsorted: unsorted.map(({ text }) => text),
      why: reason?.code.replace('reflection/', ''),
      isUntouched,
      lines: [...responses.values(), ...unsorted].map(({ location }) => location.line),
    };
  }

  test('text under a question is its response, without comments and tags, and keeps its place', () => {
    expect(readNotes(notesOf('Pears.', 'Lemons,\nby **far**.\n\n- really'))).toMatchObject({
      responses: { sweetest: 'Pears.', sourest: 'Lemons,\nby **far**.\nreally' },
      unsorted: [],
      why: undefined,
      lines: [7, 11],
    });
  });

  test.each([
    ['untouched', notesOf(), true],
    ['untouched', '', true],
    ['untouched', notesOf('Which fruit was the sourest?', '\u3164'), true],
    ['copied', notesOf('same', 'same', 'same'), undefined],
    ['too-few', notesOf('', 'Lemons'), undefined],
  ])('who has too few responses reads why: %s', (why, source, isUntouched) => {
    expect(readNotes(source)).toMatchObject({ why, isUntouched });
  });

  test('questions that differ in a digit alone are two', () => {
    const questions = ['1', '2'].map((id) => ({ id: `q${id}`, label: `What of part ${id}?` }));
    const { responses } = readReflection('## What of part 2?\n\nPears\n', { ...(form as Form), questions });
    expect([...responses.keys()]).toEqual(['q2']);
  });

  /** The contents of a reflection, with the number of responses that earn points. */
  function counted(source: string) {
    const found = readReflection(source, own);
    return { ...found, count: Math.min(2, responseCount(found)) };
  }

  /**
   * Replaces `{top}` with the template's lines above its questions, `{2}` with its second heading, and `{3-6}` with the
   * last.
   */
  function written(input: string): string {
    const { questions, dispute } = own;
    const [title, ...intro] = linesAbove(own);
    const headings = [...questions.map(({ label: one }, index) => `${index + 1}. ${one}`), dispute];
    return input
      .replace(/^\\#/gm, '#')
      .replaceAll('{top}', `# ${[title, ...intro].join('\n\n')}\n`)
      .replace(/\{(\d)(?:-(\d))?\}/g, (_, first: string, last = first) =>
        headings
          .slice(Number(first) - 1, Number(last))
          .map((one) => `\n## ${one}\n`)
          .join(''),
      );
  }

  test.each(sectionsOf('responses.txt'))('counts what a fair person counts: %s', (_section, cases) => {
    for (const { name, input, outcome } of cases) {
      // The result is `2`, or `1 (fair: 2)` if a fair person would give other points.
      const [points = 0, fair = points] = (outcome.result.match(/\d/g) ?? []).map(Number);
      const { count, reason, isUntouched } = counted(written(input));
      expect([name, count, reason !== undefined]).toEqual([name, points, count < 2]);
      // With fewer than fair, somebody has to look at it, so it must not pass as untouched.
      if (points < fair) expect([name, isUntouched]).toEqual([name, undefined]);
    }
    expect(cases.filter(({ outcome }) => outcome.result.includes('fair')).length).toBeLessThan(4);
  });

  /** Several reactions in one paragraph, which only a person can tell apart. The instructor sees them in a list. */
  const inOneParagraph = [
    'in the dispute section, but reacts to Q2 and Q4, no real dispute',
    'one line from the bus, important and muddy',
    'one paragraph under Q1, but plainly reacts to Q1, Q2 and Q5',
  ];

  test('a student has the points that both of two readers give, or is listed for a person', () => {
    const text = readFileSync(path.join(__dirname, 'fixtures', 'tickets.txt'), 'utf8');
    const listed = text
      .split(/^%%%%%\n/m)
      .slice(1)
      .flatMap((ticket) => {
        const [head = '', ...body] = ticket.split(/^-----\n/m);
        const [points = '', why = ''] = head.trim().split(' | ');
        const verdicts = points.split(' ').map(Number);
        const source = body
          .join('-----\n')
          .replaceAll('\\r', '\r')
          .replace(/\\u\{([0-9a-f]+)\}/g, (_, point) => String.fromCodePoint(Number.parseInt(point, 16)));
        const { count, reason, isUntouched } = counted(source);
        expect([why, verdicts.length]).toEqual([why, 2]);
        if (count >= Math.min(...verdicts)) return [];
        expect([why, reason?.code, isUntouched]).toEqual([why, 'reflection/too-few', undefined]);
        return why;
      });
    expect(listed.sort()).toEqual(inOneParagraph);
  });
});

describe('in a folder', () => {
  const file = 'work/boxes.ts';
  const codeOf = (root: string, name = file) => {
    const found = readFile(root, name);
    if (found === undefined) return 'missing';
    return 'kind' in found ? found.reason.code : 'file';
  };

  test('plain files up to the largest size are read, and no link is followed', () => {
    const [root, outside] = [newFolder(), newFolder('elsewhere')];
    writeFiles(outside, { 'boxes.ts': 'secret', 'student/work/boxes.ts': 'x' });
    writeFiles(root, {
      [file]: Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a]),
      'most.ts': 'x'.repeat(maxFile),
      'more.ts': 'x'.repeat(maxFile + 1),
    });
    mkdirSync(path.join(root, 'folder.ts'));
    symlinkSync(path.join(outside, 'boxes.ts'), path.join(root, 'far.ts'));
    symlinkSync(path.join(root, 'most.ts'), path.join(root, 'work', 'near.ts'));
    symlinkSync(outside, path.join(root, 'way'), 'junction');
    const codes = {
      'most.ts': 'file',
      'more.ts': 'file/too-large',
      'far.ts': 'file/link',
      'work/near.ts': 'file/link',
      'way/boxes.ts': 'file/link',
      'folder.ts': 'missing',
      'most.ts/x': 'missing',
      'none.ts': 'missing',
    };
    for (const [name, code] of Object.entries(codes))
      expect([name, codeOf(root, name)]).toEqual([name, code]);
    expect(readFile(root, file)).toEqual(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a]));
    // Links on the path to the root are fine: the person who runs the grader chose that path.
    expect(codeOf(path.join(root, 'way', 'student'))).toBe('file');
  });

  // Windows keeps pipes outside the file system, so none can be below a folder.
  if (process.platform !== 'win32') {
    test('a named pipe is refused, and nothing waits for it', () => {
      const root = newFolder();
      execFileSync('mkfifo', [path.join(root, 'boxes.ts')]);
      expect(codeOf(root, 'boxes.ts')).toBe('file/special');
    });
  }
});

test.each([
  ['64 MiB', maxFile],
  ['two thousand files', 0],
])(
  'of what one student handed in, %s are read at most, and what is behind them is no zero',
  async (_much, size) => {
    let readFiles = 0;
    const countedFile = (path: string, content: Buffer) => ({
      path,
      read: () => {
        readFiles++;
        return content;
      },
    });
    const content = Buffer.alloc(size);
    const filler = Array.from({ length: 2100 }, (_, index) => countedFile(`${index}.ts`, content));
    const worksheet = countedFile('boxes.ts', Buffer.from(rightAnswers));
    const { files } = await workFinder(rubric).find([worksheet, ...filler, countedFile('notes.md', content)]);
    expect(readFiles).toBeLessThan(2100);
    expect(files.get('work/boxes.ts')?.opened.kind).toBe('file');
    expect(files.get('work/notes.md')?.opened.kind).toBe('failed');
  },
);

const inUtf16 = Buffer.from(`\ufeff${rightAnswers}`, 'utf16le');

/** The answers of a submission with these bytes as its file. */
async function answersIn(bytes: Uint8Array) {
  const root = newFolder();
  writeFiles(root, { 'work/boxes.ts': Buffer.from(bytes) });
  return readSubmission(await findInFolder(root, rubric), rubric).answers;
}

test.each([
  ['UTF-8 with a mark', Buffer.from(`\ufeff${rightAnswers}`)],
  ['UTF-16 with its mark', inUtf16],
  ['UTF-16 with its mark, in the other byte order', Buffer.from(inUtf16).swap16()],
])('a file in %s is read', async (_name, bytes) => {
  const { state, rows } = await answersIn(bytes);
  expect([state, ...cellsOf({ rows }).map(({ kind }) => kind)]).toEqual(['read', ...Array(4).fill('value')]);
});

test.each([
  ['empty', Buffer.from(''), 'file/empty', 'Copy the original file back'],
  ['nothing but a mark and space', Buffer.from('\ufeff \r\n'), 'file/empty', 'Copy the original file back'],
  ['rich text', Buffer.from(`{\\rtf1\\ansi ${rightAnswers}}`), 'file/rich-text', 'Save it as plain text'],
  ['UTF-16 without a mark', inUtf16.subarray(2), 'file/utf-16', 'Save it as plain text in UTF-8'],
  ['UTF-16 that is cut off', inUtf16.subarray(0, -1), 'file/utf-16', 'Save it as plain text in UTF-8'],
  [
    'a Windows code page',
    Buffer.from('const größe = 7;', 'latin1'),
    'file/encoding',
    'Save the file as UTF-8',
  ],
])('a file that is %s is not read, with what to do', async (_name, bytes, code, advice) => {
  const { isUnreadable, problems } = await answersIn(bytes);
  expect({ isUnreadable, code: problems[0]?.reason.code }).toEqual({ isUnreadable: true, code });
  expect(problems[0]?.reason.text).toContain(advice);
});

test.each([
  ['rich text', '{\\rtf1 Plums, all of them.}'],
  ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n'],
])('a reflection that is %s is no response', async (_name, content) => {
  const root = newFolder();
  writeFiles(root, { 'work/boxes.ts': rightAnswers, 'work/notes.md': content });
  const { reflection } = readSubmission(await findInFolder(root, rubric), rubric);
  expect(reflection?.state).toMatch(/^(?:refused|misplaced)$/);
});

/** The outcome of reading a whole file, in the form of a case. */
function outcomeOfFile(source: string): Outcome {
  const answers = readAnswers(source, rubric);
  const [problem] = answers.problems;
  if (problem) {
    const { line, column } = problem.location ?? {};
    return outcomeOf(`${line}:${column} ${problem.reason.code}`, problem.excerpt?.corrected);
  }
  const cells = cellsOf(answers);
  const contents = cells.map((cell) => {
    if (cell.kind === 'value') return String(cell.value);
    return cell.kind === 'invalid' ? cell.reason.code : cell.kind;
  });
  return outcomeOf(contents.join(' '));
}

/** The outcome of the first cell, in a file where only that cell may be wrong. */
function outcomeOfCell(written: string): Outcome {
  const source = answersOf(`{ down: ${written}, across: 11 }`, '{ down: 7, across: 13 }');
  const answers = readAnswers(source, rubric);
  if (answers.problems.length > 0) return outcomeOfFile(source);
  const [cell] = cellsOf(answers);
  if (cell?.kind !== 'invalid') return outcomeOf(cell?.kind === 'value' ? String(cell.value) : 'blank');
  return outcomeOf(cell.reason.code, cell.excerpt?.corrected);
}
