import { textHtml } from './html';
import { type Safe, safeTag } from './safe';

export type XmlText = Safe<'xml'>;

/** Escapes any text, also one that is HTML itself, and keeps its lines; what HTML escapes is what XML does. */
export function textXml(content: string | number): XmlText {
  return String(content)
    .split(/\r\n?|\n/)
    .map(textHtml)
    .join('\n') as XmlText;
}

/** Joins pieces of a document. */
export const xml = safeTag<XmlText>();
