import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { unzipSync, zipSync } from 'fflate';
import { withDeadline } from '../../course/course';
import type { Deadline } from '../../rubric/file.schema';
import { readText } from '../../system/files';
import {
  classOf,
  codesOf,
  gradeClass,
  linesIn,
  releasedCourse,
  rosterOf,
  toldOf,
  work,
} from '../../testing/classes';
import {
  canvasFiles,
  canvasGradebook,
  class30,
  type Enrolled,
  type Files,
  gradescopeFiles,
  moodleFiles,
  moodleWorksheet,
  zip,
} from '../../testing/downloads';
import { fileOf } from '../../testing/folders';
import { gradeHistories } from '../../testing/grade-histories';
import { tries } from '../../testing/long';
import { manyKinds } from '../../testing/many-kinds';
import { Random } from '../../testing/sampler';
import { answersOf, blankAnswers, notesOf, partly, rightAnswers, solution } from '../../testing/worksheet';
import { questionsIn, wasOf } from '../results/to-decide';
import { fileNameOf } from './feedback-files';

const course = releasedCourse();
type Given = Parameters<typeof gradeClass>[2];
const textIn = (out: string, file: string) => readText(out, `feedback/${file}`);
const inWords = (text: string) => text.replaceAll(/\s+/g, ' ');

describe('feedback', () => {
  const afterDue = { ...course, file: { ...course.file, solution: 'after_due' as const } };
  const [due, timezone] = ['2020-01-01T12:00Z', 'UTC'];
  const past: Deadline = { due, timezone, late: { until: '2020-01-02T12:00Z' } };
  const told = withDeadline(afterDue, past);
  const open = withDeadline(afterDue, { ...past, late: { until: '2120-01-01T12:00Z' } });
  const answers = answersOf('{ down: 7, across: 24 }', '{ down: 3 * 4, across: null }');
  const root = classOf({ ada: work(answers, 'Pears', 'Lemons'), bob: work(blankAnswers) });
  const list = rosterOf('login', 'ada', 'bob', 'cyd');
  const extension = { 'extensions.csv': 'who,due\nbob,2120-01-01T12:00Z\n' };

  test('tells each student the answers and why once no work counts any more, in a text and on a page alike', async () => {
    const { out, stdout } = await gradeClass(told, root, { roster: list, feedback: true });
    expect(inWords(stdout)).toContain(
      'with the answers: rubric.yaml says solution: after_due, and work counts until Thursday 2 January 2020, 12:00 (UTC)',
    );
    const [ada, bob, cyd] = [textIn(out, 'ada.txt'), textIn(out, 'bob.txt'), textIn(out, 'cyd.txt')];
    expect(ada).toContain(
      'Row 1 of 2, Basket of fruit: Down 7, correct; Across 24, wrong; right is 7 and 11; 1 of 2 points.',
    );
    expect(ada).toContain(`Crate: ${solution.explanations.crate}`);
    // Every mistake is explained, and there is no next step.
    expect(ada).toContain('Only one kind lies in a basket.');
    expect(ada + bob + cyd).not.toMatch(/Next:|run again|--all|What to do|needs review/);
    expect(bob).toContain('Basket of fruit: 7 and 11');
    expect(cyd).toMatch(
      /No points yet\.\nNo work from you was found\..*Basket of fruit: 7 and 11.*Why the answers are right:/s,
    );
    const page = textIn(out, 'ada.html');
    expect(page).toMatch(/<code>7<\/code> <span class="good">[^<]*correct/);
    expect(page).toMatch(/<code>24<\/code> <span class="bad">[^<]*wrong/);
    const text = page
      .slice(page.indexOf('<body>'))
      .replace(/<[^>]*>|\s+/g, ' ')
      .replaceAll(/ +/g, ' ');
    // The grade comes first, then the reason, then one table with each answer, its mark and the right answer.
    expect(text).toMatch(
      /Fruit in boxes 7 of 10 points .*Basket of fruit: Only one kind lies in a basket\. .*Basket of fruit 7 ✓ correct 24 ✗ wrong 7 and 11 1 of 2 .*Why the answers are right Crate: A crate holds/,
    );
    expect(page.match(/<table/g)).toHaveLength(1);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|https?:|src=/);
  });

  test('tells a right text as its author wrote it', async () => {
    const kinds = withDeadline(releasedCourse({ solution: 'after_due' }, manyKinds), past);
    const { out } = await gradeClass(kinds, root, { feedback: true });
    expect(textIn(out, 'bob.txt')).toContain(
      'Basket of fruit: 7 and 11 and red and 3.5 kg and Old-time Pippin*',
    );
  });

  test('says what fits who reads it: a place in a file, a file to choose, or a grade that may be wrong', async () => {
    const two = { ...work(answers), 'boxes (1).ts': partly };
    const { out } = await gradeClass(course, classOf({ ada: work(answers), bob: two }), {
      roster: list,
      feedback: true,
    });
    const [ada, bob, cyd] = ['ada', 'bob', 'cyd'].map((login) => textIn(out, `${login}.txt`));
    const clone = {
      origin: 'https://github.com/fruit/ada',
      commits: { a: { time: 0, files: work(answers) } },
    };
    const { text } = await gradeHistories(course, { ada: clone }, { feedback: true });
    expect(text('feedback/ada.txt')).toContain('Next: Take another look at Basket of fruit (work');
    expect(ada).toContain('Next: Take another look at Basket of fruit.');
    expect(ada).toContain('If you think that the grade is wrong, write to your instructors.');
    expect(bob).toMatch(
      /^Fruit in boxes\.\nNo points yet\.\n.*\n.*Keep the one you mean, .* hand in again\./,
    );
    expect(cyd).toContain('If you think that this is a mistake, write to your instructors.');
  });

  test.each<[string, typeof course, string, Given?]>([
    [
      'the rubric does not say so',
      withDeadline(course, past),
      'rubric.yaml does not say solution: after_due',
    ],
    ['late work counts until later', open, 'work counts until Monday 1 January 2120, 12:00 (UTC)'],
    [
      'there is no cutoff',
      withDeadline(afterDue, { due, timezone }),
      'without end, because late.until is not set',
    ],
    [
      'one student has an extension',
      told,
      'until Tuesday 2 January 2120, 12:00 (UTC)',
      { tables: extension },
    ],
  ])('tells no answer and no explanation of a row that is not right where %s', async (...row) => {
    const [, of, why, given] = row;
    const { out, stdout } = await gradeClass(of, root, { feedback: true, ...given });
    expect(inWords(stdout)).toContain(why);
    const texts = ['ada.txt', 'bob.txt', 'ada.html', 'bob.html'].map((file) => textIn(out, file)).join('\n');
    expect(texts).toContain('Only one kind lies in a basket.');
    expect(texts).not.toContain('Why the answers are right');
    expect(texts).not.toContain(solution.explanations.crate);
    expect(texts.replace(/<style>.*?<\/style>|<[^>]*>/gs, '')).not.toMatch(/\b(?:11|13)\b/);
  });

  test('has a file for each student that every system takes, and none for two', () => {
    expect(fileNameOf('ada-lovelace')).toBe('ada-lovelace');
    const odd = ['a/b', '../x', 'con', 'nul.txt', 'x.', '', '=1', 'é', 'a\u202eb', 'y'.repeat(300)];
    const names = odd.map(fileNameOf);
    expect(new Set(names).size).toBe(odd.length);
    // On Windows, the part before a dot may name a device.
    for (const name of names) expect(name).toMatch(/^student-[a-z0-9_-]*-[0-9a-f]{12}$/);
  });
});

/** Twelve students, with all kinds of names and points. */
const students = class30.slice(0, 12);
const [ada, bob, carl] = students.filter(({ points }) => points !== null) as [Enrolled, Enrolled, Enrolled];

/** Grades a download with feedback, and reads the archive for its host. */
async function returned(host: 'moodle' | 'canvas', files: Files, list: string, given: Given = {}) {
  const [download, table] = [fileOf('download.zip', zip(files)), fileOf('r.csv', list)];
  const run = await gradeClass(course, download, { roster: table, feedback: true, ...given });
  return { ...run, pages: pagesIn(run.out, host) };
}

function pagesIn(out: string, host: string) {
  const packed = unzipSync(readFileSync(path.join(out, 'feedback', `${host}-feedback.zip`)));
  return Object.entries(packed).map(([name, bytes]) => [name, Buffer.from(bytes).toString()] as const);
}

/** The points that count, as a page shows them. */
const pointsOn = (page = '') => /(\d+) of 10 points/.exec(page)?.[1] ?? '-';
const pointsOf = ({ points }: Enrolled) => String(points ?? '-');

describe('Moodle', () => {
  const worksheet = moodleWorksheet(students, { isGerman: true });
  const withoutAddresses = worksheet.replace(/^(\ufeff?"[^"]*","[^"]*"),"[^"]*","[^"]*"/gm, '$1');

  test.each<[string, string, Parameters<typeof moodleFiles>[1]?]>([
    ['in German', worksheet],
    ['of blind marking', moodleWorksheet(students, { isGerman: true, isBlind: true }), { isBlind: true }],
    ['with tabs', worksheet.replaceAll('","', '"\t"')],
    ['without addresses', withoutAddresses],
  ])('takes back its worksheet %s, filled in under its own headings, and a page for each', async (...row) => {
    const [, list, options = {}] = row;
    const { pages, table, stdout } = await returned('moodle', moodleFiles(students, options), list);
    const [headings = [], ...rows] = table('gradebooks/moodle-worksheet.csv');
    const [, head = ''] = /^\ufeff(.*)\r\n/.exec(list) ?? [];
    expect(headings.join('')).toBe(head.replace(/["\t,]/g, ''));
    const [grade = -1, comments = -1] = [/^(?:Grade|Bewertung)$/, /^Feedback/].map((title) =>
      headings.findIndex((heading) => title.test(heading)),
    );
    // Moodle reads the name of a folder like this: the number between the first two underscores, then a plugin.
    const byParticipant = new Map(
      pages.map(([name, page]) => [/_(\d+)_assignfeedback_file\/feedback\.html$/.exec(name)?.[1], page]),
    );
    // A line or a page would change the record of a student who handed in nothing.
    const handedIn = students.filter((student) => student.handedIn);
    expect([rows.length, byParticipant.size]).toEqual([handedIn.length, handedIn.length]);
    for (const student of handedIn) {
      const cells = rows.find(([first = '']) => first.endsWith(student.participant)) ?? [];
      const onPage = pointsOn(byParticipant.get(student.participant));
      expect(cells[grade]).toBe(pointsOf(student));
      expect([pointsOn(cells[comments]), onPage]).toEqual(Array(2).fill(pointsOf(student)));
    }
    expect(stdout).toContain('Upload multiple feedback files in a zip');
  });

  test('keeps what a teacher wrote into a comment, with the newest feedback below it once', async () => {
    const teachers = ['<p>Well done!</p>', '- see me; =1+1', 'Line one\nLine two', ''];
    // A student may type the words around the feedback, too.
    const ends = 'End of the automatic feedback.';
    const typed = answersOf(`{ down: 7, across: "${ends}" }`, '{ down: 7, across: 13 }');
    const handedIn = { 'boxes.ts': typed, 'notes.md': notesOf('a') };
    const some = class30.slice(0, 4).map((one) => ({ ...one, handedIn }));
    const commentsAfter = async (comments: readonly string[]) => {
      const waiting = comments.map((comment) => `"${comment.replaceAll('"', '""')}"`);
      const list = moodleWorksheet(some).replace(/(?<=,)""(?=\r\n)/g, () => waiting.shift() ?? '');
      const { records } = await returned('moodle', moodleFiles(some), list);
      const lines = new Map(
        records('gradebooks/moodle-worksheet.csv').map((line) => [line.Identifier, line]),
      );
      return [...lines].sort().map(([, line]) => line['Feedback comments'] ?? '');
    };
    const first = await commentsAfter(teachers);
    for (const [index, comment] of first.entries()) {
      expect(comment.startsWith(teachers[index] ?? '?')).toBe(true);
      expect(comment.split(' of 10 points')).toHaveLength(2);
      expect(comment).toContain(ends);
    }
    // Moodle's editor rewrites tags, and a teacher adds something at the end.
    const edited = first.map(
      (comment) => `<p>${comment.replaceAll('<br>', '<br />\n')}<br />Seen again.</p>`,
    );
    for (const [index, comment] of (await commentsAfter(edited)).entries()) {
      const [kept = '', ...ours] = comment.split(' of 10 points');
      expect(ours).toHaveLength(1);
      expect(kept.startsWith(`<p>${teachers[index]}`)).toBe(true);
      expect(kept).toContain('Seen again.</p>');
    }
  });

  test('has no line in the worksheet for whoever has that grade and that comment there, wherever a teacher wrote more', async () => {
    const first = await returned('moodle', moodleFiles(students), moodleWorksheet(students));
    const uploaded = new Map(
      first
        .records('gradebooks/moodle-worksheet.csv')
        .map((line) => [line.Identifier, line['Feedback comments'] ?? '']),
    );
    const exported = moodleWorksheet(students, {
      gradeOf: ({ points }) => points?.toFixed(2) ?? '',
      // Moodle exports a comment without its markup.
      commentOf: ({ participant }) =>
        `See the notes.${(uploaded.get(`Participant ${participant}`) ?? '').replace(/<[^>]*>/g, '')}Well done.`,
    });
    const tables = {
      'overrides.csv': `login,total,adjust,reason\n${ada.email},,-1,Copied\n`,
      'comments.csv': `login,text\n${bob.email},It’s fine.\n`,
    };
    const again = await returned('moodle', moodleFiles(students), exported, {
      tables,
      out: first.out,
      apply: true,
    });
    const [, ...lines] = again.table('gradebooks/moodle-worksheet.csv');
    expect(lines.map(([identifier]) => identifier)).toEqual(
      [ada, bob].map(({ participant }) => `Participant ${participant}`),
    );
    // Moodle already has the grades from here.
    expect(again.stdout).toContain('Grades at the host that differ from those here: 1 changing.');
    const same = await returned('moodle', moodleFiles(students), exported);
    expect(same.stdout).toContain('Moodle has all these grades and comments');
    expect(existsSync(path.join(same.out, 'gradebooks'))).toBe(false);
  });

  test.each(['See me on Friday 18:00', '12.50', 'See me on Friday, 4 December 2026, 18:00'])(
    'takes no comment for a date, though each is “%s”',
    async (comment) => {
      const list = moodleWorksheet(students, { commentOf: () => comment });
      const { records } = await returned('moodle', moodleFiles(students), list);
      for (const line of records('gradebooks/moodle-worksheet.csv'))
        expect(line['Feedback comments']).toMatch(new RegExp(`^${comment}.*of 10 points`, 's'));
    },
  );

  test('takes grades without comments after the feedback where it grants attempts by itself, for a comment would take the grade away', async () => {
    const run = await returned('moodle', moodleFiles(students), moodleWorksheet(students));
    const [whole = [], alone] = ['moodle-worksheet', 'moodle-grades-alone'].map((name) =>
      run.records(`gradebooks/${name}.csv`),
    );
    expect(whole[0]).toHaveProperty('Feedback comments');
    expect(alone).toEqual(whole.map(({ 'Feedback comments': _, ...others }) => others));
    expect(run.stdout).toMatch(
      /grants attempts automatically \(also “until pass”\), upload the feedback first, and then .*moodle-grades-alone\.csv: otherwise/,
    );
    const roster = fileOf('r.csv', moodleWorksheet(students));
    const withoutFeedback = await gradeClass(course, fileOf('d.zip', zip(moodleFiles(students))), { roster });
    expect(withoutFeedback.stdout).toMatch(/upload .*moodle-grades-alone\.csv in its place/);
    // A student whose grade is already there has no line, even though the comment never gets there.
    const gradeOf = ({ points }: Enrolled) => points?.toFixed(2) ?? '';
    const graded = await returned('moodle', moodleFiles(students), moodleWorksheet(students, { gradeOf }));
    expect(graded.stdout).toMatch(/\(also “until pass”\), skip this: Moodle already has all these grades\./);
    expect(existsSync(path.join(graded.out, 'gradebooks', 'moodle-grades-alone.csv'))).toBe(false);
    const others = moodleWorksheet(students, { gradeOf: (one) => (one === ada ? '' : gradeOf(one)) });
    const corrected = await returned('moodle', moodleFiles(students), others);
    expect(corrected.table('gradebooks/moodle-grades-alone.csv').map(([first]) => first)).toEqual([
      'Identifier',
      `Participant ${ada.participant}`,
    ]);
  });

  test('has the grade of an attempt before the one that was opened: nobody is told to delete it', async () => {
    const opened = (sheet: string) =>
      sheet
        .split('\r\n')
        .map((line) =>
          line.includes(`Participant ${ada.participant}"`)
            ? line.replace('Submitted for grading', 'Reopened')
            : line,
        )
        .join('\r\n');
    const sheet = moodleWorksheet(students);
    const { out } = await returned('moodle', moodleFiles(students), sheet);
    const files = Object.entries(moodleFiles(students)).filter(
      ([name]) => !name.includes(`_${ada.participant}_`),
    );
    const download = fileOf('d.zip', zip(Object.fromEntries(files)));
    const roster = fileOf('r.csv', opened(sheet));
    const { stdout } = await gradeClass(course, download, { roster, out, apply: true });
    const stands = 'another attempt was opened; the first grade stands until that attempt is handed in';
    expect(stdout).toMatch(new RegExp(`${ada.points} to -: .*\\. At the host, ${stands}`));
    expect(stdout).not.toContain('delete them there');
    expect(readText(out, 'follow-up.html')).toContain(`Moodle says that ${stands}`);
  });

  test('gives a team no zip either where the grades of all of it may not be changed', async () => {
    const team = { ...ada, first: 'Team', last: 'One', participant: '999' };
    const list = moodleWorksheet([ada, bob, carl], {
      groupOf: (student) => (student === carl ? '' : 'Team One'),
      lockedOf: (student) => student !== carl,
    });
    const given = { roster: fileOf('r.csv', list), feedback: true };
    const { out } = await gradeClass(course, fileOf('m.zip', zip(moodleFiles([team, carl]))), given);
    expect(existsSync(path.join(out, 'feedback', 'moodle-feedback.zip'))).toBe(false);
  });

  test('gives a team no zip, which could reach others, but each member the points in a comment, and another maximum is named', async () => {
    const team = { ...ada, first: 'Team', last: 'One', participant: carl.participant };
    const groupOf = (student: Enrolled) => ([ada, bob].includes(student) ? 'Team One' : '');
    const list = moodleWorksheet([ada, bob, carl], { groupOf }).replaceAll('"10.00"', '"100.00"');
    const download = fileOf('m.zip', zip(moodleFiles([team])));
    const given = { roster: fileOf('r.csv', list), feedback: true };
    const { out, stdout, records } = await gradeClass(course, download, given);
    expect(existsSync(path.join(out, 'feedback', 'moodle-feedback.zip'))).toBe(false);
    expect(stdout).toContain('There is no zip for Moodle: in an assignment for teams');
    const rows = records('gradebooks/moodle-worksheet.csv');
    const commentOf = ({ participant }: Enrolled) =>
      rows.find(({ Identifier = '' }) => Identifier.endsWith(participant))?.['Feedback comments'];
    expect([ada, bob, carl].map((one) => pointsOn(commentOf(one)))).toEqual([
      pointsOf(ada),
      pointsOf(ada),
      '-',
    ]);
    expect(stdout).toContain('The worksheet in Moodle is worth 100 points there and 10 here');
    const equal = fileOf('r.csv', moodleWorksheet([ada, bob, carl], { groupOf }));
    expect((await gradeClass(course, download, { roster: equal })).stdout).not.toContain('points there');
  });

  const nameOf = ({ first, last, participant }: Enrolled) => `${first} ${last}_${participant}`;

  test('takes the worksheet before the zip, is told which to upload again, and what it cannot take back', async () => {
    const download = fileOf('m.zip', zip(moodleFiles(students)));
    const roster = fileOf('r.csv', moodleWorksheet(students));
    const { out, stdout } = await gradeClass(course, download, { roster, feedback: true });
    const [worksheet, pages] = [
      'under “Upload grading worksheet”',
      'under “Upload multiple feedback files in a zip”',
    ];
    expect(stdout).toContain('tick the box “Allow updating records that have been modified more recently');
    expect(stdout.indexOf(worksheet)).toBeLessThan(stdout.indexOf(pages));
    expect(stdout.trim().split('\n').at(-1)).toContain(pages);
    const tables = { 'overrides.csv': `login,total,adjust,reason\n${ada.email},,-1,Copied\n` };
    const rerun = await gradeClass(course, download, { roster, feedback: true, out, tables, apply: true });
    expect(rerun.stdout).toMatch(
      /Upload again those that you had uploaded: gradebooks\/moodle-worksheet\.csv, gradebooks\/moodle-grades-alone\.csv\.$/m,
    );
    const same = await gradeClass(course, download, { roster, feedback: true, out, apply: true });
    expect(same.stdout).not.toContain('upload again');
    // Nothing takes back points or pages that are there already.
    const none = zip(
      moodleFiles(students.map((one) => (one === ada ? { ...one, handedIn: { 'a.pdf': '%PDF' } } : one))),
    );
    const lost = await gradeClass(course, fileOf('m.zip', none), { roster, out, apply: true });
    expect(lost.stdout).toMatch(/Grades that differ.*If a host has these points, delete them there/s);
    expect(lost.stdout).toContain('grade again with --feedback');
    // One pair made by hand does not turn this into an assignment for teams.
    const pairs = {
      'matches.csv': `submission,login\n${nameOf(ada)},${ada.email}\n${nameOf(ada)},${bob.email}\n`,
    };
    const paired = await gradeClass(course, download, { roster, feedback: true, tables: pairs });
    expect(paired.stdout).toContain(pages);
    const names = students.map(({ first, last, email }) => `"${first} ${last}",${email}`);
    const other = rosterOf('name,email', ...names);
    expect((await gradeClass(course, download, { roster: other })).stdout).toContain(
      'Moodle takes back neither a worksheet nor a zip of feedback',
    );
  });
});

describe('a grade that a person changed in Moodle', () => {
  const some = [ada, bob, carl];
  const download = fileOf('d.zip', zip(moodleFiles(some)));
  const keyOf = ({ studentId }: Enrolled) => `(${studentId.toLowerCase()})`;
  /** The roster, with Moodle's grades: equal to ours, except for Ada's. */
  const rosterWith = (grade: string) =>
    fileOf(
      'r.csv',
      moodleWorksheet(some, { gradeOf: (student) => (student === ada ? grade : `${student.points}.00`) }),
    );
  const isUploaded = ({ table }: Pick<Awaited<ReturnType<typeof gradeClass>>, 'table'>) =>
    table('gradebooks/moodle-worksheet.csv').some(([first = '']) => first.endsWith(ada.participant));
  const first = gradeClass(course, download, { roster: rosterWith('') });
  const again = async (grade: string, overrides = '') =>
    gradeClass(course, download, {
      roster: rosterWith(grade),
      out: (await first).out,
      tables: { 'overrides.csv': `login,total,adjust,reason,was\n${overrides}` },
      apply: true,
      feedback: true,
    });

  test('is left out of the upload and named first, until a person leaves it or sets the one here', async () => {
    expect(isUploaded(await first)).toBe(true);
    const changed = await again('9.50');
    expect(isUploaded(changed)).toBe(false);
    expect(changed.stdout).toMatch(
      /^Changed by hand at the host, so the upload leaves them out until you choose: Jörg Müller \(9\.50 now, 10 here\)\.$/m,
    );
    const page = readText(changed.out, 'follow-up.html');
    expect(page).toContain('The grade in Moodle was changed there by hand: 9.50 now, 10 here.');
    for (const label of ['Leave 9.50 there', 'Set 10']) expect(page).toContain(`hidden>${label}<`);
    const was = wasOf(changed.row(keyOf(ada)));
    const leave = `${ada.studentId},,,left as it is in Moodle,${was}\n`;
    const left = await again('9.50', leave);
    expect(linesIn(page).flatMap(({ lines }) => lines)).toContain(leave.trim());
    expect([isUploaded(left), questionsIn(left.row(keyOf(ada)))]).toEqual([false, []]);
    expect(left.stdout).not.toContain('Changed by hand');
    expect(readText(left.out, 'follow-up.html')).toContain('They stay as they are (1)');
    const set = await again('9.50', `${ada.studentId},10,,Grade checked,${was}\n`);
    expect([isUploaded(set), questionsIn(set.row(keyOf(ada)))]).toEqual([true, []]);
    // A line from before the change does not decide it.
    expect(isUploaded(await again('9.50', `${ada.studentId},8,,Copied,\n`))).toBe(false);
  });

  test('is none that an earlier run wrote, which the next upload replaces', async () => {
    const eight = `${ada.studentId},8,,Copied,\n`;
    expect(isUploaded(await again('10.00', eight))).toBe(true);
    for (const grade of ['8.00', '8,00', '10.00', '-']) {
      const run = await again(grade);
      expect([grade, isUploaded(run), questionsIn(run.row(keyOf(ada)))]).toEqual([grade, true, []]);
    }
  });
});

describe('the worksheet of Moodle', () => {
  const strict = releasedCourse({ no_submission: 'zero' });
  const lineIn = (text: string, { participant }: Enrolled) =>
    text
      .split('\r\n')
      .find((line) => line.includes(`in${participant}`) || line.includes(`Participant ${participant}`));

  test.each([true, false])(
    'has no line where the grade may not be changed, or is there and not here, in German: %s',
    async (isGerman) => {
      const empty = students.find(({ handedIn }) => !handedIn) as Enrolled;
      const dan = students.find((one) => one.handedIn && ![ada, bob, carl].includes(one)) as Enrolled;
      const marks = new Map([
        [ada, '3.00'],
        [carl, `${carl.points}.00`],
        [empty, '5.00'],
      ]);
      const sheet = moodleWorksheet(students, {
        isGerman,
        gradeOf: (student) => marks.get(student) ?? '',
        lockedOf: (student) => [ada, carl, dan].includes(student),
      });
      const { out, row, pages } = await returned('moodle', moodleFiles(students), sheet);
      const filled = readText(out, 'gradebooks/moodle-worksheet.csv');
      // These grades are locked, one of them equal to ours and one empty; and a student was graded on paper.
      for (const student of [ada, carl, dan, empty]) expect(lineIn(filled, student)).toBeUndefined();
      expect(row(`(${ada.studentId.toLowerCase()})`).points).toBe(ada.points);
      expect(lineIn(filled, bob)).toContain(`,${pointsOf(bob)},`);
      expect(pages.map(([name]) => name).join()).not.toContain(`_${ada.participant}_`);
      const page = readText(out, 'follow-up.html');
      const listed = [
        `3.00 in Moodle, ${ada.points} here`,
        `${carl.points}.00 in Moodle, ${carl.points} here`,
        `none in Moodle, ${dan.points} here`,
      ];
      for (const text of [...listed, '5.00 in Moodle, none here']) expect(page).toContain(text);
    },
  );

  test('is filled in where its grades and comments are, whatever was added to it', async () => {
    const own = parse(moodleWorksheet(students), { bom: true }) as string[][];
    /** The worksheet with one more column, before the column with a heading or at the end. */
    const added = (before: string, heading: string, cell: string) => {
      const at = before === '' ? own[0]?.length : own[0]?.indexOf(before);
      return own.map((cells, line) =>
        cells.toSpliced(at ?? 0, 0, line === 0 ? heading : cell.replace('#', String(line))),
      );
    };
    const tables = {
      'online text': added('Last modified (grade)', 'Online text', 'At 18:00'),
      'a column of section numbers': added('', 'Gruppe 2', '1'),
      'an empty column': added('', '', ''),
      'a section among who it is': added('Status', 'section', '10'),
      'a login at its end': added('', 'login', 'somebody-#'),
      ...Object.fromEntries(
        (own[0] ?? []).map((heading, index) => {
          const name = ['section', 'group', 'sid'][index % 3] ?? '';
          return [`${name} before ${heading}`, added(heading, name, name === 'sid' ? '#' : 'ab')];
        }),
      ),
    };
    const random = new Random(11);
    const tried = Array.from({ length: tries(40) }, () =>
      random.pick(Object.entries(tables), ['as it is', own] as [string, string[][]]),
    );
    for (const [name, cells] of tried) {
      const sheet = cells.map((row) => row.map((cell) => `"${cell}"`).join()).join('\n');
      const { out } = await returned('moodle', moodleFiles(students), sheet);
      const [heads = [], ...lines] = parse(readText(out, 'gradebooks/moodle-worksheet.csv')) as string[][];
      const [grade, comment] = [heads.indexOf('Grade'), heads.indexOf('Feedback comments')];
      const identifier = heads.indexOf('Identifier');
      const filled = students.map(({ participant }) => {
        const line = lines.find((cells) => cells[identifier] === `Participant ${participant}`) ?? [];
        return [line[grade], line[comment]?.includes('Automatic')];
      });
      expect([name, filled]).toEqual([
        name,
        students.map(({ points, handedIn }) => (handedIn ? [String(points), true] : [undefined, undefined])),
      ]);
    }
  });

  test('has no grade above its maximum, and is not written where that is below the points here', async () => {
    const sheet = moodleWorksheet(students);
    const tables = { 'overrides.csv': `login,total,adjust,reason\n${ada.studentId},,+3,A bonus\n` };
    const { stdout, out } = await returned('moodle', moodleFiles(students), sheet, { tables });
    expect(stdout).toMatch(/Grades at the host that differ from those here: 1 capped\./);
    expect(readText(out, 'follow-up.html')).toMatch(
      /They are capped there .*13 here, capped at 10 in Moodle/s,
    );
    expect(lineIn(readText(out, 'gradebooks/moodle-worksheet.csv'), ada)).toContain(',10,');
    const small = await returned('moodle', moodleFiles(students), sheet.replaceAll('"10.00"', '"8.00"'));
    expect(small.stdout).toContain('has the maximum grade 8, but there are 10 points here');
    expect(existsSync(path.join(small.out, 'gradebooks'))).toBe(false);
  });

  test('of a scale is known, says who handed in when, and is not filled in', async () => {
    const graded = moodleWorksheet(students, { gradeOf: (student) => (student === ada ? 'Good' : '') });
    const list = graded.replaceAll('"10.00"', '"Poor   Good"');
    const { stdout, out, row } = await returned('moodle', moodleFiles(students), list);
    expect(stdout).toContain('The assignment in Moodle has a scale');
    expect(row(`(${ada.studentId.toLowerCase()})`).submitted).toContain('2026-11-02T09:14');
    expect(existsSync(path.join(out, 'gradebooks'))).toBe(false);
  });

  test('has due dates of students’ own: the later counts, and what is not read is listed', async () => {
    const due = { due: '2026-10-10T12:00', timezone: 'UTC', late: { per_day: 1, until: '2026-10-12T12:00' } };
    const [zoe, last] = class30.filter(({ handedIn }) => !handedIn) as [Enrolled, Enrolled];
    // The first line of the worksheet has its own date.
    const dates = new Map([[bob, 'Saturday, 7 November 2026, 12:00 PM']]);
    const few = [...new Set([bob, ...students, zoe, last])];
    const statuses = new Map([
      [ada, 'Submitted for grading - Extension granted until: Tuesday, 3 November 2026, 11:59 PM -  - '],
      // Bob has an extension, and a later date in the column.
      [bob, 'Submitted for grading - Extension granted until: Sunday, 1 November 2026, 12:00 PM -  - '],
      [zoe, 'No submission - Extension granted until: Wednesday, 1 January 2120, 12:00 PM - '.trim()],
      [last, 'No submission - Prolongation : mardi 3 novembre 2026, 23:59'],
    ]);
    const withDates = (most: string) => {
      const [heads = [], ...rows] = parse(moodleWorksheet(few), { bom: true }) as string[][];
      const lines = rows.map((cells, index) => {
        const student = few[index] as Enrolled;
        const status = statuses.get(student)?.replace(/ - $/, '') ?? cells[4] ?? '';
        // Carl has only another kind of date, and no due date.
        const due = student === carl ? '' : (dates.get(student) ?? most);
        const opened = 'Thursday, 1 October 2026, 12:00 PM';
        return [...cells.slice(0, 4), status, opened, due, '-', ...cells.slice(5)];
      });
      return fileOf(
        'w.csv',
        [
          [...heads.slice(0, 5), 'Allow submissions from', 'Due date', 'Cut-off date', ...heads.slice(5)],
          ...lines,
        ]
          .map((cells) => cells.map((cell) => `"${cell}"`).join())
          .join('\n'),
      );
    };
    const run = (most: string) =>
      gradeClass(withDeadline(strict, due), fileOf('d.zip', zip(moodleFiles(few))), {
        roster: withDates(most),
      });
    const key = ({ studentId }: Enrolled) => `(${studentId.toLowerCase()})`;
    const { row, codes } = await run('Saturday, 10 October 2026, 12:00 PM');
    // All handed in on 2 November, after everybody else's cutoff.
    expect([row(key(ada)).points, row(key(bob)).points, row(key(carl)).status]).toEqual([
      ada.points,
      bob.points,
      'after cutoff',
    ]);
    expect(row(key(zoe)).points).toBeNull();
    expect(codes(key(last))).toContain('download/due');
    const other = await run('Sunday, 11 October 2026, 12:00 PM');
    expect(other.stdout).toContain('due dates there are not used');
    expect(other.row(key(bob)).status).toBe('after cutoff');
    // If the host has a later date, nobody gets a zero, whether or not that date is used here.
    const open = await gradeClass(strict, fileOf('d.zip', zip(moodleFiles(few))), {
      roster: withDates('Saturday, 10 October 2026, 12:00 PM'),
    });
    for (const given of [other, open])
      expect([zoe, last].map((student) => given.row(key(student)).points)).toEqual([null, null]);
  });

  const late = withDeadline(course, { due: '2026-10-10T12:00', timezone: 'UTC', late: { per_day: 1 } });

  /** The worksheet with a due date for each student. All handed in on 2 November. */
  const withDues = (dueOf: (student: Enrolled) => string) => {
    const [heads = [], ...rows] = parse(moodleWorksheet(students), { bom: true }) as string[][];
    const dates = (cells: readonly string[], index: number) =>
      cells.toSpliced(5, 0, '', dueOf(students[index] as Enrolled), '');
    const table = [
      heads.toSpliced(5, 0, 'Allow submissions from', 'Due date', 'Cut-off date'),
      ...rows.map(dates),
    ];
    return fileOf('w.csv', table.map((cells) => cells.map((cell) => `"${cell}"`).join()).join('\n'));
  };

  test('whose due dates are later than here and not used has a choice that extends, for whoever it helps', async () => {
    const tutorials = ['Tuesday, 3 November 2026, 12:00 PM', 'Thursday, 5 November 2026, 12:00 PM'];
    const roster = withDues((student) => tutorials[students.indexOf(student) < 8 ? 0 : 1] ?? '');
    const grade = (tables = {}) =>
      gradeClass(late, fileOf('d.zip', zip(moodleFiles(students))), { roster, tables });
    const { stdout, out } = await grade();
    const lines = linesIn(readText(out, 'follow-up.html'))
      .filter(({ file }) => file === 'extensions.csv')
      .flatMap((block) => block.lines);
    const losing = students.filter(({ points }) => points);
    expect(lines.map((line) => line.split(',')[0])).toEqual(losing.map(({ studentId }) => studentId));
    expect(stdout).toContain(`${losing.length} students would lose fewer points with their later due dates`);
    expect(stdout).toContain('--due 2026-11-03T12:00Z');
    expect(stdout).not.toContain('time zone');
    const { row } = await grade({ 'extensions.csv': ['who,due', ...lines, ''].join('\n') });
    for (const { studentId, points } of losing)
      expect(row(`(${studentId.toLowerCase()})`).points).toBe(points);
  });

  test('whose dates are all some hours later names the time zone of a profile', async () => {
    const roster = withDues(() => 'Saturday, 10 October 2026, 6:00 PM');
    const { stdout } = await gradeClass(late, fileOf('d.zip', zip(moodleFiles(students))), { roster });
    expect(stdout).toContain('another time zone than UTC');
  });

  test('has one time for a student, which is of neither of two works that differ, and none is said', async () => {
    const sheet = fileOf('worksheet.csv', moodleWorksheet(students));
    const right = { 'boxes.ts': rightAnswers };
    const noteOf = async (...works: readonly Files[]) => {
      const sources = works.map((handedIn, index) =>
        fileOf(`download${index}.zip`, zip(moodleFiles([{ ...ada, handedIn }]))),
      );
      const { codes } = await gradeClass(late, sources, { roster: sheet });
      return codes(`(${ada.studentId.toLowerCase()})`).includes('class/no-time');
    };
    expect(await noteOf(right, right)).toBe(false);
    expect(await noteOf(right, { 'boxes.ts': partly })).toBe(true);
    expect(await noteOf(right, { ...right, 'notes.md': notesOf('Pears') })).toBe(true);
  });

  const handedInAt = 'Monday, 2 November 2026, 9:14 AM';

  test.each([
    [handedInAt, '-', 'class/no-time'],
    [handedInAt, 'lundi 2 novembre 2026, 09:14', 'download/time'],
    [handedInAt, 'Sunday, 11 October 2026, 12:30 AM', 'Late by 1 day'],
    [handedInAt, 'Sonntag, 11. Oktober 2026, 14:20', 'Late by 2 days'],
    ['Submitted for grading', 'Draft (not submitted)', 'download/draft'],
  ])('that has, in place of “%s”, “%s” is told in the row: %s', async (from, to, said) => {
    const sheet = fileOf('worksheet.csv', moodleWorksheet([ada]).replace(from, to));
    const { students } = await gradeClass(late, fileOf('d.zip', zip(moodleFiles([ada]))), { roster: sheet });
    const told = students.flatMap((row) => [...row.adjustments.map(({ reason }) => reason), ...codesOf(row)]);
    expect(told).toContain(said);
  });

  test('says who handed in what is not here: it is no zero, and the student reads that it is looked for', async () => {
    const lost = [ada, bob, carl];
    const files = Object.entries(moodleFiles(students)).filter(([name]) =>
      lost.every(({ participant }) => !name.includes(`_${participant}_`)),
    );
    const stateOf = new Map([
      [bob, 'Draft (not submitted)'],
      [carl, 'Reopened'],
    ]);
    const lines = moodleWorksheet(students).split('\r\n');
    const sheet = lines
      .map((line) => {
        const student = lost.find(({ participant }) => line.includes(`Participant ${participant}`));
        return line.replace('Submitted for grading', (state) => (student && stateOf.get(student)) ?? state);
      })
      .join('\r\n');
    const download = fileOf('old.zip', zip(Object.fromEntries(files)));
    const { row, out, stdout } = await gradeClass(strict, download, {
      roster: fileOf('w.csv', sheet),
      feedback: true,
    });
    const key = `(${ada.studentId.toLowerCase()})`;
    expect(row(key)).toMatchObject({ points: null, status: 'no submission' });
    for (const did of ['handed in', 'saved a draft', 'have another attempt'])
      expect(stdout).toContain(
        `No zero yet for 1 student without work that counts, while Moodle says that they ${did}.`,
      );
    const followUp = readText(out, 'follow-up.html');
    for (const said of [
      'it is not in what was graded',
      'that another attempt was opened; the first grade stands',
    ])
      expect(followUp).toContain(said);
    expect(textIn(out, `${fileNameOf(key)}.txt`)).toContain('Moodle says that you handed in on');
    const filled = readText(out, 'gradebooks/moodle-worksheet.csv');
    for (const student of lost) expect(lineIn(filled, student)).toBeUndefined();
  });
});

describe('Canvas', () => {
  test('takes back pages under the names of its download, and points in the column that it knows', async () => {
    const files = canvasFiles(students);
    const { pages, table, stdout } = await returned('canvas', files, canvasGradebook(students));
    // Canvas reads a name like this: the number of a user, then that of an existing attachment.
    const attachments = Object.keys(files).map((name) => /_(\d+_\d+)_/.exec(name)?.[1]);
    for (const student of students.filter(({ handedIn }) => handedIn)) {
      const [name = '', page] = pages.find(([one]) => one.includes(`_${student.userId}_`)) ?? [];
      expect(attachments).toContain(/_(\d+_\d+)_notes\.md$/.exec(name)?.[1]);
      expect(pointsOn(page)).toBe(pointsOf(student));
    }
    expect(pages).toHaveLength(students.filter(({ handedIn }) => handedIn).length);
    expect(stdout).toContain('Do this only once: each upload adds a comment.');
    expect(stdout).toContain('It fills Fruit (55).');
    expect(table('gradebooks/canvas.csv')[0]).toContain('Fruit (55)');
    // Without a roster, the names contain Canvas's own numbers.
    const alone = await gradeClass(course, fileOf('s.zip', zip(files)));
    const ids = alone
      .table('gradebooks/canvas.csv')
      .slice(2)
      .map(([, id]) => id);
    expect(ids).toEqual(students.filter(({ handedIn }) => handedIn).map(({ userId }) => userId));
    expect(alone.stdout).toContain('choose yours, never “A new assignment”');
  });

  test('gives each student a file whose name, which is that of their own, fits what is in it', async () => {
    const both = { 'boxes.ts': rightAnswers, 'notes.md': notesOf('a', 'b') };
    const { boxes, notes } = { boxes: both['boxes.ts'], notes: both['notes.md'] };
    const files = {
      ...{ 'ann_1_11_boxes.ts': boxes, 'ann_1_12_notes.md': notes, 'ann_1_13_page.html': '<p>My work</p>' },
      ...{ 'bob_2_21_boxes.ts': boxes, 'bob_2_22_work.zip': zip(both) },
      ...{ 'cyd_3_31_boxes.ts': boxes, 'cyd_3_32_notes.md': notes },
      'dan_4_41_boxes.ts': boxes,
      'eve_5_51_boxes.pdf': '%PDF',
      // Canvas would take a part that is all digits for the user's number.
      'smithal_12_LATE_6_61_boxes.ts': boxes,
      // A group that is graded individually has an entry for each member, with the same attachments.
      ...{ 'fay_7_71_boxes.ts': boxes, 'gil_8_71_boxes.ts': boxes },
    };
    const ids = ['ann,1', 'bob,2', 'cyd,3', 'dan,4', 'eve,5', '"smith, al_12",6', 'fay,7', 'gil,8'];
    const tables = {
      'overrides.csv': 'login,total,adjust,reason\n7,2,,For fay alone\n',
      'comments.csv': 'login,text\n7,Only for fay\n',
    };
    const { out, stdout } = await gradeClass(course, fileOf('submissions.zip', zip(files)), {
      ...{ roster: rosterOf('name,id', ...ids), feedback: true, tables },
    });
    const packed = unzipSync(readFileSync(path.join(out, 'feedback', 'canvas-feedback.zip')));
    const names = Object.keys(packed).sort();
    expect(names.filter((name) => !/_71_/.test(name))).toEqual([
      '6_61_feedback.ts',
      'ann_1_13_page.html',
      'bob_2_22_work.zip',
      'cyd_3_32_notes.md',
      'dan_4_41_boxes.ts',
    ]);
    expect(names).toHaveLength(6);
    const text = (name: string) => Buffer.from(packed[name] ?? '').toString();
    expect(text('ann_1_13_page.html')).toContain('<!doctype html>');
    expect(Object.keys(unzipSync(packed['bob_2_22_work.zip'] ?? new Uint8Array()))).toEqual([
      'feedback.html',
    ]);
    for (const name of ['cyd_3_32_notes.md', 'dan_4_41_boxes.ts', '6_61_feedback.ts'])
      expect(text(name)).toMatch(/^This is the feedback on your work\. .*\n\nFruit in boxes\.\n/);
    expect(text(names.find((name) => /_71_/.test(name)) ?? '')).not.toMatch(/fay|2 of 10/);
    expect(stdout).toMatch(/Tell 3 students yourself: .*: eve, fay, gil\.$/m);
  });

  test('of a file that was handed in again takes that with the higher number, whatever it is called', async () => {
    const files = {
      'ann_1_11_boxes-1.ts': partly,
      'ann_1_12_boxes.ts': rightAnswers,
      // Nothing else was handed in.
      'bob_2_21_boxes-1.ts': rightAnswers,
      // Handed in twice without a change, which nobody has to know.
      'cyd_3_31_boxes-1.ts': rightAnswers,
      'cyd_3_32_boxes.ts': rightAnswers,
      // Each name here is the student's own.
      'dan_4_41_fruit-2026-12-01.zip': Buffer.from(zipSync({ 'work/boxes.ts': Buffer.from(partly) })),
      'dan_4_42_fruit-2026-12-08.zip': Buffer.from(zipSync({ 'work/boxes.ts': Buffer.from(rightAnswers) })),
    };
    const roster = rosterOf('name,id', 'ann,1', 'bob,2', 'cyd,3', 'dan,4');
    const { rows, row } = await gradeClass(course, fileOf('s.zip', zip(files)), { roster });
    expect(toldOf(rows, 'found/')).toEqual({
      '(1)': '4 found/newer',
      '(2)': '4',
      '(3)': '4',
      '(4)': 'undecided',
    });
    expect(JSON.stringify(row('(4)').choices)).toMatch(/fruit-2026-12-01\.zip.*fruit-2026-12-08\.zip/);
  });

  describe('gets the column that is the assignment’s', () => {
    const [ada, bob, ...others] = students;
    const columns: Readonly<Record<string, string>> = {
      'Notes (2)': '',
      'Fruit (55)': '10',
      'Essay (56)': '10,00',
      'Fruit (58)': '10',
      'Final Grade of fruit (59)': '10',
      'Fruit in boxes (57)': '12',
      'Current Score (2026)': '(read only)',
      'Unposted Final Score (60)': '10',
    };
    /** A gradebook with these columns, and with cells for some students. */
    const gradebook = (wanted: readonly string[], cells: Readonly<Record<string, string>> = {}) => {
      const rows = [
        ['LastName', 'FirstName', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', ...wanted],
        ['Points Possible', '', '', '', '', '', ...wanted.map((heading) => columns[heading] ?? '')],
        ...students.map(({ first, last, userId, studentId, email }) => [
          ...[last, first, userId, studentId, email, 'S1'],
          ...wanted.map((heading) => cells[`${userId} ${heading}`] ?? cells[userId] ?? ''),
        ]),
        ['Student', 'Test', '9999', '', 'abcdef', 'S1', ...wanted.map(() => '')],
      ];
      return fileOf('g.csv', rows.map((row) => row.map((cell) => `"${cell}"`).join(';')).join('\n'));
    };
    const download = fileOf('submissions.zip', zip(canvasFiles(students)));
    const run = (roster: string, given: Given = {}, of = course) =>
      gradeClass(of, download, { ...given, roster });
    const headingIn = ({ out, table }: Awaited<ReturnType<typeof run>>) =>
      existsSync(path.join(out, 'gradebooks', 'canvas.csv'))
        ? table('gradebooks/canvas.csv')[0]?.find((heading) => /\(\d+\)$/.test(heading))
        : undefined;
    const all = Object.keys(columns).filter((heading) => heading !== 'Fruit (58)');
    const uploading = (number: number) =>
      releasedCourse({ hand_in: { upload: `https://canvas.example.edu/courses/1/assignments/${number}` } });

    test.each([
      ['by its heading', 'Essay (56)', 'Essay (56)'],
      ['by its title, in any case', 'essay', 'Essay (56)'],
      ['by its number', '55', 'Fruit (55)'],
    ])('that is named %s', async (_name, canvasColumn, heading) => {
      expect(headingIn(await run(gradebook(all), { canvasColumn }))).toBe(heading);
    });

    test('and refuses a name that none or several have, with those that there are', async () => {
      for (const [canvasColumn, says] of [
        ['Nope (99)', 'fits none of'],
        ['Notes (2)', 'fits none of'],
        ['fruit', 'fits several of'],
      ])
        await expect(run(gradebook([...all, 'Fruit (58)']), { canvasColumn })).rejects.toThrow(
          `The column ${canvasColumn} ${says}`,
        );
    });

    test('by the address at which students hand in, by its title, or by its points, in this order', async () => {
      expect(headingIn(await run(gradebook(all), {}, uploading(56)))).toBe('Essay (56)');
      const byTitle = await run(gradebook(all));
      expect(headingIn(byTitle)).toBe('Fruit in boxes (57)');
      expect(byTitle.stdout).toContain('Fruit in boxes (57) in Canvas is worth 12 points there and 10 here');
      const byPoints = ['Notes (2)', 'Fruit (55)', 'Current Score (2026)', 'Unposted Final Score (60)'];
      expect(headingIn(await run(gradebook(byPoints)))).toBe('Fruit (55)');
    });

    test('and none where several fit, or the one of the address is not there: it says which there are', async () => {
      const several = await run(gradebook(['Notes (2)', 'Fruit (55)', 'Essay (56)']), {}, uploading(99));
      expect(headingIn(several)).toBeUndefined();
      expect(several.stdout).toContain('Fruit (55), 10 points; Essay (56), 10 points');
      expect(several.stdout).toContain('leads to assignment 99, which is not in the gradebook');
      expect(several.stdout).toContain('--canvas-column');
    });

    test('and gives no zero to whoever is excused in one of several', async () => {
      const [nobody, away] = others.filter(({ handedIn }) => !handedIn);
      const both = gradebook(['Fruit (55)', 'Essay (56)'], { [`${nobody?.userId} Essay (56)`]: 'EX' });
      const { students: graded } = await run(both, {}, releasedCourse({ no_submission: 'zero' }));
      const pointsOf = (of: Enrolled | undefined) =>
        graded.find(({ student }) => student.userId === of?.userId)?.points;
      expect([pointsOf(nobody), pointsOf(away)]).toEqual([null, 0]);
    });

    test('but for who is excused or has a grade there and none here, and says how many grades change', async () => {
      const [nobody, away] = others.filter(({ handedIn }) => !handedIn);
      const grades = ['ex', '1,5', '7', 'N/A'];
      const cells = [ada, bob, nobody, away].map((student, index) => [student?.userId, grades[index]]);
      const { table, stdout, out } = await run(gradebook(['Fruit (55)'], Object.fromEntries(cells)));
      // A student who should not get a grade is not counted as missing one.
      expect(stdout).toMatch(/12 students: .*, 1 not assigned/);
      expect(stdout).toContain('1 of 11 has no grade yet.');
      const ids = table('gradebooks/canvas.csv').map(([, id]) => id);
      expect([ada, bob, nobody].map((student) => ids.includes(student?.userId))).toEqual([
        false,
        true,
        false,
      ]);
      expect(stdout).toContain(
        'Grades at the host that differ from those here: 2 staying as they are, 1 changing.',
      );
      const [, staying = '', changing = ''] = readText(out, 'follow-up.html').split(
        /They stay as they are|They change with the upload/,
      );
      for (const text of [`ex in Canvas, ${ada?.points} here`, '7 in Canvas, none here'])
        expect([staying.includes(text), changing.includes(text)]).toEqual([true, false]);
      const lower = `1,5 in Canvas, ${bob?.points} here`;
      expect([staying.includes(lower), changing.includes(lower)]).toEqual([false, true]);
    });
  });

  test('of anonymous work that is not posted says so first, gives no gradebook, and takes the feedback', async () => {
    const files = Object.fromEntries(
      students.flatMap(({ handedIn = {} }, index) =>
        Object.entries(handedIn).map(([name, text], at) => [
          `anon_x${index}_${9000 + 10 * index + at}_${name}`,
          text,
        ]),
      ),
    );
    const download = fileOf('s.zip', zip(files));
    const { out, stdout } = await gradeClass(course, download, { feedback: true });
    expect(stdout.indexOf('The work is anonymous')).toBeLessThan(stdout.indexOf('What to teach next'));
    expect(existsSync(path.join(out, 'gradebooks', 'canvas.csv'))).toBe(false);
    expect(existsSync(path.join(out, 'feedback', 'canvas-feedback.zip'))).toBe(true);
    const roster = fileOf('gradebook.csv', canvasGradebook(students));
    await expect(gradeClass(course, download, { roster })).rejects.toThrow(/anonymous.*\n.*without a roster/);
  });

  test('gives nobody the page of work that a person said is somebody else’s', async () => {
    // Ada and Bob uploaded each other’s work. Carl uploaded his own, and a person confirmed it.
    const files = canvasFiles([ada, bob, carl]);
    const nameOf = ({ userId }: Enrolled) =>
      Object.keys(files)
        .find((file) => file.includes(`_${userId}_`))
        ?.replace(new RegExp(`(_${userId})_.*`), '$1');
    const lines = [
      [ada, bob],
      [bob, ada],
      [carl, carl],
    ] as const;
    const matches = lines.map(([of, to]) => `${nameOf(of)},${to.email}\n`).join('');
    const tables = { 'matches.csv': `submission,login\n${matches}` };
    const { stdout, pages } = await returned('canvas', files, canvasGradebook(students), { tables });
    expect(pages.map(([name]) => /_(\d+)_\d+_notes\.md$/.exec(name)?.[1])).toEqual([carl.userId]);
    expect(inWords(stdout)).toMatch(new RegExp(`Tell 2 students yourself: .*${ada.last}.*${bob.last}`));
  });

  test('gives a group nothing of one member’s alone', async () => {
    const line = ({ last, first, userId }: Enrolled, section: string, group: string) =>
      `"${last}, ${first}",${userId},${section},${group}`;
    const list = [
      'name,id,section,group',
      line(ada, 'S1', 'Group X'),
      line(bob, 'S2', 'Group X'),
      line(carl, 'S2', ''),
    ].join('\n');
    const tables = {
      'comments.csv': `login,text\n${ada.userId},For Ada alone\n${bob.userId},For Bob alone\n`,
      'overrides.csv': `login,total,adjust,reason\n${ada.userId},,-1,Only Ada\n`,
    };
    const files = canvasFiles([{ ...ada, first: 'X', last: 'Group' }]);
    const { stdout, pages } = await returned('canvas', files, list, { tables });
    const [[, page = ''] = [], ...more] = pages;
    expect(more).toEqual([]);
    expect(page).toContain('Your grade: see your own');
    expect(page).not.toMatch(/For (?:Ada|Bob)|Only Ada|by hand/);
    // The first student in the group does not get to read more than the others.
    expect(inWords(stdout)).toMatch(new RegExp(`Tell 2 students yourself: .*${ada.last}.*${bob.last}`));
  });
});

describe('a gradebook', () => {
  test.each([
    [
      'moodle',
      moodleFiles(students),
      moodleWorksheet(students, { gradeOf: () => '5.00' }),
      'moodle-worksheet',
    ],
    [
      'canvas',
      canvasFiles(students),
      canvasGradebook(students).replaceAll('Section 1,""', 'Section 1,"5"'),
      'canvas',
    ],
  ] as const)(
    'of %s keeps a grade where there is none here, and not where somebody set it to 0',
    async (host, files, list, file) => {
      const empty = students.find(({ handedIn }) => !handedIn) as Enrolled;
      const [download, roster] = [fileOf(`${host}.zip`, zip(files)), fileOf('r.csv', list)];
      const lineFor = async (tables: Readonly<Record<string, string>>) => {
        const { table } = await gradeClass(course, download, { roster, tables });
        return table(`gradebooks/${file}.csv`).find((cells) => cells.includes(empty.studentId));
      };
      expect(await lineFor({})).toBeUndefined();
      const overrides = `login,total,adjust,reason\n${empty.studentId},0,,Copied\n`;
      expect(await lineFor({ 'overrides.csv': overrides })).toContain('0');
    },
  );

  test('leaves out two students of one number or address, of whom one grade would replace the other, and whoever has no points', async () => {
    const both = ['moodle.csv', 'canvas.csv'];
    // The owners make no difference: both hosts are in use.
    const sources = [
      classOf({ ada: work(partly), cyd: work(partly) }),
      fileOf('moodle.zip', zip(moodleFiles([carl]))),
      fileOf('canvas.zip', zip(canvasFiles([carl]))),
    ];
    for (const [heading, one, other, third, fourth, files] of [
      ['email', 'x@example.org', 'X@example.org', 'c@example.org', 'd@example.org', both],
      ['student_id', '77', '77', '78', '79', both],
      // If everybody has their own number in Canvas, nothing else matters.
      ['id', '77', '77', '78', '79', ['canvas.csv']],
    ] as const) {
      const people = [`ada,A,${one}`, `bob,B,${other}`, `cyd,C,${third}`, `dan,D,${fourth}`];
      const list = rosterOf(`login,name,${heading}`, ...people);
      const { table, stdout } = await gradeClass(course, sources, { roster: list });
      for (const file of files) {
        const cells = table(`gradebooks/${file}`).flat();
        // A line without points would remove the grade that is there.
        const isThere = [one, other, third, fourth].map((key) => cells.includes(key));
        expect(isThere).toEqual([false, false, true, false]);
        expect(inWords(stdout)).toContain(`gradebooks/${file} leaves out ada, bob:`);
      }
    }
  });

  test('has no formula that students typed about themselves, where no roster says who they are', async () => {
    const typed = [
      { ...ada, studentId: '\'=HYPERLINK("https://example.org")\'', email: '"@SUM(1)"' },
      { ...bob, studentId: '+1', email: '"-bob@example.org"' },
    ];
    const sources = [gradescopeFiles(typed.map((one) => [one])), moodleFiles([carl]), canvasFiles([carl])];
    const { table } = await gradeClass(
      course,
      sources.map((files, at) => fileOf(`${at}.zip`, zip(files))),
    );
    for (const file of ['grades', 'gradebooks/canvas', 'gradebooks/moodle']) {
      const cells = table(`${file}.csv`).slice(1).flat();
      expect(cells.join().toUpperCase()).toContain('SUM(1)');
      for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@]./);
    }
  });
});

/** The numbered things to do at the end of a run, without the path of its results. */
const toDoIn = ({ out, stdout }: { readonly out: string; readonly stdout: string }) =>
  [...stdout.replaceAll(out + path.sep, '').matchAll(/^\d+\. (.*)$/gm)].map(([, step = '']) => step);

const hosts = {
  canvas: {
    filesOf: canvasFiles,
    list: canvasGradebook(students),
    archive: 'canvas-feedback',
    idOf: ({ userId }: Enrolled) => userId,
  },
  moodle: {
    filesOf: moodleFiles,
    list: moodleWorksheet(students),
    archive: 'moodle-feedback',
    idOf: ({ participant }: Enrolled) => participant,
  },
} as const;

describe('what to do is a list in the order of its host', () => {
  const beginnings = (steps: readonly string[]) => steps.map((step) => step.split(/[:.,] /)[0]);

  test('for Canvas: hide the grades, import them, upload the feedback, post the grades', async () => {
    const { filesOf, list } = hosts.canvas;
    const run = await returned('canvas', filesOf(students), list);
    expect(beginnings(toDoIn(run))).toEqual([
      'Hide the grades until everything is there',
      'Import gradebooks/canvas.csv',
      'Upload feedback/canvas-feedback.zip',
      'Post the grades',
    ]);
  });

  test('for Moodle: the worksheet, then the feedback', async () => {
    const { filesOf, list } = hosts.moodle;
    const run = await returned('moodle', filesOf(students), list);
    expect(beginnings(toDoIn(run))).toEqual([
      'Upload gradebooks/moodle-worksheet.csv',
      'Upload feedback/moodle-feedback.zip',
    ]);
  });

  test('which has nothing of feedback where none was asked for', async () => {
    const { filesOf, list } = hosts.canvas;
    const given = { roster: fileOf('r.csv', list) };
    const run = await gradeClass(course, fileOf('d.zip', zip(filesOf(students))), given);
    expect(beginnings(toDoIn(run))).toEqual([
      'Hide the grades until everything is there',
      'Import gradebooks/canvas.csv',
      'Post the grades',
    ]);
  });
});

describe('students whom no host reaches', () => {
  const byHandIn = (out: string) => {
    const folder = path.join(out, 'feedback', 'by-hand');
    return existsSync(folder) ? readdirSync(folder).sort() : undefined;
  };

  test('are named, and their pages lie in a folder of their own, too', async () => {
    const { filesOf, list } = hosts.canvas;
    const [given, mailed] = [
      students.filter((one) => one !== ada),
      classOf({ [ada.studentId]: work(partly) }),
    ];
    const sources = [fileOf('d.zip', zip(filesOf(given))), mailed];
    const run = await gradeClass(course, sources, { roster: fileOf('r.csv', list), feedback: true });
    const page = `${fileNameOf(`(${ada.userId})`)}.html`;
    expect(byHandIn(run.out)).toEqual([page]);
    expect(textIn(run.out, `by-hand/${page}`)).toBe(textIn(run.out, page));
    // Grades are posted once nothing else is left to do.
    expect(toDoIn(run).slice(-2)).toEqual([
      `Tell 1 student yourself: their page is in feedback/by-hand/: ${ada.last}, ${ada.first}.`,
      expect.stringMatching(/^Post the grades/),
    ]);
  });

  test('are those of Gradescope whose points are others than it told them, or who have a comment', async () => {
    const download = fileOf('e.zip', zip(gradescopeFiles([[ada], [bob], [carl]])));
    const tables = {
      'overrides.csv': `login,total,adjust,reason\n${ada.studentId},,-1,Came late\n`,
      'comments.csv': `login,text\n${bob.studentId},Well done\n`,
    };
    const run = await gradeClass(course, download, { feedback: true, tables });
    expect(byHandIn(run.out)).toEqual(
      [ada, bob].map(({ studentId }) => `${fileNameOf(`(${studentId.toLowerCase()})`)}.html`).sort(),
    );
  });

  test('have no such folder where there are none of them, or where no host takes anything', async () => {
    const { filesOf, list } = hosts.canvas;
    const all = await returned('canvas', filesOf(students), list);
    expect([byHandIn(all.out), toDoIn(all).join()]).toEqual([
      undefined,
      expect.not.stringContaining('yourself'),
    ]);
    const nobody = await gradeClass(course, classOf({ ada: work(partly) }), { feedback: true });
    expect(byHandIn(nobody.out)).toBeUndefined();
    expect(toDoIn(nobody)).toEqual([
      'Give students their pages yourself, since no host does: they are in feedback.',
    ]);
  });
});

describe.each(Object.entries(hosts))('after an earlier run, the feedback for %s', (...row) => {
  const [, { filesOf, list, archive, idOf }] = row;
  const roster = fileOf('r.csv', list);
  const [all, changed] = [`feedback/${archive}.zip`, `feedback/${archive}-changed.zip`];
  const grade = (given: Given, whose = students) =>
    gradeClass(course, fileOf('d.zip', zip(filesOf(whose))), {
      roster,
      feedback: true,
      apply: true,
      ...given,
    });
  const namesIn = (out: string, file: string) =>
    existsSync(path.join(out, file)) ? Object.keys(unzipSync(readFileSync(path.join(out, file)))) : undefined;
  const stepOf = (run: Awaited<ReturnType<typeof grade>>) =>
    toDoIn(run).find((step) => step.startsWith('Upload feedback/')) ?? '';
  /** The day of a run, as its step names it. */
  const dayOf = ({ run }: Awaited<ReturnType<typeof grade>>) =>
    new Date(run.started).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' });
  test('is also a zip of the pages that are new or changed since, for whoever uploaded that of then', async () => {
    const absent = students.findLast((one) => one !== ada && one.handedIn) as Enrolled;
    const first = await grade(
      {},
      students.filter((one) => one !== absent),
    );
    expect([stepOf(first), namesIn(first.out, changed)]).toEqual([
      expect.stringContaining(`Upload ${all}. `),
      undefined,
    ]);
    const tables = { 'comments.csv': `login,text\n${ada.email},Well done\n` };
    const second = await grade({ out: first.out, tables });
    const whose = namesIn(second.out, changed)?.map((name) => /_(\d+)_/.exec(name)?.[1]);
    expect(whose?.sort()).toEqual([ada, absent].map(idOf).sort());
    expect(namesIn(second.out, all)).toHaveLength(students.filter(({ handedIn }) => handedIn).length);
    expect(stepOf(second)).toMatch(
      new RegExp(
        `^Upload ${changed} if you uploaded the feedback of ${dayOf(first)}, \\d\\d:\\d\\d: it has the pages that are new or changed since\\. Otherwise upload all of them: ${all}\\. `,
      ),
    );
  });

  test('is no second zip where nothing that a student reads is other than it was, and that is said', async () => {
    const first = await grade({});
    // What a page said last is known whatever was graded in between.
    const { out } = await grade({ out: first.out, feedback: false });
    const same = await grade({ out });
    expect(namesIn(same.out, changed)).toBeUndefined();
    expect(stepOf(same)).toMatch(
      new RegExp(
        `^Upload ${all}, unless you uploaded the feedback of ${dayOf(first)}, \\d\\d:\\d\\d: nothing in it has changed since\\. `,
      ),
    );
  });

  test('is all of it where no earlier run had any', async () => {
    const { out } = await grade({ feedback: false });
    const after = await grade({ out });
    expect([stepOf(after), namesIn(out, changed)]).toEqual([
      expect.stringContaining(`Upload ${all}. `),
      undefined,
    ]);
  });
});
