import { parse } from 'yaml';
import { GraderError, messageOf } from '../../../error';
import { groupBy } from '../../../key/group-by';
import { type Message, message } from '../../../message';
import { archiveEnd, archiveForm, type Entry } from '../../../submission/container';

/** Who handed something in, as far as a download tells. */
export interface Owner {
  /** The name of a folder or an archive: it holds a login, an id, an e-mail address or a group, maybe after a prefix. */
  readonly label?: string;
  /** The host's own number for a user. */
  readonly userId?: string;
  /** Moodle's number of a participant of one assignment. */
  readonly participant?: string;
  readonly studentId?: string;
  readonly email?: string;
  readonly name?: string;
}

/** An entry, and its path below the download or the submission that it is a part of. */
export interface Part {
  readonly entry: Entry;
  readonly path: string;
  /** Of parts with one path: what has a higher number was handed in later. */
  readonly order?: number;
}

/** One submission as a download has it, before its files are read. */
export interface Handed {
  /** What it is called there; unique in the download. */
  readonly name: string;
  /** Several where a team handed it in and the host says who they are. */
  readonly owners: readonly Owner[];
  readonly parts: readonly Part[];
  readonly remarks: readonly Message[];
  /** Why nothing of it is there, though it was handed in. */
  readonly lost?: Message;
  /** When it was handed in, in milliseconds since 1970, where the host says so. */
  readonly submitted?: number;
  /** How a file that goes back to this student has to be called, up to its own name. */
  readonly returnsAs?: string;
}

/** A way in which a host packs a class. */
export interface Format {
  readonly id: string;
  /** As in `a Moodle download`. */
  readonly title: string;
  /** Whether the names of a download look like this host's. */
  detect(paths: readonly string[]): boolean;
  /** The file that is needed to tell whose the entries are. */
  readonly metadata?: string;
  /** @param metadata the text of that file. */
  submissions(parts: readonly Part[], metadata: string): Handed[];
}

/** What is collected of a submission whose entries do not follow each other. */
interface Collected {
  readonly owners: readonly Owner[];
  readonly parts: Part[];
  readonly remarks: Message[];
  returnsAs?: string;
}

/** `<name>[_LATE]_<user id>_<attachment id>_<file>`; text and link entries have no attachment. */
const canvasName =
  /^(?:(?<name>[^/]*?)_)?(?<late>LATE_)?(?:anon_(?<anonymous>[A-Za-z0-9]+)|(?<user>\d+))_(?:(?<attachment>\d+)_(?<file>[^/]+)|(?<typed>text|link)\.html)$/;

/** The same of the user 7001 whose name ends in `_2`: `berg_2_7001_9001_answers.ts` */
const canvasNumbered = /^(?<name>[^/]*?_\d+)_(?<user>\d+)_(?<attachment>\d+)_(?<file>[^/]+)$/;

/** A flat list of files. What is anonymous has a number that no roster knows. */
const canvas: Format = {
  id: 'canvas',
  title: 'Canvas',
  detect: (paths) => most(topNames(paths), (name) => canvasName.test(name)),
  submissions(parts) {
    const found = new Map<string, Collected>();
    const read = parts.flatMap((part) => {
      const groups = canvasName.exec(part.path)?.groups;
      return groups ? { ...part, groups } : [];
    });
    const place = ({ name, user, attachment }: (typeof read)[number]['groups']) =>
      `${name}_${user}_${attachment}`;
    const byPlace = groupBy(read, ({ groups }) => place(groups));
    for (const { entry, path, groups } of read) {
      // Nobody hands in one attachment twice: where its number is there again, it is the user's.
      const isTwice = groups.late === undefined && (byPlace.get(place(groups))?.length ?? 0) > 1;
      const numbered = isTwice ? canvasNumbered.exec(path)?.groups : undefined;
      const { name = '', late, anonymous, user = '', file, typed } = numbered ?? groups;
      const key = anonymous === undefined ? `${name}_${user}` : `anon_${anonymous}`;
      const owner = anonymous === undefined ? { userId: user, ...(name && { name }) } : {};
      const known: Collected = found.get(key) ?? { owners: [owner], parts: [], remarks: [] };
      found.set(key, known);
      if (late !== undefined && known.parts.length === 0) known.remarks.push(markedLate('Canvas'));
      if (typed !== undefined) known.remarks.push(typedIn(typed === 'link' ? 'a link' : 'text'));
      if (file === undefined) continue;
      known.parts.push({ entry, ...asUploaded(file) });
      known.returnsAs ??= path.slice(0, -file.length);
    }
    return [...found].map(([name, rest]) => ({ name, ...rest }));
  },
};

/** Canvas calls a file that is handed in again `boxes-1.ts`; the numbers count up. */
function asUploaded(file: string): Pick<Part, 'path' | 'order'> {
  const [, name = '', number = '', end = ''] = /^(.+)-(\d{1,3})(\.[^.]+)$/.exec(file) ?? [];
  return name === '' ? { path: file, order: 0 } : { path: `${name}${end}`, order: Number(number) };
}

function markedLate(host: string): Message {
  const text = `${host} marks this as late. How late it is does not stand in the download, so it costs nothing here.`;
  return message('download/late', text);
}

function typedIn(what: string): Message {
  return message(
    'download/typed',
    `This was handed in as ${what}, and not as a file, so nothing of it is graded. Ask for the files.`,
  );
}

/** `<name>_<number>_assignsubmission_file/…`, an underscore more in older ones; or the same before each file. */
const moodleName =
  /^(?<name>[^/]*?)(?:_(?<id>\d+))?_assignsubmission_(?<plugin>file|onlinetext)(?:_?\/|_)(?<file>.+)$/;

/** A folder or a prefix for each student or team; whether a number is a participant's or a team's it does not say. */
const moodle: Format = {
  id: 'moodle',
  title: 'Moodle',
  detect: (paths) =>
    most(topNames(paths), (name) => /_assignsubmission_(?:file|onlinetext)(?:_|$)/.test(name)),
  submissions(parts) {
    const found = new Map<string, Collected>();
    for (const { entry, path } of parts) {
      const groups = moodleName.exec(path)?.groups;
      if (!groups) continue;
      const { name = '', id, plugin, file = '' } = groups;
      const key = id === undefined ? name : `${name}_${id}`;
      const owner = { name, ...(id !== undefined && { participant: id }) };
      const known: Collected = found.get(key) ?? { owners: [owner], parts: [], remarks: [] };
      found.set(key, known);
      if (plugin === 'file') known.parts.push({ entry, path: file });
      else known.remarks.push(typedIn('text'));
    }
    return [...found].map(([name, rest]) => ({ name, ...rest }));
  },
};

const gradescopeMetadata = 'submission_metadata.yml';

/** `submission_<number>/…`, and a table of who handed in which. */
const gradescope: Format = {
  id: 'gradescope',
  title: 'Gradescope',
  metadata: gradescopeMetadata,
  detect: (paths) => paths.includes(gradescopeMetadata),
  submissions(parts, metadata) {
    const table = recordOf(read(metadata));
    const byFolder = byFirstStep(parts);
    return Object.entries(table).map(([name, content]) => {
      const about = recordOf(content);
      const submitters: unknown = about[':submitters'];
      const owners = (Array.isArray(submitters) ? submitters : []).map((submitter): Owner => {
        const [email, studentId, called] = [':email', ':sid', ':name'].map((field) =>
          textOf(recordOf(submitter)[field]),
        );
        return {
          ...(email && { email }),
          ...(studentId && { studentId }),
          ...(called && { name: called }),
        };
      });
      const submitted = momentOf(textOf(about[':created_at']));
      const parts = byFolder.get(name) ?? [];
      return {
        ...{ name, owners, parts, remarks: [] },
        ...(parts.length === 0 && { lost: notExported }),
        ...(submitted !== undefined && { submitted }),
      };
    });
  },
};

const notExported = message(
  'file/not-exported',
  'The export names this submission, and has nothing of it. Download it again.',
);

/** `2026-10-01 12:00:00.123456000 Z`, or with another offset from UTC; undefined for what is no moment. */
function momentOf(text: string): number | undefined {
  const [, day, time, zone = ''] =
    /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)? ?(Z|UTC|[+-]\d{2}:?\d{2})$/.exec(text) ?? [];
  const moment = Date.parse(`${day}T${time}${zone.replace('UTC', 'Z')}`);
  return Number.isNaN(moment) ? undefined : moment;
}

/**
 * Every scalar is a text: a number such as 0899 is one of a student, and no quantity.
 *
 * @throws {GraderError} where it is no YAML.
 */
function read(metadata: string): unknown {
  try {
    return parse(metadata, { schema: 'failsafe', maxAliasCount: 10_000, logLevel: 'error' });
  } catch (error) {
    const [said] = messageOf(error).split('\n');
    throw new GraderError(
      'folder',
      `${gradescopeMetadata} cannot be read: ${said} Download it again. Nothing was graded.`,
    );
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A zip for each student, called as its owner is; a zipball of a repository has one folder around all. */
const classroom50: Format = {
  id: 'classroom50',
  title: 'Classroom 50',
  detect: (paths) => most(topNames(paths), (name) => archiveForm(name) !== undefined),
  submissions: byLabel,
};

/** A folder for each student, whose name holds the login. */
const folders: Format = {
  id: 'folders',
  title: 'folder',
  detect: () => true,
  submissions: byLabel,
};

/** A folder or an archive for each student, named by the student. */
function byLabel(all: readonly Part[]): Handed[] {
  const folders = byFirstStep(all);
  const archives = all.flatMap((part) => {
    if (part.path.includes('/') || archiveForm(part.path) === undefined) return [];
    const label = part.path.replace(archiveEnd, '');
    return [{ name: folders.has(label) ? part.path : label, label, parts: [part] }];
  });
  return [...[...folders].map(([name, parts]) => ({ name, label: name, parts })), ...archives].map(
    ({ name, label, parts }) => ({ name, owners: [{ label }], parts, remarks: [] }),
  );
}

/** The most telling come first. */
export const formats: readonly Format[] = [gradescope, moodle, canvas, classroom50, folders];

/** The names at the top of a download. */
function topNames(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.split('/')[0] ?? ''))];
}

function most(names: readonly string[], is: (name: string) => boolean): boolean {
  return names.filter(is).length * 2 > names.length;
}

/** What lies in each folder at the top; files there are nobody's. */
function byFirstStep(parts: readonly Part[]): Map<string, Part[]> {
  const below = parts.filter(({ path }) => path.includes('/'));
  const groups = groupBy(below, ({ path }) => path.slice(0, path.indexOf('/')));
  return new Map(
    [...groups].map(([name, inside]) => [
      name,
      inside.map(({ entry, path }) => ({ entry, path: path.slice(name.length + 1) })),
    ]),
  );
}
