import { type TSchema, Type } from '@sinclair/typebox';
import { Check } from '@sinclair/typebox/value';
import { parse } from 'yaml';
import { GraderError } from '../../message';
import { byName, text } from '../../schema';
import { isArchive } from '../../submission/find';
import type { Student } from './people';

/** The owner of a submission, as far as the download tells. */
export interface Owner extends Partial<Student> {
  /** The name of a folder or an archive. It has a login, an id, an e-mail address or a group, maybe after a prefix. */
  readonly label?: string;
}

/** The facts in the name of a file or a folder at the top of a download. */
export interface Entry {
  /** The name of the submission that it belongs to; unique in the download. */
  readonly name: string;
  readonly owner: Owner;
  /** The student's own name of a file, after what the host put before it. */
  readonly file?: string;
  /** Of files with the same path, the host received the one with the higher number later. */
  readonly order?: number;
  readonly isLate?: boolean;
  /** Canvas's prefix of a file name by which it finds the student again, and the number of the user in it. */
  readonly returnsAs?: string;
}

/** The facts in a host's table about a submission. */
export interface About {
  /** Several if a team handed it in. */
  readonly owners: readonly Owner[];
  /** When it was handed in, in milliseconds since 1970. */
  readonly submittedAt?: number;
}

/** The way a host packs a class. */
export interface Format {
  readonly id: string;
  /** As in `a Moodle download`. */
  readonly title: string;
  /**
   * Returns what a name may mean, most likely first: a student's own name may hold what the host puts between its parts.
   * Nothing for a name that is nobody's or not of the host's making.
   */
  entriesOf(name: string, isFile: boolean): readonly Entry[];
  /** The file that tells whose the submissions are, if there is one, and how to read it. */
  readonly table?: { readonly name: string; read(text: string): ReadonlyMap<string, About> };
}

/**
 * `[LATE_]<user id>_<attachment id>_<file>` after the name; what was typed in, a text or a link, has no attachment
 * (`lib/content_zipper.rb` of Canvas, 05e9653c12).
 */
const afterCanvasName =
  /^(?<late>LATE_)?(?:anon_(?<anonymous>[A-Za-z0-9]+)|(?<userId>\d+))_(?:\d+_(?<file>.+)|(?<typed>text\.html|link\.html))$/;

/** A flat list of files. Anonymous submissions have an id that is on no roster. */
const canvas: Format = {
  id: 'canvas',
  title: 'Canvas',
  entriesOf(path) {
    // Canvas adds a number to a file that is handed in again: `boxes-1.ts`; the numbers count up.
    const again = /-(\d{1,3})(?=\.[^.]+$)/;
    // The name ends at any underscore.
    return ['', ...Array.from(path.matchAll(/_/g), ({ index }) => path.slice(0, index + 1))].flatMap(
      (begin): Entry | readonly [] => {
        const groups = afterCanvasName.exec(path.slice(begin.length))?.groups;
        if (!groups) return [];
        const { late, anonymous, userId = '', file, typed } = groups;
        const name = begin.slice(0, -1);
        return {
          name: anonymous ? `anon_${anonymous}` : `${name}_${userId}`,
          // Canvas keeps only these of all punctuation, and no spaces.
          owner: anonymous ? {} : { userId, name: name.replaceAll('_', '') },
          file: file?.replace(again, '') ?? typed,
          order: Number(again.exec(path)?.[1] ?? 0),
          isLate: late !== undefined,
          returnsAs: file && path.slice(0, -file.length),
        };
      },
    );
  },
};

/**
 * `<name>_<number>_assignsubmission_file`, with one more underscore in older versions; or this as a prefix of each
 * file (`mod/assign/classes/downloader.php` of Moodle 4.5.5).
 */
const moodleName = /^(?<whole>.*?)_assignsubmission_(?:file|onlinetext)(?:_(?<file>.*))?$/;

/** A folder or a prefix for each student or team. It does not say whether a number is a participant's or a team's. */
const moodle: Format = {
  id: 'moodle',
  title: 'Moodle',
  entriesOf(path) {
    const { whole: name, file } = moodleName.exec(path)?.groups ?? {};
    if (name === undefined) return [];
    const [, before, participant] = /^(.*)_(\d+)$/.exec(name) ?? [];
    // Of a name in HTML, such as `Tom &amp; Co`, Moodle drops the signs alone.
    const plain = (text: string) => text.replace(/\b(?:amp|lt|gt|quot|#039);/g, '');
    // The folder of the default group has no number, and a name may end with one.
    const withoutNumber = { name, file, owner: { name: plain(name) } };
    return before === undefined
      ? [withoutNumber]
      : [{ name, file, owner: { name: plain(before), participant } }, withoutNumber];
  },
};

/** A folder or an archive for each student, with the login in its name. */
export const folders: Format = {
  id: 'folders',
  title: 'folder',
  entriesOf(name, isFile) {
    const isNobodys = isFile && !isArchive(name);
    return isNobodys ? [] : [{ name, owner: { label: name.replace(/\.(?:zip|git)$/i, '') } }];
  },
};

/** The part of `submission_metadata.yml` that the grader reads. */
const GradescopeSchema = byName(
  Type.Object({
    ':submitters': Type.Optional(Type.Array(byName(text))),
    ':created_at': Type.Optional(text),
  }),
);

/** `submission_<number>/…`, and a table that says who handed in which. */
const gradescope: Format = {
  ...folders,
  id: 'gradescope',
  title: 'Gradescope',
  table: {
    name: 'submission_metadata.yml',
    read(metadata) {
      const submissions = Object.entries(
        readHostTable('submission_metadata.yml', GradescopeSchema, metadata),
      );
      return new Map(
        submissions.map(([name, { ':submitters': submitters = [], ':created_at': created = '' }]) => {
          const owners = submitters.map((one) => ({
            email: one[':email'],
            studentId: one[':sid'],
            name: one[':name'],
          }));
          return [name, { owners, submittedAt: Date.parse(created) || undefined }];
        }),
      );
    },
  },
};

/**
 * Reads a table in YAML or JSON that lies with submissions. Every scalar in it is a string, because a number such as
 * 0899 is a student's id and not a quantity.
 *
 * @throws {GraderError} if it has another form.
 */
export function readHostTable<Schema extends TSchema>(name: string, schema: Schema, content: string) {
  let table: unknown;
  try {
    table = parse(content, { schema: 'failsafe', maxAliasCount: 10_000, logLevel: 'error' });
  } catch {
    // Reported below.
  }
  if (Check(schema, table)) return table;
  throw new GraderError(
    'folder',
    'table-unusable',
    `${name} cannot be read as such a table. Get it again. Nothing was graded.`,
  );
}

/** The formats that are recognized, the most distinctive first. */
const hosts = [gradescope, moodle, canvas];

export const formats = [...hosts, folders];

/**
 * The format of a download, by the names at its top.
 *
 * @param from the format's id, if it is not recognized.
 */
export function formatOf(names: readonly string[], from?: string): Format {
  const recognized = hosts.find(({ table, entriesOf }) =>
    table
      ? names.includes(table.name)
      : names.filter((name) => entriesOf(name, true).length > 0).length * 2 > names.length,
  );
  return recognized ?? hosts.find(({ id }) => id === from) ?? folders;
}
