import { version } from '../../package.json';
import { csvRows, own, untrusted } from '../render/escape/csv';
import type { HtmlText } from '../render/escape/html';
import { jsonFile, jsonLine } from '../render/escape/json';
import { toIsoSeconds } from '../rubric/moment';
import { rowsOf } from '../rubric/rubric';
import { decisionsFile, decisionsText } from './decisions/journal';
import { classHosts } from './downloads/class-hosts';
import { matchesFile } from './members/matches-table';
import { byKey } from './members/people';
import type { ClassInput } from './open-class';
import { renderPage } from './pages/class-page';
import { type OtherGrade, renderFollowUp } from './pages/follow-up';
import { followUpFile, pageFile, sectionPages } from './pages/layout';
import {
  type ClassStats,
  countToDecide,
  statisticsOf,
  statusCounts,
  summaryOf,
  toReview,
} from './pages/statistics';
import {
  type EarlierRun,
  type GradedClass,
  type Results,
  resultsFile,
  runFile,
  runVersion,
  unmatchedFile,
} from './results/graded-class';
import type { StudentResult } from './results/student-result.schema';
import { overridesFile } from './results/tables-by-hand';
import { type ToDo, toDoText } from './returns/class-host';
import { feedbackFiles } from './returns/feedback-files';
import { gradebookFiles, isUsed } from './returns/gradebooks';
import { gradesFile, gradesTable } from './returns/grades-table';

/** Every response to the reflection, with students' names. */
export const responsesFile = 'responses.csv';

/** The files of a run by name, each as a sequence of parts, and what to say about them. */
export interface OutputFiles {
  /**
   * In the order in which they are written: `run.json` comes last, because it says that the run is complete. Parts are
   * made as they are read, because a page that grades a class after each decision reads none of them.
   */
  readonly files: ReadonlyMap<string, Iterable<string | Uint8Array>>;
  readonly run: ReturnType<typeof recordOf>;
  readonly summary: readonly string[];
  /** Things to do with the files, in order, and things to know before that. The summary includes them, too. */
  readonly toDo: readonly ToDo[];
  readonly notices: readonly ToDo[];
  /** Grades in a gradebook that differ from this run's. */
  readonly others: readonly OtherGrade[];
  /** Makes the class page, or that of a section, without links to other files; it is not in any file. */
  readonly classPage: (section?: string) => HtmlText;
}

/**
 * Makes the files of a run: results, tables, gradebooks, pages and feedback.
 *
 * @param at says where a file will be.
 */
export function outputFilesOf(
  graded: GradedClass,
  { askAgain, tables, earlier }: Pick<ClassInput, 'askAgain' | 'tables' | 'earlier'>,
  at: (file: string) => string,
): OutputFiles {
  const hosts = classHosts.filter((host) => isUsed(host, graded));
  const gradebooks = gradebookFiles(graded, hosts);
  const { others } = gradebooks;
  const archives = earlier?.archives ?? {};
  const feedback = graded.feedback
    ? feedbackFiles(graded, classHosts, at, archives)
    : { ...noFeedback, archives };
  const pages = pagesOf(graded, askAgain, others);
  const names = new Set(gradebooks.files.map(([name]) => name));
  const has = (name: string) => names.has(name);
  const steps = classHosts.flatMap((host) => {
    const ofHost = feedback.ofHosts.get(host);
    const isInUse = ofHost !== undefined || hosts.includes(host);
    return (isInUse && host.stepsFor?.(graded, { at, has, feedback: ofHost })) || [];
  });
  const run = recordOf(graded, feedback.archives);
  const missing = [...graded.layouts].filter(([name]) => !tables.has(name));
  const texts: (readonly [name: string, make: () => string | Uint8Array])[] = [
    ...missing.map(([name, { text }]) => [name, () => text] as const),
    [matchesFile, () => graded.matches],
    ...(graded.journal.all.length > 0
      ? [[decisionsFile, () => decisionsText(graded.journal.all)] as const]
      : []),
    [gradesFile, () => gradesTable(graded)],
    ...gradebooks.files.map(([name, text]) => [name, () => text] as const),
    [responsesFile, () => responsesTable(graded)],
    ...pages.files,
    ...feedback.files.map(([name, content]) => [name, () => content] as const),
    [runFile, () => jsonFile(run)],
  ];
  const toDo = [
    ...steps.flatMap((ofHost) => ofHost.toDo),
    ...feedback.toDo,
    ...steps.flatMap(({ posting }) => posting ?? []),
  ];
  const about = [...summaryOfOthers(others), ...steps.flatMap(({ notices }) => notices), ...feedback.about];
  const summary = [
    ...summaryOf(graded),
    ...gradebooks.leftOut,
    '',
    `What to teach next: ${at(pageFile)}${pages.ofSections}`,
    `Who needs what: ${at(followUpFile)}, with names.`,
    `The grades: ${at(gradesFile)}; to set some by hand, fill in ${overridesFile} and grade again.`,
    ...about.map((one) => toDoText(one, 'command')),
    ...toDo.map((one, index) => `${index + 1}. ${toDoText(one, 'command')}`),
  ];
  const rows = graded.students.map((row) => recorded(row, gradebooks.written, feedback.told));
  const files = new Map<string, Iterable<string | Uint8Array>>([
    // The lines of a large class do not fit into one string.
    [resultsFile, jsonLines([...rows, ...graded.unlisted].sort(byKey))],
    [unmatchedFile, jsonLines(graded.unmatched)],
    ...texts.map(([name, make]) => [name, madeWhenRead(make)] as const),
  ]);
  const { classPage } = pages;
  return { files, run, summary, toDo, notices: [...gradebooks.leftOut, ...about], others, classPage };
}

/** A run without feedback. */
const noFeedback: ReturnType<typeof feedbackFiles> = {
  files: [],
  about: [],
  archives: {},
  ofHosts: new Map(),
  told: new Map(),
  toDo: [],
};

/** Makes the pages of a class, when they are read: one for all, one for each section if there are several. */
function pagesOf(graded: GradedClass, askAgain: ClassInput['askAgain'], others: readonly OtherGrade[]) {
  const { course, students, notes } = graded;
  let known: ClassStats | undefined;
  const statistics = () => {
    known ??= statisticsOf(course.rubric, students, course.solution);
    return known;
  };
  const forAll = notes.filter(({ hasNames }) => !hasNames).map(({ text }) => text);
  const context = { notes: forAll, solution: course.solution, askAgain };
  const classPage = (section?: string, hasFollowUp = false) => {
    if (section === undefined) return renderPage(statistics(), { ...context, hasFollowUp });
    const inSection = students.filter(({ key }) => graded.sectionsOf.get(key)?.includes(section));
    const stats = statisticsOf(course.rubric, inSection, course.solution);
    return renderPage(stats, { ...context, section, hasFollowUp });
  };
  const ofSections = sectionPages(graded.sections);
  const files: (readonly [name: string, make: () => string])[] = [
    [pageFile, () => classPage(undefined, true)],
    ...[...ofSections].map(([section, file]) => [file, () => classPage(section, true)] as const),
    [followUpFile, () => renderFollowUp(statistics(), graded, others)],
  ];
  const names = [...ofSections.values()];
  return { files, ofSections: names.length > 0 ? `; of each section: ${names.join(', ')}` : '', classPage };
}

/** Counts the grades that differ between the host and here. Names do not belong in a log. */
function summaryOfOthers(others: readonly OtherGrade[]): string[] {
  if (others.length === 0) return [];
  const saying: Readonly<Record<OtherGrade['becomes'], string>> = {
    waits: 'waiting for you',
    stays: 'staying as they are',
    changes: 'changing',
    capped: 'capped',
  };
  const parts = Object.entries(saying).flatMap(([wanted, says]) => {
    const count = others.filter(({ becomes }) => becomes === wanted).length;
    return count > 0 ? `${count} ${says}` : [];
  });
  return [
    `Grades at the host that differ from those here: ${parts.join(', ')}. ${followUpFile} lists them; export them again before each upload.`,
  ];
}

/** A result with what runs have made for hosts: all grades that a gradebook had, and what the last pages said. */
function recorded(
  row: StudentResult,
  written: ReadonlySet<StudentResult>,
  told: ReadonlyMap<StudentResult, StudentResult['pages']>,
): StudentResult {
  const pages = told.get(row) && { ...row.pages, ...told.get(row) };
  const grades = row.points !== null && written.has(row) ? [...(row.gradesWritten ?? []), row.points] : [];
  return {
    ...row,
    ...(grades.length > 0 && { gradesWritten: [...new Set(grades)] }),
    ...(pages && { pages }),
  };
}

function madeWhenRead<Content>(make: () => Content): Iterable<Content> {
  return {
    *[Symbol.iterator]() {
      yield make();
    },
  };
}

function* jsonLines(results: readonly object[]) {
  for (const result of results) yield `${jsonLine(result)}\n`;
}

/** Stands for a due date that cannot be read. */
const notRead = 'not read';

/** Everything needed to reproduce a grade, apart from the submissions. */
function recordOf(graded: GradedClass, archives: EarlierRun['archives']) {
  const { course, openUntil, notes, started } = graded;
  const ofHosts = [...graded.hostDues].flatMap(([key, { at = Number.POSITIVE_INFINITY, isOwn }]) =>
    isOwn ? [[key, at] as const] : [],
  );
  // Of two dates of one student, the later comes last, and stays.
  const extensions = [...ofHosts, ...graded.extensions, ...graded.heldExtensions]
    .map(([key, due]) => [key, Number.isFinite(due) ? toIsoSeconds(due) : notRead] as const)
    .sort();
  return {
    version: runVersion,
    grader: version,
    // There is no Node.js in a page.
    node: globalThis.process?.version,
    released: graded.released,
    title: course.rubric.title,
    rows: rowsOf(course.rubric).map(({ id }) => id),
    rubric: course.rubric.digest,
    key: course.key.digest,
    deadline: course.file.deadline,
    openUntil: openUntil && Number.isFinite(openUntil) ? toIsoSeconds(openUntil) : undefined,
    extensions: Object.fromEntries(extensions),
    ...countsOf(graded),
    archives,
    notes: notes.map(({ text }) => text),
    started: started.toISOString(),
    ended: new Date().toISOString(),
  };
}

function countsOf(results: Results) {
  return {
    students: results.students.length,
    unmatched: results.unmatched.length,
    statuses: Object.fromEntries(statusCounts(results.students).sort()),
    toDecide: countToDecide(results),
    needsReview: toReview(results),
  };
}

function responsesTable({ students, people }: GradedClass) {
  return csvRows([
    ['login', 'name', 'question', 'response'].map(own),
    ...students.flatMap(({ student, responses }) =>
      responses.map(({ question, text }) =>
        [people.wordFor(student), student.name, question, text].map(untrusted),
      ),
    ),
  ]);
}
