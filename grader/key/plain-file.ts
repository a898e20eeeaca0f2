import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import type { Rubric } from '../rubric/rubric';
import { isValid } from '../validate';
import type { AnswerKey } from './key';
import { type KeyContent, plainKey } from './plain';
import type { PlainKeyFile } from './plain-file.schema';
import schema from './plain-file.schema.json';

/** Where a bundle for a private host holds its key, with forward slashes. */
export const plainKeyFile = 'grader/plain-key.json';

const about = 'The answer key of this assignment, as it can be read. Keep it where no student can get it.';

/** What a key is made of, as a file. */
export function plainKeyFileOf(rubric: Rubric, { expected, misconceptions }: KeyContent): PlainKeyFile {
  const content = {
    version: 3,
    rubric: rubric.digest,
    expected: expected.map(({ id, cells }) => ({ id, cells: [...cells] })),
    misconceptions: misconceptions.map(({ id, row, shape, text }) => ({ id, row, shape, text })),
  } as const;
  return { about, digest: digestOf(content), ...content };
}

/** SHA-256 of what a plain key holds, whatever the spacing and line ends of its file. */
function digestOf({
  version,
  rubric,
  expected,
  misconceptions,
}: Omit<PlainKeyFile, 'about' | 'digest'>): string {
  const content = JSON.stringify([version, rubric, expected, misconceptions]);
  return createHash('sha256').update(content).digest('hex');
}

export function hasPlainKey(root: string): boolean {
  return existsSync(fileIn(root));
}

/**
 * The key of a bundle for a private host.
 *
 * @throws {GraderError} where it cannot be read, is no such key, or was made for another rubric.
 */
export function loadPlainKey(root: string, rubric: Rubric): AnswerKey {
  const file = read(fileIn(root));
  if (!isValid<PlainKeyFile>(schema, file)) throw unusable('is no answer key of this version');
  if (file.rubric !== rubric.digest) throw unusable('was made for another version of rubric.yaml');
  if (file.digest !== digestOf(file)) throw unusable('has been changed since it was made');
  return plainKey(file);
}

function fileIn(root: string): string {
  return path.join(root, ...plainKeyFile.split('/'));
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw unusable('cannot be read');
  }
}

function unusable(reason: string): GraderError {
  return new GraderError('key', `${plainKeyFile} ${reason}.`);
}
