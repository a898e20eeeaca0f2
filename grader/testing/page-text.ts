/**
 * The text of a page or a part of it, a line for each block, also of what is hidden: `__` is a field with its label and
 * whether it is invalid or required; a button stands in brackets, with an arrow if it is pressed, or in parentheses if
 * it cannot be. Of a picture, it says where what is drawn. Pages in frames, and keys on buttons, are left out.
 */
export const textOfPage = (markup: string) =>
  markup
    .replace(/ srcdoc="[^"]*"/g, '')
    .replace(/^.*<body>|<(script|style)\b.*?<\/\1>/gs, '')
    .replace(/<(kbd)[^>]* aria-hidden="true".*?<\/\1>/gs, '')
    .replace(/<button([^>]*)>(.*?)<\/button>/gs, (_, attributes: string, text: string) =>
      / disabled/.test(attributes) ? `(${text})` : `[${text}${/"page"|"true"/.test(attributes) ? ' ←' : ''}]`,
    )
    .replace(/<(?:input|select|textarea)\b([^>]*)>/g, (_, attributes: string) => {
      const [, label = ''] = /aria-label="([^"]*)"/.exec(attributes) ?? [];
      const states = ['aria-invalid="true"', ' required'].filter((state) => attributes.includes(state));
      return `\n__ ${[label, ...states].join(' ')}\n`;
    })
    .replace(/<((?:rect|text) [^>]*?)\/?>/g, (_, drawn: string) => `\n${rounded(drawn)}\n`)
    .replace(/<(?!\/?(?:b|span|strong|code|a)\b)[^>]*>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/\s*\n\s*/g, '\n');

const rounded = (drawn: string) => drawn.replace(/\d+\.\d+/g, (number) => Number(number).toFixed(1));
