import { createHash } from 'node:crypto';
import path from 'node:path';
import { GraderError } from '../../error';
import type { Course } from '../course';
import { readManifest } from '../release/manifest';
import { readExtensions } from './deadline';
import type { Terms } from './grade';
import { type Roster, readRoster } from './roster';
import { type Enrolled, enrol, listClass } from './students';
import { protectedFiles } from './trust';

/** What is asked for where a class is graded; paths are absolute. */
export interface ClassRequest {
  readonly root: string;
  /** Where results will go. */
  readonly out: string;
  readonly roster?: string;
  readonly extensions?: string;
  /** The folder of the release that students started from. */
  readonly release?: string;
  readonly shard?: Shard;
  readonly readsHistory: boolean;
}

/** A part of a class: every `of`th student, from the `index`th on, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** A class that is ready to be graded. */
export interface Class {
  readonly students: readonly Enrolled[];
  readonly roster: Roster | undefined;
  readonly terms: Terms;
  /** SHA-256 of who is in the class and of all that grades depend on, beside the submissions. */
  readonly digest: string;
  /** What is odd about what was given. */
  readonly remarks: readonly string[];
}

/**
 * Reads all that a class is graded by.
 *
 * @throws {GraderError} where some of it cannot be used.
 */
export function openClass(course: Course, request: ClassRequest): Class {
  const folder = listClass(request.root);
  refuseAmong(request.root, request.out);
  const roster = request.roster === undefined ? undefined : readRoster(request.roster);
  const all = enrol(folder, roster?.students);
  const { shard } = request;
  const students = shard ? all.filter((_, index) => index % shard.of === shard.index - 1) : all;
  const { extensions, remarks: odd } = request.extensions
    ? readExtensions(request.extensions)
    : { extensions: new Map<string, number>(), remarks: [] };
  const manifest = request.release === undefined ? undefined : readManifest(request.release);
  if (request.release !== undefined && !manifest)
    throw new GraderError(
      'folder',
      `${request.release} holds no release.json. Give the folder that npm run release made.`,
    );
  const released = manifest && protectedFiles(manifest);
  const known = new Set(all.map(({ key }) => key));
  const nobodys = [...extensions.keys()].filter((key) => !known.has(key));
  return {
    students,
    roster,
    digest: digestOf([
      all.map(({ key, folders }) => [key, ...folders]),
      roster !== undefined,
      [...extensions],
      [...(released ?? [])],
      request.readsHistory,
      course.file.deadline ?? null,
    ]),
    terms: {
      rubric: course.rubric,
      solution: course.solution,
      deadline: course.file.deadline,
      root: folder.root,
      hasRoster: roster !== undefined,
      extensions,
      ...(released && { released }),
      readsHistory: request.readsHistory,
    },
    remarks: [
      ...(roster?.remarks ?? []),
      ...odd,
      ...nobodys.map((key) => `Nobody in this class is called ${key}, who has an extension.`),
      ...(folder.otherFiles > 0
        ? [`${folder.otherFiles} files beside the folders in ${path.basename(folder.root)} are passed over.`]
        : []),
    ],
  };
}

/** Results among the submissions would be taken for one. */
function refuseAmong(root: string, out: string): void {
  const [first = ''] = path.relative(root, out).split(path.sep);
  if (first === '..' || path.isAbsolute(first)) return;
  throw new GraderError('folder', `${out} lies among the submissions. Choose another folder with --out.`);
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
