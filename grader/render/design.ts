/**
 * The style sheet of every page that people read: colors by meaning, a scale of type and one of spaces, and few
 * components. Each page adds only what no other has. Colors only emphasize what a sign or a word beside them says.
 */
export const design = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1a1c21, #e8e9ed);
  --faint: light-dark(#545a66, #a9afbb); /* read second */
  --paper: light-dark(#ffffff, #15171b);
  --wash: light-dark(#f5f6f8, #1e2126); /* stands apart */
  --rule: light-dark(#dfe2e8, #343841); /* between rows */
  --line: light-dark(#828996, #7b8290); /* the edge of a control */
  --accent: light-dark(#1a4fa0, #9dbcf5); /* can be pressed */
  --tint: light-dark(#e8effb, #1d2b45);
  --right: light-dark(#0b6b34, #7fd6a0);
  --soft: light-dark(#e6f4ea, #17301f);
  --wrong: light-dark(#a3161b, #ff9c94);
  --open: light-dark(#7a4a00, #f0c065); /* waits for a person */
  --small: .875rem;
  --large: 1.25rem;
  --title: 1.625rem;
  --huge: 2.75rem;
  --s1: .25rem;
  --s2: .5rem;
  --s3: .75rem;
  --s4: 1rem;
  --s5: 1.5rem;
  --s6: 2.5rem;
  --s7: 4rem;
  --round: .5rem;
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  max-width: 80rem;
  padding: var(--s5) var(--s5) var(--s7);
  font: 1rem/1.5 system-ui, sans-serif;
  color: var(--ink);
  background: var(--paper);
  overflow-wrap: break-word;
}
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h1 { margin: 0 0 var(--s2); font-size: var(--title); }
h2 { margin: var(--s6) 0 var(--s3); font-size: var(--large); }
h3 { margin: var(--s5) 0 var(--s1); font-size: 1rem; }
p, ul, ol, pre, figure, details { margin: var(--s2) 0; }
ul, ol { padding-left: 1.25rem; }
/* 75 characters at most */
p, li { max-width: 37em; }
a, summary { color: var(--accent); text-underline-offset: .15em; }
summary { cursor: pointer; min-height: 2.75rem; padding: var(--s2) 0; }
code, pre { font: .9375em/1.5 ui-monospace, monospace; }
pre { padding: var(--s2) var(--s3); background: var(--wash); border-radius: var(--round); white-space: pre-wrap; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.unseen, .skip:not(:focus), .cases caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.faint, .who { color: var(--faint); }
.strong { font-weight: 600; }
.good { color: var(--right); font-weight: 600; }
.bad { color: var(--wrong); font-weight: 600; }
.open { color: var(--open); font-weight: 600; }

/* a card, for what stands apart */
.card { padding: var(--s4) var(--s5); background: var(--wash); border: 1px solid var(--rule); border-radius: var(--round); }
.card > :first-child { margin-top: 0; }
.card > :last-child { margin-bottom: 0; }

/* a table: hairlines, quiet heads, numbers below each other */
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding-bottom: var(--s2); text-align: left; color: var(--faint); }
caption span { display: block; max-width: calc(100vw - 3rem); }
th, td { padding: var(--s2) var(--s5) var(--s2) 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: baseline; }
:is(th, td):last-child { padding-right: 0; }
thead :is(th, td) { border-color: var(--line); font-size: var(--small); font-weight: 400; color: var(--faint); vertical-align: bottom; }
:is(th, td) p { margin: 0; font-weight: 400; }
.wide { position: relative; overflow-x: auto; }

/* a bar: how many of how many, always beside the number */
.bar { width: 8rem; max-width: 100%; height: .75rem; background: var(--wash); fill: var(--accent); vertical-align: baseline; }

/* a button; the main one of a view is filled */
button, .button, input, select, textarea { font: inherit; min-height: 2.75rem; max-width: 100%; padding: var(--s2) var(--s3); color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: var(--round); }
button, .button { padding: var(--s2) var(--s4); color: var(--accent); font-weight: 600; text-decoration: none; cursor: pointer; }
:is(button, .button):hover { background: var(--tint); }
.button { display: inline-block; }
.main, .main:hover { color: var(--paper); background: var(--accent); border-color: var(--accent); }

@media (width < 48rem) {
  body { padding: var(--s4) var(--s4) var(--s7); }
  h1 { font-size: 1.375rem; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  button, .not-on-paper { display: none; }
  summary { min-height: 0; padding: 0; color: inherit; list-style: none; }
  h2, h3, caption { break-after: avoid; }
  tr, li, .card { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
