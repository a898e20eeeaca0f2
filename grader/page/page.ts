import { numbersNamed } from '../authoring/generate/template';
import { worksheetFiles } from '../authoring/generate/worksheet';
import { program } from '../build';
import type { Course } from '../course';
import { GraderError } from '../error';
import { writeFile } from '../files';
import { type HandIn, uploadTo } from '../hosts/host';
import { hosts } from '../hosts/registry';
import type { SealedFile } from '../key/sealed';
import { noticesOf } from '../notices';
import { type HtmlText, html, page, textHtml } from '../render/escape/html';
import { type Rubric, studentFiles } from '../rubric/rubric';
import { pageHandout } from './handout';
import type { Sheet } from './work';

/** The file name of the page, in its folder of a release. */
export const worksheetPageFile = 'worksheet.html';

/** The data that is embedded in the page. */
export interface PageData extends Sheet {
  /** Missing if the page can check only the form of answers. */
  readonly key?: SealedFile | undefined;
}

/**
 * Writes the page of a course into a folder.
 *
 * @throws {GraderError} as `worksheetPage` does.
 */
export async function writePage(
  course: Course,
  folder: string,
  sealed: SealedFile | undefined,
): Promise<void> {
  writeFile(folder, worksheetPageFile, await worksheetPage(course, sealed));
}

/**
 * Builds the worksheet as one page that needs no installation: handout, fields, and the grader itself. Without scripts it
 * still shows the handout and how to hand in; the script makes everything between these.
 *
 * @param sealed the key of the students' copy.
 * @throws {GraderError} if a part of the course cannot be put into the page.
 */
export async function worksheetPage(course: Course, sealed: SealedFile | undefined): Promise<HtmlText> {
  const key = course.rubric.selfCheck === 'scored' ? sealed : undefined;
  // Students do not get the values that only solution/ reads.
  const rubric: Rubric = { ...course.rubric, given: {}, selfCheck: key ? 'scored' : 'form' };
  const stub = worksheetFiles(course.rubric)[rubric.file] ?? '';
  const { body, diagram } = await pageHandout(course);
  const [{ code, inputs }, style] = [program('page'), program('style')];
  const due = rubric.due ? html`<p>${textHtml(rubric.due.join(' '))}</p>\n` : html``;
  const content = html`<a class="skip" href="#worksheet">Skip to the worksheet</a>
<header><h1>${textHtml(rubric.title)}</h1>
${due}<p class="paper">Name:</p>
<p>Fill in the worksheet, check it, save your files and hand them in. This page sends nothing: your instructors read the files that you hand in, and nothing else.</p>
<noscript><p><strong>The worksheet itself needs JavaScript. Allow it here, or open the file in another browser.</strong></p></noscript></header>
<main>
<details class="handout" open><summary>The handout</summary>
${body}</details>
${diagram}
<div id="worksheet" tabindex="-1"></div>
<section class="hand-in" aria-label="How to hand in">${handingIn(course)}</section>
</main>`;
  return page(rubric.title, style.code.trim(), content, {
    script: code.trim(),
    data: { rubric, stub, facts: factsFor(course), key } satisfies PageData,
    notices: noticesOf(inputs),
  });
}

/** Returns the numbers of the handout whose names can be used in a cell. */
function factsFor({ root, rubric, solution }: Course): Record<string, number> {
  const named = numbersNamed(root, { ...rubric.given, ...solution.handoutFacts });
  const exported = rubric.tables.map((table) => table.export);
  return Object.fromEntries(
    Object.entries(named).filter(([name]) => /^[a-z]\w*$/i.test(name) && !exported.includes(name)),
  );
}

const places: Readonly<Record<string, HandIn>> = {
  // Any site with uploads for which the grader has no host of its own.
  upload: uploadTo('Canvas, Moodle or another site', 'there'),
  ...Object.fromEntries(hosts.flatMap(({ id, handIn }) => (handIn ? [[id, handIn] as const] : []))),
};

/**
 * Returns the steps for handing in at the places that `rubric.yaml` names, or at all known places, and the contact for
 * problems.
 */
function handingIn({ file, rubric }: Course): HtmlText {
  const { hand_in: asked, contact } = file;
  const named = Object.entries(asked ?? Object.fromEntries(Object.keys(places).map((host) => [host, null])));
  const parts = named.map(([host, url]) => {
    const place = Object.hasOwn(places, host) ? places[host] : undefined;
    if (!place)
      throw new GraderError(
        'rubric',
        'unknown-hand-in',
        `rubric.yaml: hand_in names the host ${host}; write one of ${Object.keys(places).join(', ')}. Canvas and Moodle are upload.`,
      );
    const items = place.steps(studentFiles(rubric)).map((step) => html`<li>${textHtml(step)}</li>`);
    const address = textHtml(url ?? '');
    const link = url
      ? html`<p><a href="${address}" target="_blank" rel="noopener noreferrer">${address}</a></p>`
      : html``;
    const title = textHtml(place.title);
    // One place needs no choice.
    return named.length === 1
      ? html`<h3>${title}</h3>${link}<ol>${items}</ol>`
      : html`<details><summary>${title}</summary>${link}<ol>${items}</ol></details>\n`;
  });
  const which = asked ? html`` : html`<p>Use the one that your course told you to use.</p>`;
  const help = contact ? html`<p>If something here does not work for you: ${textHtml(contact)}</p>` : html``;
  return html`${which}${parts}${help}`;
}
