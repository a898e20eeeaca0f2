import path from 'node:path';
import { GraderError } from '../../error';
import type { Course } from '../course';
import { readManifest } from '../release/manifest';
import { readExtensions } from './deadline';
import type { Terms } from './grade';
import { readOverrides } from './overrides';
import { type Roster, readRoster } from './roster';
import { type ClassFolder, type Enrolled, enrol, listClass } from './students';
import { protectedFiles } from './trust';

/** What is asked for where a class is graded; paths are absolute. */
export interface ClassRequest {
  readonly root: string;
  readonly roster?: string;
  readonly extensions?: string;
  /** The overrides' file; it need not be there. */
  readonly overrides: string;
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
  readonly folder: ClassFolder;
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
  const roster = request.roster === undefined ? undefined : readRoster(request.roster);
  const all = enrol(folder, roster?.students);
  const { shard } = request;
  const students = shard ? all.filter((_, index) => index % shard.of === shard.index - 1) : all;
  const { extensions, remarks: odd } = request.extensions
    ? readExtensions(request.extensions)
    : { extensions: new Map<string, number>(), remarks: [] };
  const { overrides, remarks: strange } = readOverrides(request.overrides);
  const manifest = request.release === undefined ? undefined : readManifest(request.release);
  if (request.release !== undefined && !manifest)
    throw new GraderError(
      'folder',
      `${request.release} holds no release.json. Give the folder that npm run release made.`,
    );
  const known = new Set(all.map(({ key }) => key));
  const nobodys = [...overrides.keys(), ...extensions.keys()].filter((key) => !known.has(key));
  return {
    students,
    roster,
    folder,
    terms: {
      rubric: course.rubric,
      solution: course.solution,
      deadline: course.file.deadline,
      root: folder.root,
      hasRoster: roster !== undefined,
      extensions,
      overrides,
      ...(manifest && { released: protectedFiles(manifest) }),
      readsHistory: request.readsHistory,
    },
    remarks: [
      ...(roster?.remarks ?? []),
      ...odd,
      ...strange,
      ...nobodys.map((key) => `Nobody in this class is called ${key}, who has an override or an extension.`),
      ...(folder.otherFiles > 0
        ? [`${folder.otherFiles} files beside the folders in ${path.basename(folder.root)} are passed over.`]
        : []),
    ],
  };
}
