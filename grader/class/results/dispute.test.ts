import { readFileSync } from 'node:fs';
import path from 'node:path';
import { classOf, graded } from '../../testing/classes';
import { newCourse, removeFolders } from '../../testing/folders';
import { answersOf, courseFiles, notesOf, rubricYaml } from '../../testing/worksheet';

afterAll(removeFolders);

const label = 'Is something marked wrong that you think is right?';
const course = newCourse({
  ...courseFiles,
  'rubric.yaml': rubricYaml.replace('  choose: 2', `  dispute: ${label}\n  choose: 2`),
});
const answers = answersOf('{ down: 7, across: 24 }', '{ down: 5, across: 99 }');
const disputing = (text: string) => ({
  'work/boxes.ts': answers,
  'work/notes.md': `${notesOf('a', 'b')}\n## ${label}\n\n${text}\n`,
});

test('a dispute comes first under what needs review, with all cells that are marked wrong', async () => {
  const root = classOf({
    ada: disputing('My basket has room.'),
    bob: disputing('99 is right!'),
    cyd: disputing('All of it.'),
    dan: { 'work/boxes.ts': answers, 'work/notes.md': notesOf('a') },
  });
  const { row, codes, run, out } = await graded(course, root);
  expect(row('ada').dispute).toBe('My basket has room.');
  const said = readFileSync(path.join(out, 'follow-up.html'), 'utf8');
  const about = [...said.matchAll(/It may be about ([^<]*?)\./g)].map(([, cells]) =>
    cells?.split('; ').sort(),
  );
  const wrong = ['Basket of fruit · across (24)', 'Crate · across (99)', 'Crate · down (5)'];
  expect(about).toEqual([wrong, wrong, wrong]);
  expect(row('dan').dispute).toBeUndefined();
  expect(codes('ada')).toEqual(['class/dispute']);
  expect(run.needsReview['class/dispute']).toEqual(['ada', 'bob', 'cyd']);
});
