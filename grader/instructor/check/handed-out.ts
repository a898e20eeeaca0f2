import { statSync } from 'node:fs';
import path from 'node:path';
import { cellId } from '../../answers/answers';
import { readAnswers } from '../../answers/cells';
import type { Rubric } from '../../rubric/rubric';
import { readReflection } from '../../submission/reflection';
import type { Course } from '../course';
import { at, readFile } from '../files';
import { handoutFile, readHandout } from '../handout';
import { linkedFiles, linkedWorkflows } from '../links';
import { broken, type Check, type Finding } from './check';
import { typesOfStub } from './types';

export const table: Check = {
  promise: 'Stub, types and handout name the rows and columns of the rubric',
  find: (course) => [...stubTable(course), ...typesOfStub(course), ...handoutTable(course)],
};

function stubTable({ root, rubric }: Course): Finding[] {
  const { file, rows, cells } = rubric.table;
  const text = readFile(root, file);
  const reads = readAnswers(text, rubric.table).cells;
  const places = cells.map(({ row, column }) => ({ row, column, at: reads.get(cellId(row, column))?.at }));
  const missing = places.filter((place) => !place.at);
  const positions = places.flatMap((place) => (place.at ? place.at.line * 10_000 + place.at.column : []));
  const isInOrder = positions.every(
    (position, index) => index === 0 || position > (positions[index - 1] ?? 0),
  );
  return [
    ...missing.map(({ row, column }) => broken(`${file} has no cell ${row}, ${column}. Add it, with null.`)),
    ...(isInOrder
      ? []
      : [broken(`${file} has its cells in another order than rubric.yaml. Put them in that order.`)]),
    ...unlabelled(text, rows).map((label) =>
      broken(`${file} does not say ${label} in its place. Write it in a comment above its row.`),
    ),
    ...(text.split('TODO').length === 2 ? [] : [broken(`${file} should say in one TODO what to do.`)]),
  ];
}

/** Labels that a text does not say, or says in another order. */
function unlabelled(text: string, rows: readonly { label: string }[]): string[] {
  let from = 0;
  return rows.flatMap(({ label }) => {
    const found = text.indexOf(label, from);
    if (found === -1) return label;
    from = found + label.length;
    return [];
  });
}

function handoutTable({ root, rubric }: Course): Finding[] {
  const { rows, columns } = rubric.table;
  const wanted = rows.map(({ label }) => label);
  const { tables } = readHandout(readFile(root, handoutFile));
  const worksheet = tables.find(
    (table) => table.rows.map(([label]) => label).join('\n') === wanted.join('\n'),
  );
  if (!worksheet) {
    const text = `${handoutFile} has no table with the rows of rubric.yaml, in that order: ${wanted.join(' · ')}.`;
    return [broken(text)];
  }
  const heads = columns.map(({ label }) => label);
  const isHeaded = worksheet.head.slice(1).join('\n') === heads.join('\n');
  const filled = worksheet.rows.filter((row) => row.slice(1).join('') !== '');
  return [
    ...(isHeaded ? [] : [broken(`${handoutFile}: the table should have the columns ${heads.join(' · ')}.`)]),
    ...filled.map(([label]) => broken(`${handoutFile}: the row ${label} should have empty cells.`)),
  ];
}

export const questions: Check = {
  promise: 'Reflection and handout put the questions of the rubric',
  find({ root, rubric: { reflection } }) {
    if (!reflection) return [];
    const { file, questions, placeholder } = reflection;
    const labels = questions.map(({ label }) => label);
    const text = readFile(root, file);
    const headings = readHandout(text).headings.map((heading) => heading.replace(/^\d+\.\s+/, ''));
    const lists = readHandout(readFile(root, handoutFile)).lists;
    return [
      ...(headings.filter((heading) => labels.includes(heading)).join('\n') === labels.join('\n')
        ? []
        : [broken(`${file} should have these headings, in this order: ${labels.join(' · ')}`)]),
      ...unknownIntro(text, reflection).map((line) =>
        broken(
          `${file}:${line}: this would count as a response. Name what stands above the questions in rubric.yaml, under reflection: intro.`,
        ),
      ),
      ...misplacedPlaceholders(text, reflection).map((where) =>
        broken(`${file} should hold the placeholder once ${where}: ${placeholder}`),
      ),
      ...(lists.some((list) => list.join('\n') === labels.join('\n'))
        ? []
        : [broken(`${handoutFile} has no numbered list of the questions: ${labels.join(' · ')}`)]),
    ];
  },
};

/** Lines of the template that would be taken for a student's. */
function unknownIntro(text: string, reflection: NonNullable<Rubric['reflection']>): number[] {
  const { responses, unsorted } = readReflection(text, reflection);
  return responses.size === 0 ? unsorted.map(({ at: { line } }) => line) : [];
}

/** Where a placeholder is not found in its place: what a student writes there has to count for the question. */
function misplacedPlaceholders(text: string, reflection: NonNullable<Rubric['reflection']>): string[] {
  const { placeholder, questions } = reflection;
  if (placeholder === undefined) return [];
  const pieces = text.split(placeholder);
  if (pieces.length !== questions.length + 1) {
    return [`under each of the ${questions.length} questions, and holds it ${pieces.length - 1} times`];
  }
  const isInComment = /<!--\s*$/.test(pieces[0] ?? '');
  const answer = isInComment ? '-->\nAn answer.\n<!--' : 'An answer.';
  return questions
    .filter(({ id }, index) => {
      const [before, after] = [pieces.slice(0, index + 1), pieces.slice(index + 1)];
      const filled = [before.join(placeholder), answer, after.join(placeholder)].join('');
      const answered = [...readReflection(filled, reflection).responses.keys()];
      return answered.join() !== id;
    })
    .map(({ label }) => `under ${label}`);
}

export const numbers: Check = {
  promise: 'Every number that the title and the handout stress is vouched for',
  find({ root, rubric, solution }) {
    const handout = readHandout(readFile(root, handoutFile));
    const bold = handout.bold.map(withoutCommas);
    const given = Object.entries(rubric.given).map(([name, value]) =>
      typeof value === 'string' ? value.replaceAll('-', ' ') : `${value} ${name}`,
    );
    const has = [...given, ...solution.stated];
    const may = [
      `${rubric.table.cells.length} cells`,
      `${rubric.possible} points`,
      ...(rubric.reflection ? [`${rubric.reflection.choose} responses`] : []),
    ];
    const vouched = [...has, ...may];
    const inTitle = rubric.title.match(/[\w.]*\d[\w.]*/g) ?? [];
    return [
      ...has
        .filter((phrase) => !bold.includes(phrase))
        .map((phrase) => broken(`${handoutFile} should state **${phrase}**, in bold.`)),
      ...bold
        .filter((phrase) => /\d/.test(phrase) && !vouched.includes(phrase))
        .map((phrase) =>
          broken(
            `${handoutFile} says **${phrase}**. What stands in bold there has to be one of: ${vouched.join(', ')}.`,
          ),
        ),
      ...inTitle
        .filter((word) => !has.some((phrase) => phrase.split(' ').includes(word)))
        .map((word) => broken(`The title in rubric.yaml says ${word}, which is neither given nor stated.`)),
      ...inPassing(root, rubric, solution.stated),
      ...(handout.pictures.some((picture) => /\d/.test(picture))
        ? [broken(`${handoutFile}: the picture shows a number. Take it out; it could be an answer.`)]
        : []),
    ];
  },
};

/** Numbers in examples of the handout and the stub: `tokens = 100`, where it is given, and divisions. */
function inPassing(root: string, { given, table }: Rubric, stated: readonly string[]): Finding[] {
  return [handoutFile, table.file].flatMap((file) => {
    const text = withoutCommas(readFile(root, file));
    const assigned = Object.entries(given).flatMap(([name, value]) =>
      [...text.matchAll(new RegExp(`\\b${name} = (\\d+)`, 'g'))]
        .filter(([, found]) => found !== String(value))
        .map(([found]) => broken(`${file} says ${found}, and rubric.yaml gives ${value}. Make them agree.`)),
    );
    const divided = [...text.matchAll(/(?<![\w/.])(\d+) ?\/ ?(\d+)(?![\w/.])/g)]
      .filter(([, ...parts]) => stated.length > 0 && !parts.every((part) => stated.includes(part)))
      .map(([found]) => broken(`${file} says ${found}; stated of these are only ${stated.join(', ')}.`));
    return [...assigned, ...divided];
  });
}

function withoutCommas(text: string): string {
  return text.replaceAll(/(?<=\d),(?=\d{3})/g, '');
}

const quiet = { throwIfNoEntry: false } as const;

export const links: Check = {
  promise: "The students' copy has every file that the handout links to",
  find({ root }, copy) {
    const handout = readFile(root, handoutFile);
    const files = linkedFiles(handout, path.posix.dirname(handoutFile));
    const workflows = linkedWorkflows(handout).map((name) => `.github/workflows/${name}`);
    const html = readHandout(handout).html.map((text) =>
      broken(
        `${handoutFile} links in HTML, which cannot be followed or moved: ${text} Write it in Markdown.`,
      ),
    );
    const missing = [...files, ...workflows].filter((file) => !statSync(at(copy, file), quiet)?.isFile());
    return [
      ...html,
      ...missing.map((file) =>
        broken(
          `${handoutFile} links to ${file}, which is not handed out. Take the link away, or put the file beside those that students edit.`,
        ),
      ),
    ];
  },
};
