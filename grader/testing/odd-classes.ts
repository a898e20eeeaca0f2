import { canvasFiles, canvasGradebook, class30, type Enrolled, type Files, zip } from './downloads';
import { fileOf } from './folders';
import { disputing, notesOf, partly, rightAnswers } from './worksheet';

// Classes in Canvas that hand in all the odd things that students hand in, and attacks.

const notes = { 'notes.md': notesOf('Pears', 'Lemons') };
const slip = rightAnswers.replace('across: 11', 'across 11');
const docx = zip({ '[Content_Types].xml': '<a/>', 'word/document.xml': '<a/>' });

/** Right, wrong, a slip, other file types, a zip in a zip, typed text, two versions, a dispute with a slip, and nothing. */
const oddWorks: readonly (Files | undefined)[] = [
  { 'boxes.ts': rightAnswers, ...notes },
  { 'boxes.ts': partly, ...notes },
  { 'boxes.ts': slip, ...notes },
  { 'worksheet.pdf': '%PDF-1.4' },
  { 'boxes.docx': docx },
  { 'photo.jpg': Buffer.from([0xff, 0xd8, 0xff, 0]) },
  { 'boxes.ts': '{\\rtf1\\ansi boxes}', ...notes },
  { 'upload.zip': zip({ 'again.zip': zip({ 'boxes.ts': rightAnswers, ...notes }) }) },
  { 'text.html': `<p>${partly}</p>` },
  { 'boxes.ts': rightAnswers, 'boxes (1).ts': partly, ...notes },
  { 'boxes.ts': slip, 'notes.md': disputing('Seven is right.', 'Pears', 'Lemons') },
  undefined,
];

/** Shows, as a page's title and as a global, that the page ran a student's script. */
export const reached = 'reached';
const script = `top.${reached} = document.title = '${reached}'`;
const markup = `<img src=x onerror="${script}">`;
/** Two of these archives have more entries than the grader opens in one submission. */
const many = zip(Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`${index}.txt`, ''])));

/** A complete PDF with a script that a viewer would run. */
const pdf = `%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R /OpenAction <</S /JavaScript /JS (app.alert\\('${reached}'\\); ${script})>>>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200]>> endobj
trailer <</Root 1 0 R /Size 4>>
%%EOF`;

const hostileWorks: readonly Files[] = [
  { [`${markup}.ts`]: rightAnswers },
  {
    'picture.svg': `<svg xmlns="http://www.w3.org/2000/svg" onload="${script}"><script>${script}</script></svg>`,
  },
  { 'page.html': `<script>${script}</script>${markup}` },
  { 'text.html': `<script>${script}</script>${markup}` },
  { 'form.pdf': pdf },
  { '../../boxes.ts': rightAnswers },
  { 'boxes.zip': many, 'more.zip': many },
  { 'boxes.ts': `${slip}// </script>${markup}`, 'notes.md': disputing(markup, markup, markup) },
];

/** The download of a class from Canvas, and its gradebook, which lacks the first two students. */
function canvasClass(size: number, workOf: (index: number) => Files | undefined, lastName: string) {
  const students = Array.from({ length: size }, (_, index): Enrolled => {
    const last = index === 11 ? 'Absent' : `${lastName} ${index}`;
    const numbers = { email: `t${index}@example.org`, userId: `${7000 + index}` };
    return { ...(class30[index % class30.length] as Enrolled), last, ...numbers, handedIn: workOf(index) };
  });
  const download = fileOf('class.zip', zip(canvasFiles(students)));
  return { download, gradebook: fileOf('list.csv', canvasGradebook(students.slice(2))) };
}

export const oddClass = () =>
  canvasClass(
    24,
    (index) => oddWorks[index < oddWorks.length ? index : ([0, 1, 7][index % 3] ?? 0)],
    'Student',
  );
export const hostileClass = () =>
  canvasClass(10, (index) => hostileWorks[(index - 2) % hostileWorks.length] ?? oddWorks[0], markup);
