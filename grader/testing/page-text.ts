/**
 * The text of a page or a part of it, including hidden parts, with a line for each block. `__` is a field, with its
 * label and whether it is invalid or required. A button is in brackets, with an arrow if it is pressed, or in
 * parentheses if it is disabled. For pictures, the text lists each shape with its position. Leaves out pages in frames,
 * and keys on buttons.
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
