import { readText } from '../../system/files';
import { gradeClass, linesIn, releasedCourse, rosterOf, toldOf } from '../../testing/classes';
import { type Files, zip } from '../../testing/downloads';
import { fileOf } from '../../testing/folders';
import { stub } from '../../testing/history-cases';
import { partly, rightAnswers } from '../../testing/worksheet';

// Who is in a team, who may have been left out of one, and how a person corrects it.

const course = releasedCourse({ no_submission: 'zero' });
const boxes = { full: rightAnswers, half: partly };

describe('a submission named by a group', () => {
  const sections = rosterOf(
    'name,id,section,group',
    'Ada,1,A,Team 5',
    'Abe,2,A,Team 5',
    'Bob,3,B,Team 5',
    'Bea,4,B,Team 5',
    'Cyd,5,B,Team 6',
  );

  test('is that of the group in the section of the one whom the host names, and the others of that name have no zero', async () => {
    const { told, lines, followUp } = await graded(download({ team5_1_11_: 'full' }), sections);
    expect(told).toEqual({
      '(1)': '4',
      '(2)': '4',
      '(3)': 'no submission class/partner',
      '(4)': 'no submission class/partner',
      '(5)': '0',
    });
    expect(followUp).toContain('Others in the group handed in');
    // The lines name everybody, because a line about a submission replaces the owners that were found.
    const all = ['team5_1,1,', 'team5_1,2,', 'team5_1,3,', 'team5_1,4,'];
    expect(lines).toEqual(all);
    const tables = { 'matches.csv': `submission,login,candidates\n${all.join('\n')}\n` };
    const decided = await graded(download({ team5_1_11_: 'full' }), sections, { tables });
    expect(decided.told).toEqual({ '(1)': '4', '(2)': '4', '(3)': '4', '(4)': '4', '(5)': '0' });
  });

  test('is that of all of a group of the course where a host’s record has the groups, which has no row where points differ', async () => {
    const canvas = fileOf(
      'groups.csv',
      [
        'name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id',
        'Ada,1,a1,ada@x.org,Section 1,Team 5,7',
        'Bob,3,b3,bob@x.org,Section 2,Team 5,7',
        'Cyd,5,c5,cyd@x.org,Section 2,,',
      ].join('\n'),
    );
    const { told, stdout } = await graded(download({ team5_1_11_: 'full' }), canvas);
    expect(told).toEqual({ '(1)': '4', '(3)': '4', '(5)': '0' });
    const inGradebook = async (overrides: string) => {
      const tables = { 'overrides.csv': `login,total,adjust,reason\n${overrides}` };
      const { table, stdout: said } = await graded(download({ team5_1_11_: 'full' }), canvas, { tables });
      const ids = table('gradebooks/canvas.csv').flatMap(
        (cells) => cells.find((cell) => /^[135]$/.test(cell)) ?? [],
      );
      return [ids.join(), said.includes('canvas.csv leaves out Ada')];
    };
    expect(await inGradebook('')).toEqual(['1,3,5', false]);
    // One row in the gradebook sets everybody's grade.
    expect(await inGradebook('1,,-1,Came late\n')).toEqual(['5', true]);
    expect(stdout).not.toContain('others of their group handed in');
  });

  test('is asked about for a member who has no more than the starter files, too', async () => {
    const pair = rosterOf('name,id,section,group', 'Ada,1,A,Team 5', 'Bob,3,B,Team 5');
    const starter = {
      'bob_3_12_boxes.ts': stub['work/boxes.ts'],
      'bob_3_13_notes.md': stub['work/notes.md'],
    };
    const { told } = await graded(download({ team5_1_11_: 'full' }, 'boxes.ts', starter), pair);
    expect(told).toEqual({ '(1)': '4', '(3)': '0 class/partner' });
  });

  test('named in matches.csv is all of the group in its spelling, unless a login is called so, or two sections have one', async () => {
    const list = rosterOf(
      'login,name,section,group',
      'ada,Ada,A,red',
      'abe,Abe,A,red',
      'red,Rod,A,blue',
      'cyd,Cyd,A,green',
      'dan,Dan,B,green',
      'eve,Eve,A,grey',
      'fay,Fay,A,grey',
      'gil,Gil,A,Grey',
    );
    const folders = download({ one: 'full', two: 'full' }, '/work/boxes.ts');
    const by = (lines: string) => ({ tables: { 'matches.csv': `submission,login\n${lines}\n` } });
    const { told } = await graded(folders, list, by('one,red\ntwo,grey'));
    const nobodys = { abe: '0', gil: '0' };
    expect(told).toEqual({ ...nobodys, ada: '0', cyd: '0', dan: '0', eve: '4', fay: '4', red: '4' });
    const several = await graded(folders, list, by('one,ada\none,cyd\ntwo,grey\ntwo,dan\ntwo,eve'));
    expect(several.told).toEqual({ ...nobodys, ada: '4', cyd: '4', dan: '4', eve: '4', fay: '4', red: '0' });
    await expect(graded(folders, list, by('one,green'))).rejects.toThrow(
      'the group green is in the sections A and B. Write a line for each of those who handed it in.',
    );
    const { stdout } = await graded(folders, list, by('one,nobody\ntwo,grey'));
    expect(stdout).toContain('address or group nobody. The line is kept, and changes nothing now.');
  });
});

test('nobody is proposed whom a fact contradicts, or of two submissions or more', async () => {
  const list = rosterOf('name,id,section', 'Ann B. Lee,1,A', 'Bob Ross,2,A', 'Cyd Moe,3,B');
  const lines = async (names: Parameters<typeof download>[0], given?: Given) =>
    (await graded(download(names), list, given)).lines;
  expect(await lines({ annlee_7_11_: 'full', bobross_2_12_: 'full' })).toEqual(['annlee_7,,']);
  // A student whom no fact contradicts can be matched by hand, too.
  expect(await lines({ annlee_1_11_: 'full', bobross_2_12_: 'full' })).toEqual(['annlee_1,,']);
  const twice = download({
    'Cyd Moe_7_assignsubmission_file/': 'full',
    'Cyd Moe_8_assignsubmission_file/': 'full',
  });
  expect((await graded(twice, list)).lines).toEqual(['Cyd Moe_7,,', 'Cyd Moe_8,,']);
  expect(await lines({ bobross_9_12_: 'full', annblee_1_11_: 'full' })).toEqual(['bobross_9,,']);
});

describe('in a source with work of teams', () => {
  const people = ['ada', 'abe', 'bob', 'bea', 'cyd', 'cal', 'dan', 'dot'];
  const groups = rosterOf(
    'login,name,email,group',
    ...people.map((name, index) => `${name},${name},${name}@x.org,g${Math.floor(index / 2)}`),
  );
  const submitters = (...teams: readonly (readonly string[])[]) => {
    const metadata = teams.map(
      (team, index) =>
        `submission_${index}:\n  :submitters:\n${team.map((name) => `  - :email: ${name}@x.org\n`).join('')}`,
    );
    const files = teams.map((_, index) => [
      `submission_${index}/boxes.ts`,
      index === 0 ? boxes.full : boxes.half,
    ]);
    return fileOf(
      'e.zip',
      zip({ 'submission_metadata.yml': metadata.join(''), ...Object.fromEntries(files) }),
    );
  };

  test('whoever has no work while others of the group have is listed with lines, and whoever has some is not', async () => {
    const { told, lines } = await graded(submitters(['ada', 'abe'], ['bob'], ['cyd'], ['cal']), groups);
    expect(told).toEqual({
      abe: '4',
      ada: '4',
      bea: 'no submission class/partner',
      bob: '3',
      cal: '3',
      cyd: '3',
      dan: '0',
      dot: '0',
    });
    expect(lines).toEqual(['submission_1,bob,', 'submission_1,bea,']);
  });

  test('whoever may be left out is offered the work of the section before that of others', async () => {
    const list = ['ada,A,red', 'abe,A,red', 'bob,B,red', 'cyd,A,blue', 'cal,A,blue'].map((line) =>
      line.replace(/^\w+/, '$&,$&@x.org'),
    );
    const roster = rosterOf('login,email,section,group', ...list);
    const { lines } = await graded(submitters(['cyd', 'cal'], ['ada'], ['bob']), roster);
    expect(lines).toEqual(['submission_1,ada,', 'submission_1,abe,']);
  });

  test('nobody is where each handed in alone, as in a worksheet for one', async () => {
    const { told } = await graded(submitters(['ada'], ['bob']), groups);
    expect(told).toEqual({ abe: '0', ada: '4', bea: '0', bob: '3', cal: '0', cyd: '0', dan: '0', dot: '0' });
  });

  test('somebody who is on no roster is told with what to do', async () => {
    const { rows } = await graded(submitters(['ada', 'zoe'], ['bob', 'bea']), groups);
    const said = JSON.stringify(rows.find(({ key }) => key === 'ada')?.notes);
    expect(said).toContain('cannot be matched to the roster. Add them to the roster.');
    expect(said).toContain('zoe@x.org');
  });
});

test('teams.json is found beside the folder that a download holds, too', async () => {
  const slug = 'course-fruit-group-1';
  const teams = JSON.stringify({
    schema: 'classroom50/teams/v1',
    assignments: { fruit: { teams: [{ slug: 'x-1', members: ['ada', 'bob'] }] } },
  });
  const list = rosterOf('login', 'ada', 'bob', 'cyd');
  const downloads: Files[] = [
    { 'teams.json': teams, [`all/${slug}/work/boxes.ts`]: rightAnswers },
    { [`all/deep/${slug}/work/boxes.ts`]: rightAnswers, 'all/teams.json': teams },
  ];
  for (const files of downloads) {
    const { told } = await graded(fileOf('all.zip', zip(files)), list);
    expect(told).toEqual({ ada: '4', bob: '4', cyd: '0' });
  }
});

test('a team of one that teams.json has is a team', async () => {
  const table = {
    schema: 'classroom50/teams/v1',
    assignments: { fruit: { teams: [{ slug: 'x-1', members: ['ada'] }] } },
  };
  const files = { 'teams.json': JSON.stringify(table), 'course-fruit-group-1/work/boxes.ts': rightAnswers };
  const { rows } = await graded(fileOf('all.zip', zip(files)), rosterOf('login', 'ada'));
  expect(rows).toMatchObject([{ key: 'ada', shared: true, group: 'course-fruit-group-1' }]);
});

/** A zip with answers in each submission, by the name that a host gives the submission. */
const download = (
  names: Readonly<Record<string, keyof typeof boxes>>,
  fileName = 'boxes.ts',
  more: Files = {},
) =>
  fileOf(
    'all.zip',
    zip({
      ...Object.fromEntries(
        Object.entries(names).map(([name, which]) => [`${name}${fileName}`, boxes[which]]),
      ),
      ...more,
    }),
  );

interface Given {
  readonly tables?: Readonly<Record<string, string>>;
}

/** Grades a class. `told` has the points or status of each student or submission, and the codes about its owners. */
async function graded(source: string | readonly string[], students: string, given: Given = {}) {
  const { rows, out, page, stdout, table } = await gradeClass(course, source, { roster: students, ...given });
  const followUp = readText(out, 'follow-up.html');
  return {
    told: toldOf(rows, 'class/'),
    rows,
    page,
    stdout,
    followUp,
    table,
    lines: linesIn(followUp).flatMap((block) => block.lines),
  };
}
