import path from 'node:path';
import { scored } from '../grading/context';
import type { Report } from '../grading/report.schema';
import type { Environment } from '../render/escape/actions';
import type { PrintedText } from '../render/escape/safe';
import { escapeTerminal, lines, type TerminalText } from '../render/escape/terminal';
import { type Rubric, studentFiles } from '../rubric/rubric';

/** Instructions for students on how to hand in files at a host. */
export interface HandIn {
  readonly title: string;
  /**
   * @param files the paths of the files to hand in.
   */
  steps(files: readonly string[]): readonly string[];
}

/** Instructions for uploading files. @param where the location of the assignment, such as `at Gradescope`. */
export function uploadTo(title: string, where: string): HandIn {
  return {
    title,
    steps: (files) => [
      `Save ${files.length === 1 ? 'the file' : 'the zip with both files, or each file by itself'}.`,
      `Open the assignment ${where} and upload what you saved.`,
    ],
  };
}

/** Texts for a preview, each below a title. */
export function titled(texts: Readonly<Record<string, string>>): TerminalText {
  return lines(
    Object.entries(texts).flatMap(([title, text]) =>
      [`--- ${title}`, '', ...text.trimEnd().split('\n'), ''].map(escapeTerminal),
    ),
  );
}

/** A place that shows the points of a submission, and perhaps collects it. */
export interface Host {
  /** For a bundled host, also the folder that a release makes and the command of the bundle. */
  readonly id: string;
  /** How students hand in files at this host that they made on the page that needs no install. */
  readonly handIn?: HandIn;
  /** Text that `--as` prints: how the host would present a submission, or the files it would be given. */
  preview?(report: Report): TerminalText;
  /**
   * The host's own files in the students' copy.
   *
   * @param ownText reads a file of the course, or else of this package, if it is there.
   */
  studentFiles?(rubric: Rubric, ownText: (file: string) => string | undefined): Files;
  /** Which of these files makes the host grade each push. A host that grades in another way has none. */
  readonly workflow?: string;
  /** Whether a students' copy that grades itself runs there, perhaps beside other hosts. */
  isRunning?(variables: Environment): boolean;
  /** Whether it grades a fresh checkout, so that there is no earlier run to compare with. */
  readonly isFresh?: true;
  /** Removes what a student may have left where the host looks for a result. */
  begin?(run: HostRun): void;
  /** Leaves the result for the host. @returns the lines that the host reads in the log. */
  publish?(report: Report, run: HostRun): readonly PrintedText[];
  /** Tells the host that nothing was graded, and why. @returns the lines that the host reads in the log. */
  fail?(reasons: readonly string[], run: HostRun): readonly PrintedText[];
  /** Keeps the host from acting on text that is printed for people. */
  guard?(text: PrintedText): PrintedText;
  /** Set if the grader comes as one file; otherwise the students' own copies grade themselves. */
  readonly bundled?: BundledHost;
}

/** One grading at a host. */
export interface HostRun {
  /** The folder with the submission. */
  readonly folder: string;
  /** The variables in which the host says where it runs and what it wants. */
  readonly variables: Environment;
  /** Shown below the worksheet. */
  readonly notes: readonly string[];
}

/** The lines that `npm run watch` prints before and after grading; an editor relies on them. */
export const watchBegins = 'Grading ...';
export const watchEnds = 'Watching both files. Save either one to grade again. Press Ctrl+C to stop.';

/** The folders of the files that students edit, each once. */
export function foldersOf(rubric: Rubric): string[] {
  return [...new Set(studentFiles(rubric).map((file) => path.posix.dirname(file)))];
}

/** Texts by path, with forward slashes. */
export type Files = Readonly<Record<string, string>>;

/** A Report of a submission that has points. */
export type ScoredReport = ReturnType<typeof scored>;

/** How the grader serves a host as one file, with rubric and key beside it. */
export interface BundledHost {
  readonly title: string;
  /** Where the host puts a submission. @param bundle the folder that contains the bundle. */
  submissionFolder(bundle: string): string;
  /** The files in which the host looks for the result, by path from the submission, and what makes them. */
  readonly results: Readonly<Record<string, (report: ScoredReport, variables: Environment) => string>>;
  /** Files in the bundle besides the grader, the rubric and the key. */
  readonly parts: Files;
  /** Makes the files of a release, by path in the host's folder. */
  release(rubric: Rubric, bundle: Files): Readonly<Record<string, string | Uint8Array>>;
  /** Where the host's folder also contains a students' copy, if it does. */
  readonly template?: string;
  /** Describes the folder that a release made, on one line. */
  releaseSummary(selfCheck: Rubric['selfCheck']): string;
}

/**
 * The texts of the files in which a host looks for the result.
 *
 * @throws {GraderError} if the submission has no points, or a variable of the host is missing; it then records an error
 *   and no score.
 */
export function resultsOf(
  { results }: Pick<BundledHost, 'results'>,
  report: Report,
  variables: Environment,
): Files {
  const withPoints = scored(report);
  return Object.fromEntries(
    Object.entries(results).map(([file, render]) => [file, render(withPoints, variables)]),
  );
}
