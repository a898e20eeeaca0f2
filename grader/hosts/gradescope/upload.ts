import path from 'node:path';
import { unzipSync } from 'fflate';
import { type Message, message } from '../../message';
import { type Rubric, studentFiles } from '../../rubric/rubric';
import { type Candidate, type Choice, chooseFrom } from '../../submission/choose';
import { largestFile } from '../../submission/decode';
import { fileNames, folderNames, readFile } from '../../submission/sandboxed-fs';
import { folderSource } from '../../submission/source';
import type { Source } from '../../submission/submission';

/** Levels of folders, and files in them, that are looked through; a worksheet needs one and two. */
const deepest = 5;
const mostFiles = 2000;
/** In bytes; two files of a worksheet take a thousandth of it. */
const largestArchive = 20 * 1024 * 1024;
const mostArchives = 10;
/** Files with a name that is wanted; a student has two. */
const mostCandidates = 20;
/** What a deflated file can be larger than the file itself, in bytes. */
const overhead = 64;

/** What a student uploaded, as a submission. */
export interface Upload {
  readonly source: Source;
  /** The rubric with its files as they were uploaded: without their folder, where they have none. */
  readonly rubric: Rubric;
  /** Where something was found, if not in its place. */
  readonly notes: readonly Message[];
}

/**
 * Finds the files of a worksheet in what was uploaded: in their places, or wherever it is certain which
 * ones were meant, be it in other folders or in an archive. Never fails: what is not found has a reason.
 */
export function readUpload(root: string, rubric: Rubric): Upload {
  const { reflection } = rubric;
  const wanted = studentFiles(rubric);
  const search = new Search(
    root,
    wanted.map((file) => path.posix.basename(file)),
  );
  const chosen = new Map<string, Choice>();
  const choose = (file: string): string => {
    const others = (search.found.get(path.posix.basename(file)) ?? []).filter(({ place }) => place !== file);
    const inPlace = readFile(root, file);
    const candidates =
      inPlace.kind === 'missing'
        ? others
        : [{ place: file, name: path.posix.basename(file), opened: inPlace }, ...others];
    const choice = chooseFrom(candidates, file, search.unread, rubric) ?? { opened: { kind: 'missing' } };
    const name = choice.place === undefined || choice.place === file ? file : path.posix.basename(file);
    chosen.set(name, choice);
    return name;
  };
  const answersFile = choose(rubric.file);
  const reflectionFile = reflection && choose(reflection.file);
  const folder = folderSource(root);
  const advice = `Upload ${wanted.join(' and ')}, with or without their folders, or your whole repository.`;
  return {
    source: {
      open: (file) => {
        const { opened } = chosen.get(file) ?? { opened: { kind: 'missing' } };
        if (opened.kind !== 'missing' || folder.misplaced(file)) return opened;
        return {
          kind: 'refused',
          reason: message('file/not-uploaded', `${file} was not uploaded. ${advice}`),
        };
      },
      // What was found elsewhere was not misplaced: it was read.
      misplaced: (file) => (wanted.includes(file) ? folder.misplaced(file) : undefined),
    },
    rubric: {
      ...rubric,
      file: answersFile,
      ...(reflection && reflectionFile && { reflection: { ...reflection, file: reflectionFile } }),
    },
    notes: [...chosen.values()].flatMap(({ note }) => note ?? []),
  };
}

/** Looks through an upload for files with one of some names: below the root, and in archives there. */
class Search {
  /** By name. */
  readonly found: ReadonlyMap<string, Candidate[]>;
  /** What could not be looked through: something in it may be what counts. */
  unread: string | undefined;
  private readonly root: string;
  private files = 0;
  private archives = 0;
  private candidates = 0;

  constructor(root: string, names: readonly string[]) {
    this.root = root;
    this.found = new Map(names.map((name): [string, Candidate[]] => [name, []]));
    this.folder('', 0);
  }

  private folder(folder: string, depth: number): void {
    for (const name of fileNames(this.root, folder)) {
      const place = path.posix.join(folder, name);
      if (++this.files > mostFiles) {
        this.stopAt(place);
        return;
      }
      if (this.found.has(name)) this.add({ place, name, opened: readFile(this.root, place) });
      if (!/\.zip$/i.test(name)) continue;
      if (++this.archives > mostArchives) this.stopAt(place);
      else this.archive(place);
    }
    const folders = folderNames(this.root, folder).filter((name) => !isOther(name));
    if (depth === deepest && folders[0]) {
      this.stopAt(path.posix.join(folder, folders[0]));
      return;
    }
    for (const name of folders) this.folder(path.posix.join(folder, name), depth + 1);
  }

  /** An archive is read in memory. Whatever is odd in it, all of it may be. */
  private archive(archive: string): void {
    const opened = readFile(this.root, archive, largestArchive);
    if (opened.kind !== 'file') {
      this.stopAt(archive);
      return;
    }
    const seen = new Set<string>();
    try {
      const files = unzipSync(opened.bytes, {
        filter: ({ name, size, originalSize }) => {
          const steps = slashed(name).split('/');
          if (!this.found.has(steps.at(-1) ?? '') || steps.some(isOther)) return false;
          // A size that is not true would make a small archive large.
          const isOdd = seen.has(name) || originalSize > largestFile || size > originalSize + overhead;
          if (isOdd || this.candidates + seen.size >= mostCandidates) throw new Error('odd');
          seen.add(name);
          return true;
        },
      });
      for (const [name, bytes] of Object.entries(files))
        this.add({
          place: `${archive}: ${slashed(name)}`,
          name: path.posix.basename(slashed(name)),
          opened: { kind: 'file', bytes: Buffer.from(bytes) },
        });
    } catch {
      this.stopAt(archive);
    }
  }

  private add(candidate: Candidate): void {
    if (++this.candidates > mostCandidates) this.stopAt(candidate.place);
    else this.found.get(candidate.name)?.push(candidate);
  }

  private stopAt(place: string): void {
    this.unread ??= place;
  }
}

/** Where copies lie that are nobody's answer. */
function isOther(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules' || name === '__MACOSX';
}

/** Some programs for Windows write names in archives with backslashes. */
function slashed(name: string): string {
  return name.replaceAll('\\', '/');
}
