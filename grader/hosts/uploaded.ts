import path from 'node:path';
import { unzipSync } from 'fflate';
import { isUntouched } from '../answers/answers';
import { readAnswers } from '../answers/cells';
import { type Message, message } from '../message';
import type { Rubric } from '../rubric/rubric';
import { foldersInside, largestFile, listInside, type Opened, openInside } from '../submission/inside';
import { folderSource, type Source } from '../submission/read';
import { readReflection } from '../submission/reflection';
import { decode } from '../submission/text';

/** Levels of folders, and files in them, that are looked through; a worksheet needs one and two. */
const deepest = 5;
const mostFiles = 2000;
/** In bytes; two files of a worksheet take a thousandth of it. */
const largestArchive = 20 * 1024 * 1024;
const mostArchives = 10;
/** Where copies lie that are nobody's answer. */
const otherPeoples = new Set(['node_modules', '__MACOSX']);

/** What a student uploaded, as a submission. */
export interface Upload {
  readonly source: Source;
  /** The rubric with its files as they were uploaded: without their folder, where they have none. */
  readonly rubric: Rubric;
  /** Where something was found, if not in its place. */
  readonly notes: readonly Message[];
}

/** A file that may be one of the two that are wanted. */
interface Candidate {
  /** As the student would say it: `work/boxes.ts`, or `upload.zip: work/boxes.ts`. */
  readonly place: string;
  /** The last part of it. */
  readonly name: string;
  readonly opened: Opened;
}

/**
 * Finds the files of a worksheet in what was uploaded: in their places, or wherever it is certain which
 * ones were meant, be it in other folders or in an archive. Never fails: what is not found has a reason.
 */
export function readUpload(root: string, rubric: Rubric): Upload {
  const { table, reflection } = rubric;
  const wanted = reflection ? [table.file, reflection.file] : [table.file];
  const found = candidatesIn(root, new Set(wanted.map((file) => path.posix.basename(file))));
  const chosen = new Map<string, Choice>();
  const choose = (file: string, isFilled: (text: string) => boolean): string => {
    const others = (found.get(path.posix.basename(file)) ?? []).filter(({ place }) => place !== file);
    const inPlace = openInside(root, file);
    const candidates =
      inPlace.is === 'missing'
        ? others
        : [{ place: file, name: path.posix.basename(file), opened: inPlace }, ...others];
    const choice = chooseFrom(candidates, file, isFilled) ?? { opened: { is: 'missing' } };
    const name = choice.place === undefined || choice.place === file ? file : path.posix.basename(file);
    chosen.set(name, choice);
    return name;
  };
  const tableFile = choose(table.file, (text) => !isUntouched(readAnswers(text, table)));
  const reflectionFile =
    reflection &&
    choose(reflection.file, (text) => {
      const { responses, unsorted } = readReflection(text, reflection);
      return responses.size + unsorted.length > 0;
    });
  const folder = folderSource(root);
  const advice = `Upload ${wanted.join(' and ')}, with or without their folders, or your whole repository.`;
  return {
    source: {
      open: (file) => {
        const { opened } = chosen.get(file) ?? { opened: { is: 'missing' } };
        if (opened.is !== 'missing' || folder.misplaced(file)) return opened;
        return { is: 'refused', why: message('file/not-uploaded', `${file} was not uploaded. ${advice}`) };
      },
      // What was found elsewhere was not misplaced: it was read.
      misplaced: (file) => (wanted.includes(file) ? folder.misplaced(file) : undefined),
    },
    rubric: {
      ...rubric,
      table: { ...table, file: tableFile },
      ...(reflection && reflectionFile && { reflection: { ...reflection, file: reflectionFile } }),
    },
    notes: [...chosen.values()].flatMap(({ note }) => note ?? []),
  };
}

/** What is read as one of the files; without a place where it is none of them. */
interface Choice {
  readonly opened: Opened;
  readonly place?: string;
  readonly note?: Message;
}

/** The one that was certainly meant: the only one, the only one that is filled in, or the one in its place. */
function chooseFrom(
  candidates: readonly Candidate[],
  file: string,
  isFilled: (text: string) => boolean,
): Choice | undefined {
  const name = path.posix.basename(file);
  const filled = candidates.filter(({ opened }) => {
    const decoded = opened.is === 'file' ? decode(opened.bytes, file) : undefined;
    return decoded && 'text' in decoded && isFilled(decoded.text);
  });
  const [first, ...others] = filled.length > 0 ? filled : candidates;
  if (!first) return undefined;
  const other = others.find(({ opened }) => !isSame(opened, first.opened));
  const isInPlace = candidates.some(({ place }) => place === file);
  if (!other && (first.place === file || (first.place === name && !isInPlace))) return first;
  if (!other)
    return {
      ...first,
      note: message('upload/found', `${name} was found in another place: {place}.`, { place: first.place }),
    };
  if (first.place === file)
    return {
      ...first,
      note: message('upload/other', `There is another ${name}, {other}. It does not count.`, {
        other: other.place,
      }),
    };
  const text = `There is more than one ${name}: {one} and {two}. Upload only the one that counts.`;
  const why = message('file/several', text, { one: first.place, two: other.place });
  return { opened: { is: 'refused', why } };
}

function isSame(a: Opened, b: Opened): boolean {
  return a.is === 'file' && b.is === 'file' && a.bytes.equals(b.bytes);
}

/** Files with one of some names, by name: below the root, and in archives there. */
function candidatesIn(root: string, names: ReadonlySet<string>): Map<string, Candidate[]> {
  const found = new Map([...names].map((name): [string, Candidate[]] => [name, []]));
  let [files, archives] = [0, 0];
  const visit = (folder: string, depth: number): void => {
    for (const name of listInside(root, folder)) {
      if (++files > mostFiles) return;
      const place = path.posix.join(folder, name);
      found.get(name)?.push({ place, name, opened: openInside(root, place) });
      if (/\.zip$/i.test(name) && ++archives <= mostArchives) {
        for (const candidate of inArchive(root, place, names)) found.get(candidate.name)?.push(candidate);
      }
    }
    if (depth === deepest) return;
    for (const name of foldersInside(root, folder))
      if (!name.startsWith('.') && !otherPeoples.has(name)) visit(path.posix.join(folder, name), depth + 1);
  };
  visit('', 0);
  return found;
}

/** The same in an archive, which is read in memory. One that cannot be read holds nothing. */
function inArchive(root: string, archive: string, names: ReadonlySet<string>): Candidate[] {
  const opened = openInside(root, archive, largestArchive);
  if (opened.is !== 'file') return [];
  try {
    let entries = 0;
    const files = unzipSync(opened.bytes, {
      filter: ({ name, originalSize }) =>
        ++entries <= mostFiles &&
        originalSize <= largestFile &&
        names.has(path.posix.basename(slashed(name))) &&
        !slashed(name)
          .split('/')
          .some((step) => otherPeoples.has(step)),
    });
    return Object.entries(files).map(([name, bytes]) => ({
      place: `${archive}: ${slashed(name)}`,
      name: path.posix.basename(slashed(name)),
      opened: { is: 'file', bytes: Buffer.from(bytes) },
    }));
  } catch {
    return [];
  }
}

/** Some programs for Windows write names in archives with backslashes. */
function slashed(name: string): string {
  return name.replaceAll('\\', '/');
}
