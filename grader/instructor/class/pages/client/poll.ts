import { download } from '../../../page/client/dom';
import {
  type CountedQuestion,
  type CountedVote,
  countColumns,
  countRows,
  countText,
  numberTyped,
  shareOf,
  type VoteName,
  votes,
  wayAfter,
} from '../counting';

// Counts a vote. Without it the page shows the same questions and answers, step by step.

const questions: readonly CountedQuestion[] = JSON.parse(
  document.getElementById('data')?.textContent ?? '[]',
);
const questionOf = (vote: VoteName) => questions[vote === 'third' ? 1 : 0];

const all = <Found extends Element>(selector: string) => [...document.querySelectorAll<Found>(selector)];

/** A vote as it was typed, if anything was. */
function typed(vote: VoteName): CountedVote | undefined {
  const fields = all<HTMLInputElement>(`[data-count="${vote}"] input`);
  const numbers = fields.map(({ value }) => numberTyped(value) ?? 0);
  const how = document.querySelector<HTMLSelectElement>(`[data-count="${vote}"] select`)?.value ?? '';
  return numbers.some((number) => number > 0) ? { vote, how, numbers } : undefined;
}

/** Says how many votes there are, and after the first what to do next. */
function showTotal(vote: VoteName): void {
  const counted = typed(vote);
  const fields = all<HTMLInputElement>(`[data-count="${vote}"] input`);
  for (const field of fields)
    field.setAttribute(
      'aria-invalid',
      String(field.value.trim() !== '' && numberTyped(field.value) === undefined),
    );
  const right = questionOf(vote)?.right ?? -1;
  const way = counted && vote === 'first' ? wayAfter(shareOf(counted.numbers, right)) : undefined;
  const sum = counted?.numbers.reduce((before, number) => before + number, 0);
  const total = counted === undefined ? '' : counted.how === 'percent' ? `${sum} % in all.` : `${sum} votes.`;
  const output = document.querySelector(`[data-count="${vote}"] output`);
  if (output) output.textContent = [total, way].filter(Boolean).join(' ');
  for (const label of all<HTMLElement>('[data-way]'))
    label.classList.toggle('advised', label.dataset.way === way);
}

/** Draws what was counted; the page shows it with the answer. */
function drawBars(): void {
  for (const vote of votes) {
    const counted = typed(vote);
    for (const [index, bar] of all<HTMLElement>(`[data-bar="${vote}"]`).entries()) {
      bar.hidden = counted === undefined;
      const meter = bar.querySelector('meter');
      if (!counted || !meter) continue;
      meter.value = shareOf(counted.numbers, index);
      const text = bar.querySelector('b');
      if (text) text.textContent = countText(counted, index);
    }
  }
}

function save(): void {
  const rows = votes.flatMap((vote) => {
    const [counted, question] = [typed(vote), questionOf(vote)];
    return counted && question ? countRows(question, counted) : [];
  });
  download('vote.csv', [countColumns.join(','), ...rows, ''].join('\r\n'), 'text/csv');
}

/** Puts a way to count into the votes after it, which are mostly counted alike. */
function sameAfter(vote: VoteName): void {
  const how = document.querySelector<HTMLSelectElement>(`[data-count="${vote}"] select`)?.value ?? '';
  for (const later of votes.slice(votes.indexOf(vote) + 1)) {
    const select = document.querySelector<HTMLSelectElement>(`[data-count="${later}"] select`);
    if (select && !typed(later)) select.value = how;
  }
}

for (const vote of votes) {
  for (const form of all<HTMLElement>(`[data-count="${vote}"]`)) {
    form.hidden = false;
    form.addEventListener('input', () => {
      sameAfter(vote);
      showTotal(vote);
      drawBars();
    });
  }
}
for (const button of all<HTMLButtonElement>('button[data-save]')) {
  button.hidden = false;
  button.addEventListener('click', save);
}
// Arrow keys go round among radio buttons; the answer does not come before the question.
const steps = all<HTMLInputElement>('input[name="step"]');
for (const [index, step] of steps.entries()) {
  step.addEventListener('keydown', (event) => {
    const isBack = event.key === 'ArrowLeft' || event.key === 'ArrowUp';
    const isOn = event.key === 'ArrowRight' || event.key === 'ArrowDown';
    if ((index === 0 && isBack) || (index === steps.length - 1 && isOn)) event.preventDefault();
  });
}
