import { plainKey } from '../key/key';
import { renderPlain } from '../render/view-plain';
import { againSolution, againYaml, twoTables, type WrittenRow } from '../testing/again';
import { gradeTexts } from '../testing/grade';
import { Random } from '../testing/sampler';
import { disputable, notesOf, rubricIn } from '../testing/worksheet';

// Worksheets made up by chance of numbers with a meaning. What a student reads of each is one text, which shows
// whatever a change does to anybody. Written anew by: npx jest grading/sampled -u

const rubric = rubricIn(disputable(againYaml));
const key = plainKey(rubric, againSolution);
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

test('what a student reads of a worksheet that is made up by chance', async () => {
  const texts: string[] = [];
  for (let count = 0; count < 60; count++) {
    const first = {
      basket: row([7, 11], [11, 7], [7, 24]),
      crate: row([7, 13], [13, 7], [5, 24], [7, 99]),
    };
    const filledIn = { basket: row([12, 16], [16, 12], [12, 40]), crate: row([12, 18], [10, 29]) };
    const second: Partial<typeof filledIn> = random.chance(0.5) ? filledIn : {};
    const responses = ['Pears', '', 'Plums'].filter(() => random.chance(0.7));
    const report = await gradeTexts(twoTables(first, second), notesOf(...responses), key, rubric);
    const rows = [first, second].flatMap((table) => Object.values(table).map((cells) => cells.join(' x ')));
    texts.push(`== ${rows.join(', ')}\n${renderPlain(report, { showsAll: true })}`);
  }
  expect(`\n${texts.join('\n')}\n`).toMatchSnapshot();
});
