import { counted, type Message, pointsText, quote, quoteList } from '../../message';
import { timeText, toIsoMinutes, toIsoSeconds } from '../../rubric/moment';
import { firstOf, matchesFile } from '../members/matches-table';
import type { Match, MatchedStudent } from '../members/matching';
import { described } from '../members/people';
import { dueOf } from './deadline';
import type { Grading, OpenClass } from './graded-class';
import { notesOnDue } from './host-dues';
import { type Note, note, noteFrom, type RunNote } from './note';
import { contentCode, knownBy, submissionCode, wholeContent } from './note-code';
import { handedInOn, isDatedByRecord } from './review';
import type { OtherVersion, StudentResult, UnmatchedResult } from './student-result.schema';
import { extensionsFile } from './tables-by-hand';
import { type Selection, selectVersion } from './what-counts';
import { adjustmentsOf, type GradedVersion, gradeSubmission } from './worth';

// The result of one student: all work is graded, the best counts, and notes say what a person must know about the rest.

/** Grades all work of one student. Every student gets a result, even if grading fails. */
export async function gradeStudent(matched: MatchedStudent, run: OpenClass): Promise<StudentResult> {
  const { student, matches } = matched;
  const due = dueOf(run.course.file.deadline, run.extensions.get(student.key));
  const grading = { ...run, student, due };
  const versions = await gradeSubmissions(matches, grading);
  return resultOf(matched, versions, grading);
}

/** Grades all work of one student. If the host has one time for different works, nobody knows which one it is for. */
async function gradeSubmissions(matches: readonly Match[], grading: Grading): Promise<GradedVersion[]> {
  const gradeAll = async (of: Grading) =>
    (await Promise.all(matches.map((match) => gradeSubmission(match, of)))).flat();
  const versions = await gradeAll(grading);
  const dated = versions.filter(({ submission }) => isDatedByRecord(submission, grading));
  const distinct = new Set(dated.map(({ report, responses }) => JSON.stringify([report?.rows, responses])));
  return distinct.size > 1 ? gradeAll({ ...grading, isTimeShared: true }) : versions;
}

/** Grades a submission that belongs to nobody yet, or that a person called nobody's. It has no points. */
export async function gradeUnmatched(match: Match, run: OpenClass): Promise<UnmatchedResult> {
  const grading = { ...run, student: undefined, due: dueOf(run.course.file.deadline) };
  const { counted } = selectVersion(await gradeSubmission(match, grading));
  const { name } = match.submission;
  const isOpen = match.by !== 'matches.csv' && !match.submission.isTest;
  return {
    // A login never has brackets.
    key: `(submission ${name.toLowerCase()})`,
    login: name,
    status: 'unmatched',
    points: null,
    adjustments: [],
    isOpen,
    content: await submissionCode(match.submission, run.course.rubric),
    candidates: firstOf(match.candidates).map(({ key }) => key),
    ...(counted && { ...factsOf(counted), repository: counted.repository }),
    ...originOfMatch(match),
    notes: isOpen ? [unmatchedNote(match), ...(counted?.notes ?? [])] : [],
  };
}

/** Says who may own a submission. The proposed line leaves the owner for a person to fill in. */
function unmatchedNote({ submission, candidates }: Match): Note {
  const { text, quotes } = quoteList(firstOf(candidates).map(described), ' or ', candidates.length);
  const lines = [{ table: matchesFile, cells: { submission: submission.name } }];
  const question =
    text === ''
      ? note(
          'unmatched',
          'class/unknown',
          'This submission belongs to nobody on the roster. Say whose it is, or add them to the roster.',
        )
      : note(
          'unmatched',
          'class/ambiguous',
          `This submission may belong to ${text}. Say whose it is.`,
          quotes,
        );
  return { ...question, lines };
}

/** Makes a student's result from all of their works. */
function resultOf(
  matched: MatchedStudent,
  versions: readonly GradedVersion[],
  grading: Grading,
): StudentResult {
  const { student, matches } = matched;
  const { key, login, group } = student;
  const selection = selectVersion(versions);
  const { counted } = selection;
  const [tooLate] = selection.others.flatMap(({ work, why }) => (why === 'after cutoff' ? work : []));
  const isTooLate = tooLate !== undefined && !counted?.isStarted;
  const shown = isTooLate ? tooLate : (counted ?? selection.others[0]?.work ?? versions[0]);
  const extension = grading.extensions.get(key);
  const match = matches.find(({ submission }) => submission === shown?.submission);
  const origin = match && { ...originOfMatch(match), repository: shown?.repository };
  const atHost = handedInAtHost(matched, grading);
  return {
    key,
    login,
    student,
    extension: extension === undefined ? undefined : toIsoSeconds(extension),
    ...origin,
    group: group || origin?.group,
    onlyAtHost: atHost?.onlyAtHost,
    submissions: matches.length > 1 ? matches.map(({ submission }) => submission.name) : undefined,
    ...(isTooLate ? tooLateResult(tooLate) : countedResult(counted)),
    content:
      counted && !isTooLate ? contentCode({ rubric: grading.course.rubric, ...counted.version }) : undefined,
    notes: [
      ...notesOnAll(matched, versions, counted, grading),
      ...(atHost && isGiven(grading) ? [atHost.note] : []),
      ...notesOnDue(selection, grading),
      // If nothing counts, the notes on whole submissions still apply.
      ...(counted && !isTooLate
        ? counted.notes
        : new Set(versions.flatMap(({ submissionNotes }) => submissionNotes))),
    ],
    otherVersions: selection.others.map((entry) => otherVersionOf(entry, counted, grading)),
  };
}

/** Work that a student handed in according to the roster's host, with a note, if nothing we have may be it. */
function handedInAtHost({ student, matches }: MatchedStudent, grading: Grading) {
  const host = grading.roster?.host;
  // A submission that is still unmatched may be theirs.
  const isGraded = matches.some(({ submission }) => submission.source.host.id === host?.id);
  if (isGraded || grading.candidates.has(student.key)) return undefined;
  const said = handedInOn(host, grading);
  if (!host || !said) return undefined;
  const { text, at, state } = said;
  const onlyAtHost = { host: host.title, handedIn: text, state };
  return { onlyAtHost, note: knownBy(onlyAtHostNote(onlyAtHost), state, at ?? text) };
}

/** Whether a download from the roster's host was given, to compare its record with. */
function isGiven({ roster, hostsGiven }: OpenClass) {
  return roster?.host !== undefined && hostsGiven.has(roster.host.id);
}

/** Says how many handed in at a host whose download was not given. */
export function notesOnHost(students: readonly StudentResult[], run: OpenClass): RunNote[] {
  const { length } = students.filter(({ onlyAtHost }) => onlyAtHost);
  if (length === 0 || isGiven(run)) return [];
  const { title } = run.roster?.host ?? {};
  return [
    {
      text: `${title} says that ${counted(length, 'student')} handed in there, but its download was not given, so their work was not looked at.`,
    },
  ];
}

/** Added to the grade of a student who may hand in once more. */
export const anotherAttempt =
  'another attempt was opened; the first grade stands until that attempt is handed in';

function onlyAtHostNote({ host, handedIn, state }: NonNullable<StudentResult['onlyAtHost']>): Note {
  const lost = 'but it is not in what was graded. Download it again.';
  const sentences = {
    submitted: `that this was handed in on {when}, ${lost}`,
    draft: `that a draft was saved on {when}, ${lost}`,
    reopened: `that ${anotherAttempt} ({when}).`,
  };
  return note('unread', 'download/not-here', `${host} says ${sentences[state]}`, { when: handedIn });
}

const nothing = { points: null, most: 0, adjustments: [], responses: [] };

function tooLateResult({ version }: GradedVersion) {
  return { ...nothing, status: 'after cutoff' as const, submitted: toIsoSeconds(version.time) };
}

function countedResult(counted: GradedVersion | undefined) {
  if (!counted) return { ...nothing, status: 'no submission' as const };
  const { status, points, responses, most, choices, advice } = counted;
  if (points === null) return { ...nothing, status, most, choices, advice: [...advice] };
  return {
    ...factsOf(counted),
    advice: undefined,
    status,
    points,
    adjustments: adjustmentsOf(counted),
    responses,
  };
}

/** The facts about work, whether or not it counts. */
function factsOf({ version, most, report, dispute, corrected, choices, advice }: GradedVersion) {
  const { time, doubt } = version;
  const submitted = doubt ? undefined : toIsoSeconds(time);
  return { most, report, submitted, dispute, corrected, choices, advice: [...advice] };
}

function originOfMatch({ submission, by, isOfTeam }: Match) {
  const { name, source, returnsAs } = submission;
  return {
    folder: name,
    source: source.name,
    host: source.host.id,
    returnsAs,
    matched: by,
    shared: isOfTeam ? (true as const) : undefined,
    group: isOfTeam ? name : undefined,
  };
}

/** The notes on all work of a student. */
function notesOnAll(
  { matches, question }: MatchedStudent,
  versions: readonly GradedVersion[],
  counted: GradedVersion | undefined,
  { people, course }: Grading,
): Note[] {
  const { rubric } = course;
  const notes: Note[] = [];
  if (matches.length > 1) {
    const others = matches.filter(({ submission }) => submission !== counted?.submission);
    const named = others.map(({ submission }) => {
      const { counted: best } = selectVersion(versions.filter((work) => work.submission === submission));
      return `${submission.name} (${pointsText(best?.points ?? null)})`;
    });
    const { text, quotes } = quoteList(named);
    const several = `Of several submissions, the one with the most points counts. The others: ${text}.`;
    const contents = versions.map(({ version }) => JSON.stringify(wholeContent({ rubric, ...version })));
    notes.push(knownBy(note('others', 'class/twice', several, quotes), contents.sort()));
  }
  if (question && !counted?.isStarted) {
    const { text, quotes } = quoteList(question.submissions);
    const lines = question.lines.map(({ submission, student }) => ({
      table: matchesFile,
      cells: { submission, login: people.wordFor(student) },
    }));
    const partner = `Others in the group handed in ${text}. If it is theirs too, add the lines for matches.csv.`;
    const asked = knownBy(note('teams', 'class/partner', partner, quotes), [...new Set(question.by)].sort());
    notes.push({ ...asked, lines });
  }
  return notes;
}

/** Work besides what counts, with the notes on it. */
function otherVersionOf(
  { work, why }: Selection['others'][number],
  counted: GradedVersion | undefined,
  grading: Grading,
): OtherVersion {
  const isOther = counted !== undefined && work.submission !== counted.submission;
  const { label } = work.version;
  const nameWork = (entry: Note): Note =>
    isOther || label === ''
      ? {
          ...entry,
          text: `In {work}: ${entry.text}`,
          quotes: { ...entry.quotes, work: quote(work.submission.name) },
        }
      : { ...entry, text: `In the work of ${label}: ${entry.text}` };
  const notes: Note[] = [];
  if (why === 'after cutoff') notes.push(cutoffNote(work, grading));
  else if (work.version.outside) notes.push(outsideNote(work, work.version.outside, grading));
  else {
    if (why === 'last' && counted?.isStarted) notes.push(earlierNote(counted, work));
    if (work.most > (counted?.points ?? 0) || !counted?.isStarted)
      notes.push(...work.notes.filter((said) => !counted?.notes.includes(said)).map(nameWork));
  }
  return {
    ...factsOf(work),
    why,
    label: isOther || label === '' ? work.submission.name : label,
    points: work.points,
    notes,
  };
}

/** Says which version counts, and what the last work earned. */
function earlierNote(best: GradedVersion, last: GradedVersion): Note {
  const cameTo =
    last.most > (best.points ?? 0)
      ? `could be worth ${pointsText(last.most)}`
      : `earns ${pointsText(last.points)}`;
  const counts = `The version of ${best.version.label} counts, with ${pointsText(best.points)}`;
  return note('earlier', 'history/earlier', `${counts}; the last work, of ${last.version.label}, ${cameTo}.`);
}

/** Work after the cutoff, with the line that would extend it to the minute in which it came. */
function cutoffNote(
  { version, most }: GradedVersion,
  { course, student, people, extensions }: Grading,
): Note {
  const { deadline } = course.file;
  const came = `Submitted after the cutoff; not counted: ${timeText(version.time, deadline)}. It could be worth ${pointsText(most)}.`;
  const content = wholeContent({ rubric: course.rubric, ...version });
  const tooLate = knownBy(note('times', 'class/after-cutoff', came), content);
  // A student has only one line in the table.
  if (!student || extensions.has(student.key)) return tooLate;
  const due = toIsoMinutes(version.time);
  return { ...tooLate, lines: [{ table: extensionsFile, cells: { who: people.wordFor(student), due } }] };
}

function outsideNote({ most, points, version }: GradedVersion, outside: Message, { course }: Grading): Note {
  const text = `${outside.text} ${most === points ? 'would give' : 'could be worth'} ${pointsText(most)}.`;
  return knownBy(
    noteFrom('others')({ ...outside, text }),
    wholeContent({ rubric: course.rubric, ...version }),
  );
}
