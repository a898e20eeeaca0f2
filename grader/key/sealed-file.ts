import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import type { Rubric } from '../rubric/rubric';
import { isValid } from '../validate';
import type { AnswerKey } from './key';
import { assertUsable, sealedDigest, sealedKey, sealedKeyFile, unusableKey } from './sealed';
import type { SealedFile } from './sealed-file.schema';
import schema from './sealed-file.schema.json';

/**
 * Loads the key of a student's copy.
 *
 * @throws {GraderError} as `readSealedFile` does.
 */
export function loadSealedKey(courseRoot: string, rubric: Rubric): AnswerKey {
  return sealedKey(readSealedFile(courseRoot, rubric), rubric);
}

/**
 * Reads the sealed key of a student's copy. Anybody may have put anything in its place.
 *
 * @throws {GraderError} if it is missing, damaged, no key at all, or made for another rubric.
 */
export function readSealedFile(courseRoot: string, rubric: Rubric): SealedFile {
  const file = parse(readKeyText(path.join(courseRoot, ...sealedKeyFile.split('/'))));
  assertUsable(file, rubric);
  return file;
}

/** Far larger than any key, in bytes. */
const maxKey = 4 * 1024 * 1024;

function readKeyText(file: string): string {
  try {
    const stats = statSync(file);
    if (!stats.isFile() || stats.size > maxKey)
      throw unusableKey('sealed-key-foreign', 'is not a sealed key');
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof GraderError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT'
      ? unusableKey('sealed-key-missing', 'is missing')
      : unusableKey('sealed-key-unreadable', `cannot be read (${code})`);
  }
}

function parse(text: string): SealedFile {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw unusableKey('sealed-key-cut', 'has been cut short or edited');
  }
  // A key that is unchanged since its release needs no schema check, which takes longer than all the rest.
  if (isIntact(file) || isValid<SealedFile>(schema, file)) return file;
  throw unusableKey('sealed-key-of-other-version', 'is not a sealed key of this version');
}

function isIntact(file: unknown): file is SealedFile {
  const { version, digest } = (file ?? {}) as Partial<SealedFile>;
  const isOurs = Object.keys(file ?? {}).every((name) => Object.hasOwn(schema.properties, name));
  return isOurs && version === schema.properties.version.const && digest === sealedDigest(file as SealedFile);
}
