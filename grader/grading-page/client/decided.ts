import type { VNode } from 'preact';
import { whoAndWhen } from '../../class/decisions/decided';
import type { Decision } from '../../class/decisions/decision.schema';
import type { LineInForce, Listed } from '../../class/pages/shown-class';
import { deedText } from '../../class/results/decided-points';
import { html } from '../../page/client/elements';
import { button } from './controls';
import type { DecidePage } from './decide-page';

// Everything that was decided: all lines of the journal, and the lines of tables that count.

/** A decision, or a line of a table, with the sections of the person whom it is about. */
interface Said {
  readonly decision?: Decision;
  readonly line?: LineInForce;
  readonly who: string;
  readonly sections: readonly string[];
}

/** Everything that was decided, the last first, and then the lines of tables that count. */
export function linesAbout(page: DecidePage): readonly Said[] {
  const { graded } = page.state;
  const people = new Map(graded?.people.map((one) => [one.id, one]));
  const keys = new Map(graded?.keys);
  const ofPerson = (listed: Listed | undefined, otherwise: string) => ({
    who: listed?.name ?? `${otherwise} (not in the class)`,
    sections: listed?.sections ?? [],
  });
  const decisions = page.journal().all.filter(({ takesBack }) => !takesBack);
  return [
    ...decisions.toReversed().map((decision) => {
      const { about } = decision;
      if (!('key' in about)) return { decision, who: about.submission, sections: [] };
      return {
        decision,
        ...ofPerson(people.get(keys.get(about.key) ?? about.key), about.name ?? about.key),
      };
    }),
    ...(graded?.lines ?? []).map((line) => ({ line, ...ofPerson(people.get(line.id), line.id) })),
  ];
}

export function decidedView(page: DecidePage, decided: readonly Said[]): VNode | undefined {
  if (decided.length === 0) return undefined;
  const heads = ['Who', 'What', 'When'].map((head) => html`<th scope="col">${head}</th>`);
  const rows = decided.map(({ decision, line, who }) =>
    decision
      ? decisionRow(page, decision, who)
      : html`<tr><th scope="row">${who}</th><td>${line?.text}</td><td class="faint">${line?.place}</td><td></td></tr>`,
  );
  return html`<div class="wide"><table class="decided">
    <thead><tr>${heads}<td></td></tr></thead>
    <tbody>${rows}</tbody>
  </table></div>` as VNode;
}

function decisionRow(page: DecidePage, decision: Decision, who: string): VNode {
  const { reason = '' } = decision;
  const what = [deedText(decision), reason].filter(Boolean).join(', ');
  const state = stateOf(page, decision);
  const buttons = buttonsFor(page, decision, `${who}, ${what}`);
  return html`<tr key=${decision.id}>
    <th scope="row">${who}</th>
    <td>${what}${state !== '' && html`<small class="open">${state}</small>`}</td>
    <td class="faint">${whoAndWhen(decision)}</td>
    <td>${buttons}</td>
  </tr>` as VNode;
}

/** What has become of a decision; empty while it counts. */
function stateOf(page: DecidePage, { id }: Decision): string {
  const { takenBack, standing } = page.journal();
  if (takenBack.has(id)) return 'taken back';
  if (!standing.some((line) => line.id === id)) return 'replaced by a later decision';
  return page.state.graded?.lapsed.includes(id) ? 'no longer counts' : '';
}

function buttonsFor(page: DecidePage, decision: Decision, about: string): VNode[] {
  const { all, takenBack } = page.journal();
  const small = { class: 'small' };
  const forWhom = html`<span class="unseen">: ${about}</span>`;
  if (takenBack.has(decision.id)) {
    const by = all.filter(({ id, takesBack = [] }) => takesBack.includes(decision.id) && !takenBack.has(id));
    return [button(html`Bring back${forWhom}`, () => page.takeBack(by), small)];
  }
  const whose = 'source' in decision.about ? decision.about.submission : '';
  const buttons = [button(html`Take back${forWhom}`, () => page.takeBack([decision]), small)];
  if (decision.aspect === 'owners')
    buttons.push(
      button(html`Somebody else …${forWhom}`, () => page.askWhose(`Whose is ${whose}?`, decision), small),
    );
  return buttons;
}
