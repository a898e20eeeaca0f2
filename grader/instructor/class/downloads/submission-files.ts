import path from 'node:path';
import { type Message, message } from '../../../message';
import { type FileResult, largestFile } from '../../../submission/sandboxed-fs';
import { findMisplaced, isDocument, type Source, stem } from '../../../submission/submission';
import {
  archiveForm,
  ContainerError,
  type Entry,
  isOtherArchive,
  openNested,
  type Unread,
} from './container';

/** A student's files as they were read out of a download: plain data, so that other threads can be given it. */
export interface DownloadedFiles {
  /** By the path that the worksheet names. */
  readonly files: ReadonlyMap<string, FileResult>;
  /** Whatever else was handed in, for finding what was misplaced. */
  readonly others: readonly string[];
  /** What is odd about it. */
  readonly remarks: readonly Message[];
  /** When it was handed in, in milliseconds since 1970, where the host says so. */
  readonly submitted?: number;
}

/** The same for whoever reads a submission. */
export function downloadSource({ files, others }: DownloadedFiles): Source {
  const inFolder = (folder: string) =>
    others
      .filter((name) => path.posix.dirname(name) === (folder || '.'))
      .map((name) => path.posix.basename(name));
  const folders = [...new Set(others.map((name) => path.posix.dirname(name)).filter((name) => name !== '.'))];
  return {
    open: (file) => {
      const found = files.get(file);
      if (!found) return { kind: 'missing' };
      // What went to another thread arrives as a plain array of bytes.
      return found.kind === 'file' ? { kind: 'file', bytes: Buffer.from(found.bytes) } : found;
    },
    misplaced: (file) => findMisplaced(file, inFolder, folders),
  };
}

const mebibyte = 1024 * 1024;
/** What a student packed; a worksheet and its neighbors are far less. */
const largestArchive = 64 * mebibyte;
/** Bytes that unpack to so many times more were made to. */
const largestRatio = 200;
const mostNested = 20_000;
const mostOthers = 500;
const mostCandidates = 20;
/** An archive in an archive in an archive of the class. */
const deepest = 3;

/** What may be one of the student's files. */
interface Candidate {
  readonly path: string;
  readonly rank: number;
  readonly content: Buffer | Unread;
}

/**
 * Looks for a student's files in what was handed in, under whatever name and in whatever folder. A file
 * is read where it is certain which one is meant, and what was done is reported.
 */
export class FileFinder {
  private readonly wanted: readonly string[];
  private readonly candidates: ReadonlyMap<string, Candidate[]>;
  private readonly others: string[] = [];
  private readonly remarks: Message[] = [];

  /** @param wanted paths of the student's files; see `studentFiles`. */
  constructor(wanted: readonly string[]) {
    this.wanted = wanted;
    this.candidates = new Map(wanted.map((file) => [file, []]));
  }

  remark(found: Message): void {
    this.remarks.push(found);
  }

  /**
   * Notes that something was handed in.
   *
   * @param name its path below the submission.
   * @returns the most bytes that are to be read of it; undefined where it is none of the files.
   */
  largest(name: string): number | undefined {
    if (archiveForm(name)) return largestArchive;
    if (isOtherArchive(name))
      this.remark(
        message('download/archive', '{name} is an archive that cannot be read. Ask for a zip.', { name }),
      );
    const isCandidate = this.wanted.some((file) => rankOf(name, file) !== undefined);
    if (!isCandidate && this.others.length < mostOthers) this.others.push(name);
    return isCandidate ? largestFile : undefined;
  }

  /** Takes what was read of an entry for which `largest` gave a limit. */
  async add(name: string, size: number, content: Buffer | Unread, depth = 1): Promise<void> {
    if (archiveForm(name)) return this.addArchive(name, size, content, depth);
    for (const file of this.wanted) {
      const rank = rankOf(name, file);
      const known = this.candidates.get(file);
      if (rank !== undefined && known && known.length < mostCandidates)
        known.push({ path: name, rank, content });
    }
  }

  private async addArchive(
    name: string,
    size: number,
    content: Buffer | Unread,
    depth: number,
  ): Promise<void> {
    const refuse = (why: string) =>
      this.remark(message('download/archive', `{name} was not looked into: ${why}.`, { name }));
    if (!Buffer.isBuffer(content)) return refuse(content.problem);
    if (depth > deepest) return refuse('it is an archive in too many others');
    try {
      const container = await openNested(name, content);
      if (container.entries.length > mostNested) return refuse(`it has more than ${mostNested} entries`);
      for (const odd of container.unsafe)
        this.remark(
          message('download/path', '{odd} in {name} leads out of it, and is not read.', { odd, name }),
        );
      const wanted = new Map<Entry, number>();
      for (const entry of container.entries) {
        const largest = this.largest(`${name}/${entry.path}`);
        if (largest !== undefined) wanted.set(entry, largest);
      }
      for await (const [entry, read] of container.read(wanted)) {
        const isBomb = Buffer.isBuffer(read) && read.length > mebibyte && read.length > largestRatio * size;
        await this.add(
          `${name}/${entry.path}`,
          entry.size,
          isBomb ? { problem: 'it unpacks to far more than it is' } : read,
          depth + 1,
        );
      }
      container.close();
    } catch (error) {
      if (!(error instanceof ContainerError)) throw error;
      refuse(`${error.message.slice(0, 1).toLowerCase()}${error.message.slice(1).replace(/\.$/, '')}`);
    }
  }

  finish(submitted?: number): DownloadedFiles {
    const files = new Map<string, FileResult>();
    for (const [file, candidates] of this.candidates) {
      const found = this.chosen(file, candidates);
      if (found) files.set(file, found);
    }
    return {
      files,
      others: this.others,
      remarks: this.remarks,
      ...(submitted !== undefined && { submitted }),
    };
  }

  /** The one that is meant: by its path, then by its name, then by what its name was made from. */
  private chosen(file: string, candidates: readonly Candidate[]): FileResult | undefined {
    const order = ({ path: name, rank }: Candidate) => rank * 100 + name.split('/').length;
    const sorted = [...candidates].sort((a, b) => order(a) - order(b) || (a.path < b.path ? -1 : 1));
    const [first] = sorted;
    if (!first) return undefined;
    const others = sorted.slice(1).filter(({ content }) => !isSame(content, first.content));
    const rivals = others.filter((other) => order(other) === order(first));
    const quotes = (rest: readonly Candidate[]) =>
      Object.fromEntries([first, ...rest.slice(0, 4)].map(({ path: name }, index) => [`file${index}`, name]));
    const names = (rest: readonly Candidate[]) =>
      rest
        .slice(0, 4)
        .map((_, index) => `{file${index + 1}}`)
        .join(', ');
    if (rivals.length > 0) {
      const text = `{file0} and ${names(rivals)} may each be ${file}, and they differ. None is graded: ask which one counts.`;
      const reason = message('download/several', text, quotes(rivals));
      this.remark(reason);
      return { kind: 'failed', reason };
    }
    // Whoever hands in a whole repository has other files of such names in it.
    if (others.length > 0 && first.rank > 0)
      this.remark(
        message('download/other', `{file0} is graded; ${names(others)} differs and is not.`, quotes(others)),
      );
    if (first.rank === lastRank)
      this.remark(message('download/renamed', `{file0} is graded as ${file}.`, quotes([])));
    return resultOf(first, file);
  }
}

function resultOf({ path: name, content }: Candidate, file: string): FileResult {
  if (Buffer.isBuffer(content)) return { kind: 'file', bytes: content };
  const { problem, isRefused } = content;
  const text = `{name} could not be read as ${file}: ${problem}.`;
  return { kind: isRefused ? 'refused' : 'failed', reason: message('download/unread', text, { name }) };
}

function isSame(one: Buffer | Unread, other: Buffer | Unread): boolean {
  return Buffer.isBuffer(one) && Buffer.isBuffer(other) && one.equals(other);
}

const lastRank = 2;

/** How certain it is that a file is meant: 0 by its path, 1 by its name, 2 by what its name was made from. */
function rankOf(name: string, file: string): number | undefined {
  if (name === file || name.endsWith(`/${file}`)) return 0;
  const [base, wanted] = [path.posix.basename(name), path.posix.basename(file)];
  if (base === wanted) return 1;
  const isText = [path.posix.extname(wanted), '.txt'].some((end) => base.toLowerCase().endsWith(end));
  return isText && !isDocument(base) && stem(base) === stem(wanted) ? lastRank : undefined;
}
