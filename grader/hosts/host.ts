import path from 'node:path';
import type { GradingContext } from '../grading/context';
import type { Rubric } from '../rubric/rubric';

/** How files are handed in somewhere, for students. */
export interface HandIn {
  readonly title: string;
  /**
   * @param files what is handed in, by path.
   * @param attempts the file that may come along, where the course has one.
   */
  steps(files: readonly string[], attempts: string | undefined): readonly string[];
}

/** Handing in where files are uploaded. @param where the assignment is. */
export function uploadTo(title: string, where: string): HandIn {
  return {
    title,
    steps: (files, attempts) => [
      `Save ${files.length === 1 ? 'the file' : 'the zip with both files, or each file by itself'}.${attempts === undefined ? '' : ` ${path.posix.basename(attempts)} is welcome too, and not needed.`}`,
      `Open the assignment ${where}, and upload what you have saved.`,
    ],
  };
}

/** A place that shows what a submission earned, and perhaps collects it. */
export interface Host {
  /** Of a bundled host, the folder that a release makes and the command of the bundle. */
  readonly id: string;
  readonly title: string;
  /** How students hand in there what they have made on the page that needs no install. */
  readonly handIn?: HandIn;
  /** Files of its own in the students' copy. */
  studentFiles?(rubric: Rubric): Files;
  /** Where the grader comes as one file; elsewhere the students' own copies grade themselves. */
  readonly bundled?: BundledHost;
}

/** Texts by path, with forward slashes. */
export type Files = Readonly<Record<string, string>>;

/** How a host is served by the grader as one file, with rubric and key beside it. */
export interface BundledHost {
  /** Takes away what lies where results will be; a student may have put it there. */
  readonly clearOldResults?: () => void;
  /**
   * Grades the submission that this process was started for.
   *
   * @param bundle the folder that the bundle lies in.
   * @returns what was left for the host, in a few words without any of the student's.
   * @throws {GraderError} where it cannot be graded; the host then records an error and no score.
   */
  grade(bundle: string, loadContext: () => GradingContext): Promise<string>;
  /** What lies in the bundle beside the grader, the rubric and the key. */
  readonly parts: Files;
  /** What a release makes of it, by path in the host's folder. */
  release(contents: ReleaseContents): Readonly<Record<string, string | Uint8Array>>;
  /** Where in the host's folder the students' copy goes as well. */
  readonly template?: string;
  /** What a release says of the folder that it made, a line each. */
  releaseSummary(selfCheck: Rubric['selfCheck']): readonly string[];
  /** How the host lays out a run, below one folder: for trying the bundle. */
  readonly layout: {
    readonly bundle: string;
    readonly submission: string;
    readonly workingFolder: string;
    readonly variables: Files;
    /** A file of JSON whose `score` is what the submission earned. */
    readonly result: string;
  };
}

export interface ReleaseContents {
  readonly rubric: Rubric;
  readonly bundle: Files;
}
