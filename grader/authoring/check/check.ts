import type { Configure, Context } from '../../command';
import { type Course, loadCourse } from '../../course';
import { GraderError } from '../../error';
import { type Colors, colors } from '../../render/escape/colors';
import { escapeTerminal, formatTable, type TerminalText } from '../../render/escape/terminal';
import { loadRubric } from '../../rubric/load';
import { withTempDir } from '../../temp-dir';
import { againCheck } from './again';
import { contentsCheck, gradingCheck, hostsCheck, pageCheck, partsCheck } from './copy';
import { type Check, type Finding, failed, note, type Result } from './finding';
import { generatedCheck, linksCheck, referenceCheck } from './generated';
import { hintsCheck, kindsOfAnswersCheck, singleCellsCheck } from './key';
import { lawsCheck } from './laws';
import { memoryDigest, remember, remembered } from './memory';
import { reasonsCheck } from './reasons';
import { voteCheck } from './vote';
import { workflowsCheck } from './workflows';

/** Checks the facts that students are told besides their task. */
export const toldCheck: Check = {
  claim: 'Students read times in their time zone',
  find: ({ file: { deadline } }) =>
    deadline && deadline.timezone === undefined
      ? [
          note(
            'deadline-without-timezone',
            'deadline in rubric.yaml has no timezone, so students read times with the offset of due. Add its IANA name, such as America/New_York.',
          ),
        ]
      : [],
};

const marks = 8;
const texts = 80 - marks;

/**
 * Runs every check, and prints each result as it ends. Checks that passed are not run again until something
 * changes.
 *
 * @param copy an empty folder; it holds the students' copy afterwards, unless nothing was run.
 * @returns the course, if all checks pass.
 */
export async function runAndPrint(
  { courseRoot, print, hasColors }: Context,
  copy: string,
): Promise<Course | undefined> {
  const paint = colors(hasColors);
  const before = memoryDigest(courseRoot);
  const known = remembered(courseRoot, before);
  if (known) {
    for (const result of known) print(printed(result, paint));
    print(escapeTerminal(''));
    print(paint.good(escapeTerminal(`${known.length} checks passed, and nothing has changed since.`)));
    return loadCourse(courseRoot, false);
  }
  const all: Result[] = [];
  const results = runChecks(courseRoot, copy);
  for (;;) {
    const { done, value } = await results.next();
    if (done) {
      const count = all.length;
      const failed = all.filter(hasFailed).length;
      // A change made meanwhile was checked only in part.
      if (failed === 0 && before === memoryDigest(courseRoot)) remember(courseRoot, before, all);
      const checks = `${count} check${count === 1 ? '' : 's'}`;
      const summary = failed === 0 ? `${checks} passed.` : `${checks}, ${failed} failed.`;
      print(escapeTerminal(''));
      if (count < checkCount) print(escapeTerminal('The other checks need this one to pass first.'));
      print(failed === 0 ? paint.good(escapeTerminal(summary)) : paint.bad(escapeTerminal(summary)));
      return failed === 0 ? value : undefined;
    }
    all.push(value);
    print(printed(value, paint));
  }
}

function hasFailed({ findings }: Result): boolean {
  return findings.some(({ kind }) => kind === 'failed');
}

/** Formats one check and its findings for 80 columns. */
function printed(result: Result, paint: Colors): TerminalText {
  const mark = hasFailed(result) ? paint.bad(escapeTerminal('failed')) : paint.good(escapeTerminal('ok'));
  return formatTable(
    [marks, texts],
    [
      [{ text: mark }, { text: escapeTerminal(result.claim) }],
      ...result.findings.flatMap(({ kind, text }) =>
        text
          .split('\n')
          .map((line, index) => [
            { text: escapeTerminal(index === 0 && kind === 'note' ? '  note' : '') },
            { text: escapeTerminal(line) },
          ]),
      ),
    ],
  );
}

export const configureCheck: Configure = (command, context) =>
  command
    .addHelpText(
      'after',
      '\nExit status: 0 when every check passed; 1 when one failed; 2 when they could not run.',
    )
    .action(async () => {
      const course = await withTempDir((copy) => runAndPrint(context, copy));
      if (!course) context.status = 1;
    });

/** The checks of a course, in order. */
export const ofCourse: readonly Check[] = [
  generatedCheck,
  referenceCheck,
  singleCellsCheck,
  hintsCheck,
  kindsOfAnswersCheck,
  lawsCheck,
  reasonsCheck,
  voteCheck,
  againCheck,
  toldCheck,
  workflowsCheck,
];

/** The checks of its students' copy: the first makes the copy, and the others run only if it is good. */
export const ofCopy: readonly Check[] = [
  contentsCheck,
  partsCheck,
  linksCheck,
  gradingCheck,
  pageCheck,
  hostsCheck,
];

const inOrder = [...ofCourse, ...ofCopy];

const ofRubric = 'rubric.yaml has no fault';
const ofKey = 'Two derivations of the key agree, and no hint holds a digit';

/** The number of checks if none stops the others. */
export const checkCount = 2 + inOrder.length;

/**
 * Checks a course, one check at a time, and makes the students' copy in an empty folder on the way. If the
 * course cannot be loaded, or the copy cannot be made, the checks that need it are skipped.
 */
export async function* runChecks(root: string, copy: string): AsyncGenerator<Result, Course | undefined> {
  let course: Course;
  try {
    loadRubric(root);
    yield { claim: ofRubric, findings: [] };
    course = loadCourse(root);
    yield { claim: ofKey, findings: [] };
  } catch (error) {
    const isRubric = error instanceof GraderError && error.kind === 'rubric';
    yield { claim: isRubric ? ofRubric : ofKey, findings: [findingOf(error)] };
    return undefined;
  }
  let hasCopy = true;
  for (const check of inOrder) {
    if (!hasCopy && ofCopy.includes(check)) continue;
    const findings = await findingsOf(check, course, copy);
    yield { claim: check.claim, findings };
    if (check === contentsCheck) hasCopy = !findings.some(({ kind }) => kind === 'failed');
  }
  return course;
}

export async function findingsOf(check: Check, course: Course, copy: string): Promise<Finding[]> {
  try {
    return await check.find(course, copy);
  } catch (error) {
    return [findingOf(error)];
  }
}

function findingOf(error: unknown): Finding {
  if (error instanceof GraderError && error.kind !== 'interrupted') return failed(error.code, error.message);
  throw error;
}
