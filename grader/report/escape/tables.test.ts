import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvRows } from './csv';
import { html, link, page, text, textLines } from './html';

test('what students write is no formula in a spreadsheet, and what names them stays as it is', () => {
  for (const sign of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', ' =', '\u0000']) {
    const row = csvRows([[{ quoted: `${sign}1` }, { as: `${sign}1` }]]);
    const [[quoted, named] = []] = parse(row, { record_delimiter: ['\r\n', '\n', '\r'] });
    expect(quoted).toBe(`'${sign}1`);
    expect(named).toBe(`${sign}1`);
  }
});

test('a table of anything is read back as it was', () => {
  const cell = fc
    .string({ unit: 'binary' })
    .filter((content) => !/^[\s\p{Cc}=+\-@＝＋－＠\ufeff]/u.test(content));
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
      const written = csvRows(rows.map((cells) => cells.map((content) => ({ quoted: content }))));
      expect(parse(written, { record_delimiter: ['\r\n', '\n', '\r'] })).toEqual(rows);
    }),
  );
});

test('numbers and nothing are written as such', () => {
  expect(csvRows([[-1, null, 0, { as: 'a,b' }]])).toBe('-1,,0,"a,b"\r\n');
});

test('no text is a tag, an entity or the end of an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (content) => {
      expect(text(`<${content}>"'&`)).not.toMatch(/[<>"']|&(?!(?:lt|gt|quot|#39|amp);)/);
    }),
  );
  expect(textLines('a\r\n<b>\nc')).toBe('a<br>&lt;b&gt;<br>c');
});

test('only pages of the web are linked to', () => {
  expect(link('a', 'https://github.com/a/b"c')).toBe('<a href="https://github.com/a/b%22c">a</a>');
  for (const address of ['javascript:alert(1)', 'data:text/html,x', 'http://example.org', '', undefined]) {
    expect(link('<a>', address)).toBe('&lt;a&gt;');
  }
});

test('a page has a policy that lets nothing run and nothing be loaded', () => {
  const made = page('<T>', 'b { color: red }', html`<b>${text('x')}</b>`);
  expect(made).toContain('<title>&lt;T&gt;</title>');
  expect(made).toMatch(
    /content="default-src 'none'; style-src 'sha256-[\w+/]+=*'; base-uri 'none'; form-action 'none'"/,
  );
});
