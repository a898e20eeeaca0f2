/** The styles of the grading page, beside the design of all pages and that of a class. */
export const style = `
:root { --wait: light-dark(#fdf3dc, #30260f); --miss: light-dark(#fceceb, #391d1e); }
html { scroll-padding: 4.5rem 0 1rem; }
body { max-width: 88rem; padding-top: 0; padding-bottom: var(--s5); }
kbd { display: inline-block; min-width: 1.5em; margin-right: var(--s1); padding: 0 .3em; font: 600 .8125em/1.5 system-ui, sans-serif; text-align: center; color: var(--faint); background: var(--wash); border: 1px solid var(--rule); border-radius: .25rem; }
.main kbd { color: inherit; background: none; border-color: currentColor; }
@media (hover: none) { :is(button, h3) kbd { display: none; } }
button:disabled { color: var(--faint); background: var(--wash); border-color: var(--rule); cursor: default; }
.row { display: flex; flex-wrap: wrap; gap: var(--s2); align-items: center; max-width: none; }
progress { width: 8rem; accent-color: var(--accent); }

/* head: one amber line, title and views in one line */
.staff { max-width: none; margin: 0 calc(-1 * var(--s5)); padding: var(--s1) var(--s5); font-size: var(--small); color: var(--open); background: var(--wait); border-bottom: 1px solid var(--open); }
.head { display: flex; flex-wrap: wrap; gap: var(--s2) var(--s5); align-items: center; justify-content: space-between; padding: var(--s3) 0 var(--s2); }
.head h1 { margin: 0; font-size: var(--large); }
.views { display: flex; flex-wrap: wrap; gap: var(--s1); margin: 0; padding: 0; list-style: none; }
.views button { border-color: transparent; background: none; }
.views button:hover { background: var(--tint); }
.views [aria-current] { color: var(--ink); background: var(--tint); border-color: var(--accent); }
.count { padding: 0 .5em; font-size: var(--small); color: var(--open); background: var(--wait); border-radius: 1em; }

/* the bar: how far, what is not saved, undo */
.todo { position: sticky; top: 0; z-index: 2; display: flex; gap: var(--s2) var(--s4); align-items: center; margin: 0 -4px; min-height: 3.75rem; padding: var(--s2) 4px; background: var(--paper); border-bottom: 1px solid var(--line); }
.todo p { margin: 0; max-width: none; }
.todo :is(.more, .doing) { flex: 1; font-size: var(--small); line-height: 1.4; }
.todo .row { flex-wrap: nowrap; }
.todo button { white-space: nowrap; }
@media screen and (width < 80rem) { .todo svg { display: none; } }
.todo .short { display: none; }
.sections { margin-top: var(--s2); }
.sections [aria-pressed=true] { color: var(--ink); background: var(--tint); border-color: var(--accent); }
.todo .row:last-child { margin-left: auto; }
.todo svg { width: 7rem; height: .625rem; flex: none; border-radius: 1em; background: var(--rule); }
.small, .case button, .tools button, .files button, .decided button { min-height: 2.25rem; padding: .2rem var(--s3); font-size: .9375rem; }
@media (pointer: coarse) { .small, .case button, .tools button, .files button, .decided button { min-height: 2.75rem; } }

/* decide: cases left, the work right */
.kind { display: flex; flex-wrap: wrap; gap: 0 var(--s4); align-items: baseline; margin: var(--s4) 0 0; min-height: 2.25rem; }
.kind h2 { margin: 0; font-size: 1rem; }
.kind button { margin-left: auto; }
.kind p { margin: 0; flex: 1 1 16rem; font-size: var(--small); color: var(--faint); }
.list, .list section > ul { margin: 0; padding: 0; list-style: none; }
/* so that the last case, too, can stand where the first one did */
@media screen { .list:has(.case) { padding-bottom: 50vh; } }
.list li { max-width: none; }
.case { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 var(--s4); padding: var(--s3) var(--s3) var(--s3) var(--s4); border-bottom: 1px solid var(--rule); border-left: 4px solid transparent; scroll-margin: 5rem; }
.case[aria-current] { background: var(--tint); border-left-color: var(--accent); }
.case:focus-visible { outline-offset: -3px; }
.case h3 { margin: 0; }
.case h3 kbd { margin-left: var(--s2); }
.case :is(p, ul) { margin: 0; max-width: 40em; }
.case .notes { grid-column: 1 / -1; padding: 0; list-style: none; font-size: .9375rem; color: var(--faint); }
.case .notes li::before { content: "+ "; }
.case .pts { grid-row: 1; grid-column: 2; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.case :is(.what, .row, p.faint) { grid-column: 1 / -1; }
.case .row { gap: var(--s1) var(--s2); margin-top: var(--s2); }
.case input { min-height: 0; width: 1.25rem; height: 1.25rem; vertical-align: -.2rem; }
.file, .case .file, td .file { display: inline; min-height: 1.75rem; padding: 0 .15rem; margin: 0 -.15rem; font-weight: inherit; border-color: transparent; background: none; text-decoration: underline; text-underline-offset: .15em; overflow-wrap: anywhere; text-align: left; }
.case h3 .file { font-size: 1rem; font-weight: 600; color: var(--ink); text-decoration-color: var(--line); }
.trace { display: flex; gap: var(--s3); align-items: center; min-height: 2.5rem; padding: 0 var(--s3) 0 var(--s4); color: var(--right); background: var(--soft); border-bottom: 1px solid var(--rule); border-left: 4px solid var(--right); }
.trace { animation: stay 8s; }
.trace:is(:hover, :focus-within) { animation-play-state: paused; }
@keyframes stay { from { opacity: 1; } }
.trace button { min-height: 2rem; padding: 0 var(--s3); font-size: .9375rem; }
.fold { border-top: 1px solid var(--rule); margin: 0; }
.fold:first-of-type { margin-top: var(--s5); }
.fold summary { font-weight: 600; }
.empty { padding: var(--s5); text-align: center; }
.empty p { margin-inline: auto; }
.decided { width: 100%; }
/* the box around scrolls, and would cut it off */
.decided button:focus-visible { outline-offset: -3px; }
:is(.case, .decided) small { display: block; color: var(--faint); }

/* the panel */
dialog { color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: var(--round); padding: var(--s5); max-width: min(40rem, 100vw - 1rem); }
dialog::backdrop { background: rgb(0 0 0 / 45%); }
dialog h2 { margin-top: 0; }
#panel { padding: 0; overflow: auto; }
#panel .top { position: sticky; top: 0; z-index: 1; display: flex; gap: var(--s2); align-items: center; padding: var(--s2) var(--s2) var(--s2) var(--s4); background: var(--wash); border-bottom: 1px solid var(--rule); }
#panel h2 { flex: 1; margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
#panel h2 small { display: block; font-weight: 400; color: var(--faint); }
#panel .body { padding: var(--s3) var(--s4) var(--s4); }
#panel .sheet :is(th, td) { padding: .3rem var(--s3) .3rem 0; text-align: left; white-space: nowrap; }
#panel .sheet :is(tbody th, .why td) { white-space: normal; }
#panel .sheet tbody th { font-weight: 400; }
#panel .sheet b { font-weight: 600; }
#panel .sheet .has-why > * { padding-bottom: 0; border-bottom-color: transparent; }
#panel .sheet .why td { padding-top: 0; font-size: var(--small); color: var(--faint); }
#panel .sheet .why p { margin: 0; }
#panel .sheet caption { font-weight: 600; color: var(--ink); }
#panel .sheet h2 { margin: var(--s4) 0 var(--s1); }
.tools button { min-width: 2.25rem; padding: 0 var(--s2); }
.tabs { display: flex; flex-wrap: wrap; gap: var(--s1); margin: 0 0 var(--s3); }
.tabs button { min-height: 2rem; padding: 0 var(--s3); font-size: var(--small); overflow-wrap: anywhere; }
.tabs [aria-pressed="true"] { color: var(--ink); background: var(--tint); border-color: var(--accent); }
.disputed { display: inline-block; padding: .05rem .4rem; margin-left: -.4rem; background: var(--wait); border-radius: .25rem; box-shadow: inset 0 0 0 1px var(--open); }
.facts { display: grid; grid-template-columns: auto 1fr; gap: 0 var(--s3); margin: var(--s3) 0 0; font-size: .9375rem; }
.facts dt { color: var(--faint); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.qa { margin: 0; }
.qa dt { font-size: var(--small); color: var(--faint); }
.qa dd { margin: 0 0 var(--s2); }
.code { width: 100%; font: .875rem/1.5 ui-monospace, monospace; table-layout: fixed; }
.code :is(th, td) { padding: 0 var(--s2) 0 0; border: 0; white-space: pre-wrap; overflow-wrap: anywhere; vertical-align: top; }
.code th { width: 3.5rem; font-weight: 400; text-align: right; color: var(--faint); user-select: none; }
.code .slip { background: var(--miss); }
.code .slip th { color: var(--wrong); font-weight: 600; }
.code .fix { background: var(--soft); }
.code .fix p { margin: 0; font: var(--small)/1.5 system-ui, sans-serif; white-space: normal; color: var(--right); }
.code .fix th { color: var(--right); font-weight: 600; }
.view { display: block; width: 100%; border: 1px solid var(--rule); border-radius: var(--round); }
@media (width < 64rem) { #panel { width: 100%; max-width: none; height: 100%; max-height: none; margin: 0; border: 0; border-radius: 0; } }
@media screen and (width >= 64rem) {
  .decide.with { display: grid; grid-template-columns: minmax(0, 1fr) minmax(25rem, 43%); gap: var(--s5); align-items: start; }
  .decide.with #panel { display: block; position: sticky; top: 4.75rem; width: auto; max-width: none; margin: var(--s4) 0 0; max-height: calc(100vh - 5.75rem); }
}

/* give, class, take */
.narrow { max-width: 58rem; }
.narrow > .card, .narrow > .card + .row { margin-top: var(--s4); }
.narrow > p { max-width: none; }
.drop { border: 2px dashed var(--line); }
.drop :is(p, ul, li) { max-width: none; }
.actions .faint { margin-left: var(--s2); }
body.over::after { content: "Drop it here to add it under Give"; position: fixed; inset: var(--s2); z-index: 9; display: grid; place-items: center; font-size: var(--title); font-weight: 600; color: var(--accent); background: color-mix(in srgb, var(--tint) 92%, transparent); border: 3px dashed var(--accent); border-radius: var(--round); }
.files { padding: 0; list-style: none; }
.files li { display: flex; flex-wrap: wrap; gap: 0 var(--s3); align-items: center; max-width: none; padding: var(--s1) 0; border-bottom: 1px solid var(--rule); }
.files span { flex: 1 1 20rem; }
.form { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: var(--s3) var(--s5); }
.form label { display: block; font-weight: 600; }
.form :is(input:not([type=checkbox]), select, textarea) { width: 100%; font-weight: 400; }
.form small { display: block; color: var(--faint); font-weight: 400; }
.form :is(h2, .row, .bad, table, ul) { grid-column: 1 / -1; margin: 0; }
.steps { padding: 0; list-style: none; counter-reset: n; }
.steps > li { position: relative; padding: var(--s2) 0 var(--s2) 3rem; max-width: 44em; border-bottom: 1px solid var(--rule); counter-increment: n; overflow-wrap: anywhere; }
.steps > li::before { content: counter(n); position: absolute; left: 0; top: .3rem; width: 2rem; line-height: 1.9rem; text-align: center; font-weight: 600; color: var(--accent); border: 1px solid var(--accent); border-radius: 50%; }
.amber { background: var(--wait); border-color: var(--open); }
.green { background: var(--soft); border-color: var(--right); }
.search label { display: flex; gap: var(--s2); align-items: center; }
.foot { margin-top: var(--s6); font-size: var(--small); color: var(--faint); border-top: 1px solid var(--rule); }
iframe { width: 100%; height: 80vh; border: 1px solid var(--rule); border-radius: var(--round); background: var(--paper); }
@media screen and (width < 64rem) {
  .todo :is(svg, .take, .more, kbd, progress) { display: none; }
  .todo .doing { position: absolute; inset: 0 auto 0 4px; }
  .todo:has(.doing) > p { visibility: hidden; }
}
@media screen and (width < 48rem) {
  html { scroll-padding-top: 7.5rem; }
  .todo > p > .open { position: absolute; clip-path: inset(50%); }
  .todo .short { display: inline; font-weight: 600; color: var(--open); }
  .todo .small { padding-inline: var(--s2); }
  .decided :is(td, th) { padding-right: var(--s3); }
  .decided :is(td, th):nth-child(3) { display: none; }
  .staff .long, .case h3 kbd { display: none; }
  .staff { font-size: .8rem; }
  .staff { margin-inline: calc(-1 * var(--s4)); padding-inline: var(--s4); }
  .sheet :is(td, th) { padding-right: var(--s2); }
  .sheet td { font-size: var(--small); }
  .head nav { flex-basis: 100%; }
  .views { gap: 0; justify-content: space-between; }
  .views button { padding: 0 clamp(.3rem, 2vw, 1rem); }
  .case, .trace { padding-left: var(--s3); margin-inline: calc(-1 * var(--s4)); }
}
/* a low window, or 400 %: nothing covers anything */
@media (height < 25rem) { .todo, #panel .top { position: static; } html { scroll-padding: 0; } }
@media (forced-colors: active) { .case[aria-current] { border-left-color: Highlight; } .views [aria-current], .tabs [aria-pressed="true"] { border: 2px solid Highlight; } }
@media print {
  .head nav, .todo, #panel, .case .row, .trace, .drop, .foot, .search, iframe { display: none !important; }
  .decide { display: block !important; }
  .staff { border: 1px solid; }
  .case { break-inside: avoid; padding-left: 0; border-left: 0; }
  .case[aria-current] { background: none; }
  .case .file { display: inline; color: inherit; padding: 0; margin: 0; text-decoration: none; }
  .kind button { display: none; }
}
`;
