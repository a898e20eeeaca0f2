import { download } from '../../../page/client/dom';
import {
  type CountedQuestion,
  type CountedVote,
  countColumns,
  countRows,
  countText,
  numberTyped,
  shareOf,
  totalOf,
  type VoteName,
  votes,
  wayAfter,
} from '../counting';

// Counts a vote. Without this script the page still shows the same questions and answers, step by step.

const questions: readonly CountedQuestion[] = JSON.parse(
  document.getElementById('data')?.textContent ?? '[]',
);
const questionOf = (vote: VoteName) => questions[vote === 'third' ? 1 : 0];

const moves: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

const all = <Found extends Element>(selector: string) => [...document.querySelectorAll<Found>(selector)];

const fieldsOf = (vote: VoteName) => all<HTMLInputElement>(`[data-count="${vote}"] input`);
const isOdd = ({ value }: HTMLInputElement) => value.trim() !== '' && numberTyped(value) === undefined;

const selectOf = (vote: VoteName) =>
  document.querySelector<HTMLSelectElement>(`[data-count="${vote}"] select`);

function typed(vote: VoteName): CountedVote {
  return {
    vote,
    how: selectOf(vote)?.value ?? '',
    numbers: fieldsOf(vote).map(({ value }) => numberTyped(value) ?? 0),
  };
}

/** The vote as typed, if every entry is a number and the total is possible. */
function counted(vote: VoteName): CountedVote | undefined {
  const one = typed(vote);
  return totalOf(one).isPossible && !fieldsOf(vote).some(isOdd) ? one : undefined;
}

/** Marks fields that do not contain a valid number. */
function markOdd(vote: VoteName): void {
  for (const field of fieldsOf(vote)) field.setAttribute('aria-invalid', String(isOdd(field)));
}

/**
 * Shows the number of votes and, after the first vote, what to do next. It runs on request, not while numbers are
 * typed: on a projector, a growing sum would reveal how many voted for each option.
 */
function showTotal(vote: VoteName): void {
  markOdd(vote);
  const one = counted(vote);
  const right = questionOf(vote)?.right ?? -1;
  const way = one && vote === 'first' ? wayAfter(shareOf(one, right)) : undefined;
  const text = fieldsOf(vote).some(isOdd)
    ? 'Write a number in each marked field.'
    : totalOf(typed(vote)).text;
  const output = document.querySelector(`[data-count="${vote}"] output`);
  if (output) output.textContent = way === undefined ? text : `${text} ${way}`;
  for (const label of all<HTMLElement>('[data-way]'))
    label.classList.toggle('advised', label.dataset.way === way);
}

/** Draws the counted votes as bars; the page shows them with the answer. */
function drawBars(): void {
  for (const vote of votes) {
    const one = counted(vote);
    for (const [index, bar] of all<HTMLElement>(`[data-bar="${vote}"]`).entries()) {
      bar.hidden = one === undefined;
      const meter = bar.querySelector('meter');
      if (!one || !meter) continue;
      meter.value = shareOf(one, index);
      const text = bar.querySelector('b');
      if (text) text.textContent = countText(one, index);
    }
  }
  for (const button of all('button[data-save]')) button.toggleAttribute('hidden', !votes.some(counted));
}

function save(): void {
  const rows = votes.flatMap((vote) => {
    const [one, question] = [counted(vote), questionOf(vote)];
    return one && question ? countRows(question, one) : [];
  });
  download('vote.csv', [countColumns.join(','), ...rows, ''].join('\r\n'), 'text/csv');
}

/** Copies the way of counting to the later votes that are not counted yet; usually all are counted the same way. */
function sameAfter(vote: VoteName): void {
  const { how } = typed(vote);
  for (const later of votes.slice(votes.indexOf(vote) + 1)) {
    const select = selectOf(later);
    if (select && !counted(later)) select.value = how;
  }
}

for (const vote of votes) {
  for (const form of all<HTMLElement>(`[data-count="${vote}"]`)) {
    form.hidden = false;
    form.addEventListener('input', () => {
      const select = selectOf(vote);
      if (select && fieldsOf(vote).some(({ value }) => value.includes('%'))) select.value = 'percent';
      sameAfter(vote);
      drawBars();
    });
    form.addEventListener('change', () => markOdd(vote));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      showTotal(vote);
    });
  }
}
for (const button of all<HTMLButtonElement>('button[data-save]')) button.addEventListener('click', save);
// By default, arrow keys wrap around within radio buttons and do nothing elsewhere. Here they move one step and stop at
// the ends, because the answer must not come before the question.
const steps = all<HTMLInputElement>('input[name="step"]');
document.addEventListener('keydown', (event) => {
  const { target } = event;
  const isStep = target instanceof HTMLInputElement && target.name === 'step';
  const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  const move = moves[event.key];
  const isSideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
  const isModified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  // Up and down scroll when no step has focus.
  if (move === undefined || isModified || (isField && !isStep) || !(isSideways || isStep)) return;
  event.preventDefault();
  const step = steps[steps.findIndex(({ checked }) => checked) + move];
  if (!step) return;
  step.checked = true;
  step.focus();
});
