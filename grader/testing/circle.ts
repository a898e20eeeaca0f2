import { createHash } from 'node:crypto';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { writeFiles } from './folders';

/**
 * Writes a repository whose only commit is stored as a delta of itself. Code that unpacks it without
 * checking for this loops until it runs out of memory.
 */
export function writeCircle(root: string): void {
  const oid = Buffer.alloc(20, 0xab);
  const delta = Buffer.from([1, 1, 1, 0x61]); // from one byte, to one byte: insert "a"
  const entry = Buffer.concat([Buffer.from([(7 << 4) | delta.length]), oid, deflateSync(delta)]);
  const body = Buffer.concat([Buffer.from('PACK'), number(2), number(1), entry]);
  const pack = Buffer.concat([body, digest(body)]);
  const fanout = Buffer.concat(Array.from({ length: 256 }, (_, first) => number(first < 0xab ? 0 : 1)));
  const table = Buffer.concat([
    ...[Buffer.from([0xff, 0x74, 0x4f, 0x63]), number(2), fanout, oid, number(0), number(12)],
    digest(body),
  ]);
  writeFiles(root, {
    [path.posix.join('.git', 'HEAD')]: `${oid.toString('hex')}\n`,
    '.git/config': '',
    '.git/objects/pack/pack-1.pack': pack,
    '.git/objects/pack/pack-1.idx': Buffer.concat([table, digest(table)]),
  });
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha1').update(bytes).digest();
}
