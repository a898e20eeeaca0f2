import type { Course } from '../course/course';
import { expectedIn } from '../key/judge';
import { rightAnswers } from '../key/known-answers';
import type { Answer, Kind } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { type RubricCell, rowsOf } from '../rubric/rubric';
import { reflectionOf } from '../submission/reflection';

/** A made-up submission, and the points that it is worth. */
export interface Sample {
  /** The final texts, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly points: number;
}

type Rows = readonly {
  readonly id: string;
  readonly cells: readonly { readonly id: string; readonly value: Answer | null }[];
}[];

const valueIn = (rows: Rows, row: string, cell: string) =>
  rows.find(({ id }) => id === row)?.cells.find(({ id }) => id === cell)?.value ?? null;

/** Makes up submissions for a course: right and wrong in many ways, and written in many ways. */
export class Sampler {
  private readonly course: Course;
  private readonly random: Random;

  constructor(course: Course, seed: number) {
    this.course = course;
    this.random = new Random(seed);
  }

  next(): Sample {
    const { rubric } = this.course;
    const rows = this.worksheet();
    const { file, questions = [] } = rubric.reflection ?? {};
    const answered = questions.filter(() => this.random.chance(0.6)).map(({ id }) => [id, this.response(id)]);
    return {
      files: {
        [rubric.file]: this.answers(rows),
        ...(rubric.reflection &&
          file && { [file]: reflectionOf(rubric.reflection, Object.fromEntries(answered)) }),
      },
      points: this.points(rows, answered.length),
    };
  }

  /** A worksheet in which some rows show a known mistake, a wrong answer or nothing. */
  private worksheet(): Rows {
    const { rubric, solution } = this.course;
    return rowsOf(rubric).map(({ id: row, cells }) => {
      const known = solution.misconceptions.filter((entry) => entry.row === row);
      const odd = this.random.pick(cells, undefined);
      const values: Readonly<Record<string, Answer | null>> = this.random.pick(
        [
          {},
          this.random.pick(known, undefined)?.values ?? {},
          odd ? { [odd.id]: this.random.chance(0.3) ? null : this.oddAnswer(row, odd) } : {},
        ],
        {},
      );
      const right = (cell: string) => expectedIn(solution, row, cell)?.value ?? null;
      return {
        id: row,
        cells: cells.map(({ id }) => ({ id, value: id in values ? (values[id] ?? null) : right(id) })),
      };
    });
  }

  /** An answer of a cell's kind that is nearly always wrong. */
  private oddAnswer(row: string, cell: RubricCell): Answer | null {
    const any = 1 + this.random.below(5000);
    const right = expectedIn(this.course.solution, row, cell.id);
    const kind = kindOf(cell);
    return kind.answerOf(any) ?? this.random.pick(right ? wrongAnswers(kind, right.value) : [], null);
  }

  private points(worksheet: Rows, answered: number): number {
    const { rubric, solution } = this.course;
    const earned = rowsOf(rubric).flatMap((row) =>
      row.cells.map((cell) => {
        const value = valueIn(worksheet, row.id, cell.id);
        const right = expectedIn(solution, row.id, cell.id);
        const isRight =
          right &&
          value !== null &&
          rightAnswers(right).some((answer) => kindOf(cell).matches(value, answer));
        return isRight ? cell.points : 0;
      }),
    );
    const { choose = 0, points = 0 } = rubric.reflection ?? {};
    return earned.reduce((sum, count) => sum + count, 0) + Math.min(answered, choose) * points;
  }

  private answers(worksheet: Rows): string {
    const constants: string[] = [];
    const tables = this.course.rubric.tables.map((table) => {
      const rows = table.rows.map(({ id: row, cells }) => {
        const entries = cells.map((cell) => {
          const value = valueIn(worksheet, row, cell.id);
          return `${cell.id}: ${this.spelled(cell, value, constants)}`;
        });
        const quote = this.random.chance(0.1) ? '"' : '';
        return `  ${quote}${row}${quote}: { ${entries.join(', ')} },`;
      });
      const body = `{\n${rows.join('\n')}\n}`;
      return this.random.chance(0.3)
        ? `const my${table.export} = ${body};\nexport { my${table.export} as ${table.export} };`
        : `export const ${table.export} = ${body}${this.random.chance(0.5) ? ' as const' : ''};`;
    });
    const text = [...constants, '// my answers', ...tables, ''].join('\n');
    return this.random.chance(0.3) ? text.replaceAll('\n', '\r\n') : text;
  }

  private spelled(cell: RubricCell, value: Answer | null, constants: string[]): string {
    if (value === null) return 'null';
    const plain = kindOf(cell).sourceText(value);
    const ways: string[] = [plain, plain, plain];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0)
      ways.push(
        ...[`0x${value.toString(16)}`, `${value - 1} + 1`, `(${value * 2}) / 2`, `Math.max(1, ${value})`],
        ...[`${value}.0`, String(value).replace(/(?<=\d)(?=(?:\d{3})+$)/g, '_')],
      );
    if (this.random.chance(0.9)) return this.random.pick(ways, plain);
    const name = `size${constants.length + 1}`;
    constants.push(`const ${name} = ${plain};`);
    return name;
  }

  /** A response to one question. Two that say the same count once. */
  private response(question: string): string {
    const row = this.random.pick(rowsOf(this.course.rubric), undefined)?.label;
    return `I am still not sure about ${row}, where ${question} is asked. Why is it this and not something else?`;
  }
}

/** Pseudo-random numbers that are the same each time (mulberry32, by T. Ettinger). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** One of the items, or a fallback if there are none. */
  pick<Item>(items: readonly Item[], fallback: Item): Item {
    return items[this.below(items.length)] ?? fallback;
  }

  /** One of these items. */
  among<Item>(first: Item, ...others: readonly Item[]): Item {
    return this.pick([first, ...others], first);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}

/** Answers that do not count where `right` does: close to it, far from it, and the other options. */
export function wrongAnswers(kind: Kind, right: Answer): Answer[] {
  const number = Number(right);
  const numbers = [number + 1, number - 1, -number, 2 * number, 2 * number + 1, 0, 1, 3, 77_777];
  const any = [...numbers, `${right}x`, `x${right}`, 'something else', true, false, ...(kind.options ?? [])];
  const answers = any.map((one) => kind.answerOf(one)).filter((one) => one !== undefined);
  return [...new Set(answers)].filter((one) => !kind.matches(one, right));
}
