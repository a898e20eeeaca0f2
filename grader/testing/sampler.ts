import type { Course } from '../course';
import { rightAnswers } from '../key/hints';
import { expectedIn } from '../key/key';
import type { Answer } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { askedTables, type Rubric, type RubricCell, rowsOf } from '../rubric/rubric';
import { reflectionOf } from '../submission/reflection';
import { wrongAnswers } from './answers';

/** A made-up submission, and the points that it is worth. */
export interface Sample {
  /** The final texts, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly points: number;
  /** The answers of an earlier try, if there was one. */
  readonly firstAnswers?: string;
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
    const first = this.worksheet(0.45);
    const final = this.random.chance(0.6) ? this.improved(first) : first;
    const answered = this.random.pick([0, 1, 2, 2, 2, 3], 2);
    const reflection = rubric.reflection ? this.reflection(rubric.reflection, answered) : undefined;
    return {
      files: {
        [rubric.file]: this.answers(final),
        ...(rubric.reflection && reflection !== undefined && { [rubric.reflection.file]: reflection }),
      },
      points: this.points(final, answered),
      ...(first !== final && { firstAnswers: this.answers(first) }),
    };
  }

  /** A worksheet in which some rows show a known mistake, a wrong answer or nothing. */
  private worksheet(wrong: number): Rows {
    const { rubric, solution } = this.course;
    return rowsOf(rubric).map(({ id: row, cells }) => {
      const right = cells.map((cell) => ({
        id: cell.id,
        value: expectedIn(solution, row, cell.id)?.value ?? null,
      }));
      if (!this.random.chance(wrong)) return { id: row, cells: right };
      const known = solution.misconceptions.filter((entry) => entry.row === row);
      const pickedValues = this.random.pick(known, undefined)?.values ?? {};
      const cell = this.random.pick(cells, undefined);
      const odd = cell && !this.random.chance(0.3) ? this.oddAnswer(row, cell) : null;
      const values: Readonly<Record<string, Answer | null>> = this.random.chance(0.75)
        ? pickedValues
        : { [cell?.id ?? '']: odd };
      return {
        id: row,
        cells: right.map(({ id, value }) => ({ id, value: id in values ? (values[id] ?? null) : value })),
      };
    });
  }

  /** An answer of a cell's kind, nearly always a wrong one. */
  private oddAnswer(row: string, cell: RubricCell): Answer | null {
    const any = 1 + this.random.below(5000);
    const right = expectedIn(this.course.solution, row, cell.id);
    const kind = kindOf(cell);
    const wrong = right ? wrongAnswers(kind, right.value) : [];
    const isWrong = (one: Answer) =>
      !right || !rightAnswers(right).some((answer) => kind.matches(one, answer));
    return kind.answerOf(any) ?? this.random.pick(wrong.filter(isWrong), null);
  }

  /** The worksheet after the student saw and fixed some mistakes. */
  private improved(rows: Rows): Rows {
    const { expected } = this.course.solution;
    return rows.map((row) =>
      this.random.chance(0.7) ? (expected.find(({ id }) => id === row.id) ?? row) : row,
    );
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
    const tables = askedTables(this.course.rubric).map((table) => {
      const rows = table.rows.map(({ id: row, cells }) => {
        const entries = cells.map((cell) => {
          const value = valueIn(worksheet, row, cell.id);
          return `${cell.id}: ${this.spelled(cell, value, constants)}`;
        });
        const quote = this.random.chance(0.1) ? '"' : '';
        return `  ${quote}${row}${quote}: { ${entries.join(', ')} },`;
      });
      return this.exported(table.export, `{\n${rows.join('\n')}\n}`);
    });
    const text = [...constants, '// my answers', ...tables, ''].join('\n');
    return this.random.chance(0.3) ? text.replaceAll('\n', '\r\n') : text;
  }

  private exported(name: string, body: string): string {
    const form = this.random.below(3);
    if (form === 0) return `const my${name} = ${body};\nexport { my${name} as ${name} };`;
    return `export const ${name} = ${body}${form === 1 ? ' as const' : ''};`;
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

  /** Responses to some of the questions. */
  private reflection(rubric: NonNullable<Rubric['reflection']>, answered: number): string {
    const order = rubric.questions.map(({ id }) => ({ id, at: this.random.next() }));
    const picked = order.sort((a, b) => a.at - b.at).slice(0, answered);
    return reflectionOf(rubric, Object.fromEntries(picked.map(({ id }) => [id, this.response()])));
  }

  private response(): string {
    const rows = rowsOf(this.course.rubric);
    const label = () => (this.random.pick(rows, undefined)?.label ?? 'all of it').replace(/ \(.*/, '');
    const begin = this.random.pick(begins, '');
    const end = this.random.chance(0.7) ? ` ${label()} took me the longest. Is that always so?` : '';
    return begin.replaceAll('…', label()) + end;
  }
}

/** What students say of a row, `…`. */
const begins = [
  'I am still not sure about …. Why is it this and not something else?',
  'That … depends on what comes before it, and that I can check one by the other.',
  '…. I kept mixing things up until I said aloud what is asked there.',
  'How … would change if everything were twice as large.',
  'It reminded me of something from last year, only that here every number has a meaning.',
  'Drawing a picture helped. … made sense only then.',
];

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

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}
