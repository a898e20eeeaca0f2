import { momentOf, type RubricFile } from './file.schema';
import { wordingOf } from './wording';

/** Keys and list positions from the top of the file; a last `{ key }` means the key itself. */
export type FaultPath = (string | number | { key: string })[];

export interface Fault {
  at: FaultPath;
  text: string;
}

/** What a schema cannot say: names that occur twice, sums and references that do not hold. */
export function checkSums({ table, reflection, deadline, possible }: RubricFile): Fault[] {
  const faults: Fault[] = [
    ...repeated(table.rows, ['table', 'rows']),
    ...repeated(table.columns, ['table', 'columns']),
    ...(reflection ? repeated(reflection.questions, ['reflection', 'questions']) : []),
    ...(reflection ? alike(reflection.questions) : []),
  ];
  for (const [index, { ask = '' }] of table.columns.entries()) {
    if (/\p{N}/u.test(ask)) {
      faults.push({
        at: ['table', 'columns', index, 'ask'],
        text: 'ask holds a number; students read it beside every wrong cell, so give a direction and no number.',
      });
    }
  }
  if (table.orientation !== undefined && table.columns.length !== 2) {
    faults.push({
      at: ['table', 'orientation'],
      text: `An orientation makes sense for two columns, and there are ${table.columns.length}; take it away.`,
    });
  }
  if (reflection && reflection.choose > reflection.questions.length) {
    faults.push({
      at: ['reflection', 'choose'],
      text: `choose is ${reflection.choose}, but there are ${reflection.questions.length} questions; write at most that many.`,
    });
  }
  if (reflection?.file === table.file) {
    faults.push({
      at: ['reflection', 'file'],
      text: 'The reflection needs a file of its own; the table is in this one.',
    });
  }
  if (deadline) faults.push(...unreal(deadline));
  const cells = table.rows.reduce((sum, row) => sum + (row.points ?? table.points) * table.columns.length, 0);
  const responses = reflection ? reflection.choose * reflection.points : 0;
  if (possible !== cells + responses) {
    faults.push({
      at: ['possible'],
      text: `possible is ${possible}, but the cells give ${cells} and the reflection ${responses}; write ${cells + responses}.`,
    });
  }
  return faults;
}

function unreal({ due, cutoff, submission, tags }: NonNullable<RubricFile['deadline']>): Fault[] {
  if (tags && submission !== 'tag')
    return [
      {
        at: ['deadline', { key: 'tags' }],
        text: 'tags counts only where tags hand in work; write submission: tag beside it, or take it away.',
      },
    ];
  const faults = Object.entries({ due, ...(cutoff !== undefined && { cutoff }) })
    .filter(([, moment]) => momentOf(moment) === undefined)
    .map(([name, moment]) => ({
      at: ['deadline', name],
      text: `${name} is ${moment}, a date that does not exist; write one that the calendar has.`,
    }));
  if (cutoff === undefined || Date.parse(cutoff) >= Date.parse(due) || faults.length > 0) return faults;
  return [{ at: ['deadline', 'cutoff'], text: `cutoff is earlier than due; write a moment after ${due}.` }];
}

/** Questions are told by their letters and digits, so each needs some, and others than the rest. */
function alike(questions: readonly { label: string }[]): Fault[] {
  const wordings = questions.map(({ label }) => wordingOf(label));
  return questions.flatMap(({ label }, index) => {
    const at = ['reflection', 'questions', index, 'label'];
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

function repeated(items: readonly { id: string }[], at: FaultPath): Fault[] {
  return items.flatMap(({ id }, index) =>
    items.findIndex((other) => other.id === id) < index
      ? [{ at: [...at, index, 'id'], text: `The id "${id}" is taken already; give each its own.` }]
      : [],
  );
}
