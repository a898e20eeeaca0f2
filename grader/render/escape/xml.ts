import { textHtml } from './html';
import type { Safe } from './safe';

export type XmlText = Safe<'xml'>;

/** Escapes any text, also one that is HTML itself, and keeps its lines; what HTML escapes is what XML does. */
export function textXml(content: string | number): XmlText {
  return String(content)
    .split(/\r\n?|\n/)
    .map(textHtml)
    .join('\n') as XmlText;
}

/** Joins pieces of a document that are already safe; anything else does not compile. */
export function xml(parts: TemplateStringsArray, ...values: (XmlText | readonly XmlText[])[]): XmlText {
  const joined = values.map((value) => (typeof value === 'string' ? value : value.join('')));
  return String.raw({ raw: parts }, ...joined) as XmlText;
}
