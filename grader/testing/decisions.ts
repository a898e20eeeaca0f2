import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { personOf } from '../class/decisions/decided';
import type { Decision } from '../class/decisions/decision.schema';
import { decisionsFile, decisionsText, journalOf } from '../class/decisions/journal';
import { pressed } from '../class/decisions/press';
import { seenOf } from '../class/results/decided-points';
import type { StudentResult } from '../class/results/student-result.schema';
import { wordsOfHtml } from '../render/escape/html';
import { readText } from '../system/files';
import { followUpIn } from './classes';

let count = 0;

/** What somebody decides who looks at a student's result: about the points, unless it says otherwise. */
export function decisionOn(result: StudentResult, more: Partial<Decision> = {}): Decision {
  count += 1;
  return {
    ...{ version: 1, id: `d${count}`, press: `p${count}`, at: '2026-12-04T10:00:00Z', by: 'Grace' },
    ...{ about: personOf(result.student), aspect: 'points', saw: seenOf(result) },
    ...more,
  };
}

/** The open cases on the follow-up page of a run, in their order. */
export const casesOn = (out: string) => followUpIn(out).shown.open.flatMap(({ cases }) => cases);

const caseOn = (out: string, who: string) =>
  casesOn(out).find(({ people }) => people.some(({ id, name }) => id === who || name === who));

/** The buttons of the case of a student, or of a submission. */
export const buttonsOn = (out: string, who: string) =>
  caseOn(out, who)?.choices.map(({ label }) => label) ?? [];

/** What a press of a button of a case writes. */
export function pressOn(out: string, who: string, label: string, by = 'Grace'): Decision[] {
  const choice = caseOn(out, who)?.choices.find((one) => one.label === label);
  if (!choice) throw new Error(`${who} has the buttons ${buttonsOn(out, who)}.`);
  const { decisions, keys } = followUpIn(out).shown;
  const now = new Map(keys);
  return pressed(choice.drafts.flat(), journalOf(decisions), by, (about) =>
    JSON.stringify('key' in about ? (now.get(about.key) ?? about.key) : about),
  );
}

/** Presses a button and saves, where the next run finds it. */
export function decideOn(out: string, who: string, label: string): void {
  appendFileSync(path.join(out, decisionsFile), decisionsText(pressOn(out, who, label)));
}

/** What a person reads on the follow-up page: of each case, and below them. */
export function wordsOn(out: string): string {
  const { open, settled } = followUpIn(out).shown;
  const cases = [
    ...open.flatMap(({ heading, whatToDo, cases: ofKind }) => [heading, whatToDo, ...ofKind]),
    ...settled,
  ];
  const words = cases.map((one) =>
    typeof one === 'string'
      ? one
      : [...one.people.map(({ name }) => name), ...one.notes, ...one.choices.map(({ label }) => label)].join(
          ' ',
        ),
  );
  const [, below = ''] = /<\/style>(.*?)<script/s.exec(readText(out, 'follow-up.html')) ?? [];
  return wordsOfHtml([...words, below].join('\n')).replace(/\s+/g, ' ');
}
