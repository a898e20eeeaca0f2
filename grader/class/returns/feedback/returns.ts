import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Zip, ZipDeflate } from 'fflate';
import { joinNames } from '../../../files';
import type { HtmlText } from '../../../render/escape/html';
import type { MarkdownText } from '../../../render/escape/markdown';
import type { Download } from '../../members/downloads/download';
import type { MoodleWorksheet } from '../../members/moodle-worksheet';
import type { Student } from '../../members/people';
import type { StudentResult } from '../../results/student-result.schema';
import { PostsFile } from './posts';

export interface StudentFeedback {
  readonly result: StudentResult;
  readonly student: Student | undefined;
  /** See `headlineOf`. */
  readonly headline: string;
  readonly page: HtmlText;
  /** For everyone who handed in the submission. */
  readonly markdown: () => MarkdownText;
}

/** Feedback in the form that a host takes back. */
export interface FeedbackExport {
  /** Whether everyone who handed in a submission reads the same page. */
  readonly isShared: boolean;
  add(studentFeedback: StudentFeedback): void;
  /**
   * @param folder its final location.
   * @returns what to do with it, in a sentence or two.
   */
  end(folder: string): string;
}

const feedbackName = 'feedback.html';
const moodleArchive = 'moodle-feedback.zip';
const canvasArchive = 'canvas-feedback.zip';

/** The archives that hosts take back. */
export const archives = [moodleArchive, canvasArchive];

/** Returns the exports that apply to a class. */
export function returnsFor(
  folder: string,
  {
    download,
    worksheet,
    students,
  }: {
    readonly download?: Download;
    readonly worksheet?: MoodleWorksheet;
    readonly students: ReadonlyMap<string, Student>;
  },
): FeedbackExport[] {
  return [
    ...(worksheet ? [moodleReturn(folder)] : []),
    ...(download?.format.id === 'canvas' ? [canvasReturn(folder, download)] : []),
    githubReturn(folder, students),
  ];
}

/**
 * Makes a folder in the zip for each participant, because Moodle reads the participant's number from the folder's
 * name. Moodle takes every number for a participant's, so a team's feedback goes to each member and never to the
 * team's folder.
 */
function moodleReturn(folder: string): FeedbackExport {
  const file = moodleArchive;
  const archive = new Archive(path.join(folder, file));
  return {
    isShared: false,
    add: ({ student, page }) => {
      if (!student?.participant) return;
      const name = (student.name || 'Participant').replace(/[_/\\]/g, ' ');
      archive.add(`${name}_${student.participant}_assignfeedback_file/${feedbackName}`, page);
    },
    end: (place) => {
      archive.end();
      return `For Moodle: ${path.join(place, file)}, under “Upload multiple feedback files in a zip”. Moodle notifies the students.`;
    },
  };
}

/** Uses the names of the download, because Canvas finds a student by the numbers before a file's own name. */
function canvasReturn(folder: string, { submissions }: Download): FeedbackExport {
  const file = canvasArchive;
  const archive = new Archive(path.join(folder, file));
  const byName = new Map(submissions.map((submission) => [submission.name, submission]));
  const written = new Set<string>();
  const others = new Map<string, string[]>();
  return {
    isShared: true,
    add: ({ result, student, page }) => {
      const { returnsAs: name, owners = [] } = byName.get(result.folder ?? '') ?? {};
      // A group's feedback goes back once, and everyone in the group reads it.
      if (name === undefined || written.has(name)) return;
      // Canvas gives it to the uploader, but a person may have said that the work is somebody else's.
      const isUploader = owners.some(({ userId }) => userId !== undefined && userId === student?.userId);
      if (result.matched === 'matches.csv' && !isUploader) {
        others.set(name, [...(others.get(name) ?? []), result.login || student?.name || result.key]);
        return;
      }
      written.add(name);
      archive.add(`${name}${feedbackName}`, page);
    },
    end: (place) => {
      archive.end();
      const leftOut = [...others].flatMap(([name, who]) => (written.has(name) ? [] : who)).sort();
      return [
        `For Canvas: ${path.join(place, file)}, under “Upload Submissions”. A second upload adds a second comment.`,
        ...(leftOut.length > 0
          ? [
              `It leaves out ${joinNames(leftOut)}, to whom matches.csv gives a submission that somebody else may have uploaded and would read. Give them their page in ${place} yourself.`,
            ]
          : []),
      ].join(' ');
    },
  };
}

/** Writes the posts for `npm run feedback:post`: a comment for each repository. */
function githubReturn(folder: string, students: ReadonlyMap<string, Student>): FeedbackExport {
  const posts = new PostsFile(folder);
  for (const { login } of students.values()) posts.enroll(login);
  return {
    isShared: true,
    add: ({ result: { repository, folder: submission = '', login, enrolled }, markdown }) => {
      if (enrolled) posts.enroll(login);
      if (repository !== undefined) posts.add(repository, submission, login, markdown());
    },
    end: () => {
      const count = posts.end();
      return count === 0 ? '' : 'For GitHub: npm run feedback:post shows what it would post, and where.';
    },
  };
}

/** A zip file that is written entry by entry, so that a class of any size fits. */
export class Archive {
  private readonly descriptor: number;
  private readonly zip: Zip;
  private failure: unknown;

  constructor(file: string) {
    this.descriptor = openSync(file, 'wx', 0o600);
    this.zip = new Zip((error, bytes) => {
      this.failure ??= error ?? undefined;
      for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
    });
  }

  add(name: string, text: string): void {
    const entry = new ZipDeflate(name, { level: 6 });
    this.zip.add(entry);
    entry.push(Buffer.from(text), true);
  }

  /** @throws the first error of the writing, if there was one. */
  end(): void {
    this.zip.end();
    closeSync(this.descriptor);
    if (this.failure !== undefined) throw this.failure;
  }
}
