import type { GradingContext } from '../grading/context';
import type { Report } from '../grading/report.schema';
import { escapeTerminal, lines, type TerminalText } from '../render/escape/terminal';
import type { Rubric } from '../rubric/rubric';

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
  readonly title: string;
  /** How students hand in there the files that they made on the page that needs no install. */
  readonly handIn?: HandIn;
  /** Shows for a terminal how the host would present a submission, or the files it would be given. */
  preview?(report: Report): TerminalText;
  /** Its own files in the students' copy. */
  studentFiles?(rubric: Rubric): Files;
  /** Set if the grader comes as one file; otherwise the students' own copies grade themselves. */
  readonly bundled?: BundledHost;
}

/** Texts by path, with forward slashes. */
export type Files = Readonly<Record<string, string>>;

/** How the grader serves a host as one file, with rubric and key beside it. */
export interface BundledHost {
  /**
   * Grades the submission that this process was started for, and leaves the result for the host. If grading fails, no
   * result may be left, not even one that a student put there.
   *
   * @param bundle the folder that contains the bundle.
   * @throws {GraderError} if it cannot be graded; the host then records an error and no score.
   */
  grade(bundle: string, loadContext: () => GradingContext): Promise<Report>;
  /** Files in the bundle besides the grader, the rubric and the key. */
  readonly parts: Files;
  /** Makes the files of a release, by path in the host's folder. */
  release(contents: ReleaseContents): Readonly<Record<string, string | Uint8Array>>;
  /** Where in the host's folder a students' copy goes as well. */
  readonly template?: string;
  /** Describes the folder that a release made, on one line. */
  releaseSummary(selfCheck: Rubric['selfCheck']): string;
  /** How the host lays out a run, below one folder, for testing the bundle. */
  readonly layout: {
    readonly bundle: string;
    readonly submission: string;
    readonly workingFolder: string;
    readonly variables: Files;
    /** A JSON file whose `score` is the points of the submission. */
    readonly result: string;
  };
}

export interface ReleaseContents {
  readonly rubric: Rubric;
  readonly bundle: Files;
}
