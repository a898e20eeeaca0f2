import type { Rubric } from '../../rubric/rubric';
import type { Course } from '../course';
import { Random } from './random';

/** What somebody might hand in, and the points that it is worth. */
export interface Sample {
  /** Texts by path, as they are in the end. */
  readonly files: Readonly<Record<string, string>>;
  readonly points: number;
  /** The answers of an earlier try, where there was one. */
  readonly firstAnswers?: string;
}

type Table = Map<string, Map<string, number | null>>;

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
    const final = this.random.chance(0.6) ? this.mended(first) : first;
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
    return new Map(
      [...expected].map(([row, right]) => {
        if (!this.random.chance(wrong)) return [row, new Map(right)];
        const columns = [...right.keys()];
        const known = misconceptions.filter((entry) => entry.row === row);
        const shape = this.random.pick(known, undefined)?.shape ?? {};
        const column = this.random.pick(columns, '');
        const odd = this.random.chance(0.3) ? null : 1 + this.random.below(5000);
        const values = this.random.chance(0.75) ? shape : { [column]: odd };
        return [
          row,
          new Map<string, number | null>(
            [...right].map(([id, value]) => [id, id in values ? (values[id] ?? null) : value]),
          ),
        ];
      }),
    );
  }

  /** The same after some of its mistakes were seen. */
  private mended(table: Table): Table {
    const { expected } = this.course.solution;
    return new Map(
      [...table].map(([row, cells]) => [
        row,
        this.random.chance(0.7) ? new Map(expected.get(row) ?? cells) : cells,
      ]),
    );
  }

  private points(table: Table, answered: number): number {
    const { rubric, solution } = this.course;
    const right = rubric.table.cells.filter(
      ({ row, column }) => table.get(row)?.get(column) === solution.expected.get(row)?.get(column),
    );
    const { choose = 0, points = 0 } = rubric.reflection ?? {};
    return right.reduce((sum, cell) => sum + cell.points, 0) + Math.min(answered, choose) * points;
  }

  private answers(table: Table): string {
    const { export: name } = this.course.rubric.table;
    const constants: string[] = [];
    const rows = [...table].map(([row, cells]) => {
      const entries = [...cells].map(
        ([column, value]) => `${column}: ${value === null ? 'null' : this.spelled(value, constants)}`,
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
  private reflection(ticket: NonNullable<Rubric['reflection']>, answered: number): string {
    const order = ticket.questions
      .map(({ id }) => ({ id, at: this.random.next() }))
      .sort((a, b) => a.at - b.at);
    const picked = new Set(order.slice(0, answered).map(({ id }) => id));
    const sections = ticket.questions.map(({ id, label }, index) => {
      const said = picked.has(id) ? this.response() : `<!-- ${ticket.placeholder ?? ''} -->`;
      return `## ${index + 1}. ${label}\n\n${said}\n`;
    });
    const [title = 'Reflection', ...rest] = (ticket.intro ?? '').trim().split('\n');
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
