/** @jest-environment ./grader/testing/page-environment.js */
import fc from 'fast-check';
import { compareWithRelease } from '../class/grade-class';
import { readText } from '../system/files';
import { canvasFiles, canvasGradebook, zip } from '../testing/downloads';
import { newFolder } from '../testing/folders';
import { course, students } from '../testing/mixed-class';
import { type OpenedPage, openPage } from '../testing/opened-page';
import { writeGradingPage } from './grading-page';

// The page as a state machine: after any steps in any order, what it says was decided agrees with a small model.

/** All tries take a quarter of an hour. */
const tries = process.env.EVERY_TRY ? 2000 : 5;
jest.setTimeout(60 * 60 * 1000);

let markup: string;
beforeAll(() => {
  const folder = newFolder();
  writeGradingPage(course, folder, compareWithRelease(course, {}));
  markup = readText(folder, 'grading.html');
});

const few = students.slice(0, 6);
const given = (name: string, content: string | Uint8Array) =>
  new File([new Uint8Array(Buffer.from(content))], name);
const bytes = zip(canvasFiles(few));
const download = given('class.zip', bytes);
const list = given('list.csv', canvasGradebook(few.slice(1)));
/** Something that a person does, where in a list, and how. */
interface Deed {
  readonly does: keyof typeof carryOut;
  readonly at: number;
  readonly how: number;
}

/** The decisions that the page shows, the last first: whom each is about, and what has become of it. */
const saidOn = (page: OpenedPage): string[] =>
  page.all('.decided tbody tr').map((row) => {
    const [who = '', what] = [...row.querySelectorAll('th, td')].map(
      ({ firstChild }) => firstChild?.textContent,
    );
    const state = row.querySelector('small')?.textContent ?? '';
    return `${who}: ${what}${state === 'taken back' ? ', taken back' : ''}`;
  });

/** A decision in the model, with the press that made it, and whether it is taken back. */
interface Made {
  readonly press: number;
  readonly text: string;
  isTakenBack: boolean;
}

/** The model: every decision that was ever made here, or is in a zip that was given. */
class Model {
  made: Made[] = [];
  zips: (readonly Made[])[] = [];
  presses = 0;

  says(): string[] {
    return this.made.toReversed().map(({ text, isTakenBack }) => text + (isTakenBack ? ', taken back' : ''));
  }

  undo(): void {
    const last = this.made.findLast(({ isTakenBack }) => !isTakenBack);
    for (const one of this.made) if (one.press === last?.press) one.isTakenBack = true;
  }
}

/** A page, its model, and the zips that were saved. */
interface Session {
  readonly page: OpenedPage;
  readonly model: Model;
  readonly saved: File[];
}

type PageButton = ReturnType<OpenedPage['all']>[number];

const pick = <Item>(items: readonly Item[], at: number) => items[at % Math.max(1, items.length)];
const nameOf = (index: number) => `${few[index]?.last}, ${few[index]?.first}`;

/** Reads from the page what a press writes. From then on, the model expects that to last. */
async function press({ page, model }: Session, name: string | PageButton | undefined) {
  const { length } = saidOn(page);
  if (typeof name === 'string') await page.press(name);
  else if (name) page.event(name, 'click');
  await page.idle();
  if (page.all('dialog [name=by]').length > 0) await page.press('Go on');
  const added = saidOn(page).slice(0, saidOn(page).length - length);
  model.presses += 1;
  for (const text of added.reverse()) model.made.push({ press: model.presses, text, isTakenBack: false });
}

/** Everything that a person may do, on the page and in the model. */
const carryOut = {
  decide: async (session: Session, { at, how }: Deed) => {
    const row = pick(session.page.all('.case'), at);
    const buttons = [...(row?.querySelectorAll('.row button') ?? [])];
    const plain = buttons.filter(({ textContent }) => !textContent.includes('…'));
    await press(session, pick(plain, how));
  },
  write: async (session: Session, { at, how }: Deed) => {
    const { page } = session;
    await page.press(nameOf(1 + (at % 5)));
    await page.press('Points, comment or extension');
    fill(page, { points: String(how), reason: `Spoke ${session.model.presses}` });
    await press(session, page.all('dialog:not(#panel) .main')[0]);
  },
  takeBack: async ({ page, model }: Session, { at }: Deed) => {
    const buttons = page.all('.decided tbody button');
    const button = pick(buttons, at);
    if (!button) return;
    const place = page.all('.decided tbody tr').findIndex((row) => row.contains(button));
    page.event(button, 'click');
    await page.idle();
    const one = model.made.at(-1 - place);
    if (one) one.isTakenBack = button.textContent.startsWith('Take back');
  },
  undo: async ({ page, model }: Session) => {
    model.undo();
    const [undo] = page.all('.todo button').filter(({ textContent }) => textContent === 'UUndo');
    if (undo) page.event(undo, 'click');
    await page.idle();
  },
  save: async ({ page, model, saved }: Session) => {
    await page.press('Take');
    await page.press('Save ');
    const content = new Uint8Array((await page.saved.at(-1)?.content?.arrayBuffer()) ?? new ArrayBuffer());
    saved.push(given(`saved-${saved.length}.zip`, content));
    model.zips.push(model.made);
    await page.press('Decide');
  },
  giveSaved: async ({ page, saved }: Session, { at }: Deed) => {
    const file = pick(saved, at);
    // A zip that was saved here has nothing that the page does not know.
    if (file) await giveAndGrade(page, [file]);
  },
  stop: async ({ page }: Session) => {
    await page.press('Give');
    const grading = page.press('Grade');
    await page.press('Stop');
    await grading;
    await gradeAgain(page);
  },
  option: async ({ page }: Session, { how }: Deed) => {
    await page.press('Give');
    const [due] = page.all('.form input');
    if (due) page.event(Object.assign(due, { value: `2026-10-0${1 + (how % 2)}T12:00` }), 'change');
    await page.idle();
    await gradeAgain(page);
  },
};

const deeds: fc.Arbitrary<Deed> = fc.record({
  // Decide more often than anything else.
  does: fc.constantFrom('decide', 'decide', 'write', ...(Object.keys(carryOut) as Deed['does'][])),
  at: fc.nat({ max: 9 }),
  how: fc.nat({ max: 9 }),
});

/** Fills in the form that is open. */
function fill(page: OpenedPage, fields: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(fields))
    for (const field of page.all(`dialog [name=${name}]`)) Object.assign(field, { value });
}

async function gradeAgain(page: OpenedPage): Promise<void> {
  await page.press('Grade');
  await page.press('Decide');
}

async function giveAndGrade(page: OpenedPage, files: readonly File[]): Promise<void> {
  if (page.all('.todo').length > 0) await page.press('Give');
  await page.choose('files', files);
  await gradeAgain(page);
}

test('whatever is done in whatever order, a decision stays until it is taken back or undone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 1, maxLength: 8 }), async (done) => {
      const page = openPage(markup);
      const model = new Model();
      const session = { page, model, saved: [] };
      await giveAndGrade(page, [download, list]);
      for (const deed of done) {
        await carryOut[deed.does](session, deed);
        expect(saidOn(page)).toEqual(model.says());
      }
      // Otherwise its timers keep the page in memory, which thousands of pages would fill.
      await page.window.happyDOM.close();
    }),
    { numRuns: tries },
  );
});

describe('what went wrong once in such a sequence', () => {
  const begun = async (...files: readonly File[]): Promise<Session> => {
    const page = openPage(markup);
    await giveAndGrade(page, [download, list, ...files]);
    return { page, model: new Model(), saved: [] };
  };
  const deed = (does: Deed['does'], at = 0, how = 0): Deed => ({ does, at, how });
  const outcomeOf = async (session: Session, ...done: readonly Deed[]) => {
    for (const one of done) await carryOut[one.does](session, one);
    return saidOn(session.page);
  };

  test('save, then another option: what was decided stays', async () => {
    const session = await begun();
    const decided = await outcomeOf(session, deed('decide'));
    expect(decided).toHaveLength(1);
    expect(await outcomeOf(session, deed('save'), deed('option'))).toEqual(decided);
  });

  test('take back, then a new file: what was taken back stays so', async () => {
    const session = await begun();
    await outcomeOf(session, deed('decide'), deed('save'), deed('takeBack'), deed('giveSaved'));
    expect(saidOn(session.page)).toEqual([expect.stringContaining('taken back')]);
  });

  test('two downloads of one name are two, and the same bytes twice are one', async () => {
    const later = given('class.zip', zip(canvasFiles(few.slice(0, 2))));
    const { page } = await begun(later, given('class.zip', bytes));
    await page.press('Give');
    const signs = page.all('.files li').map(({ textContent }) => textContent.trim()[0]);
    expect(signs).toEqual(['✓', '✓', '✓', '✗']);
  });
});
