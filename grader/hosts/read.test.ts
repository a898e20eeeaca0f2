import { loadCourse } from '../course/course';
import type { Report } from '../grading/report.schema';
import { noKey, plainKey } from '../key/judge';
import { renderMarkdown } from '../render/view-markdown';
import { renderPlain } from '../render/view-plain';
import { renderTerminal } from '../render/view-terminal';
import { courseWith } from '../testing/classes';
import { gradeTexts } from '../testing/grade';
import { manyKinds } from '../testing/many-kinds';
import { Random } from '../testing/sampler';
import {
  rightBags,
  rightBoxes,
  twoTables,
  twoTablesSolution,
  twoTablesYaml,
  type WrittenRow,
} from '../testing/two-tables';
import { disputable, disputing, notesOf, rubricIn } from '../testing/worksheet';
import { renderClassroom50 } from './classroom50/host';
import { renderAnnotations, renderComment, renderPoints } from './github/host';
import { renderGradescope } from './gradescope/host';
import { renderProblems } from './vscode/host';

// One worksheet as a student reads it, wherever it is graded. Written anew by: npx jest hosts/read -u

const rubric = rubricIn(disputable(twoTablesYaml));
const key = plainKey(rubric, twoTablesSolution);

const now = new Date('2026-12-01T12:00Z');

test.each(
  Object.entries<readonly [answers: string, notes: string]>({
    blank: [twoTables({}), notesOf()],
    'half done': [twoTables({ basket: [7, 24], crate: [7, 'null'] }), notesOf('Pears')],
    'with what cannot be read': [
      twoTables({ basket: ['"7"', '11 cm'], crate: ['7.5', 13] }),
      notesOf('Pears'),
    ],
    'with a slip': [
      twoTables(rightBoxes, rightBags).replace('across: 11', 'across 11'),
      notesOf('Pears', 'Lemons'),
    ],
    'with a slip far to the right': [
      twoTables(rightBoxes, rightBags)
        .replace('  basket: {', `  /* ${'x'.repeat(70)} */ basket: {`)
        .replace('across: 11', 'across 11'),
      notesOf('Pears', 'Lemons'),
    ],
    'with wrong numbers': [twoTables({ basket: [11, 7], crate: [8, '7 * 10'] }, rightBags), notesOf('Pears')],
    'with both tables turned throughout': [
      twoTables({ basket: [11, 7], crate: [13, 7] }, { sack: [16, 12], pouch: [18, 12] }),
      notesOf('Pears'),
    ],
    'with a second table that is wrong': [
      twoTables(rightBoxes, { sack: [12, 40], pouch: [10, 29] }),
      notesOf('Pears', 'Lemons'),
    ],
    'with a dispute': [
      twoTables({ ...rightBoxes, crate: [7, 24] }, rightBags),
      disputing('24 is right.', 'Pears', 'Lemons'),
    ],
    'all right': [twoTables(rightBoxes, rightBags), notesOf('Pears', 'Lemons')],
  }),
)('what a student reads of a worksheet %s', async (_name, [answers, notes]) => {
  const report = await gradeTexts(answers, notes, key, rubric);
  expect(`\n${readEverywhere(report)}`).toMatchSnapshot();
});

test.each<[state: string, answers: string, ...responses: string[]]>([
  ['begun', twoTables({ basket: [7, 24], crate: [8, 'null'] }, { sack: [12, "'x'"] }), 'Pears'],
  ['filled in', twoTables(rightBoxes, rightBags), 'Pears', 'Lemons'],
])('what a student reads of a worksheet that is checked for form only, and is %s', async (...row) => {
  const [, answers, ...responses] = row;
  const form = rubricIn(`${disputable(twoTablesYaml)}self_check: form\n`);
  const report = await gradeTexts(answers, notesOf(...responses), noKey, form);
  expect(`\n${readEverywhere(report)}`).toMatchSnapshot();
});

test('what a student reads of a table of many kinds, which is too wide for a terminal', async () => {
  const course = loadCourse(courseWith({}, manyKinds), false);
  const answers = `export const boxes = {
  basket: { down: 7, across: 7, color: 'red', weight: 3.2, sort: ' old-time  pippin*' },
  crate: { down: 14, across: 13, color: 'blue', weight: '7 kg', sort: 7 },
};\n`;
  const report = await gradeTexts(answers, notesOf('Pears'), course.key, course.rubric);
  expect(`\n${readEverywhere(report)}`).toMatchSnapshot();
});

test('a record of Classroom 50 has the names that it gives, and none where one is missing', async () => {
  const report = { ...(await gradeTexts(twoTables({}), notesOf(), key, rubric)), points: 0 };
  const more = { ASSIGNMENT_TYPE: 'group', USERNAME: 'ada', REVIEW_URL: 'the review' };
  expect(JSON.parse(renderClassroom50(report, { ...variables, ...more }, now))).toMatchObject({
    ...{ assignment_type: 'group', owner: 'ada', review: 'the review' },
    ...{ commit: 'the COMMIT_URL', release: 'the RELEASE_URL', submission: 'the SUBMISSION_TAG' },
  });
  const { COMMIT_URL: _, ...others } = variables;
  expect(() => renderClassroom50(report, others, now)).toThrow(
    expect.objectContaining({ code: 'variable-missing' }),
  );
});

// Worksheets of numbers with a meaning, which show whatever a change does to anybody.

const random = new Random(9);

/** The numbers that are right, that known wrong answers have, and that mean something else; and what is no number. */
const written = [
  '7',
  '11',
  '13',
  '24',
  '5',
  '70',
  '99',
  '12',
  '16',
  '18',
  '40',
  '10',
  '29',
  '7 * 2',
  'null',
  "'x'",
];
const cell = () => random.pick(written, 'null');

/** A row as it is right, as a known wrong answer has it, or of any numbers. */
const row = (right: WrittenRow, ...known: readonly WrittenRow[]): WrittenRow =>
  random.chance(0.4) ? right : random.among([cell(), cell()], [cell(), cell()], ...known);

test('what a student reads of worksheets that are made up by chance', async () => {
  const texts: string[] = [];
  for (let count = 0; count < 60; count++) {
    const first = {
      basket: row([7, 11], [11, 7], [7, 24]),
      crate: row([7, 13], [13, 7], [5, 24], [7, 99]),
    };
    const filledIn = { sack: row([12, 16], [16, 12], [12, 40]), pouch: row([12, 18], [10, 29]) };
    const second: Partial<typeof filledIn> = random.chance(0.5) ? filledIn : {};
    const responses = ['Pears', '', 'Plums'].filter(() => random.chance(0.7));
    const report = await gradeTexts(twoTables(first, second), notesOf(...responses), key, rubric);
    const rows = [first, second].flatMap((table) => Object.values(table).map((cells) => cells.join(' x ')));
    texts.push(`== ${rows.join(', ')}\n${renderPlain(report, { showsAll: true })}`);
  }
  expect(`\n${texts.join('\n')}\n`).toMatchSnapshot();
});

/** The variables that Classroom 50 sets. */
const variables = Object.fromEntries(
  ['CLASSROOM', 'ASSIGNMENT', 'OWNER', 'SUBMISSION_TAG', 'COMMIT_URL', 'RELEASE_URL'].map((name) => [
    name,
    `the ${name}`,
  ]),
);

/** All that is shown of a sheet, wherever it is graded. */
function readEverywhere(report: Report): string {
  const scored = { ...report, points: report.points ?? 0 };
  const { output, tests } = JSON.parse(renderGradescope(scored));
  const outputs = {
    'In a terminal': renderTerminal(report, { hasColors: false }),
    'With --all': renderTerminal(report, { hasColors: false, showsAll: true }),
    'To a screen reader': renderPlain(report, {}),
    'On the page of a run': renderMarkdown(report, ['A note.']),
    'In a comment': renderComment(report, [], {
      commit: '0123456789ab',
      run: 'https://example.org/run',
    }),
    'In a log of GitHub': [...renderPoints(report), ...renderAnnotations(report)].join('\n'),
    'In VS Code': renderProblems(report),
    'In Gradescope': [output, ...tests.map((one: object) => JSON.stringify(one))].join('\n'),
    'In Classroom 50': JSON.stringify(JSON.parse(renderClassroom50(scored, variables, now))),
  };
  return Object.entries(outputs)
    .map(([place, said]) => `== ${place}\n${said}\n`)
    .join('');
}
