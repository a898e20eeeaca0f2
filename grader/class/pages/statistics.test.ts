import type { Hint } from '../../key/key';
import { message, type Untrusted } from '../../message';
import { gradeTexts } from '../../testing/grade';
import { answersOf, blankAnswers, notesOf, rightAnswers, rubric } from '../../testing/worksheet';
import type { StudentResult } from '../results/student-result.schema';

type FirstAttempts = NonNullable<StudentResult['first']>;

import { renderPage } from './report';
import { ClassStats } from './statistics';
import { openIdeas } from './vote';

async function row(key: string, answers: string, first?: FirstAttempts): Promise<StudentResult> {
  const report = await gradeTexts(answers, notesOf());
  return {
    key,
    login: key,
    status: report.started ? 'graded' : 'not started',
    enrolled: true,
    adjustments: [],
    points: report.points,
    report,
    responses: [],
    warnings: [],
    ...(first && { first }),
  };
}

function statsOf(rows: readonly StudentResult[]): ClassStats {
  const stats = new ClassStats(rubric, ({ login }) => ({ label: login }));
  for (const each of rows) stats.add(each);
  return stats;
}

const pageOf = (stats: ClassStats) =>
  renderPage(stats, { notes: [], asked: openIdeas(stats)[0], explanations: {} });

const firstOf = (...rows: FirstAttempts['rows']): FirstAttempts => ({ tables: [], rows });

const attempt = (id: string, ...cells: FirstAttempts['rows'][number]['cells']) => ({
  ...{ id, label: id, table: 'boxes' },
  cells,
});

const cell = (id: string, value: number, hint?: Hint): FirstAttempts['rows'][number]['cells'][number] => ({
  id,
  label: id,
  value,
  points: 0,
  possible: 1,
  outcome: hint ? 'wrong' : 'correct',
  ...(hint && {
    cause: { kind: 'misconception', name: hint.misconception },
    reason: message('cell/misconception', hint.text),
  }),
});

test('a misconception is counted at the cell that shows it, and at no other of its row', async () => {
  // crate: 6 down matches no misconception; 99 across is peeled.
  const stats = statsOf([await row('ada', answersOf('{ down: 7, across: 11 }', '{ down: 6, across: 99 }'))]);
  const causes = (column: string, value: number) => [
    ...(stats.ideas.final.tables[0]?.rows
      .find(({ id }) => id === 'crate')
      ?.cells.find(({ id }) => id === column)
      ?.values.get(String(value))?.misconceptions ?? []),
  ];
  expect(causes('across', 99)).toEqual([['peeled', 1]]);
  expect(causes('down', 6)).toEqual([]);
});

test('a row of one number throughout does not show that the table is transposed', async () => {
  const transposed = await row('ada', answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }'));
  expect(transposed.report?.tables[0]?.hint?.misconception).toBe('transposed');
  const stats = statsOf([transposed]);
  expect(stats.ideas.misconceptions.get('transposed')).toMatchObject({ students: 1 });
  expect([...stats.ideas.pairs]).toEqual([]);
});

test('a misconception has the words of each row, and not those of the last', async () => {
  const hint = (text: string) => ({ misconception: 'peeled', text });
  const first = firstOf(
    attempt('basket', cell('across', 5, hint('Nothing in the basket was peeled.'))),
    attempt('crate', cell('across', 99, hint('Nothing in the crate was peeled.'))),
  );
  const stats = statsOf([await row('ada', rightAnswers, first), await row('ben', rightAnswers, first)]);
  expect(stats.ideas.misconceptions.get('peeled')).toMatchObject({
    students: 2,
    rows: new Map([
      ['basket', 'Nothing in the basket was peeled.'],
      ['crate', 'Nothing in the crate was peeled.'],
    ]),
  });
  const page = pageOf(stats);
  expect(page).toContain('Nothing in the basket was peeled.');
  expect(page).toContain('Nothing in the crate was peeled.');
});

test('what final answers miss is told also where a few histories show no mistake', async () => {
  const right = firstOf(attempt('basket', cell('down', 7), cell('across', 11)));
  const rows = [
    ...(await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => row(key, rightAnswers, right)))),
    await row('f', answersOf('{ down: 1, across: 1 }', '{ down: 1, across: 1 }')),
    await row('g', answersOf('{ down: 1, across: 1 }', '{ down: 1, across: 1 }')),
    await row('h', blankAnswers),
  ];
  const page = pageOf(statsOf(rows));
  expect(page).toContain('Most missed: Basket of fruit · down, by 2 of the 7 who started.');
  expect(page).not.toContain('None of the');
});

test('a class without a mistake is told as such, with how many that are', async () => {
  expect(pageOf(statsOf([await row('a', rightAnswers), await row('b', blankAnswers)]))).toContain(
    'None of the 1 who started missed a cell.',
  );
  expect(pageOf(statsOf([await row('b', blankAnswers)]))).toContain('Nobody has started yet.');
});

test('a share is one of all students, with its number, and those without points are among them', async () => {
  const failed = { ...(await row('z', blankAnswers)), status: 'failed' as const, points: null };
  const rows = [
    await row('a', rightAnswers),
    await row('b', rightAnswers),
    await row('c', blankAnswers),
    failed,
  ];
  const page = pageOf(statsOf(rows));
  expect(page).toContain('Share of all students');
  expect(page).toMatch(
    />4<\/th><td class="number">2<\/td><td><meter min="0" max="4" value="2"[^>]*><\/meter> 50 %/,
  );
  expect(page).toMatch(/>no points<\/th><td class="number">1<\/td><td><meter [^>]*><\/meter> 25 %/);
  expect(page).toContain('of the 3 who have points');
});

test('wrong answers without a reason are listed by how many students gave them, with a line to add', async () => {
  const odd = answersOf('{ down: 1000, across: 11 }', '{ down: 7, across: 13 }');
  const first = firstOf(attempt('basket', { ...cell('down', 1000), outcome: 'wrong' }));
  const page = pageOf(
    statsOf([
      await row('a', odd, first),
      await row('b', odd),
      await row('c', answersOf('{ down: 7, across: 24 }', '{ down: 2000, across: 13 }')),
    ]),
  );
  const lines = [
    ...page.matchAll(
      /<tr><th scope="row">([^<]*)<\/th><td>(\d+)<\/td><td class="number">(\d+)<\/td><td><code>(.*?)<\/code>/g,
    ),
  ];
  expect(lines.map(([, ...parts]) => parts.join(' | '))).toEqual([
    'Basket of fruit · down | 1000 | 2 | { value: 1000, phrase: &#39;...&#39; },',
    'Crate · down | 2000 | 1 | { value: 2000, phrase: &#39;...&#39; },',
  ]);
  expect(pageOf(statsOf([await row('a', rightAnswers)]))).toContain('No answer is wrong.');
});

test('equal responses are one, with their number', async () => {
  const said = async (key: string, text: string) => ({
    ...(await row(key, rightAnswers)),
    responses: [{ question: 'sweetest', text: text as Untrusted }],
  });
  const page = pageOf(
    statsOf([
      await said('a', 'The apples were sour.'),
      await said('b', 'The apples were sweet.'),
      await said('c', ' the apples  were SWEET.\n'),
    ]),
  );
  const listed = [...page.matchAll(/<li><p>([^<]*)<\/p>(?:<p class="who">([^<]*))?/g)].map(
    ([, ...parts]) => parts,
  );
  expect(listed).toEqual([
    ['The apples were sweet.', '2 students wrote this.'],
    ['The apples were sour.', undefined],
  ]);
  expect(page).toMatch(/<summary>[^<]*\(3 responses\)/);
});

test('an idea is shown with what most who hold it wrote, why that row is as it is, and two more ideas', async () => {
  const holds = answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 99 }');
  const stats = statsOf([await row('a', holds), await row('b', holds), await row('c', rightAnswers)]);
  const page = renderPage(stats, {
    ...{ notes: [], asked: undefined },
    explanations: { basket: 'A basket holds all apples.' },
  });
  const first = page.slice(0, page.indexOf('id="ideas"'));
  expect(first).toMatch(
    /<h3 class="idea">all-fruit<\/h3>\s+<p class="written">Basket of fruit: <b>down 7, across 24<\/b>, by 2 of 3/,
  );
  expect(first).toContain('A basket holds all apples.');
  expect(first).toMatch(
    /<ol class="next" start="2"><li>peeled\. Crate: <b>down 7, across 99<\/b>, by 2 of 3/,
  );
});

test('the median of an even class is halfway between the two in the middle', async () => {
  const rows = await Promise.all(
    [1, 2, 8, 10].map((points) => row(`s${points}`, rightAnswers).then((one) => ({ ...one, points }))),
  );
  expect(pageOf(statsOf(rows))).toContain('median 5, mean 5.3');
  expect(pageOf(statsOf(rows.slice(1)))).toContain('median 8,');
});
