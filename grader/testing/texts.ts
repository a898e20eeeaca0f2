import fc from 'fast-check';

/** Any text, of any characters, and sometimes the name of a property that every object has. */
export function anyText(maxLength = 10): fc.Arbitrary<string> {
  const code = fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));
  const character = fc.oneof(code, fc.integer({ min: 0, max: 0x7f })).map((at) => String.fromCodePoint(at));
  const characters = fc.array(character, { maxLength }).map((all) => all.join(''));
  return fc.oneof(
    { arbitrary: characters, weight: 9 },
    fc.constantFrom('__proto__', 'constructor', 'toString'),
  );
}
