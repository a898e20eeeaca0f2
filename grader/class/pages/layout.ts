import { type HtmlText, html, textHtml } from '../../render/escape/html';

/** The class page; the other pages beside it link to it. */
export const pageFile = 'report.html';

/** A part of a page that has its own heading. */
export type PageSection = readonly [id: string, title: string, body: HtmlText];

/** Links to the sections of a page. */
export function linksTo(sections: readonly PageSection[]): HtmlText {
  const links = sections.map(
    ([id, title]) => html`<li><a href="#${textHtml(id)}">${textHtml(title)}</a></li>`,
  );
  return html`<nav aria-label="On this page"><ul>${links}</ul></nav>`;
}

export function sectionHtml([id, title, body]: PageSection): HtmlText {
  return html`<section aria-labelledby="${textHtml(id)}"><h2 id="${textHtml(id)}">${textHtml(title)}</h2>\n${body}</section>\n`;
}

/**
 * The style sheet of the class page. Colors only emphasize what a number beside them already says, and
 * have a contrast of 4.5 with their background in both modes.
 */
export const style = `
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --faint: #5a5a66; --line: #c9c9d2; --accent: #1a4fa0; --warn: #a33b00; }
body { margin: 0 auto; max-width: 76rem; padding: .5rem 1.25rem 4rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.3rem; line-height: 1.25; margin: .25rem 0; } header p { margin: .25rem 0; } .first { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 2rem; } .first h2 { margin: .5rem 0; } .first p { margin: .5rem 0; } figure { margin: 0; } figcaption { color: var(--faint); font-size: .9rem; } @media (max-width: 60rem) { .first { display: block; } }
h2 { margin-top: 2.5rem; font-size: 1.25rem; border-bottom: 1px solid var(--line); } h3 { font-size: 1.05rem; }
a { color: var(--accent); } a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .25rem 0; padding: 0; list-style: none; }
table { border-collapse: collapse; margin: .75rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--faint); padding-bottom: .25rem; } caption span { display: block; max-width: calc(100vw - 3rem); }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
details { margin: .75rem 0; } summary { cursor: pointer; color: var(--accent); } summary:focus-visible { outline: 3px solid var(--accent); }
td.number { text-align: right; } td p { margin: 0; } td ul { margin: 0; padding-left: 1.1rem; } th details { margin: 0; font-weight: normal; } th summary { font-weight: bold; } th p { font-weight: normal; } .notes { border: 2px solid var(--accent); padding: 0 1rem; margin: 1rem 0; overflow-wrap: anywhere; } .wide { overflow-x: auto; }
.idea { font-size: 1.3rem; margin: .5rem 0; } blockquote { margin: .25rem 0 1rem; padding: .5rem 1rem; border-left: 4px solid var(--accent); } .private { border: 2px solid var(--warn); padding: .25rem 1rem; width: fit-content; } .said { overflow-wrap: anywhere; } .people li { margin: .35rem 0; } code { font-size: .95em; } main :is(p, li, code, h3, pre) { overflow-wrap: anywhere; } pre { margin: .25rem 0; white-space: pre-wrap; }
svg.sheet { display: block; width: 100%; max-width: 38rem; height: auto; margin: .25rem 0; } svg.many { width: auto; max-width: none; } .sheet text { fill: var(--ink); font-size: 9.5px; text-anchor: middle; } .sheet .label, .sheet .section { text-anchor: start; } .sheet .count { font-weight: bold; } .sheet .below { font-size: 8.5px; } .sheet .head, .sheet .section { fill: var(--faint); } .written { font-size: 1.1rem; } ol.next { margin: .25rem 0; padding-left: 1.5rem; }
.faint { color: var(--faint); } .who { margin: .1rem 0 0; color: var(--faint); font-size: .9rem; }
.responses { padding: 0; list-style: none; } .responses > li { margin: .6rem 0; padding: .1rem .8rem; border-left: 3px solid var(--line); overflow-wrap: anywhere; }
.responses p { margin: 0; } meter { width: 12rem; }
.sheet rect { stroke: var(--line); } .heat0 { fill: #fff; } .heat1 { fill: #fdf3e4; } .heat2 { fill: #fbe5c8; } .heat3 { fill: #f9d5a7; } .heat4 { fill: #f6c383; } .heat5 { fill: #f2ae60; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e9e9ee; --paper: #17171b; --faint: #b3b3c0; --line: #45454f; --accent: #9dbcf5; --warn: #ffb380; }
.heat0 { fill: #17171b; } .heat1 { fill: #2b2218; } .heat2 { fill: #40301c; } .heat3 { fill: #563e1f; } .heat4 { fill: #6b4c22; } .heat5 { fill: #7f5a25; }
}
@media print { nav { display: none; } body { max-width: none; padding: 0; font-size: .85rem; } h2 { break-after: avoid; } tr, li { break-inside: avoid; } }
`;
