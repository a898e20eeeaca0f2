import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import MarkdownIt from 'markdown-it';
import { program } from '../build';
import type { Course } from '../course/course';
import { handoutOf, numbersNamed } from '../course/handout';
import { type HandIn, uploadTo } from '../hosts/host';
import { hosts } from '../hosts/registry';
import type { SealedFile } from '../key/sealed-key';
import { GraderError, messageOf } from '../message';
import { authored, type HtmlText, html, page, textHtml } from '../render/escape/html';
import { type Rubric, type RubricRow, rowsOf, studentFiles } from '../rubric/rubric';
import { graderFolder, resolvePath } from '../system/files';
import type { PageSheet } from './work-files';

/** The file name of the page, in its folder of a release. */
export const worksheetPageFile = 'worksheet.html';

/** The data that is embedded in the page. */
export interface PageData extends PageSheet {
  /** Missing if the page can check only the form of answers. */
  readonly key?: SealedFile | undefined;
}

/**
 * Builds the worksheet as one page that needs no installation: handout, fields, and the grader itself. Without scripts
 * it still shows the handout and how to hand in; the script creates everything in between.
 *
 * @param sealed the key of the students' copy.
 * @throws {GraderError} if a part of the course cannot be put into the page.
 */
export async function worksheetPage(course: Course, sealed: SealedFile | undefined): Promise<HtmlText> {
  const key = course.rubric.selfCheck === 'scored' ? sealed : undefined;
  // The page's script needs no sizes.
  const rubric: Rubric = { ...course.rubric, given: {}, selfCheck: key ? 'scored' : 'form' };
  const { body, diagram } = await pageHandout(course);
  const [{ code, notices }, style] = [program('page'), program('style')];
  const due = rubric.due !== undefined && html`<p>${textHtml(rubric.due.join(' '))}</p>\n`;
  const content = html`<a class="skip" href="#worksheet">Skip to the worksheet</a>
<header><h1>${textHtml(rubric.title)}</h1>
${due}<p class="paper">Name:</p>
<p>Fill in the worksheet, check it, save your files and hand them in. This page sends nothing<span class="wider">: your instructors read the files that you hand in, and nothing else</span>.</p>
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
    data: {
      rubric,
      constants: constantsFor(course),
      key,
    } satisfies PageData,
    notices,
  });
}

/** Returns the numbers of the handout whose names can be used in a cell. */
function constantsFor({ root, rubric, solution }: Course): Record<string, number> {
  const named = numbersNamed(root, { ...rubric.given, ...solution.handoutFacts });
  const exported = rubric.tables.map((table) => table.export);
  return Object.fromEntries(
    Object.entries(named).filter(([name]) => /^[a-z]\w*$/i.test(name) && !exported.includes(name)),
  );
}

/** Where to hand in, by its name in `rubric.yaml`. */
const handIns: ReadonlyMap<string, HandIn> = new Map([
  // Any site with uploads that the grader does not know as a host.
  ['upload', uploadTo('Canvas, Moodle or another site', 'there')],
  ...hosts.flatMap(({ id, handIn }) => (handIn ? [[id, handIn] as const] : [])),
]);

/**
 * Returns the steps for handing in at the places that `rubric.yaml` names, or at all known places, and the contact for
 * problems.
 */
function handingIn({ file, rubric }: Course): HtmlText {
  const { hand_in: asked, contact } = file;
  const named = Object.entries(asked ?? Object.fromEntries([...handIns.keys()].map((host) => [host, null])));
  const parts = named.map(([host, url]) => {
    const handIn = handIns.get(host);
    if (!handIn)
      throw new GraderError(
        'rubric',
        'unknown-hand-in',
        `rubric.yaml: hand_in names the host ${host}; write one of ${[...handIns.keys()].join(', ')}. Canvas and Moodle are upload.`,
      );
    const items = handIn.steps(studentFiles(rubric)).map((step) => html`<li>${textHtml(step)}</li>`);
    const address = textHtml(url ?? '');
    const link =
      url !== null &&
      html`<p><a href="${address}" target="_blank" rel="noopener noreferrer">${address}</a></p>`;
    const title = textHtml(handIn.title);
    // With one place, there is nothing to choose.
    return named.length === 1
      ? html`<h3>${title}</h3>${link}<ol>${items}</ol>`
      : html`<details><summary>${title}</summary>${link}<ol>${items}</ol></details>\n`;
  });
  const which = !asked && html`<p>Use the one that your course told you to use.</p>`;
  const help =
    contact !== undefined && html`<p>If something here does not work for you: ${textHtml(contact)}</p>`;
  return html`${which}${parts}${help}`;
}

/**
 * The handout as the page shows it, and separately the flowchart that has rows of the worksheet as nodes. It loads
 * nothing: pictures are embedded, and links to files of a repository become plain text.
 *
 * @throws {GraderError} if the template or the flowchart cannot be used.
 */
async function pageHandout(course: Course): Promise<{ body: HtmlText; diagram: HtmlText }> {
  // Comments are for editors of the handout. Other HTML is shown as text.
  const markdown = handoutOf(course, '', 'page').replaceAll(/<!--[\s\S]*?-->/g, '');
  const md = new MarkdownIt();
  const tokens = md.parse(markdown, {});
  const { tables } = course.rubric;
  const drawn = rowsOf({ tables: tables.filter(({ draw }) => draw) });
  const flowchart = tokens.find(
    ({ info, content }) =>
      info.trim() === 'mermaid' &&
      /^\s*(?:flowchart|graph)\b/.test(content) &&
      rowsOf({ tables }).some(({ id }) => new RegExp(`(?<!\\w)${id}(?!\\w)`).test(content)),
  );
  const text = tokens.filter((token) => token !== flowchart);
  const heading = text.findIndex(({ type }) => type === 'heading_open');
  // The page has its own title.
  if (text[heading]?.tag === 'h1') text.splice(heading, 3);
  const rendered = md.renderer.render(text, md.options, {});
  return {
    body: authored(folded(withoutRequests(rendered, course.root))),
    diagram: flowchart ? await drawDiagram(flowchart.content, drawn) : html``,
  };
}

/** Changes what markdown-it made of a handout to fit a page that loads nothing and has no inline styles. */
function withoutRequests(rendered: string, root: string): string {
  return (
    rendered
      .replaceAll(/(<\/?h)1>/g, '$12>')
      .replaceAll(/ style="text-align:(\w+)"/g, ' class="$1"')
      // An empty corner is not a heading.
      .replaceAll(/<th([^>]*)><\/th>/g, '<td$1></td>')
      .replaceAll(/<a href="(?!https?:)[^>]*>([\s\S]*?)<\/a>/g, '$1')
      .replaceAll('<a href="', '<a target="_blank" rel="noopener noreferrer" href="')
      .replaceAll(/<img src="([^"]*)" alt="([^"]*)"[^>]*>/g, (_, source: string, label: string) => {
        const picture = pictureOf(root, source);
        return picture === undefined ? label : `<img src="${picture}" alt="${label}">`;
      })
  );
}

/**
 * Folds what a phone shows only on request: a section with a table, because its sizes are above the worksheet too, and
 * a list with all that follows it in its section, under the line above the list. Other screens and paper show it
 * unfolded.
 */
function folded(body: string): string {
  const fold = (title: string, content: string) =>
    `<details class="fold"><summary>${title}</summary>\n${content}</details>\n`;
  const [first = '', ...others] = body.split(/(?<=<\/h2>[\s\S]*)(?=<h2>)/);
  return [first, ...others]
    .map((section) => {
      const [all, above = '', title = '', list = ''] =
        /^([\s\S]*?)<p>([^<:]*):<\/p>\s*<ul>([\s\S]*)$/.exec(section) ?? [];
      const [ofList = ''] = list.split('</ul>');
      const items = ofList.split('<li>').length - 1;
      if (all !== undefined) return above + fold(`${title} (${items})`, section.slice(above.length));
      const [, heading] = /<h2>(.*?)<\/h2>/.exec(section) ?? [];
      return heading !== undefined && section.includes('<table') ? fold(heading, section) : section;
    })
    .join('');
}

/** A picture beside the worksheet, as a data URL. */
function pictureOf(root: string, source: string): string | undefined {
  const pattern = /^(?:\.\/)?(assignment\/[^?#:]+\.(png|jpe?g|gif|svg|webp))$/i;
  const [, file, ending = ''] = pattern.exec(source) ?? [];
  if (file === undefined || file.includes('..') || !existsSync(resolvePath(root, file))) return undefined;
  const type = ending.toLowerCase().replace('jpg', 'jpeg').replace('svg', 'svg+xml');
  return `data:image/${type};base64,${readFileSync(resolvePath(root, file)).toString('base64')}`;
}

/** Lines below the name of a drawn row, as room for its rectangle and text; the last one keeps the box wide. */
const roomInBox = `${'<br/>\u00a0'.repeat(6)}<br/>${'\u00a0'.repeat(8)}`;

/**
 * Draws a flowchart from top to bottom, so that it fits beside a table, with its arrows in words. The page sets its
 * colors, and each node has the id that its author gave it.
 *
 * @param drawn the rows in whose nodes the page draws something.
 */
async function drawDiagram(mermaid: string, drawn: readonly RubricRow[]): Promise<HtmlText> {
  const downward = mermaid.replace(/^(\s*(?:flowchart|graph)\s+)(?:LR|RL)\b/, '$1TD');
  // Short lines keep it narrow.
  const broken = (label: string) => label.replace(/(.{20,28}?)\s+(?=\S{3})/g, '$1<br/>');
  const { svg, arrows } = await drawingOf(
    downward.replace(/(\w+)\["([^"]*)"\]/g, (_, id: string, label: string) => {
      const room = drawn.some((row) => row.id === id) ? roomInBox : '';
      return `${id}["${broken(label)}${room}"]`;
    }),
  );
  const inWords = arrows.map((labels) => {
    const words = labels.map((label) => label.replaceAll('\n', ' ').trim());
    return html`<li>${textHtml(words.join(' → '))}</li>`;
  });
  // The page's policy forbids inline styles.
  const plain = svg
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/ style="[^"]*"/g, '')
    .replace(/(<svg[^>]*?) width="[\d.]+" height="[\d.]+">/, '$1 aria-hidden="true"><g id="drawing">')
    .replaceAll(' font-size="11"', ' font-size="12.5"')
    .replace('<defs>', `<defs>${hatch}`)
    .replace('</svg>', '</g></svg>');
  return html`<figure id="diagram">${authored(plain)}<ul class="unseen" aria-label="The diagram in words">${inWords}</ul></figure>`;
}

/** Marks what does not fit together, even without colors. */
const hatch =
  '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V7" stroke="var(--wrong)" stroke-width="3"/></pattern>';

/** Draws a flowchart, and lists its arrows by the labels of their nodes. */
async function drawingOf(mermaid: string): Promise<{ svg: string; arrows: string[][] }> {
  const script = path.join(graderFolder, 'page', 'mermaid.mjs');
  try {
    const [drawing] = await once(new Worker(script, { workerData: mermaid }), 'message');
    return drawing;
  } catch (error) {
    const text = `The diagram of the handout cannot be drawn: ${messageOf(error)}`;
    throw new GraderError('folder', 'diagram-not-drawn', text);
  }
}
