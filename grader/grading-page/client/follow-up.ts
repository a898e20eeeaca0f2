import { render, type VNode } from 'preact';
import { decisionsText, readDecisions } from '../../class/decisions/journal';
import type { FollowUpData } from '../../class/pages/follow-up';
import { errorLines } from '../../class/pages/handed-in';
import type { FilePlace } from '../../class/pages/shown';
import { download, html } from '../../page/client/elements';
import { decideView, pressKey } from './decide';
import { DecidePage, isAt, nameOfSaved } from './decide-page';

// The page beside the results of the command: it shows what a run has made, and saves what is decided. It grades
// nothing again.

class FollowUpPage extends DecidePage {
  readonly next = { label: 'Save', press: () => this.save() };
  private readonly data: FollowUpData;
  private readonly element: HTMLElement;
  private refused: readonly string[] = [];

  constructor(data: FollowUpData, element: HTMLElement) {
    super();
    this.data = data;
    this.element = element;
    const { shown } = data;
    this.update({ graded: shown, given: shown.decisions });
  }

  protected draw(): void {
    render(this.view(), this.element);
    this.filterNames();
  }

  private view(): VNode {
    const choose = ({ target }: Event) => {
      if (target instanceof HTMLInputElement) void this.give(target.files ?? []);
    };
    return html`<section id="view" tabindex="-1" aria-label="Decide">
      ${this.refused.map((line) => html`<p class="bad" role="alert">✗ ${line}</p>`)}
      ${decideView(this)}
      <details class="fold"><summary>Decisions that somebody else has saved</summary>
        <p><label>Their files decisions….jsonl <input type="file" accept=".jsonl" multiple onChange=${choose} /></label></p></details>
    </section>
    <div class="unseen" role="status">${this.state.heard}</div>` as VNode;
  }

  /** Takes what others have decided about the same class. */
  async give(files: Iterable<File>): Promise<void> {
    try {
      const read = [...files].map(async (file) => ({
        name: file.name,
        bytes: new Uint8Array(await file.arrayBuffer()),
      }));
      const decisions = readDecisions(await Promise.all(read));
      this.refused = [];
      const given = new Map([...this.state.given, ...decisions].map((line) => [line.id, line]));
      this.update({
        given: [...given.values()],
        heard: `${decisions.length} lines of decisions were added.`,
      });
    } catch (error) {
      this.refused = errorLines(error);
      this.update({ heard: this.refused.join(' ') });
    }
  }

  protected askForSheet(id: string): void {
    this.takeSheet(this.data.sheets.find((sheet) => sheet.id === id));
  }

  protected askForFile(place: FilePlace): void {
    const small = this.data.files.find((file) => isAt(place, file));
    const bytes = small && Uint8Array.from(small.text, (character) => character.charCodeAt(0));
    const why = `It is not in this page, which has only small files of open cases. It was handed in with ${place.submission}.`;
    this.takeFile(bytes ? { ...place, inside: small.inside, bytes } : { ...place, why });
  }

  isGraded(): boolean {
    return this.state.made.length + this.state.given.length === this.data.shown.decisions.length;
  }

  ungraded(): VNode {
    const unsaved = this.unsaved();
    const save = unsaved === 0 ? 'Saved' : `${unsaved} not saved`;
    return html`<span class="open">${save}. Grade again to see what changes.</span>` as VNode;
  }

  private save(): void {
    const name = `${nameOfSaved('decisions', this)}.jsonl`;
    download(name, decisionsText(this.journal().all));
    this.update({
      saved: this.state.made.length,
      heard: `Saved ${name}. Put it into the folder of the results, and grade again.`,
    });
  }

  /** Shows, below what is decided, the names of the section that is shown. */
  private filterNames(): void {
    const { section, graded } = this.state;
    const number = section === undefined ? '' : String(graded?.sections.indexOf(section));
    const isIn = ({ dataset: { in: numbers = '' } }: HTMLElement) =>
      number === '' || numbers === '' || numbers.split(' ').includes(number);
    for (const part of document.querySelectorAll<HTMLElement>('main > :not(#place) :is(tr, li)')) {
      const names = [...part.querySelectorAll<HTMLElement>('[data-in]')];
      part.hidden = names.length > 0 && !names.some(isIn);
    }
  }
}

const data = document.getElementById('data');
const element = document.getElementById('place');
if (data && element) {
  const page = new FollowUpPage(JSON.parse(data.textContent ?? ''), element);
  document.addEventListener('keydown', (event) => pressKey(page, event));
}
