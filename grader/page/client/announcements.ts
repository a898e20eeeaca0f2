import type { Report } from '../../grading/report.schema';
import type { Message } from '../../message';
import { html, htmlSentence } from '../../render/escape/html';
import { element, put } from './dom';
import { resultInWords, rowInWords } from './page-messages';

/** Stands for the whole worksheet among rows. No row can have this name. */
const allOfIt = '(all)';

/** The page's messages in words: to a screen reader once something is graded, and in notes. */
export class Announcements {
  /** The rows to announce once they are graded, or the whole worksheet. */
  private readonly due = new Set<string>();

  sayRow(row: string): void {
    this.due.add(row);
  }

  sayAll(): void {
    this.due.clear();
    this.due.add(allOfIt);
  }

  graded(report: Report): void {
    const rows = report.rows.filter(({ id }) => this.due.has(id)).map((row) => rowInWords(row, report));
    const all = this.due.has(allOfIt) ? [resultInWords(report)] : [];
    this.due.clear();
    if (rows.length + all.length > 0) this.say([...rows, ...all].join(' '));
  }

  say(words: string): void {
    element('live').textContent = words;
  }

  note(notes: readonly Message[]): void {
    const list = html`<ul>${notes.map((one) => html`<li>${htmlSentence(one)}</li>`)}</ul>`;
    put(element('notes'), notes.length === 0 ? html`` : list);
  }

  forget(): void {
    this.due.clear();
    this.note([]);
    this.say('');
  }
}
