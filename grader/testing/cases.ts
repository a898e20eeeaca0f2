import { readFileSync } from 'node:fs';
import path from 'node:path';
import { graderFolder } from '../system/files';
import { rightAnswers } from './worksheet';

/**
 * One case of a `.txt` file of cases. Its format in the file:
 *
 *     ## the name
 *     the input, in any number of lines; without any, the name is the input
 *     => the result: values, or the line, the column and the code of a problem
 *     fix: the line to write in its place, if there is one
 *
 * `⟨a0⟩` stands for the character with that hexadecimal code, where it would be invisible. `{table}` stands for the
 * right table of the invented worksheet. An input that consists of one indented line stands for that table with this
 * line as its first row.
 */
export interface Case {
  /** The heading of the section that the case is in. */
  readonly section: string;
  readonly name: string;
  readonly input: string;
  readonly outcome: Outcome;
}

export interface Outcome {
  readonly result: string;
  readonly fix?: string;
}

/** @param room the folder of the grader that the cases are about. */
export function casesIn(file: string, room = 'submission'): Case[] {
  return readFileSync(path.join(graderFolder, room, 'cases', file), 'utf8')
    .replaceAll('\r\n', '\n')
    .split(/^# /m)
    .flatMap((section) => {
      const [title = '', ...cases] = section.split(/^## /m);
      return cases.map((one) => caseOf(title.trim(), one));
    });
}

function caseOf(section: string, text: string): Case {
  const [name = '', ...lines] = text.trimEnd().split('\n');
  const end = lines.findIndex((line) => line.startsWith('=> '));
  if (end < 0) throw new Error(`The case “${name}” has no line that begins with =>`);
  const after = (mark: string) => {
    const line = lines.slice(end).find((one) => one.startsWith(mark));
    return line && decode(line.slice(mark.length));
  };
  const input = end === 0 ? name : lines.slice(0, end).join('\n');
  return {
    section,
    name: decode(name),
    input: decode(expanded(input)),
    outcome: outcomeOf(after('=> ') ?? '', after('fix: ')),
  };
}

function expanded(input: string): string {
  const table = rightAnswers.trimEnd();
  const [begin, , ...end] = table.split('\n');
  const isRow = /^ {2}\S.*$/.test(input);
  return isRow ? [begin, input, ...end].join('\n') : input.replace('{table}', () => table);
}

export function outcomeOf(result: string, fix?: string): Outcome {
  return { result, ...(fix !== undefined && { fix }) };
}

function decode(text: string): string {
  return text.replace(/⟨([0-9a-f]+)⟩/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
}
