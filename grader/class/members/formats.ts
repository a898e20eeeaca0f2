import { parse } from 'yaml';
import { GraderError, messageOf } from '../../error';
import { groupBy } from '../../key/group-by';
import { type Message, message } from '../../message';
import { isArchive, type ListedFile } from '../../submission/find';

/** The owner of a submission, as far as the download tells. */
export interface Owner {
  /** The name of a folder or an archive. It has a login, an id, an e-mail address or a group, maybe after a prefix. */
  readonly label?: string | undefined;
  /** The host's own number for a user. */
  readonly userId?: string | undefined;
  /** Moodle's number for a participant in one assignment. */
  readonly participant?: string | undefined;
  readonly studentId?: string | undefined;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
}

/** A submission as a host packs it. */
export interface Packed {
  /** The name of the submission; unique in the download. */
  readonly name: string;
  /** Several if a team handed it in and the host names its members. */
  readonly owners: readonly Owner[];
  /** Its files, with paths relative to the submission. */
  readonly files: readonly ListedFile[];
  readonly remarks: readonly Message[];
  /** Why its files are missing, though it was handed in. */
  readonly lost?: Message | undefined;
  /** When it was handed in, in milliseconds since 1970, if the host says so. */
  readonly submittedAt?: number | undefined;
  /** Canvas's prefix of a file name by which it finds the student again, and the number of the user in it. */
  readonly returnsAs?: string | undefined;
}

/** The way a host packs a class. */
export interface Format {
  readonly id: string;
  /** As in `a Moodle download`. */
  readonly title: string;
  /** Whether the names of a download look like this host's. */
  detect(paths: readonly string[]): boolean;
  /** The file that is needed to tell whose the entries are, if any. */
  readonly metadata?: string;
  /** @param metadata the text of the metadata file. */
  submissions(files: readonly ListedFile[], metadata: string): Packed[];
}

/** The facts that the name of an entry gives about its submission. */
interface OwnerFacts {
  readonly name: string;
  readonly owner: Owner;
  /** The file that was handed in, or else the kind of entry that was typed in. */
  readonly part: ListedFile | 'text' | 'a link';
  readonly isLate?: boolean;
  readonly returnsAs?: string | undefined;
}

/** Groups entries into submissions by name. The entries of one submission need not be adjacent. */
function collected(entries: readonly OwnerFacts[]): Packed[] {
  return [...groupBy(entries, ({ name }) => name)].map(([name, all]) => ({
    name,
    owners: all.slice(0, 1).map(({ owner }) => owner),
    files: all.flatMap(({ part }) => (typeof part === 'string' ? [] : part)),
    remarks: [
      ...(all.some(({ isLate }) => isLate) ? [markedLate] : []),
      ...all.flatMap(({ part }) => (typeof part === 'string' ? notAFile(part) : [])),
    ],
    returnsAs: all.find(({ returnsAs }) => returnsAs)?.returnsAs,
  }));
}

const markedLate = message(
  'download/late',
  'Canvas marks this as late. The download does not say how late, so it costs nothing here.',
);

function notAFile(what: 'text' | 'a link'): Message {
  const text = `This was handed in as ${what} instead of a file, so it was not graded. Ask for the files.`;
  return message('download/typed', text);
}

/** `<name>[_LATE]_<user id>_<attachment id>_<file>`; text and link entries have no attachment. */
const canvasName =
  /^(?:(?<name>[^/]*?)_)?(?<late>LATE_)?(?:anon_(?<anonymous>[A-Za-z0-9]+)|(?<user>\d+))_(?:(?<attachment>\d+)_(?<file>[^/]+)|(?<typed>text|link)\.html)$/;

/** Matches a name that ends in a number, such as `berg_2` of the user 7001: `berg_2_7001_9001_answers.ts` */
const canvasNumbered = /^(?<name>[^/]*?_\d+)_(?<user>\d+)_(?<attachment>\d+)_(?<file>[^/]+)$/;

/** A flat list of files. Anonymous submissions have an id that is on no roster. */
const canvasDownload: Format = {
  id: 'canvas',
  title: 'Canvas',
  detect: (paths) => mostAre(paths, (name) => canvasName.test(name)),
  submissions(files) {
    const read = files.flatMap((listed) => {
      const groups = canvasName.exec(listed.path)?.groups;
      return groups ? { listed, path: listed.path, groups } : [];
    });
    const ownerFacts = read.map(({ listed, path, groups }): OwnerFacts => {
      const numbered = groups.late === undefined ? numberedIn(path, groups.user) : undefined;
      const { name = '', late, anonymous, user = '', file, typed } = numbered ?? groups;
      const typedAs = typed === 'link' ? 'a link' : 'text';
      return {
        name: anonymous === undefined ? `${name}_${user}` : `anon_${anonymous}`,
        owner: anonymous === undefined ? { userId: user, name: name || undefined } : {},
        part: file === undefined ? typedAs : { ...listed, ...asUploaded(file) },
        isLate: late !== undefined,
        returnsAs: file && path.slice(0, -file.length),
      };
    });
    return collected(ownerFacts);
  },
};

/**
 * Canvas numbers users and attachments across a whole site, so a short number before two long ones is part of a
 * name.
 */
function numberedIn(path: string, first = ''): Record<string, string> | undefined {
  const groups = canvasNumbered.exec(path)?.groups;
  const { user = '', attachment = '' } = groups ?? {};
  return user.length > first.length && attachment.length >= user.length ? groups : undefined;
}

/**
 * Splits off the number that Canvas adds to a file that is handed in again, as in `boxes-1.ts`; the numbers count
 * up.
 */
function asUploaded(file: string): Pick<ListedFile, 'path' | 'order'> {
  const [, name = '', number = '', end = ''] = /^(.+)-(\d{1,3})(\.[^.]+)$/.exec(file) ?? [];
  return name === '' ? { path: file, order: 0 } : { path: `${name}${end}`, order: Number(number) };
}

/**
 * `<name>_<number>_assignsubmission_file/…`, with one more underscore in older versions; or this as a prefix of
 * each file.
 */
const moodleName =
  /^(?<name>[^/]*?)(?:_(?<id>\d+))?_assignsubmission_(?<plugin>file|onlinetext)(?:_?\/|_)(?<file>.+)$/;

/** A folder or a prefix for each student or team. It does not say whether a number is a participant's or a team's. */
const moodleDownload: Format = {
  id: 'moodle',
  title: 'Moodle',
  detect: (paths) => mostAre(paths, (name) => /_assignsubmission_(?:file|onlinetext)(?:_|$)/.test(name)),
  submissions(files) {
    const ownerFacts = files.flatMap((listed): OwnerFacts[] => {
      const groups = moodleName.exec(listed.path)?.groups;
      if (!groups) return [];
      const { name = '', id, plugin, file = '' } = groups;
      const part = plugin === 'file' ? { ...listed, path: file } : 'text';
      return [{ name: id === undefined ? name : `${name}_${id}`, owner: { name, participant: id }, part }];
    });
    return collected(ownerFacts);
  },
};

const gradescopeMetadata = 'submission_metadata.yml';

/** `submission_<number>/…`, and a metadata file that says who handed in which. */
const gradescopeDownload: Format = {
  id: 'gradescope',
  title: 'Gradescope',
  metadata: gradescopeMetadata,
  detect: (paths) => paths.includes(gradescopeMetadata),
  submissions(files, metadata) {
    const byFolder = byFirstStep(files);
    return [...entriesOf(read(metadata))].map(([name, about]) => {
      const submitters = entriesOf(entriesOf(about).get(':submitters'));
      const owners = [...submitters.values()].map((submitter): Owner => {
        const field = (key: string) => textAt(submitter, key) || undefined;
        return { email: field(':email'), studentId: field(':sid'), name: field(':name') };
      });
      const inside = byFolder.get(name) ?? [];
      return {
        name,
        owners,
        files: inside,
        remarks: [],
        lost: inside.length === 0 ? notExported : undefined,
        submittedAt: timestampOf(textAt(about, ':created_at')),
      };
    });
  },
};

const notExported = message(
  'file/not-exported',
  'The export names this submission but does not contain it. Download it again.',
);

/**
 * Parses `2026-10-01 12:00:00.123456000 Z`, or a time with another offset from UTC; undefined if it is not a time.
 */
function timestampOf(text: string): number | undefined {
  const [, day, time, zone = ''] =
    /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)? ?(Z|UTC|[+-]\d{2}:?\d{2})$/.exec(text) ?? [];
  const moment = Date.parse(`${day}T${time}${zone.replace('UTC', 'Z')}`);
  return Number.isNaN(moment) ? undefined : moment;
}

/**
 * Parses the metadata. Every scalar is a string, because a number such as 0899 is a student's id and not a
 * quantity.
 *
 * @throws {GraderError} if it is not YAML.
 */
function read(metadata: string): unknown {
  try {
    return parse(metadata, { schema: 'failsafe', maxAliasCount: 10_000, logLevel: 'error' });
  } catch (error) {
    const [said] = messageOf(error).split('\n');
    const advice = 'Download it again. Nothing was graded.';
    throw new GraderError(
      'folder',
      'metadata-unreadable',
      `${gradescopeMetadata} cannot be read: ${said} ${advice}`,
    );
  }
}

/** Returns the entries of a mapping or a list, by key. */
function entriesOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

function textAt(value: unknown, key: string): string {
  const found = entriesOf(value).get(key);
  return typeof found === 'string' ? found : '';
}

/** A zip for each student, named after its owner. A zipball of a repository wraps everything in one folder. */
const classroom50Download: Format = {
  id: 'classroom50',
  title: 'Classroom 50',
  detect: (paths) => mostAre(paths, (name) => isArchive(name)),
  submissions: byLabel,
};

/** A folder for each student, with the login in its name. */
const folders: Format = { id: 'folders', title: 'folder', detect: () => true, submissions: byLabel };

/** Finds a folder or an archive for each student, named after the student. */
function byLabel(files: readonly ListedFile[]): Packed[] {
  const inFolders = byFirstStep(files);
  const archives = files.filter(({ path }) => !path.includes('/') && isArchive(path));
  const labelled = [
    ...[...inFolders].map(([name, inside]) => ({ name, label: name, files: inside })),
    ...archives.map((file) => {
      const label = file.path.replace(/\.zip$/i, '');
      return { name: inFolders.has(label) ? file.path : label, label, files: [file] };
    }),
  ];
  return labelled.map(({ label, ...rest }) => ({ ...rest, owners: [{ label }], remarks: [] }));
}

/** All formats, the most distinctive first. */
export const formats: readonly Format[] = [
  gradescopeDownload,
  moodleDownload,
  canvasDownload,
  classroom50Download,
  folders,
];

/** Whether most top-level names of a download pass a test. */
function mostAre(paths: readonly string[], is: (name: string) => boolean): boolean {
  const names = [...new Set(paths.map((path) => path.split('/')[0] ?? ''))];
  return names.filter(is).length * 2 > names.length;
}

/** Groups files by top-level folder. Files at the top level belong to nobody and are left out. */
function byFirstStep(files: readonly ListedFile[]): Map<string, ListedFile[]> {
  const below = files.flatMap((listed) => {
    const [folder = '', ...steps] = listed.path.split('/');
    return steps.length === 0 ? [] : [{ folder, file: { ...listed, path: steps.join('/') } }];
  });
  const byFolder = groupBy(below, ({ folder }) => folder);
  return new Map([...byFolder].map(([folder, all]) => [folder, all.map(({ file }) => file)]));
}
