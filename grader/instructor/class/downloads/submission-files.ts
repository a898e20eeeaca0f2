import path from 'node:path';
import { type Message, message } from '../../../message';
import { type Rubric, studentFiles } from '../../../rubric/rubric';
import { type Candidate, chooseFrom } from '../../../submission/choose';
import { largestFile } from '../../../submission/decode';
import type { FileResult } from '../../../submission/sandboxed-fs';
import { findMisplaced, isDocument, stem } from '../../../submission/source';
import type { Source } from '../../../submission/submission';
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
/** What all archives of a submission may unpack to together, as far as it is looked at. */
const mostUnpacked = 256 * mebibyte;
const mostNested = 20_000;
const mostArchives = 20;
const mostOthers = 500;
const mostCandidates = 20;
/** An archive in an archive in an archive of the class. */
const deepest = 3;

/** What may be one of the student's files, and how certain its name makes that. */
interface Ranked extends Candidate {
  readonly rank: number;
}

/**
 * Looks for a student's files in what was handed in, under whatever name and in whatever folder. A file
 * is read where it is certain which one is meant, and what was done is reported.
 */
export class FileFinder {
  private readonly rubric: Rubric;
  private readonly wanted: readonly string[];
  private readonly candidates: ReadonlyMap<string, Ranked[]>;
  private readonly others: string[] = [];
  private readonly remarks: Message[] = [];
  /** What could not be looked through: something in it may be what counts. */
  private unread: string | undefined;
  /** An archive of a kind that is not read; it is of weight where nothing else was handed in. */
  private foreign: string | undefined;
  private archives = 0;
  private unpacked = 0;

  constructor(rubric: Rubric) {
    this.rubric = rubric;
    this.wanted = studentFiles(rubric);
    this.candidates = new Map(this.wanted.map((file) => [file, []]));
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
    if (isOtherArchive(name)) {
      this.foreign ??= name;
      this.remark(
        message('download/archive', '{name} was not looked into: its kind cannot be read.', { name }),
      );
    }
    const isCandidate = this.wanted.some((file) => rankOf(name, file) !== undefined);
    if (!isCandidate && this.others.length < mostOthers) this.others.push(name);
    return isCandidate ? largestFile : undefined;
  }

  /** Takes what was read of an entry for which `largest` gave a limit. */
  async add(name: string, content: Buffer | Unread, depth = 1): Promise<void> {
    if (archiveForm(name)) return this.addArchive(name, content, depth);
    for (const file of this.wanted) {
      const rank = rankOf(name, file);
      const known = this.candidates.get(file);
      if (rank === undefined || !known) continue;
      if (known.length >= mostCandidates) this.unread ??= name;
      else
        known.push({ place: name, name: path.posix.basename(name), rank, opened: openedAs(content, name) });
    }
  }

  private async addArchive(name: string, content: Buffer | Unread, depth: number): Promise<void> {
    const refuse = (why: string) => this.refuse(name, why);
    if (!Buffer.isBuffer(content)) return refuse(content.problem);
    if (depth > deepest) return refuse('it is an archive in too many others');
    if (++this.archives > mostArchives) return refuse('there are too many archives');
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
        this.unpacked += Buffer.isBuffer(read) ? read.length : 0;
        if (this.unpacked > mostUnpacked) {
          refuse('all together unpacks to too much');
          break;
        }
        await this.add(`${name}/${entry.path}`, read, depth + 1);
      }
      container.close();
    } catch (error) {
      if (!(error instanceof ContainerError)) throw error;
      refuse(`${error.message.slice(0, 1).toLowerCase()}${error.message.slice(1).replace(/\.$/, '')}`);
    }
  }

  private refuse(name: string, why: string): void {
    this.unread ??= name;
    this.remark(message('download/archive', `{name} was not looked into: ${why}.`, { name }));
  }

  finish(submitted?: number): DownloadedFiles {
    const files = new Map<string, FileResult>();
    for (const [file, candidates] of this.candidates) {
      const unread = this.unread ?? (candidates.length === 0 ? this.foreign : undefined);
      const choice = chooseFrom(likely(candidates, file), file, unread, this.rubric);
      if (choice) files.set(file, choice.opened);
      if (choice?.note) this.remark(choice.note);
    }
    return {
      files,
      others: this.others,
      remarks: this.remarks,
      ...(submitted !== undefined && { submitted }),
    };
  }
}

/**
 * The candidates that a file is chosen from, the likeliest first. In a repository, loose or in an archive,
 * the one at its path is meant and no other. Where all lie in one archive, or loose, that one is in its
 * place; of a loose file and an archive nobody knows which counts.
 */
function likely(candidates: readonly Ranked[], file: string): Candidate[] {
  const depth = ({ place }: Ranked) => place.split('/').length;
  const sorted = [...candidates].sort(
    (a, b) => a.rank - b.rank || depth(a) - depth(b) || (a.place < b.place ? -1 : 1),
  );
  const byArchive = new Map<string, Ranked[]>();
  for (const one of sorted) {
    const known = byArchive.get(archiveOf(one.place)) ?? [];
    byArchive.set(archiveOf(one.place), known);
    if (known[0]?.rank !== 0) known.push(one);
  }
  const meant = [...byArchive.values()].flat();
  return meant.map((one) => (byArchive.size === 1 && one.rank === 0 ? { ...one, place: file } : one));
}

/** `mine.zip/work/answers.ts` -> `mine.zip`; loose files are in none. */
function archiveOf(place: string): string {
  const steps = place.split('/');
  const last = steps.findLastIndex((step) => archiveForm(step) !== undefined);
  return steps.slice(0, last + 1).join('/');
}

function openedAs(content: Buffer | Unread, name: string): FileResult {
  if (Buffer.isBuffer(content)) return { kind: 'file', bytes: content };
  const { problem, isRefused } = content;
  const reason = message('download/unread', `{name} could not be read: ${problem}.`, { name });
  return { kind: isRefused ? 'refused' : 'failed', reason };
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
