import htm from 'htm';
import { h, type VNode } from 'preact';
import { type Message, piecesOf } from '../../message';
import { escapeInvisible } from '../../render/escape/safe';

/** Makes elements. Preact writes texts as texts, never as HTML. */
export const html = htm.bind(h) as (parts: TemplateStringsArray, ...values: readonly unknown[]) => VNode;

/** A message with its quotes in place, each as code. */
export function sentence(message: Message): VNode[] {
  return piecesOf(message).map((piece) =>
    'words' in piece ? html`<span>${piece.words}</span>` : html`<code>${escapeInvisible(piece.quote)}</code>`,
  );
}
