/** What the grading page has beside the design of all pages and that of a class. */
export const style = `
body { max-width: 88rem; padding-top: 0; }
.holds { max-width: none; margin: 0 0 var(--s4); padding: var(--s2) var(--s4); color: var(--paper); background: var(--wrong); font-weight: 600; text-align: center; }
.views { display: flex; flex-wrap: wrap; gap: var(--s2); margin: var(--s4) 0; padding: 0; list-style: none; }
.views [aria-current] { background: var(--tint); border-color: var(--accent); }
button:disabled { color: var(--faint); background: var(--wash); border-color: var(--rule); cursor: default; }
.drop { border: 2px dashed var(--line); }
.drop.over { background: var(--tint); }
.files { padding: 0; list-style: none; }
.files li { display: flex; flex-wrap: wrap; gap: 0 var(--s3); align-items: center; max-width: none; border-bottom: 1px solid var(--rule); }
.files button, .made button { min-height: 2rem; padding: 0 var(--s3); font-size: var(--small); }
.files span { flex: 1 1 20rem; }
.form { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: var(--s3) var(--s5); }
.form label { display: block; font-weight: 600; }
.form :is(input, select, textarea) { width: 100%; font-weight: 400; }
.form small { display: block; color: var(--faint); font-weight: 400; }
.form h2, .form .actions { grid-column: 1 / -1; margin: 0; }
progress { width: min(24rem, 100%); accent-color: var(--accent); }
.todo { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 0 var(--s4); align-items: center; padding: var(--s2) 0; background: var(--paper); border-bottom: 1px solid var(--rule); }
.todo p { margin: 0; }
html { scroll-padding: 5rem 0 2rem; }
.cases { content-visibility: auto; contain-intrinsic-size: auto 40rem; }
iframe { width: 100%; height: 80vh; border: 1px solid var(--rule); border-radius: var(--round); background: var(--paper); }
dialog { max-width: min(40rem, 100vw); color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: var(--round); padding: var(--s5); }
dialog::backdrop { background: rgb(0 0 0 / 40%); }
.actions { display: flex; flex-wrap: wrap; gap: var(--s2); align-items: center; max-width: none; }
@media (width < 48rem) { .made :is(th, td):nth-child(3) { display: none; } }
@media print { .views, .actions, .drop, iframe { display: none; } .todo { position: static; } .holds { border: 2px solid; color: inherit; background: none; } .cases { content-visibility: visible; } }
`;
