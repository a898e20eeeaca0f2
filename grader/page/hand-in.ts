import type { Course } from '../course';
import { GraderError } from '../error';
import { type HandIn, uploadTo } from '../hosts/host';
import { hosts } from '../hosts/registry';
import { type HtmlText, html, textHtml } from '../render/escape/html';
import { studentFiles } from '../rubric/rubric';

const places: Readonly<Record<string, HandIn>> = {
  // Any site with uploads for which the grader has no host of its own.
  upload: uploadTo('Canvas, Moodle or another site', 'there'),
  ...Object.fromEntries(hosts.flatMap(({ id, handIn }) => (handIn ? [[id, handIn] as const] : []))),
};

/**
 * Returns the steps for handing in at the places that `rubric.yaml` names, or at all known places, and the contact for
 * problems.
 *
 * @throws {GraderError} for a host that is not known.
 */
export function handingIn({ file, rubric }: Pick<Course, 'file' | 'rubric'>): HtmlText {
  const files = studentFiles(rubric);
  const asked = file.hand_in;
  const named = Object.entries(asked ?? Object.fromEntries(Object.keys(places).map((host) => [host, null])));
  const parts = named.map(([host, url]) => {
    const place = Object.hasOwn(places, host) ? places[host] : undefined;
    if (!place)
      throw new GraderError(
        'rubric',
        'unknown-hand-in',
        `rubric.yaml: hand_in names the host ${host}; write one of ${Object.keys(places).join(', ')}. Canvas and Moodle are upload.`,
      );
    const steps = html`<ol>${place.steps(files).map((step) => html`<li>${textHtml(step)}</li>`)}</ol>`;
    const address =
      url === null
        ? html``
        : html`<p><a href="${textHtml(url)}" target="_blank" rel="noopener noreferrer">${textHtml(url)}</a></p>`;
    // One place needs no choice.
    return named.length === 1
      ? html`<h3>${textHtml(place.title)}</h3>${address}${steps}`
      : html`<details><summary>${textHtml(place.title)}</summary>${address}${steps}</details>\n`;
  });
  const which =
    asked || named.length === 1
      ? html``
      : html`<p>${textHtml('Use the one that your course told you to use.')}</p>`;
  const contact =
    file.contact === undefined
      ? html``
      : html`<p>${textHtml(`If something here does not work for you: ${file.contact}`)}</p>`;
  return html`${which}${parts}${contact}`;
}
