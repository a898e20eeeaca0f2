import type { Refusal } from './refusal';

/** From the first character to after the last, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What can stand where a value is expected. Brackets and types are left out: they change no value. */
export type Expression = Span &
  (
    | { readonly is: 'number'; readonly value: number }
    | { readonly is: 'text'; readonly value: string }
    | { readonly is: 'bigint'; readonly text: string }
    | { readonly is: 'null' }
    | { readonly is: 'boolean'; readonly value: boolean }
    | { readonly is: 'name'; readonly name: string }
    | { readonly is: 'template'; readonly texts: readonly string[]; readonly values: readonly Expression[] }
    | { readonly is: 'list'; readonly items: readonly ListItem[] }
    | { readonly is: 'record'; readonly entries: readonly Entry[] }
    | { readonly is: 'member'; readonly of: Expression; readonly key: string | Expression }
    | { readonly is: 'call'; readonly callee: Expression; readonly values: readonly ListItem[] }
    | { readonly is: 'unary'; readonly operator: string; readonly of: Expression }
    | {
        readonly is: 'binary';
        readonly operator: string;
        readonly left: Expression;
        readonly right: Expression;
      }
    /** Not data, but where it ends is certain: it costs what it would have been the value of. */
    | { readonly is: 'unreadable'; readonly why: Refusal }
  );

export type ListItem = Expression | Spread;

export interface Spread extends Span {
  readonly is: 'spread';
  readonly of: Expression;
}

export type Entry =
  | Spread
  | (Span & { readonly is: 'entry'; readonly key: string | Expression; readonly value: Expression });

/** `const name = value`, at the top of the file. */
export interface Constant extends Span {
  readonly name: string;
  readonly value: Expression;
}

/** Part of a file that would do something when run, by calling or assigning; it is not run. */
export type Action = Span;

/** What a file declares. Types are gone, and so are statements that only print. */
export interface Module {
  readonly constants: ReadonlyMap<string, Constant>;
  /** Every name that is used or declared, wherever it stands. */
  readonly names: readonly (Span & { readonly text: string })[];
  readonly actions: readonly Action[];
  /** Names whose values would come from elsewhere, or from code: known, and never read. */
  readonly foreign: ReadonlyMap<string, Refusal>;
  /** By exported name: the constant's name, or the value of `export default`. */
  readonly exports: ReadonlyMap<string, Span & { readonly value: string | Expression }>;
}
