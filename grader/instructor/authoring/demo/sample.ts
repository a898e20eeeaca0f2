import type { Rubric } from '../../../rubric/rubric';
import type { Course } from '../../course';

/** What somebody might hand in, and the points that it is worth. */
export interface Sample {
  /** Texts by path, as they are in the end. */
  readonly files: Readonly<Record<string, string>>;
  readonly points: number;
  /** The answers of an earlier try, where there was one. */
  readonly firstAnswers?: string;
}

type Table = readonly {
  readonly id: string;
  readonly cells: readonly { readonly id: string; readonly value: number | null }[];
}[];

/** Makes up submissions for a course: right and wrong in many ways, and spelled in many ways. */
export class Sampler {
  private readonly course: Course;
  private readonly random: Random;

  constructor(course: Course, seed: number) {
    this.course = course;
    this.random = new Random(seed);
  }

  next(): Sample {
    const { rubric } = this.course;
    const first = this.table(0.45);
    const final = this.random.chance(0.6) ? this.improved(first) : first;
    const answered = this.random.pick([0, 1, 2, 2, 2, 3], 2);
    const reflection = rubric.reflection ? this.reflection(rubric.reflection, answered) : undefined;
    return {
      files: {
        [rubric.table.file]: this.answers(final),
        ...(rubric.reflection && reflection !== undefined && { [rubric.reflection.file]: reflection }),
      },
      points: this.points(final, answered),
      ...(first !== final && { firstAnswers: this.answers(first) }),
    };
  }

  /** A table in which some rows show a known mistake, a wrong number or nothing. */
  private table(wrong: number): Table {
    const { expected, misconceptions } = this.course.solution;
    return expected.map((right) => {
      if (!this.random.chance(wrong)) return right;
      const known = misconceptions.filter((entry) => entry.row === right.id);
      const shape = this.random.pick(known, undefined)?.shape ?? {};
      const column = this.random.pick(right.cells, undefined)?.id ?? '';
      const odd = this.random.chance(0.3) ? null : 1 + this.random.below(5000);
      const values: Readonly<Record<string, number | null>> = this.random.chance(0.75)
        ? shape
        : { [column]: odd };
      return {
        id: right.id,
        cells: right.cells.map(({ id, value }) => ({
          id,
          value: id in values ? (values[id] ?? null) : value,
        })),
      };
    });
  }

  /** The same after some of its mistakes were seen. */
  private improved(table: Table): Table {
    const { expected } = this.course.solution;
    return table.map((row) =>
      this.random.chance(0.7) ? (expected.find(({ id }) => id === row.id) ?? row) : row,
    );
  }

  private points(table: Table, answered: number): number {
    const { rubric, solution } = this.course;
    const valueIn = (rows: Table, row: string, cell: string) =>
      rows.find(({ id }) => id === row)?.cells.find(({ id }) => id === cell)?.value;
    const earned = rubric.table.rows.flatMap((row) =>
      row.cells
        .filter(({ id }) => valueIn(table, row.id, id) === valueIn(solution.expected, row.id, id))
        .map(({ points }) => points),
    );
    const { choose = 0, points = 0 } = rubric.reflection ?? {};
    return earned.reduce((sum, count) => sum + count, 0) + Math.min(answered, choose) * points;
  }

  private answers(table: Table): string {
    const { export: name } = this.course.rubric.table;
    const constants: string[] = [];
    const rows = table.map(({ id: row, cells }) => {
      const entries = cells.map(
        ({ id, value }) => `${id}: ${value === null ? 'null' : this.spelled(value, constants)}`,
      );
      const quote = this.random.chance(0.1) ? '"' : '';
      return `  ${quote}${row}${quote}: { ${entries.join(', ')} },`;
    });
    const body = `{\n${rows.join('\n')}\n}`;
    const exported = this.random.pick(
      [
        `export const ${name} = ${body};`,
        `export const ${name} = ${body} as const;`,
        `const mine = ${body};\nexport { mine as ${name} };`,
      ],
      `export const ${name} = ${body};`,
    );
    const text = [...constants, '// my answers', exported, ''].join('\n');
    return this.random.chance(0.3) ? text.replaceAll('\n', '\r\n') : text;
  }

  private spelled(value: number, constants: string[]): string {
    const named = () => {
      const name = `size${constants.length + 1}`;
      constants.push(`const ${name} = ${value};`);
      return name;
    };
    const ways = [
      () => String(value),
      () => `0x${value.toString(16)}`,
      () => `${value - 1} + 1`,
      () => `(${value * 2}) / 2`,
      () => `Math.max(1, ${value})`,
      () => `${value}.0`,
      () => String(value).replace(/(?<=\d)(?=(?:\d{3})+$)/g, '_'),
      named,
    ];
    return this.random.chance(0.5) ? String(value) : this.random.pick(ways, () => String(value))();
  }

  /** Responses under the first questions of a shuffled list. */
  private reflection(rubric: NonNullable<Rubric['reflection']>, answered: number): string {
    const order = rubric.questions
      .map(({ id }) => ({ id, at: this.random.next() }))
      .sort((a, b) => a.at - b.at);
    const picked = new Set(order.slice(0, answered).map(({ id }) => id));
    const sections = rubric.questions.map(({ id, label }, index) => {
      const said = picked.has(id) ? this.response() : `<!-- ${rubric.placeholder ?? ''} -->`;
      return `## ${index + 1}. ${label}\n\n${said}\n`;
    });
    const [title = 'Reflection', ...rest] = (rubric.intro ?? '').trim().split('\n');
    return [`# ${title}\n`, ...rest.map((line) => `${line}\n`), ...sections].join('\n');
  }

  private response(): string {
    const { rows } = this.course.rubric.table;
    const label = () => (this.random.pick(rows, undefined)?.label ?? 'all of it').replace(/ \(.*/, '');
    const begin = this.random.pick(
      [
        () => `I am still not sure about ${label()}. Why does it have this size and not another?`,
        () => `That ${label()} and ${label()} fit together: the inner sizes of a product have to agree.`,
        () =>
          `${label()}. I kept mixing up rows and columns until I wrote down what a single row stands for.`,
        () => `How ${label()} would change if the input were twice as long.`,
        () => `It reminded me of matrix products in linear algebra, only that here every size has a meaning.`,
        () => `Drawing the picture helped. ${label()} made sense only then.`,
        () => `${label()}, because I thought it was a parameter and not something that is computed.`,
        () => `I would like to see ${label()} once more, step by step, with small numbers.`,
      ],
      () => 'Everything.',
    )();
    const end = this.random.pick(
      [
        () => ` I asked my neighbour about ${label()}, and we both had to count tokens again.`,
        () => ` The step from ${label()} to ${label()} took me the longest.`,
        () => ` Is that so in every layer, or does ${label()} change with depth?`,
        () => ` Next week I want to look at ${label()} in a real model.`,
        () => '',
        () => ` (${label()} was easy.)`,
      ],
      () => '',
    )();
    return `${begin}${end}`;
  }
}

/** Numbers that look like chance and are the same each time (mulberry32, by T. Ettinger). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** One of some, or a fallback where there is none. */
  pick<Item>(items: readonly Item[], fallback: Item): Item {
    return items[this.below(items.length)] ?? fallback;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}
