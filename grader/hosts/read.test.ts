import { plainKey } from '../key/key';
import { renderMarkdown } from '../render/view-markdown';
import { renderPlain } from '../render/view-plain';
import { renderTerminal } from '../render/view-terminal';
import { againSolution, againYaml, rightFirst, rightInSecond, twoTables } from '../testing/again';
import { gradeTexts } from '../testing/grade';
import { disputable, disputing, notesOf, rubricIn } from '../testing/worksheet';
import { renderAnnotations, renderComment, renderPoints } from './github/host';
import { renderGradescope } from './gradescope/host';
import { renderProblems } from './vscode/host';

// What a student reads of one worksheet, wherever it is graded. Written anew by: npx jest hosts/read -u

const rubric = rubricIn(disputable(againYaml));
const key = plainKey(rubric, againSolution);

const sheets: Readonly<Record<string, readonly [answers: string, notes: string]>> = {
  blank: [twoTables({}), notesOf()],
  'half done': [twoTables({ basket: [7, 24], crate: [7, 'null'] }), notesOf('Pears')],
  'with what cannot be read': [twoTables({ basket: ['"7"', '11 cm'], crate: ['7.5', 13] }), notesOf('Pears')],
  'with a slip': [twoTables(rightFirst).replace('across: 11', 'across 11'), notesOf('Pears', 'Lemons')],
  'with a slip far to the right': [
    twoTables(rightFirst)
      .replace('  basket: {', `  /* ${'x'.repeat(70)} */ basket: {`)
      .replace('across: 11', 'across 11'),
    notesOf('Pears', 'Lemons'),
  ],
  'with wrong numbers': [
    twoTables({ basket: [11, 7], crate: [8, '7 * 10'] }, rightInSecond),
    notesOf('Pears'),
  ],
  'with both tables turned throughout': [
    twoTables({ basket: [11, 7], crate: [13, 7] }, { basket: [16, 12], crate: [18, 12] }),
    notesOf('Pears'),
  ],
  'with a second table that is wrong': [
    twoTables(rightFirst, { basket: [12, 40], crate: [10, 29] }),
    notesOf('Pears', 'Lemons'),
  ],
  'with a dispute': [
    twoTables({ ...rightFirst, crate: [7, 24] }),
    disputing('24 is right.', 'Pears', 'Lemons'),
  ],
  'all right': [twoTables(rightFirst, rightInSecond), notesOf('Pears', 'Lemons')],
};

test.each(Object.entries(sheets))(
  'what a student reads of a worksheet %s',
  async (_name, [answers, notes]) => {
    const report = await gradeTexts(answers, notes, key, rubric);
    const scored = { ...report, points: report.points ?? 0 };
    const { output, tests } = JSON.parse(renderGradescope(scored));
    const outputs = {
      'In a terminal': renderTerminal(report, { hasColors: false }),
      'With --all': renderTerminal(report, { hasColors: false, showsAll: true }),
      'To a screen reader': renderPlain(report, {}),
      'On the page of a run': renderMarkdown(report, { notes: ['A note.'] }),
      'In a comment': renderComment(report, {
        notes: [],
        commit: '0123456789ab',
        run: 'https://example.org/run',
      }),
      'In a log of GitHub': [...renderPoints(report), ...renderAnnotations(report)].join('\n'),
      'In VS Code': renderProblems(report),
      'In Gradescope': [output, ...tests.map((one: object) => JSON.stringify(one))].join('\n'),
    };
    const text = Object.entries(outputs).map(([place, said]) => `== ${place}\n${said}`);
    expect(`\n${text.join('\n')}\n`).toMatchSnapshot();
  },
);
