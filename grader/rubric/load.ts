import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import { kinds } from '../kinds/registry';
import type { AnswerFields, ColumnFile, RowFile, RubricFile, TableFile } from './file.schema';
import { equationsOf, LawError } from './laws';
import { hasMomentForm, isTimeZone, momentOf } from './moment';
import { cellKind, gridOf, possiblePoints, type Rubric, rubricOf, tableOf } from './rubric';
import schema from './rubric.schema.json';
import { wordingOf } from './wording';
import { type Fault, type FaultPath, suggestion, YamlFile } from './yaml-file';

/** Like `loadRubricFile`, but returns the rubric in the form that the grader works with. */
export function loadRubric(courseRoot: string): Rubric {
  return rubricOf(loadRubricFile(courseRoot));
}

/**
 * Reads the `rubric.yaml` of a course.
 *
 * @throws {GraderError} that lists all faults at once, each with its line and column, the line itself, the value found
 *   and how to correct it.
 */
export function loadRubricFile(courseRoot: string): RubricFile {
  return parseFile(readRubric(courseRoot));
}

/**
 * Reads a rubric that a release wrote, in half the time: the release checked everything in it, and a sealed key opens
 * for no other rubric. Without such a key, checks the rubric again.
 *
 * @throws if it is not a rubric that a release wrote.
 */
export function loadReleasedRubric(courseRoot: string): Rubric {
  const text = readRubric(courseRoot);
  const rubric = rubricOf(new YamlFile(fileName, text).toValue() as RubricFile);
  return rubric.selfCheck === 'scored' ? rubric : parseRubric(text);
}

const fileName = 'rubric.yaml';

function readRubric(courseRoot: string): string {
  const file = path.join(courseRoot, fileName);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is missing' : `cannot be read: ${error}`;
    throw new GraderError(
      'rubric',
      'rubric-unreadable',
      `${file} ${reason}. It lists the assignment’s rows, points and questions.`,
    );
  }
}

/** Like `loadRubric`, for text that was already read. */
export function parseRubric(text: string): Rubric {
  return rubricOf(parseFile(text));
}

function parseFile(text: string): RubricFile {
  const source = new YamlFile(fileName, text);
  const file = source.toValue();
  const { faults, keepsForm } = source.faultsOf(schema, file);
  if (keepsForm) faults.push(...checkNames(file as RubricFile));
  if (faults.length === 0) faults.push(...checkLaws(file as RubricFile), ...checkSum(file as RubricFile));
  if (faults.length > 0) throw source.error(faults);
  return file as RubricFile;
}

/** Finds faults that a schema cannot express: names that occur twice, and invalid references. */
function checkNames(file: RubricFile): Fault[] {
  const { tables, reflection, deadline } = file;
  const faults: Fault[] = [
    ...repeated(tables.map((table, index) => ({ id: table.export, at: ['tables', index, 'export'] }))),
    ...repeated(
      tables.flatMap((table, index) =>
        table.repeats === undefined
          ? gridOf(table).rows.map(({ id }, row) => ({ id, at: ['tables', index, 'rows', row, 'id'] }))
          : [],
      ),
    ),
    ...tables.flatMap((table, index) =>
      table.repeats === undefined
        ? checkTable(table, ['tables', index])
        : checkRepeating(table, table.repeats, file, ['tables', index]),
    ),
    ...tables.flatMap((table, index) => checkMarks(table, file, ['tables', index])),
    ...(reflection
      ? repeated(
          reflection.questions.map(({ id }, index) => ({ id, at: ['reflection', 'questions', index, 'id'] })),
        )
      : []),
    ...(reflection ? alike(reflection) : []),
  ];
  if (reflection && reflection.choose > reflection.questions.length) {
    faults.push({
      at: ['reflection', 'choose'],
      text: `choose is ${reflection.choose}, but there are ${reflection.questions.length} questions; write at most that many.`,
    });
  }
  if (reflection?.file === file.file) {
    faults.push({
      at: ['reflection', 'file'],
      text: 'The reflection needs a file of its own; the tables are in this one.',
    });
  }
  if (deadline) faults.push(...unreal(deadline));
  if (file.solution === 'after_due' && deadline && deadline.late?.until === undefined)
    faults.push({
      at: ['solution'],
      text: 'solution is after_due, but late work counts without end; write until under late, after which the answers may be told.',
    });
  return faults;
}

function checkLaws(file: RubricFile): Fault[] {
  const { laws = [] } = file;
  return laws.flatMap(({ law, because }, index) => {
    const faults: Fault[] = /\p{N}/u.test(because)
      ? [
          {
            at: ['laws', index, 'because'],
            text: 'because holds a number; students read it, so say it in words.',
          },
        ]
      : [];
    try {
      equationsOf(
        law,
        file.tables.map((table) => tableOf(table, file)),
      );
    } catch (error) {
      if (!(error instanceof LawError)) throw error;
      faults.push({ at: ['laws', index, 'law'], text: `This law is not understood: ${error.message}.` });
    }
    return faults;
  });
}

function checkSum(file: RubricFile): Fault[] {
  const sum = possiblePoints(file);
  if (file.possible === undefined || file.possible === sum) return [];
  return [
    {
      at: ['possible'],
      text: `possible is ${file.possible}, but all points add up to ${sum}; write ${sum}, or leave it out.`,
    },
  ];
}

/** Names that TypeScript does not allow for a const, among those that an id can have. */
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export ' +
    'extends false finally for function if implements import in instanceof interface let new null package ' +
    'private protected public return static super switch this throw true try typeof var void while with yield ' +
    'undefined console exports require module'
  ).split(' '),
);

function checkTable(table: TableFile, at: FaultPath): Fault[] {
  const { export: name } = table;
  const missing = (['rows', 'columns'] as const).filter((part) => table[part] === undefined);
  if (missing.length > 0)
    return [{ at, text: `A table needs ${missing.join(' and ')}, or repeats: the export of another table.` }];
  for (const part of ['rows', 'columns'] as const) {
    const index = table[part]?.findIndex((item) => typeof item === 'string') ?? -1;
    if (index >= 0)
      return [{ at: [...at, part, index], text: 'An id alone stands only in a table that repeats another.' }];
  }
  const { rows, columns } = gridOf(table);
  const faults = repeated(columns.map(({ id }, index) => ({ id, at: [...at, 'columns', index, 'id'] })));
  for (const [index, column] of columns.entries())
    faults.push(...checkCell(column, column, [...at, 'columns', index]));
  for (const [index, row] of rows.entries()) faults.push(...checkRow(row, columns, [...at, 'rows', index]));
  if (reserved.has(name))
    faults.push({ at: [...at, 'export'], text: `${name} is a word of the language; choose another name.` });
  return faults;
}

/** Checks that a table repeats rows and columns that there are. */
function checkRepeating(table: TableFile, repeats: string, { tables }: RubricFile, at: FaultPath): Fault[] {
  const others = tables.filter((other) => other.repeats === undefined);
  const base = others.find((other) => other.export === repeats);
  if (!base)
    return [
      {
        at: [...at, 'repeats'],
        text: `There is no table ${repeats}; ${suggestion(
          repeats,
          others.map((other) => other.export),
        )}.`,
      },
    ];
  const all = gridOf(base);
  return (['rows', 'columns'] as const).flatMap((part) => {
    const known = all[part].map(({ id }) => id);
    const asked = table[part] ?? [];
    return [
      ...asked.flatMap((id, index) =>
        typeof id === 'string' && known.includes(id)
          ? []
          : [
              {
                at: [...at, part, index],
                text:
                  typeof id === 'string'
                    ? `There is no ${id} in ${repeats}; ${suggestion(id, known)}.`
                    : `This table repeats ${repeats}: write the id of one of its ${part} alone.`,
              },
            ],
      ),
      ...repeated(asked.map((id, index) => ({ id: String(id), at: [...at, part, index] }))),
    ];
  });
}

/** Checks what is stated in a table of other sizes, and that marks that come late are worth no points. */
function checkMarks(table: TableFile, file: RubricFile, at: FaultPath): Fault[] {
  const { given, marks, points } = table;
  const names = Object.keys(file.given ?? {});
  return [
    ...Object.keys(given ?? {}).flatMap((name) =>
      // A student's copy states only the sizes of this table.
      names.includes(name) || !file.given
        ? []
        : [
            {
              at: [...at, 'given', name],
              text: `There is no ${name} in given; it has ${names.join(', ') || 'nothing'}.`,
            },
          ],
    ),
    ...(marks && points > 0
      ? [{ at: [...at, 'points'], text: 'A table with marks: complete is worth no points; write points: 0.' }]
      : []),
    ...(marks && table !== file.tables.at(-1)
      ? [{ at: [...at, 'marks'], text: 'Only the last table can have marks: complete.' }]
      : []),
  ];
}

function checkRow({ cells = {} }: RowFile, columns: readonly ColumnFile[], at: FaultPath): Fault[] {
  const faults: Fault[] = [];
  const known = columns.map(({ id }) => id);
  for (const [id, cell] of Object.entries(cells)) {
    const column = columns.find((candidate) => candidate.id === id);
    const place = [...at, 'cells', id];
    if (!column) {
      const text = `cells has no column "${id}"; ${suggestion(id, known)}.`;
      faults.push({ at: [...at, 'cells', { key: id }], text });
    } else if (cell.void) {
      const others = Object.keys(cell).filter((name) => name !== 'void');
      const text = `${others.join(' and ')} beside void: this row does not have the cell. Take void or the rest away.`;
      if (others[0] !== undefined) faults.push({ at: [...place, { key: others[0] }], text });
    } else faults.push(...checkCell(cell, column, place));
  }
  if (known.every((id) => cells[id]?.void))
    faults.push({ at, text: 'Every cell of this row is void; keep one, or take the row away.' });
  return faults;
}

/** Checks the answer settings of a cell or a column. */
function checkCell(
  own: AnswerFields & { readonly ask?: string },
  column: AnswerFields,
  at: FaultPath,
): Fault[] {
  const { kind: id, settings } = cellKind(own, column);
  const kind = kinds.find((candidate) => candidate.id === id);
  if (!kind) return [];
  const faults: Fault[] = [];
  if (own.ask !== undefined && /\p{N}/u.test(own.ask)) {
    faults.push({
      at: [...at, 'ask'],
      text: 'ask holds a number; students read it beside every wrong cell, so give a direction and no number.',
    });
  }
  for (const other of kinds.flatMap(({ id: of, settings: names }) =>
    Object.keys(names).map((name) => ({ of, name })),
  )) {
    if (own[other.name] !== undefined && !(other.name in kind.settings))
      faults.push({
        at: [...at, { key: other.name }],
        text: `${other.name} is not a setting of ${id}; write kind: ${other.of} beside it, or take it away.`,
      });
  }
  const missing = kind.required.filter((name) => settings[name] === undefined);
  for (const name of missing)
    faults.push({
      at: [...at, { key: 'kind' }],
      text: `${id} needs ${name}: ${kind.settings[name]?.description}.`,
    });
  if (missing.length > 0) return faults;
  const kindFaults = kind.faults?.(settings) ?? [];
  return [...faults, ...kindFaults.map(({ setting, text }) => ({ at: [...at, setting], text }))];
}

function unreal({ due, late, timezone }: NonNullable<RubricFile['deadline']>): Fault[] {
  if (timezone !== undefined && !isTimeZone(timezone))
    return [
      {
        at: ['deadline', 'timezone'],
        text: `${timezone} is no time zone; write one of IANA's names, such as America/New_York.`,
      },
    ];
  const until = late?.until;
  const moments = [
    { name: 'due', moment: due, at: ['deadline', 'due'] },
    ...(until === undefined ? [] : [{ name: 'until', moment: until, at: ['deadline', 'late', 'until'] }]),
  ];
  const faults = moments
    .filter(({ moment }) => hasMomentForm(moment) && momentOf(moment, timezone) === undefined)
    .map(({ name, moment, at }) => ({
      at,
      text:
        momentOf(moment, 'UTC') === undefined
          ? `${name} is ${moment}, a date that does not exist; write one that the calendar has.`
          : `${name} does not say in which time zone it is; write timezone under deadline, or an offset such as -05:00.`,
    }));
  const [dueAt = 0, untilAt = Number.POSITIVE_INFINITY] = moments.map(({ moment }) =>
    momentOf(moment, timezone),
  );
  if (untilAt >= dueAt || faults.length > 0) return faults;
  return [
    { at: ['deadline', 'late', 'until'], text: `until is earlier than due; write a moment after ${due}.` },
  ];
}

/** Questions are told apart by their letters and digits, so each needs some, and no two may have the same. */
function alike({ questions, dispute }: NonNullable<RubricFile['reflection']>): Fault[] {
  const last = dispute === undefined ? [] : [{ label: dispute, at: ['reflection', 'dispute'] }];
  const all = [
    ...questions.map(({ label }, index) => ({ label, at: ['reflection', 'questions', index, 'label'] })),
    ...last,
  ];
  const wordings = all.map(({ label }) => wordingOf(label));
  return all.flatMap(({ label, at }, index) => {
    const earlier = wordings.indexOf(wordings[index] ?? '');
    if (wordings[index] === '')
      return [{ at, text: `"${label}" holds no letter; write the question in words.` }];
    if (earlier === index) return [];
    return [
      {
        at,
        text: `"${label}" has the same words as question ${earlier + 1}; responses to the two could not be told apart.`,
      },
    ];
  });
}

function repeated(items: readonly { readonly id: string; readonly at: FaultPath }[]): Fault[] {
  return items.flatMap(({ id, at }, index) =>
    items.findIndex((other) => other.id === id) < index
      ? [{ at, text: `The id "${id}" is taken already; give each its own.` }]
      : [],
  );
}
