// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of files.
import fc from 'fast-check';

/**
 * Three kinds of files as students may hand them in: in the reader's grammar, the same with typos, and the same with
 * pieces of other TypeScript spliced in.
 */
export const kinds = ['generated', 'mutated', 'spliced'] as const;
export type Kind = (typeof kinds)[number];

/** Pieces of files with `¦` between them, `↵` for a line end, `´` for a backtick, and `§` for a dollar sign. */
const piecesIn = ({ raw }: TemplateStringsArray) =>
  (raw[0] ?? '')
    .trim()
    .split(/ ¦\s+/)
    .map((piece) => piece.replaceAll('↵', '\n').replaceAll('´', '`').replaceAll('§', '$'));

/** Fills in a piece: `□` stands for an expression, and `△` for a type. */
function filled(piece: string, expression: fc.Arbitrary<string>, type: fc.Arbitrary<string>) {
  const holes = piece.match(/[□△]/g) ?? [];
  return fc.tuple(...holes.map((hole) => (hole === '□' ? expression : type))).map((values) => {
    const left = [...values];
    return piece.replace(/[□△]/g, () => left.shift() ?? '');
  });
}

/** A number as a student may write it, or the name of a const above the table. */
const number = fc.oneof(
  fc.integer({ min: 0, max: 5000 }).map(String),
  fc.integer({ min: 0, max: 5000 }).map((n) => `0x${n.toString(16)}`),
  fc.integer({ min: 0, max: 9 }).map((n) => `${n}e2`),
  fc.constantFrom(...piecesIn`1_024 ¦ .5 ¦ 4. ¦ 0b101 ¦ 0O17 ¦ 7.5e-1 ¦ 0.1 ¦ 2 .a`),
  fc.constantFrom(
    ...piecesIn`base ¦ setting.width ¦ setting["height"] ¦ list[1] ¦ list.length ¦ NaN ¦ Infinity`,
  ),
);

const { type } = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    {
      weight: 20,
      arbitrary: fc.constantFrom(...piecesIn`number ¦ null ¦ 'a' ¦ Shape ¦ string ¦ unknown ¦ Shape[]`),
    },
    ...piecesIn`△ | △ ¦ Record<△, Shape<△>> ¦ { a?: △; 'b': △, c: null } ¦ {↵  key: △↵  down: number }`.map(
      (piece) => filled(piece, fc.constant(''), tie('type')),
    ),
  ),
}));

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 8, arbitrary: number },
    ...piecesIn`
      □ + □ ¦ □ - □ ¦ □*□ ¦ □/□ ¦ □ % □ ¦ □ ** □ ¦ ((□) ** (□)) ¦ (□) ¦ (□) ¦ (□) ¦ +(□) ¦ +(□) ¦ - □ ¦ - □ ¦
      (□ as △) ¦ (□ as △) ¦ □ satisfies △ ¦ □ satisfies △ ¦ Math.floor(□) ¦ Math.ceil(□) ¦ Math.round(□) ¦
      Math.trunc(□) ¦ Math.abs(□) ¦ Math.sqrt(□) ¦ Math.log2(□) ¦ Math.sign(□) ¦ Math.cbrt(□) ¦
      Math.max(□, □,) ¦ Math.min(□, □,) ¦ Math.pow(□, □,) ¦ Math.hypot(□, □,) ¦ [□, □,][1] ¦ [□, □,][1] ¦
      ({ a: □, b: □ }).b ¦ ({ a: □, b: □ }).b ¦ { x: □, 'x y': □ }['x y'] ¦ { x: □, 'x y': □ }['x y']
    `.map((piece) => filled(piece, tie('expression'), type)),
  ),
}));

/** Values that are not numbers, so that their cell cannot be read. */
const otherData = fc.constantFrom(
  ...piecesIn`
  undefined ¦ null ¦ true ¦ "7" ¦ 'a\'\u0041\tb' ¦ 7 n ¦ 7MiB ¦ [7] ¦ {} ¦ { a: 7 } ¦ list ¦ setting ¦ nothing ¦ ____ ¦
  boxes ¦ later ¦ elsewhere ¦ setting.none ¦ list[9] ¦ "7" * 1 ¦ null + 7 ¦ -true ¦ Math.max("7", 3)
`,
);

const key = (name: string) => fc.constantFrom(name, name, `'${name}'`, `"${name}"`);
const cell = fc.oneof({ weight: 6, arbitrary: expression }, otherData);
const comma = fc.constantFrom(', ', ',\n    ', ' /* here */, ', ', // there\n');
const row = fc
  .tuple(key('down'), cell, comma, key('across'), cell, fc.constantFrom('', ',', ', z: [1]', ', setting'))
  .map(([a, b, gap, c, d, rest]) => `{ ${a}: ${b}${gap}${c}: ${d}${rest} }`);
const otherRows = piecesIn`
  shared ¦ { down: shared.down, across: 3 } ¦ { down, across: down * 2 } ¦ null ¦ [7, 11] ¦ 7 ¦ nothing
`;
const rows = fc.oneof({ weight: 6, arbitrary: row }, fc.constantFrom(...otherRows));

/** Lines that may be above the table, in any order. */
const above = fc.oneof(
  expression.map((value) => `const free${value.length} = ${value};`),
  type.map((right) => `const typed${right.length}: ${right} = null`),
  expression.map((value) => `console.log('here', ${value});`),
  fc.constantFrom(
    ...piecesIn`
    import type { Shape, T as U } from './shape'; ¦ // a comment ¦ /* a↵ comment */ ¦ ;; ¦
    export const extra = [1, 2] as const ¦ console.log(list)
  `,
  ),
);
const below = fc.constantFrom(
  '',
  ...piecesIn`const later = 3; ¦ console.log(boxes); ¦ export default boxes; ¦ export {};`,
);
const head = fc.oneof(
  fc.constantFrom('export const boxes = ', 'const boxes = ', 'export default ', 'const table = '),
  type.map((annotation) => `export const boxes: ${annotation} = `),
);
const tail = fc.oneof(
  fc.constantFrom('', ' as const', ' satisfies object'),
  type.map((as) => ` as ${as}`),
);

/** A second table, an export that the worksheet does not have, or neither. */
const otherExport = fc.oneof(
  fc.constant(''),
  fc
    .tuple(row, comma, row)
    .map(([basket, gap, crate]) => `export const more = { basket: ${basket}${gap}crate: ${crate} };\n`),
  fc
    .tuple(row, comma, row)
    .map(([sack, gap, pouch]) => `export const bags = { sack: ${sack}${gap}pouch: ${pouch} };\n`),
);

const generated = fc
  .tuple(
    fc.tuple(fc.array(above, { maxLength: 3 }), expression),
    fc.tuple(head, rows, comma, rows, tail),
    fc.tuple(below, otherExport, fc.constantFrom('', 'console.log(boxes);')),
  )
  .map(([[lines, base], [declared, basket, gap, crate, as], after]) => {
    const start = `const base = ${/base|setting|list/.test(base) ? 3 : base};
const setting = { width: base * 2, height: 40 } as const;
const list = [1, setting.width];
const down = 7, shared = { down, across: list[1] };
`;
    const exports = declared.startsWith('export')
      ? ''
      : `export { ${declared === 'const table = ' ? 'table as ' : ''}boxes };\n`;
    return `${start}${lines.join('\n')}\n${declared}{ basket: ${basket}${gap}crate: ${crate} }${as};\n${exports}${after.join('\n')}\n`;
  });

const characters = '(){}[],;:.\'"`=+-*/%!?<>&|^~@#\\$_ \n\r\t0179eExnabfo\u2028\u00a0\u200b\ufeffé';
const scraps = piecesIn`
  as ¦ as const ¦ satisfies ¦ typeof ¦ in ¦ of ¦ new ¦ delete ¦ void ¦ await ¦ async ¦ get ¦ set ¦ const ¦
  let ¦ export ¦ import ¦ type ¦ interface ¦ default ¦ null ¦ undefined ¦ Math ¦ console ¦ ... ¦ => ¦ ?? ¦
  ?. ¦ ** ¦ ++ ¦ -- ¦ += ¦ §{ ¦ ´ ¦ // ¦ /* ¦ */ ¦ ! ¦ <number> ¦ __proto__ ¦ base ¦ list ¦ setting ¦
  down ¦ basket ¦ boxes ¦ 7 ¦ 07 ¦ 1_0 ¦ 4,096 ¦ "a" ¦ () ¦ [0] ¦ {}
`;
const edit = fc.record({
  at: fc.nat(),
  cut: fc.oneof(fc.constantFrom(0, 0, 1, 1, 2), fc.nat({ max: 12 })),
  put: fc.oneof(fc.constant(''), fc.constantFrom(...characters), fc.constantFrom(...scraps)),
});
const mutated = fc.tuple(generated, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([source, edits]) =>
  edits.reduce((text, { at, cut, put }) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + put + text.slice(start + cut);
  }, source),
);

/** Pieces of TypeScript that the reader does not run. A real run of some would change the values that the table reads. */
const statements = piecesIn`
  import { Shape, type Row } from './shape' ¦ import Other, * as all from './shape'; ¦
  import { elsewhere } from './elsewhere'; ¦ export type { Shape } from './shape'; ¦ 'use strict'; ¦
  type T<A, B extends A = A> = { [K in keyof A]: B } ¦
  interface I extends Shape<typeof list>, Other { a?: number } ¦ console.table(list) ¦
  const f: typeof list↵[1] = 1; ¦ const f = list as keyof↵const g = 1 ¦ const { ...f } = setting; ¦
  list.reverse() ¦ list.fill(77); ¦ console.log(list.reverse()); ¦ console.log(list[1] = 77); ¦
  console.log´§{list.fill(77)}´; ¦ const half = (n: number) => (n + 1) / 2; ¦
  function twice(n = 2) { let m = n; m *= 2; return m } ¦ const f = (() => { list[1] = 77; })(); ¦
  const f = () => 1↵++list[1] ¦ const f = () => {}↵(list[1])++ ¦ const f = 1↵(list.fill(77)) ¦
  const f = list↵[1] ¦ const f = list↵.length↵* 2 ¦ const f = 7↵- list[1] ¦
  console.log(list)↵const g = list as number[] ¦ 'use strict'↵[list.fill(77)] ¦
  const f = Object.assign(setting, { width: 77 }); ¦
  const f = { get a() { list[1] = 77; return 1 } }; const g = { ...f }; ¦
  const f = { [list.fill(77)]: 1 }; ¦ const f = new (class { constructor() { list[1] = 77 } })(); ¦
  const f = true ? list.fill(77) : 0; ¦ const f = ´§{list.fill(77)}´; ¦ const f = list?.fill(77); ¦
  const f = tag´§{list}´; ¦ class A { static { list[1] = 77 } } ¦ enum E { A = list.fill(77).length } ¦
  namespace N { list.fill(77) } ¦ declare const g: number; ¦
  const f = /[']/.test(''), g = list.fill(77), h = /[']/; ¦
  const f = (() => { if (1) /'/.test(''); list[1] = 77; /'/ })(); ¦ label: list.fill(77); ¦
  if (base) list[1] = 77; ¦ for (const a of list) list[1] = 77; ¦ { list.fill(77) } ¦ let f = 1; f = 2; ¦
  var list = [5, 6]; ¦ const { width } = setting; ¦ const f = (list.fill(77), 1); ¦
  const f: number = <any>list.fill(77); ¦ const f = list as any; f[1] = 77; ¦ list[1]! = 77; ¦
  type A = typeof list↵[list.fill(77)] ¦ type↵A = list.fill(77) ¦ interface↵A {} ¦
  type A = (list: number) => number; list.fill(77) ¦ type A = ´§{string}´ ¦ type A = import("./a").B<7> ¦
  export = boxes; ¦ export import a = list; ¦ import a = list; ¦ import './elsewhere'; ¦
  import a from './a' with { type: 'json' }; ¦ export * from './elsewhere'; ¦ export as namespace boxes; ¦
  const Math = { floor: () => 77, max: () => 77 }; ¦ const undefined = 77; ¦
  const console = { log: () => list.fill(77) }; ¦ const boxes = 1; ¦ Array.prototype.reverse.call(list) ¦
  delete (setting as any).width; ¦ throw new Error(); ¦ debugger; ¦ using f = list; ¦ <!-- list.fill(77) ¦
  --> list.fill(77) ¦ #!/usr/bin/env node ¦ @list class A {} ¦ boxes.basket.down = 77; ¦ shared.down = 77 ¦
  boxes.basket.down++ ¦ delete (boxes as any).basket; ¦ Object.assign(boxes, more); ¦ throw 7 ¦
  [boxes.basket.down] = [77]; ¦ ({ a: boxes.basket.down } = { a: 77 }); ¦ for (boxes.basket.down of [77]); ¦
  export const boxes = { basket: { down: 77, across: 77 }, crate: { down: 77, across: 77 } }; ¦
  const f = ´§{(boxes.basket.down = 77)}´; ¦ console.log(boxes.crate.across = 77); ¦
  const f = /"/; boxes.basket.down = 77; /"/ ¦ 'a\\↵'; boxes.basket.down = 77; 'b\\↵' ¦
  const f = boxes; f.basket.down = 77 ¦ export default boxes.basket.down = 77; ¦ let more = 7; ¦
  const f: A = boxes.basket.down = 77 ¦ baskets = 77 ¦ Basket 77 x 11 ¦ export { list as more };
`;
const values = piecesIn`
  { ...setting }.width ¦ [...list][1] ¦ { ['a']: 7 }.a ¦ ´7\n´ ¦ 7n ¦ '\x41\u{41}' ¦ 7! ¦ list as any[] ¦
  list.fill(77).length ¦ list.reverse()[0] ¦ setting.width++ ¦ (list[1] = 77) ¦ Math.random() ¦
  (() => 7)() ¦ () => 7 ¦ function () {} ¦ class { static down = 7 } ¦ new Number(7) ¦ typeof 7 ¦
  ´§{list}´ ¦ tag´7´ ¦ /7/ ¦ a?.b ¦ 7 ?? 8 ¦ 7 || 8 ¦ 7 ? 8 : 9 ¦ (7, 8) ¦ 1 << 3 ¦ 7 > 3 ¦ !7 ¦ await 7 ¦
  yield ¦ this ¦ import.meta ¦ async ¦ arguments ¦ eval("7") ¦ parseInt("7") ¦ Number(7) ¦
  7 as number < 8 ¦ 7 as number + 8 ¦ -7 ** 2 ¦ (-7) ** 2 ¦ 2 ** -1 ¦ - -7 ¦ +-+7 ¦ 7!! ¦ 7 as const ¦
  { get a() { return 7 } }.a ¦ { a() {} } ¦ { async a() {} } ¦ { *a() {} } ¦ { a = 7 } ¦ { a: 7 }.a ¦
  { if: 7 }.if ¦ { __proto__: { down: 7 } } ¦ { ["__proto__"]: list } ¦ [1, , 2][1] ¦
  [...list, ...[7]][2] ¦ list["length"] ¦ "a".length ¦ { a: 7, a: 8 }.a ¦ { 1: 7 }[1] ¦ { 0x10: 7 }[16] ¦
  { [1 + 1]: 7 }[2] ¦ 7..valueOf() ¦ 1..b ¦ 1.b ¦ 0.as1 ¦ 1n + 2n ¦ [...7] ¦ { ...7 } ¦ { ...null } ¦
  { ...list }[0] ¦ [..."ab"] ¦ 1n * 2 ¦ [] + 7 ¦ {} * 2 ¦ Math.PI ¦ Math ¦ Number.MAX_SAFE_INTEGER ¦
  list.constructor.length ¦ setting.__proto__ ¦ setting.toString.length ¦ super.a ¦ #a ¦
  (boxes.basket.down = 77) ¦ boxes.basket.down++ ¦ { a: boxes.basket.down = 77 }.a ¦
  (delete boxes.basket, 7) ¦ Object.assign(boxes.basket, { down: 77 }).down ¦ -77 ** 2 + boxes.basket.down--
`;
const piece = fc.record({
  at: fc.nat(),
  isValue: fc.constantFrom(true, true, true, false),
  statement: fc.constantFrom(...statements),
  value: fc.constantFrom(...values),
});
const spliced = fc.tuple(generated, fc.array(piece, { minLength: 1, maxLength: 2 })).map(([source, pieces]) =>
  pieces.reduce((text, { at, isValue, statement, value }) => {
    const places = [...text.matchAll(isValue ? /(?<=: )[^,{}\n]+(?=[,} ])/g : /^/gm)];
    const place = places[at % Math.max(1, places.length)];
    if (!place) return text;
    const put = isValue ? value : `${statement}\n`;
    return text.slice(0, place.index) + put + text.slice(place.index + place[0].length);
  }, source),
);

export const files: Readonly<Record<Kind, fc.Arbitrary<string>>> = { generated, mutated, spliced };
