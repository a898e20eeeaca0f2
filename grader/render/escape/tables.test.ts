import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { anyText } from '../../testing/texts';
import { csvRows, gradebookKey, own, untrusted } from './csv';
import { html, htmlLink, page, textHtml, textLines } from './html';

const readBack = (text: string) => parse(text, { record_delimiter: ['\r\n', '\n', '\r'] });

const signs = ['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−'];
test.each(signs)(
  'what somebody else wrote is no formula that starts with %s, wherever a spreadsheet looks for one',
  (sign) => {
    const formula = `${sign}cmd|' /C calc'!A0`;
    for (const before of ['', ' ', 'a;', 'a; ', 'a"', 'a; "', 'a\n', 'a\r', 'a\r\n ', 'a\u2028', '\u00a0']) {
      const [[shown] = []] = readBack(csvRows([[untrusted(before + formula), untrusted('b')]])) as string[][];
      expect(shown).toBe(`${before.replace(/\r\n|\r|\u2028/, '\n')}'${formula}`);
    }
    // A tab would end the cell, so it is escaped.
    expect(csvRows([[untrusted(`a\t${formula}`)]])).toContain('\\u{9}');
  },
);

test('what names a student to a gradebook stays as it is', () => {
  expect(csvRows([[gradebookKey('-ada'), gradebookKey('=1'), gradebookKey('grün')]])).toBe(
    '-ada,=1,grün\r\n',
  );
});

test('no cell of somebody else holds what is hidden, but for its line ends', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      expect(csvRows([[untrusted(`${text}\u001b\u009b\u202e\ud800`)]])).not.toMatch(
        /(?!\u200c|\u200d)[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\r\n])\p{Cc}/u,
      );
    }),
  );
});

test('a table of ordinary text is read back as it was', () => {
  const letters = fc.constantFrom(...'abc äß你👍🏽, ;."\'(){}!?/\n0123');
  const cell = fc.string({ unit: letters }).filter((text) => !/\r/.test(text));
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
      expect(readBack(csvRows(rows.map((cells) => cells.map(untrusted))))).toEqual(rows);
    }),
  );
});

test('numbers and nothing are written as such', () => {
  expect(csvRows([[-1, null, 0, own('a,b')]])).toBe('-1,,0,"a,b"\r\n');
});

test('no text is a tag, an entity or the end of an attribute', () => {
  fc.assert(
    fc.property(anyText(), (content) => {
      expect(textHtml(`<${content}>"'&`)).not.toMatch(/[<>"']|&(?!(?:lt|gt|quot|#39|amp);)/);
    }),
  );
  expect(textLines('a\r\n<b>\nc')).toBe('a<br>&lt;b&gt;<br>c');
});

test('only pages of the web are linked to', () => {
  expect(htmlLink('a', 'https://github.com/a/b"c')).toBe('<a href="https://github.com/a/b%22c">a</a>');
  for (const address of ['javascript:alert(1)', 'data:text/html,x', 'http://example.org', '', undefined]) {
    expect(htmlLink('<a>', address)).toBe('&lt;a&gt;');
  }
});

test('a page has a policy that lets nothing run and nothing be loaded', () => {
  const made = page('<T>', 'b { color: red }', html`<b>${textHtml('x')}</b>`);
  expect(made).toContain('<title>&lt;T&gt;</title>');
  expect(made).toMatch(
    /content="default-src 'none'; style-src 'sha256-[\w+/]+=*'; base-uri 'none'; form-action 'none'"/,
  );
});
