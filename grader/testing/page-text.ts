/**
 * What people read and hear of a page or a part of it, a line for each block: `__` is a field, a button stands in
 * brackets, with an arrow if it is pressed or in parentheses if it cannot be. Of a picture, it says where what is drawn.
 */
export const textOfPage = (markup: string) =>
  markup
    .replace(/^.*<body>|<(script|style)\b.*?<\/\1>/gs, '')
    .replace(/<button([^>]*)>(.*?)<\/button>/gs, (_, attributes: string, text: string) =>
      / disabled/.test(attributes) ? `(${text})` : `[${text}${/"step"|"true"/.test(attributes) ? ' ←' : ''}]`,
    )
    .replace(/<(?:input|select|textarea)\b([^>]*)>/g, (_, attributes: string) => {
      const [, label = ''] = /aria-label="([^"]*)"/.exec(attributes) ?? [];
      const states = ['aria-invalid="true"', ' required'].filter((state) => attributes.includes(state));
      return `\n__ ${[label, ...states].join(' ')}\n`;
    })
    .replace(/<((?:rect|text) [^>]*?)\/?>/g, '\n$1\n')
    .replace(/<(?!\/?(?:b|span|strong|code|a)\b)[^>]*>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/\s*\n\s*/g, '\n');
