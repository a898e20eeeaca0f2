import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { casesFolder, withWords } from '../cases';
import { outcomeOfCell, outcomeOfFile } from '../outcomes';

/** Writes the message of each case into the files of cases. */
export function writeWordsOfCases(): void {
  const files = { 'cells.txt': outcomeOfCell, 'files.txt': outcomeOfFile };
  for (const [file, outcomeOf] of Object.entries(files))
    writeFileSync(
      path.join(casesFolder, file),
      withWords(file, ({ input }) => outcomeOf(input).words),
    );
}
