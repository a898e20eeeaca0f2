import { existsSync } from 'node:fs';
import path from 'node:path';
import { readAnswers } from '../../submission/answers/read';
import { cellId } from '../../submission/submission';
import type { Course } from '../course';
import { at, readFile } from '../files';
import { handoutFile, linkedFiles, linkedWorkflows, readHandout } from '../handout';
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
    ...rows
      .filter(({ label }) => !text.includes(label))
      .map(({ label }) => broken(`${file} does not say ${label}. Write it in a comment above its row.`)),
    ...(text.split('TODO').length === 2 ? [] : [broken(`${file} should say in one TODO what to do.`)]),
  ];
}

function handoutTable({ root, rubric }: Course): Finding[] {
  const { rows, columns } = rubric.table;
  const { tables } = readHandout(readFile(root, handoutFile));
  const labels = (found: (typeof tables)[number]) => found.map(([label]) => label);
  const wanted = rows.map(({ label }) => label);
  const worksheet = tables.find((found) => labels(found).join('\n') === wanted.join('\n'));
  if (!worksheet) {
    return [
      broken(
        `${handoutFile} has no table with the rows of rubric.yaml, in that order: ${wanted.join(' · ')}.`,
      ),
    ];
  }
  const filled = worksheet.filter((row) => row.length !== columns.length + 1 || row.slice(1).join('') !== '');
  return filled.map(([label]) =>
    broken(`${handoutFile}: the row ${label} should have ${columns.length} empty cells.`),
  );
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
      ...(placeholder === undefined || text.split(placeholder).length === questions.length + 1
        ? []
        : [broken(`${file} should hold the placeholder once under each question: ${placeholder}`)]),
      ...(lists.some((list) => list.join('\n') === labels.join('\n'))
        ? []
        : [broken(`${handoutFile} has no numbered list of the questions: ${labels.join(' · ')}`)]),
    ];
  },
};

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
      `${rubric.reflection?.choose} responses`,
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
      ...(handout.pictures.some((picture) => /\d/.test(picture))
        ? [broken(`${handoutFile}: the picture shows a number. Take it out; it could be an answer.`)]
        : []),
    ];
  },
};

function withoutCommas(text: string): string {
  return text.replaceAll(/(?<=\d),(?=\d{3})/g, '');
}

export const links: Check = {
  promise: "The students' copy has every file that the handout links to",
  find({ root }, copy) {
    const handout = readFile(root, handoutFile);
    const files = linkedFiles(handout, path.posix.dirname(handoutFile));
    const workflows = linkedWorkflows(handout).map((name) => `.github/workflows/${name}`);
    return [...files, ...workflows]
      .filter((file) => !existsSync(at(copy, file)))
      .map((file) =>
        broken(
          `${handoutFile} links to ${file}, which is not handed out. Take the link away, or put the file there.`,
        ),
      );
  },
};
