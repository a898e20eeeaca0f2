import { groupBy } from '../../system/lists';
import { comparableIdentity, type Student, teamOf } from './people';

// Groups and sections: words that mean several students.

/** The groups that a name means, each with its members. In a name typed by hand, upper and lower case may differ. */
export function groupsCalled(name: string, students: readonly Student[]): Student[][] {
  const alike = students.filter(
    ({ group }) => group !== '' && comparableIdentity(group) === comparableIdentity(name),
  );
  const exact = alike.filter(
    ({ group }) => comparableIdentity(group, 'group') === comparableIdentity(name, 'group'),
  );
  return [...groupBy(exact.length > 0 ? exact : alike, teamOf).values()];
}

/** The names in a cell of the roster. Hosts list several: Canvas as `A, B, and C`. */
function namesIn(cell: string): string[] {
  return cell
    .split(/,\s*(?:and\s+)?|\s+and\s+/)
    .map((name) => name.trim())
    .filter(Boolean);
}

/** Whether a cell has this name, alone or in a list. */
function isNamed(cell: string, name: string): boolean {
  const wanted = comparableIdentity(name);
  return [cell, ...namesIn(cell)].some((one) => comparableIdentity(one) === wanted);
}

/** The sections of a class, sorted, each as the first student has it, if there are several; and each student's, by key. */
export function sectionsIn(students: readonly Student[]) {
  const names = students.flatMap(({ section }) => namesIn(section));
  const alike = groupBy(names, (name) => comparableIdentity(name));
  const all = [...alike.values()].map(([name]) => name);
  const sections = all.length < 2 ? [] : all.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const sectionsOf = new Map(
    students.map(({ key, section }) => [key, sections.filter((name) => isNamed(section, name))]),
  );
  return { sections, sectionsOf };
}

/** Students whom a line names together: `section Thursday` or `group 5`. */
export interface NamedTogether {
  readonly as: 'section' | 'group';
  /** What the line says, in the form for comparison. */
  readonly key: string;
  readonly students: readonly Student[];
}

/** The section or group that a word names; in its form for comparison, this is what follows `section` or `group`. */
export function partsOf(word: string): readonly [as: NamedTogether['as'], name: string] | undefined {
  const [, as, name] =
    /^(section|group) (.+)$/i.exec(word.normalize('NFKC').replace(/\s+/g, ' ').trim()) ?? [];
  return as && name ? [as.toLowerCase() as NamedTogether['as'], name] : undefined;
}

/**
 * Finds the students whom a word such as `section Thursday` names together, or says what to write instead.
 *
 * @returns an empty text if it names nobody.
 */
export function namedTogether(word: string, students: readonly Student[]): NamedTogether | string {
  const [as, name] = partsOf(word) ?? [];
  if (!as || !name) return '';
  const named = students.filter((student) => isNamed(student[as], name));
  const places = [...groupBy(named, ({ groupSection }) => comparableIdentity(groupSection)).values()];
  if (as === 'group' && places.length > 1)
    return `the group ${name} is in the sections ${places.map(([first]) => first?.groupSection || 'none').join(' and ')}. Write a line for each of its members.`;
  return named.length === 0 ? '' : { as, key: comparableIdentity(word), students: named };
}
