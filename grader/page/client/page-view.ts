import type { GradedCell, GradedRow, Report } from '../../grading/report.schema';
import { againPart, worksheetPart } from '../../grading/score';
import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { isComplete, outcomes, startedAgain } from '../../render/status';
import { rowsAgain } from '../../rubric/rubric';
import type { PageData } from '../page';
import { fieldOf, partOf } from '../work';
import { element, markupOf, put } from './dom';
import type { GradedWork } from './grading';
import {
  againMarkup,
  cellState,
  fieldMarkup,
  responsesMarkup,
  resultMarkup,
  rowMarkup,
} from './page-messages';
import type { Values } from './values';

/** Shows graded work on the page. */
export class PageView {
  /** The rows that show their marks: those that have been complete once, or all of them after Check. */
  readonly shown = new Set<string>();
  private readonly data: PageData;
  private readonly values: Values;
  /** The work that the report on the page was graded from. */
  private graded: GradedWork = { work: new Map(), quoted: new Set() };

  constructor(data: PageData, values: Values) {
    this.data = data;
    this.values = values;
  }

  /** Whether a field has changed since it was graded. */
  isBehind(name: string): boolean {
    return (this.graded.work.get(name) ?? '') !== this.values.valueOf(name) || this.isTyping(name);
  }

  /** Whether a row shows its marks. Rows that are asked again always do, once they have any. */
  isMarked(row: string): boolean {
    return this.shown.has(row) || rowsAgain(this.data.rubric).some(({ id }) => id === row);
  }

  showReport(report: Report, graded: GradedWork): void {
    this.graded = graded;
    const { rubric } = this.data;
    for (const row of worksheetPart(report).rows) {
      const isShown = this.shown.has(row.id);
      this.showRow(row, isShown, isShown ? rowMarkup(row, report, rubric) : html``);
    }
    const again = startedAgain(report);
    // That table has no marks until all of it is filled in, but a cell that cannot be read is reported at once.
    for (const row of againPart(report).rows)
      this.showRow(row, true, again ? rowMarkup(row, again, rubric) : html``);
    const isAnyShown = this.shown.size > 0;
    put(element('result'), isAnyShown ? resultMarkup(report) : html``);
    // Without points nothing was judged, so a complete worksheet may still be wrong.
    const isDone = isComplete(report) && report.points !== null;
    element('result').classList.toggle('done', isAnyShown && isDone);
    if (rowsAgain(rubric).length > 0) put(element('again-result'), again ? againMarkup(report) : html``);
    this.showResponses(report);
  }

  /** Clears the marks of a field while a student types in it, because they are about its earlier text. */
  showTyping(name: string): void {
    const outcome = outcomeOf(this.values.valueOf(name));
    this.showState(name, outcome, wordOf(outcome), textHtml(''));
    const field = this.values.fields.get(name);
    if (field) field.dataset.typing = 'true';
  }

  /** Copies the typed text of each field to its table cell, for printing. */
  showOnPaper(): void {
    for (const [name, field] of this.values.fields) {
      const cell = field.closest('td');
      if (cell) cell.dataset.typed = this.values.valueOf(name);
    }
  }

  /** Highlights the current row in the diagram and in its table. */
  highlight(row: string | undefined): void {
    for (const marked of document.querySelectorAll('.current')) marked.classList.remove('current');
    if (row === undefined) return;
    element(partOf.row(row)).classList.add('current');
    for (const node of document.querySelectorAll<SVGElement>('figure.diagram .node'))
      if (node.dataset.id === this.nameOf(row)) node.classList.add('current');
  }

  /** Returns the id of the row that a row repeats, or else its own id. */
  private nameOf(row: string): string {
    const asked = rowsAgain(this.data.rubric);
    return asked.find(({ id }) => id === row)?.repeats ?? row;
  }

  forget(): void {
    this.shown.clear();
    element('saved').textContent = '';
    this.highlight(undefined);
  }

  private isTyping(name: string): boolean {
    return this.values.fields.get(name)?.dataset.typing === 'true';
  }

  private showRow(row: GradedRow, isShown: boolean, said: HtmlText): void {
    for (const cell of row.cells) this.showCell(row.id, cell, isShown);
    const place = element(partOf.said(row.id));
    put(place, said);
    place.parentElement?.toggleAttribute('hidden', place.textContent === '');
  }

  private showCell(row: string, cell: GradedCell, isShown: boolean): void {
    const name = fieldOf.cell(row, cell.id);
    const typed = this.values.valueOf(name);
    if (typed !== (this.graded.work.get(name) ?? '')) return;
    const outcome = isShown ? cell.outcome : outcomeOf(typed);
    const names = Object.keys(this.data.facts);
    const slip = isShown ? fieldMarkup(cell, this.graded.quoted.has(name), names) : textHtml('');
    this.showState(name, outcome, isShown ? cellState(cell) : wordOf(outcome), slip);
    delete this.values.fields.get(name)?.dataset.typing;
  }

  private showState(name: string, outcome: GradedCell['outcome'], state: HtmlText, reason: HtmlText): void {
    put(element(partOf.state(name)), state);
    put(element(partOf.reason(name)), reason);
    const field = this.values.fields.get(name);
    field?.setAttribute('aria-invalid', String(outcome === 'wrong' || outcome === 'invalid'));
    field?.closest('td')?.setAttribute('data-outcome', outcome);
  }

  private showResponses(report: Report): void {
    const { reflection } = report;
    if (!reflection) return;
    const isAnswered = new Map(
      reflection.responses.map(({ id, answered }) => [fieldOf.response(id), answered]),
    );
    for (const [name, field] of this.values.fields) {
      if (!(field instanceof HTMLTextAreaElement)) continue;
      const isEmpty = field.value.trim() === '';
      const { sign } = outcomes[isAnswered.get(name) ? 'correct' : 'blank'];
      const counts = isAnswered.get(name) ? 'counts as a response' : 'not a response yet';
      const ofDispute = isEmpty ? '' : 'your instructors will read this; it is worth no points';
      const word = name === fieldOf.dispute ? ofDispute : counts;
      put(element(partOf.state(name)), textHtml(word === '' ? '' : `${sign} ${word}`));
      field.closest('.response')?.toggleAttribute('data-empty', isEmpty);
    }
    const responsesText = responsesMarkup(report);
    // Replaces the text only if it changed, because a screen reader reads it aloud each time.
    if (element('responses').innerHTML !== markupOf(responsesText)) put(element('responses'), responsesText);
  }
}

/** The outcome of a field that is not graded. */
function outcomeOf(typed: string): 'blank' | 'ungraded' {
  return typed.trim() === '' ? 'blank' : 'ungraded';
}

function wordOf(outcome: GradedCell['outcome']): HtmlText {
  const { sign, word } = outcomes[outcome];
  return textHtml(`${sign} ${word}`);
}
