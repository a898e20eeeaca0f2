/** How files are handed in somewhere, for students. */
export interface HandIn {
  readonly title: string;
  /** @param files what is handed in, by path. */
  steps(files: readonly string[]): readonly string[];
}

/** Handing in where files are uploaded. @param where the assignment is. */
export function uploadTo(title: string, where: string): HandIn {
  return {
    title,
    steps: (files) => [
      `Save ${files.length === 1 ? 'the file' : 'the zip with both files, or each file by itself'}.`,
      `Open the assignment ${where}, and upload what you have saved.`,
    ],
  };
}
