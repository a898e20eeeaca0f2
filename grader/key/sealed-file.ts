import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Rubric } from '../rubric/rubric';
import type { AnswerKey } from './key';
import { sealedKey, sealedKeyFile, UnusableKey } from './sealed';

/**
 * Loads the sealed key of a student's copy. Anybody may have put anything in its place.
 *
 * @throws {GraderError} if it is missing, damaged, no key at all, or made for another rubric.
 */
export function loadSealedKey(courseRoot: string, rubric: Rubric): AnswerKey {
  try {
    const text = readFileSync(path.join(courseRoot, ...sealedKeyFile.split('/')), 'utf8');
    return sealedKey(JSON.parse(text), rubric);
  } catch (error) {
    if (error instanceof UnusableKey) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UnusableKey('sealed-key-missing', 'is missing');
    if (code) throw new UnusableKey('sealed-key-unreadable', `cannot be read (${code})`);
    throw new UnusableKey('sealed-key-cut', 'has been cut short or edited');
  }
}
