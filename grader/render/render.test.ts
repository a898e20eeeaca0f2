import { stripVTControlCharacters } from 'node:util';
import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import type { Report } from '../grading/report.schema';
import { score } from '../grading/score';
import { renderAnnotations } from '../hosts/github/host';
import { renderGradescope } from '../hosts/gradescope/host';
import { type AnswerKey, noKey, plainKey } from '../key/judge';
import { interpolate, message } from '../message';
import { type Rubric, rowsOf } from '../rubric/rubric';
import { readSubmission } from '../submission/submission';
import { findFiles } from '../submission/which-files';
import { gradeTexts } from '../testing/grade';
import { tries } from '../testing/long';
import { anyText } from '../testing/texts';
import {
  answersOf,
  blankAnswers,
  notesOf,
  rightAnswers,
  rubric,
  rubricIn,
  solution,
} from '../testing/worksheet';
import { design } from './design';
import { csvRows, gradebookKey, own, untrusted } from './escape/csv';
import { html, htmlLink, page, textHtml, textLines } from './escape/html';
import { indentedJson } from './escape/json';
import { markdownLink } from './escape/markdown';
import { escapeTerminal, terminalSentence } from './escape/terminal';
import { reasonsOf } from './reasons-shown';
import { answerText, outcomes, rowText } from './status';
import { testsOf } from './tests';
import { newsSince, viewOf } from './view';
import { printHtml } from './view-html';
import { renderMarkdown } from './view-markdown';
import { printPlain, renderPlain } from './view-plain';
import { renderTerminal } from './view-terminal';

const terminal = (report: Report) => renderTerminal(report, { hasColors: false });
const markdown = (report: Report) => renderMarkdown(report, []);
const row = (down: number | string, across: number | string) => `{ down: ${down}, across: ${across} }`;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const widest = (text: string) => Math.max(...text.split('\n').map((line) => [...line].length));

/** A worksheet with these tables, given in the syntax of `rubric.yaml`. */
const worksheetOf = (...tables: string[]) =>
  rubricIn(`title: Shapes\nfile: work/a.ts\ntables:\n${tables.join('')}`);
const tableOf = (name: string, rows: string, columns: string) =>
  `- { export: ${name}, label: Table ${name}, points: 1, rows: [${rows}], columns: [${columns}] }\n`;

/** Grades a file with a key in which every cell is 7. */
function graded(of: Rubric, text: string): Promise<Report> {
  const cellsOf = (cells: readonly { id: string }[]) => cells.map(({ id }) => ({ id, value: 7 }));
  const expected = rowsOf(of).map(({ id, cells }) => ({ id, cells: cellsOf(cells) }));
  return gradeTexts(text, undefined, plainKey(of, { ...solution, expected, misconceptions: [] }), of);
}

const broken = 'export const boxes = {\n  basket: { down: 7 across: 11 },\n};';

describe('in a terminal', () => {
  const judged = /correct|wrong|points/i;
  const turned = answersOf(row(11, 7), row(13, 7));
  test.each<[string, AnswerKey | undefined, string[], RegExp, RegExp]>([
    [blankAnswers, undefined, [], /Not started yet: 0 of 10 points.*Next: Fill in each cell/s, /wrong|blank/],
    [
      rightAnswers,
      undefined,
      ['a', 'b'],
      /10 of 10 points.*Next: Hand in your work if you have not done so yet. There is/s,
      /wrong/,
    ],
    [turned, undefined, [], /Turn it round\./, /not right here|Turn it round.*Turn it round/s],
    [answersOf(row(7, 999), 'null'), noKey, [], /form only: 2 of 4 cells.*7 filled in/s, judged],
    [rightAnswers, noKey, ['a', 'b'], /2 of 2 responses.*Next: Everything is filled in/s, judged],
  ])('what is left to do is said once: %#', async (answers, key, notes, wanted, not) => {
    const text = terminal(await gradeTexts(answers, notesOf(...notes), key));
    expect(text).toMatch(wanted);
    expect(text).not.toMatch(not);
  });

  test('a response under no question is one of the two', async () => {
    const text = terminal(await gradeTexts(rightAnswers, 'Pears were the sweetest.\n', noKey));
    expect(text).toContain('Reflection (work/notes.md): 1 of 2 responses');
  });

  const changed = async (before: string | undefined, now: string, key?: AnswerKey) => {
    const report = await gradeTexts(now, notesOf(), key);
    const earlier = before === undefined ? undefined : await gradeTexts(before, notesOf(), key);
    const changes = newsSince(earlier, report);
    return { changes, text: renderTerminal(report, { hasColors: false, changes }) };
  };
  const basketRight = answersOf(row(7, 11), row('null', 'null'));

  test.each([
    ['a row that is right now', blankAnswers, basketRight, '+2: Basket of fruit is right.'],
    ['a row that was right', rightAnswers, basketRight, '−2: Crate is no longer right.'],
    ['half a row', blankAnswers, basketRight.replace('11', '12'), '+1.'],
    ['nothing', basketRight, basketRight, 'Same points as before.'],
  ])('what has changed comes first: %s', async (_name, before, now, line) => {
    expect((await changed(before, now)).text.split('\n')[0]).toBe(line);
  });

  test('nothing is called gained or lost without a key, or where a file cannot be read', async () => {
    const unread = 'export const boxes = {';
    for (const [before, now, key] of [
      [rightAnswers, basketRight, noKey],
      [rightAnswers, unread],
      [unread, rightAnswers],
    ] as const)
      expect((await changed(before, now, key)).changes).toEqual({ risen: new Set() });
  });

  test('no points are compared with a report that has none', async () => {
    const unscored = await gradeTexts(rightAnswers, notesOf(), noKey);
    const scored = await gradeTexts(rightAnswers);
    expect(newsSince(unscored, scored).text).toBeUndefined();
    expect(newsSince(await gradeTexts(basketRight), scored).text).toBe('+2: Crate is right.');
  });

  test('only rows that have just become right are explained, and all of a worksheet that is right at once', async () => {
    const crate = 'A crate holds what the basket holds';
    expect((await changed(basketRight, rightAnswers)).text).toContain(crate);
    expect((await changed(rightAnswers, rightAnswers)).text).not.toContain(crate);
    const first = await changed(undefined, rightAnswers);
    expect([first.text, first.changes.text]).toEqual([expect.stringContaining(crate), undefined]);
  });

  test('colour adds nothing that the words do not say', async () => {
    const report = await gradeTexts(answersOf(row(7, 24), 'null'), notesOf('Pears'));
    const coloured = renderTerminal(report, { hasColors: true });
    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(terminal(report));
  });

  test('no line is longer than 80 columns, whatever is written and however wide the worksheet is', async () => {
    const long = 'x'.repeat(5000);
    const hard = [
      answersOf(`"${long}"`, row(long, 9007199254740991)),
      answersOf(`{ ${long}: 1 }`, 'null'),
      `${long} ${long}`,
    ];
    for (const answers of hard)
      expect(widest(terminal(await gradeTexts(answers, notesOf(long))))).toBeLessThanOrEqual(80);
    for (const count of [3, 10]) {
      const columns = numbers(count).map((at) => `{ id: c${at}, label: Column ${at} }`);
      const cells = numbers(count).map((at) => `c${at}: ${at === 0 ? 123456 : 7}`);
      const wide = worksheetOf(tableOf('t', '{ id: a, label: A row with a long name }', columns.join(', ')));
      const text = terminal(await graded(wide, `export const t = { a: { ${cells.join(', ')} } };`));
      expect(widest(text)).toBeLessThanOrEqual(80);
      expect(text).toMatch(/^ {4}Column 2: 7 correct$/m);
      if (count === 3)
        expect(
          renderTerminal(await graded(wide, `export const t = { a: { ${cells.join(', ')} } };`), {
            hasColors: false,
            columns: 100,
          }),
        ).toMatch(/^Worksheet +Column 0 +Column 1 +Column 2 +Points$/m);
      if (count === 10) expect(text).toMatch(/^ {4}Points: 9 of 10$/m);
    }
  });
});

describe('of six rows, each of two cells', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const sheet = worksheetOf(
    tableOf(
      'it',
      names.map((id) => `{ id: ${id}, label: Row ${id} }`).join(),
      '{ id: x, label: X }, { id: y, label: Y, ask: Why? }',
    ),
  );
  const right = [
    { id: 'x', value: 1 },
    { id: 'y', value: 2 },
  ];
  const key = plainKey(sheet, {
    expected: names.map((id) => ({ id, cells: right })),
    misconceptions: names.map((id) => ({ id: 'wide', row: id, values: { y: 50 }, text: 'Too wide.' })),
    quantities: [{ value: 9, phrase: 'how many lives a cat has' }],
    explanations: {},
  });

  test.each([
    [
      'mistakes of one kind are told once, whatever was typed',
      '3,2 4,2 3,2 1,2 1,2 7,2',
      'Row a · x, Row c · x: {typed} is not right here. And: Row b · x And: Row f · x',
    ],
    [
      'the one thing of each row that helps most is told: a hint, then a quantity, then what it asks',
      '9,50 9,3 3,4 1,2 1,2 1,2',
      `Row a · y: Too wide.
Row b · x: 9 is how many lives a cat has.
Row c · x: {typed} is not right here.`,
    ],
    [
      'what cannot be read is told first, and nothing else of its row',
      '9,2 "1",50 "1",2 "2",2 1,true 1,2',
      `Row b · x, Row c · x: {found} is in quotes, but a number takes none. Write {write} instead of {remove}. And: Row d · x
Row e · y: {written} is not a number. Write a number, or null.
Row a · x: 9 is how many lives a cat has.`,
    ],
  ])('%s', async (_name, rows, expected) => {
    const cells = rows.split(' ').map((one, at) => `${names[at]}: { x: ${one.replace(',', ', y: ')} }`);
    const report = await gradeTexts(`export const it = { ${cells.join(', ')} };`, undefined, key, sheet);
    const told = reasonsOf(report).map(({ labels, also, reason }) =>
      [`${labels.join(', ')}: ${reason.text}`, ...also].join(' And: '),
    );
    expect(told.join('\n')).toBe(expected);
  });
});

describe('read aloud', () => {
  /** A text that ends like a sentence or announces the next lines, without a sign, a rule or a run of spaces. */
  const sentence = /^(?!.*(?: {2}|--|[·✓✗↺^])).*[.!?:]$/;

  test('the worksheet is sentences, with each row and cell in order, its value, its mark and its reason', async () => {
    const value = fc.constantFrom('7', '11', '13', '24', '5', '99', 'null', '"7"', '4 MiB', '1e-3');
    await fc.assert(
      fc.asyncProperty(value, value, value, value, async (a, b, c, d) => {
        const report = await gradeTexts(answersOf(row(a, b), row(c, d)), notesOf('Pears'));
        const lines = renderPlain(report, { showsAll: true }).trimEnd().split('\n');
        for (const line of lines)
          if (!/^From character|^The same line/.test(line)) expect(line).toMatch(sentence);
        const rows = report.rows.map(({ label, cells }, at) => {
          const texts = cells.map(({ value: typed, shown = typed, outcome }, column) =>
            [
              ['Down', 'Across'][column],
              [shown, outcomes[outcome].word].filter((one) => one !== undefined).join(', '),
            ].join(' '),
          );
          const points = cells.filter(({ outcome }) => outcome === 'correct').length;
          return `Row ${at + 1} of 2, ${label}: ${[...texts, `${points} of 2 points`].join('; ')}.`;
        });
        expect(lines.filter((line) => line.startsWith('Row '))).toEqual(rows);
        const words = reasonsOf(report).map(({ reason }) =>
          interpolate(reason, (quote) => `“${quote}”`).replaceAll(' · ', ', '),
        );
        const spoken = lines.join(' ');
        // In order: each is found after the one before.
        const places = words.map((one) => spoken.indexOf(one));
        expect([...places].sort((one, other) => one - other)).toEqual(places);
        expect(places).not.toContain(-1);
      }),
      { numRuns: tries(200) },
    );
  });
});

describe('with files that cannot be graded as they are', () => {
  const lost: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'a missing comma': { 'work/boxes.ts': broken },
    'no file': {},
    'a document': { 'work/boxes.docx': 'PK' },
    'two versions': {
      'work/boxes.ts': answersOf(row(7, 11), 'null'),
      'work/boxes (1).ts': answersOf(row(8, 11), 'null'),
    },
  };
  const media: readonly ((report: Report) => string)[] = [
    terminal,
    markdown,
    (report) => renderPlain(report, {}),
    (report) => printHtml(viewOf(report, { explanations: 'whole' })),
    (report) => JSON.parse(renderGradescope({ ...report, points: report.points ?? 0 })).output,
  ];
  /** The text that a medium shows, as plain words without escapes, quotation marks or tags. */
  const words = (text: string) => text.replaceAll(/<[^>]*>|[\\“”*]|` | `/g, '').replaceAll(/\s+/g, ' ');

  test.each(Object.entries(lost))('reason and fix come before the points: %s', async (_name, files) => {
    const given = Object.entries({ 'work/notes.md': notesOf('Pears'), ...files }).map(([path, text]) => ({
      path,
      content: new TextEncoder().encode(text),
    }));
    const submission = readSubmission(findFiles(given, rubric), rubric);
    const report = await score(rubric, submission, plainKey(rubric, solution));
    const [problem, ...others] = report.problems;
    const reasons = [problem, ...others, report.reflection].map((one) => one?.reason);
    const steps = [...reasons, ...report.remarks].flatMap((one) => one?.next ?? []);
    const reason = words(problem ? interpolate(problem.reason, String) : '');
    expect(problem?.reason.next).toBeDefined();
    for (const medium of media) {
      const text = words(medium(report));
      expect(text).toContain(reason);
      expect(text.indexOf(reason)).toBeLessThan(text.search(/\d+ of 10|No points yet|Not started/));
    }
    const [during, after] = [false, true].map((isOver) =>
      printPlain(viewOf(report, { explanations: 'whole', isOver })),
    );
    for (const step of steps) expect([during?.includes(step), after?.includes(step)]).toEqual([true, false]);
    expect(after).not.toMatch(/Next:|run again|\byet\b(?!:)/);
  });
});

describe('a worksheet of another shape', () => {
  test('has a dash for a cell that a row does not have, which costs nothing and is asked nowhere', async () => {
    const both = '{ id: both, label: Both, heading: "First & last" }';
    const left = '{ id: left, label: Left only, cells: { right: { void: true } } }';
    const sheet = worksheetOf(
      tableOf('t', `${both}, ${left}`, '{ id: left, label: Left }, { id: right, label: Right }'),
    );
    const all = 'export const t = { both: { left: 7, right: 7 }, left: { left: 7 } };\n';
    const report = await graded(sheet, all);
    expect([report.points, sheet.possible]).toEqual([3, 3]);
    expect(terminal(report)).toMatch(/^First & last$[\s\S]*^Left only +7 correct +– +1 of 1$/m);
    expect(markdown(report)).toContain('| **First \\& last** |  |  |  |');
    expect(markdown(report)).toContain('| Left only | ` 7 ` ✓ correct | – | 1 of 1 |');
    const unknown = await graded(sheet, 'export const t = { left: { left: 7, right: 9 } };\n');
    expect(unknown.problems.map(({ reason }) => reason.code)).toEqual(['answers/unknown-column']);
  });

  test('of two tables loses only the one that is missing or broken', async () => {
    const [one, two] = ['one', 'two'].map((name) =>
      tableOf(name, `{ id: ${name}, label: ${name} }`, '{ id: x, label: X }'),
    );
    const sheet = worksheetOf(`${one}${two}`);
    const first = 'export const one = { one: { x: 7 } };\n';
    for (const wrong of ['', 'export const two = 5;', 'export default { two: { x: 7 } };']) {
      const report = await graded(sheet, `${first}${wrong}`);
      expect([report.points, report.unreadable, report.problems.length]).toEqual([1, undefined, 1]);
      expect(terminal(report)).toMatch(/^one +7 correct/m);
      for (const text of [terminal(report), markdown(report), renderAnnotations(report).join()])
        expect(text).toContain('No cell of the table Table two counts yet');
      expect(testsOf(report)[1]).toMatchObject({ title: 'two · x', failure: expect.stringContaining('two') });
    }
  });
});

describe('text that somebody else wrote', () => {
  const bad = ['::error::', '##[error]', '\u001b[2J', '\u009b31m', '\r\n', ...'\u202e\u2066\u200b\ufeff:#['];
  const odd = fc.constantFrom(...bad, '\\u{3a}', '\ud800', '\u{e0041}', '\u2028');
  const hostile = fc.array(fc.oneof(anyText(), odd)).map((parts) => parts.join(''));

  /** Deliberately unlike the code under test: works by code point, with one range per line. */
  const harmful: readonly (readonly [first: number, last: number])[] = [
    [0, 0x1f], // controls
    [0x7f, 0x9f], // controls
    [0xad, 0xad], // an invisible hyphen
    [0x061c, 0x061c], // a direction mark
    [0x200b, 0x200b], // an invisible space
    [0x200e, 0x200f], // direction marks
    [0x2028, 0x202e], // line ends, embeddings and overrides
    [0x2060, 0x206f], // isolates, invisible operators
    [0xd800, 0xdfff], // halves of surrogate pairs
    [0xfeff, 0xfeff], // an invisible space
    [0xe0000, 0xe007f], // tags
  ];

  function isHarmless(character: string): boolean {
    const code = character.codePointAt(0) ?? 0;
    return !harmful.some(([first, last]) => code >= first && code <= last);
  }

  test('on a terminal moves no cursor, turns no direction and is taken for no command, also as JSON', () => {
    fc.assert(
      fc.property(hostile, hostile, (key, value) => {
        const json = indentedJson({ [key]: [value] });
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ [key]: [value] })));
        for (const shown of [escapeTerminal(value), json.replaceAll('\n', '')]) {
          expect([...shown].every(isHarmless)).toBe(true);
          expect(shown).not.toMatch(/::|##\[/);
        }
      }),
      { numRuns: tries(2000) },
    );
    for (const text of ['Basket · rows', '为什么', 'क्षत्रिय', '👩‍👩‍👧 🏳️‍🌈', 'naïve: a # b [c]', '100 : 128'])
      expect(escapeTerminal(text)).toBe(text);
  });

  test('is quoted in the place that the message gives it, and is no place itself', () => {
    const sentence = terminalSentence(
      message('x', 'Write {this}, not {that}.', { this: 'a\u001bb', that: '{this} {x}' }),
    );
    expect(sentence).toBe('Write “a\\u{1b}b”, not “{this} {x}”.');
  });

  const readBack = (text: string): string[][] => parseCsv(text, { record_delimiter: ['\r\n', '\n', '\r'] });

  test('is no formula, wherever a spreadsheet looks for one', () => {
    for (const sign of '=+-@|%＝＋－＠﹦﹢﹣﹫−') {
      const formula = `${sign}cmd|' /C calc'!A0`;
      for (const before of ['', ' ', 'a;', 'a; ', 'a"', 'a; "', 'a\n', 'a\r', 'a\r\n ', 'a\u2028', '\u00a0'])
        expect(readBack(csvRows([[untrusted(before + formula), untrusted('b')]]))[0]?.[0]).toBe(
          `${before.replace(/\r\n|\r|\u2028/, '\n')}'${formula}`,
        );
      // A tab would end the cell, so it is escaped.
      expect(csvRows([[untrusted(`a\t${formula}`)]])).toContain('\\u{9}');
    }
  });

  test('is in a table of a class as it was if it is ordinary, and never hides anything', () => {
    const letters = fc.constantFrom(...'abc äß你👍🏽, ;."\'(){}!?/\n0123');
    const cell = fc.string({ unit: letters });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), anyText(), (rows, text) => {
        expect(readBack(csvRows(rows.map((cells) => cells.map(untrusted))))).toEqual(rows);
        expect(csvRows([[untrusted(`${text}\u001b\u009b\u202e\ud800`)]])).not.toMatch(
          /(?!\u200c|\u200d)[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\r\n])\p{Cc}/u,
        );
      }),
    );
    const ours = [gradebookKey('-ada'), gradebookKey('=1'), -1, null, 0, own('a,b')];
    expect(csvRows([ours])).toBe('-ada,=1,-1,,0,"a,b"\r\n');
  });

  test('in HTML is no tag, entity or end of an attribute, and links only to pages of the web', () => {
    fc.assert(
      fc.property(anyText(), (content) => {
        expect(textHtml(`<${content}>"'&`)).not.toMatch(/[<>"']|&(?!(?:lt|gt|quot|#39|amp);)/);
      }),
    );
    expect(textLines('a\r\n<b>\nc')).toBe('a<br>&lt;b&gt;<br>c');
    expect(htmlLink('a', 'https://github.com/a/b"c')).toBe('<a href="https://github.com/a/b%22c">a</a>');
    for (const address of [
      'javascript:alert(1)',
      'data:text/html,x',
      'http://example.org',
      'https://[',
      '',
      undefined,
    ])
      expect(htmlLink('<a>', address)).toBe('&lt;a&gt;');
  });

  test('is on pages that let nothing run and nothing be loaded', () => {
    const made = page('<T>', 'b { color: red }', html`<b>${textHtml('x')}</b>`);
    expect(made).toContain('<title>&lt;T&gt;</title>');
    expect(made).toMatch(
      /content="default-src 'none'; style-src 'sha256-[\w+/]+=*'; base-uri 'none'; form-action 'none'"/,
    );
  });
});

test('a link to a run keeps its address whole, whatever signs are in it, and no address but a web page is one', () => {
  expect(markdownLink('a [run]', 'https://example.org/a(b)<c>?d=1')).toBe(
    '[a \\[run\\]](<https://example.org/a%28b%29%3Cc%3E?d=1>)',
  );
  expect(markdownLink('here', 'javascript:alert(1)')).toBe('here');
});

describe('the colors of all pages', () => {
  const tokens = [...design.matchAll(/--(\w+): light-dark\((#\w{6}), (#\w{6})\)/g)];
  const colorIn = (mode: 'light' | 'dark', name: string) => {
    const [, , light = '', dark = ''] = tokens.find((token) => token[1] === name) ?? [];
    return mode === 'light' ? light : dark;
  };
  /** WCAG 2.1's relative luminance, from 0 to 1. */
  const luminance = (color: string) => {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\da-f]{2}/gi) ?? []).map((pair) => {
      const part = Number.parseInt(pair, 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one: string, other: string) => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  test.each(['light', 'dark'] as const)('can be read on each ground they stand on, in %s mode', (mode) => {
    const weak = ['ink', 'faint', 'accent', 'right', 'wrong', 'open'].flatMap((text) =>
      ['paper', 'wash', 'tint', 'soft'].flatMap((ground) => {
        const is = contrast(colorIn(mode, text), colorIn(mode, ground));
        return is < 4.5 ? `${text} on ${ground}: ${is.toFixed(2)}` : [];
      }),
    );
    expect(weak).toEqual([]);
    // The edge of a control needs less contrast: WCAG 1.4.11.
    expect(contrast(colorIn(mode, 'line'), colorIn(mode, 'paper'))).toBeGreaterThanOrEqual(3);
  });
});

test('a row reads as a matrix where its own table is drawn, and another table’s rows as numbers', () => {
  const [boxes] = rubric.tables;
  const [basket, crate] = rowsOf(rubric);
  if (!boxes || !basket || !crate) throw new Error('the worksheet has two rows');
  const drawn = { ...boxes, rows: [basket], draw: { height: 'down', width: 'across' } };
  const plain = { ...boxes, export: 'crates', rows: [crate] };
  const tables = [drawn, plain];
  expect(rowText({ tables }, basket, { down: 7, across: 11 })).toBe('7 × 11');
  expect(rowText({ tables }, crate, { down: 7, across: 13 })).toBe('7 and 13');
  // A matrix can have only whole numbers.
  const columns = '{ id: down, label: Down }, { id: said, label: Said, kind: text }';
  const mixed = worksheetOf(tableOf('boxes', '{ id: a, label: A }', columns));
  const [first] = rowsOf(mixed);
  const drawnToo = mixed.tables.map((table) => ({ ...table, draw: drawn.draw }));
  expect(first && rowText({ tables: drawnToo }, first, { down: 7, said: 'it' })).toBe('7 and it');
});

test('an answer of sixty characters is shown whole, and a longer one is cut to that', () => {
  const [cell] =
    rowsOf(worksheetOf(tableOf('boxes', '{ id: a, label: A }', '{ id: it, label: It, kind: text }')))[0]
      ?.cells ?? [];
  if (!cell) throw new Error('no cell');
  expect(answerText(cell, 'x'.repeat(60))).toBe('x'.repeat(60));
  expect([...answerText(cell, 'x'.repeat(61))]).toEqual([...'x'.repeat(59), '…']);
});
