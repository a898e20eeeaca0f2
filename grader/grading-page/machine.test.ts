/** @jest-environment ./grader/testing/page-environment.js */
import fc from 'fast-check';
import { compareWithRelease } from '../class/grade-class';
import { readText } from '../system/files';
import { canvasFiles, canvasGradebook, zip } from '../testing/downloads';
import { newFolder } from '../testing/folders';
import { course, students } from '../testing/mixed-class';
import { type OpenedPage, openPage } from '../testing/opened-page';
import { writeGradingPage } from './grading-page';

// The page as a state machine: after any steps in any order, its tables agree with a small model.

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
/**
 * An instructor's own tables of points: the same person in two forms, one table with a byte order mark and semicolons.
 */
const [first, second] = ['s01@example.org', 's02@example.org'];
const loose = [
  given('overrides.csv', `login,total,reason\n${first},3,By hand\n`),
  given('overrides (1).csv', `\ufefflogin;reason;total\r\n${second};By hand;2\r\n${first};By hand;4\r\n`),
];

/** Something that a person does, where in a list, and how. */
interface Deed {
  readonly does: keyof typeof carryOut;
  readonly at: number;
  readonly how: number;
}

/** The decisions that the page shows: for each person and kind of line, in the page's words. */
type Said = ReadonlyMap<string, string>;

function saidOn(page: OpenedPage): Said {
  const rows = page.all('.decided tbody tr').map((row) => {
    const [who = '', what = ''] = [...row.querySelectorAll('th, td')].map(
      ({ firstChild }) => firstChild?.textContent,
    );
    return [`${who} ${/^(?:Comment|Due|is )/.exec(what)?.[0] ?? ''}`, what.trim()] as const;
  });
  return new Map(rows);
}

interface ModelStep {
  readonly who: string;
  readonly now: string | undefined;
  readonly before: string | undefined;
  readonly undoes?: ModelStep;
}

/** The model: the decisions in the files, and the steps after that. */
class Model {
  steps: ModelStep[] = [];
  saved: readonly ModelStep[] = [];
  zips: Said[] = [];
  /** The zips and tables that the page has now. */
  files: ({ readonly name: string } & ({ readonly zip: number } | { readonly table: Said }))[] = [];

  /**
   * Later zips take precedence over earlier ones. A separate table takes precedence over all zips, and has all lines of
   * its kind.
   */
  given(): Map<string, string> {
    const zips = this.files
      .flatMap((file) => ('zip' in file ? [file.zip] : []))
      .sort((one, other) => one - other);
    const tables = this.files.flatMap((file) => ('table' in file ? [...file.table] : []));
    const ofZips = new Map(zips.flatMap((zipped) => [...(this.zips[zipped] ?? [])]));
    const kept = [...ofZips].filter(([who]) => tables.length === 0 || !who.endsWith(' '));
    return new Map([...kept, ...tables]);
  }

  says(): Said {
    const said = this.given();
    for (const { who, now } of this.steps)
      if (now === undefined) said.delete(who);
      else said.set(who, now);
    return said;
  }

  does(who: string, now: string | undefined): void {
    this.steps.push({ who, now, before: this.says().get(who) });
  }

  undo(): void {
    const undone = this.steps.map(({ undoes }) => undoes);
    const last = this.steps.findLast((step) => !step.undoes && !undone.includes(step));
    if (!last) return;
    if (!this.saved.includes(last)) this.steps = this.steps.filter((step) => step !== last);
    else this.steps.push({ who: last.who, now: last.before, before: last.now, undoes: last });
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
async function press({ page, model }: Session, name: string | PageButton | undefined, who?: string) {
  const before = saidOn(page);
  if (typeof name === 'string') await page.press(name);
  else if (name) (name as unknown as { click(): void }).click();
  await page.idle();
  const [changed = who, what] = [...saidOn(page)].find(([one, text]) => before.get(one) !== text) ?? [];
  if (changed !== undefined) model.does(changed, what ?? before.get(changed));
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
    const who = nameOf(1 + (at % 5));
    await page.press('Points or a comment');
    fill(page, { who });
    await page.press('Next');
    fill(page, { total: String(how), reason: 'Spoke' });
    await press(session, page.all('dialog .main')[0], `${who} `);
  },
  takeBack: async ({ page, model }: Session, { at }: Deed) => {
    const who = pick([...saidOn(page).keys()], at);
    const button = pick(page.all('.decided tbody button'), at);
    if (!button || who === undefined) return;
    page.event(button, 'click');
    await page.idle();
    model.does(who, undefined);
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
    model.zips.push(new Map(model.says()));
    model.saved = [...model.steps];
    await page.press('Decide');
  },
  giveSaved: async ({ page, model, saved }: Session, { at }: Deed) => {
    const file = pick(saved, at);
    if (!file || model.files.some(({ name }) => name === file.name)) return;
    model.files.push({ name: file.name, zip: at % saved.length });
    await giveAndGrade(page, [file]);
  },
  giveTable: async ({ page, model }: Session, { at }: Deed) => {
    const file = pick(loose, at);
    if (!file || model.files.some(({ name }) => name === file.name)) return;
    model.files.push({ name: file.name, table: saidInLoose(at % loose.length) });
    await giveAndGrade(page, [file]);
  },
  remove: async ({ page, model }: Session, { at }: Deed) => {
    const file = pick(model.files, at);
    if (!file) return;
    model.files.splice(at % model.files.length, 1);
    await page.press('Give');
    await page.press(`Remove ${file.name}`);
    await gradeAgain(page);
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

/** The decisions in the instructor's own tables, in the page's words. */
function saidInLoose(at: number): Said {
  const lines =
    at === 0
      ? [[1, 3]]
      : [
          [2, 2],
          [1, 4],
        ];
  return new Map(lines.map(([index = 0, points]) => [`${nameOf(index)} `, `… → ${points}, By hand`]));
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
        expect(Object.fromEntries(saidOn(page))).toEqual(Object.fromEntries(model.says()));
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
    expect(decided.size).toBe(1);
    expect(await outcomeOf(session, deed('save'), deed('option'))).toEqual(decided);
  });

  test('take back, then a new file: what was taken back stays so', async () => {
    const session = await begun();
    await outcomeOf(session, deed('decide'), deed('save'), deed('takeBack'), deed('giveSaved'));
    expect(saidOn(session.page).size).toBe(0);
  });

  test('a submission that is moved twice belongs to the last alone', async () => {
    const stranger = { ...few[1], login: 'zed', last: 'Zed', first: 'Zoe', id: 990 };
    const page = openPage(markup);
    await giveAndGrade(page, [
      given('class.zip', zip(canvasFiles([...few, stranger as (typeof few)[number]]))),
      list,
    ]);
    for (const who of [nameOf(1), nameOf(2)]) {
      await page.press('OSomebody else');
      fill(page, { who });
      await press({ page, model: new Model(), saved: [] }, page.all('dialog .main')[0]);
      if (who === nameOf(1)) await page.press('Take back: müllerjörg');
    }
    expect([...saidOn(page).values()]).toEqual([`belongs to ${nameOf(2)}`]);
  });

  test('an edited table goes before last week’s zip, whichever is given first, and what it lacks is offered', async () => {
    const last = await begun();
    await outcomeOf(last, deed('write', 1, 5), deed('write', 2, 6), deed('save'));
    const [zipped] = last.saved;
    for (const files of [
      [zipped, loose[0]],
      [loose[0], zipped],
    ]) {
      const { page } = await begun(...(files as File[]));
      expect(Object.fromEntries(saidOn(page))).toEqual({ [`${nameOf(1)} `]: '… → 3, By hand' });
      await page.press('Keep');
      expect(saidOn(page).size).toBe(2);
    }
  });

  test('two downloads of one name are two, and the same bytes twice are one', async () => {
    const later = given('class.zip', zip(canvasFiles(few.slice(0, 2))));
    const { page } = await begun(later, given('class.zip', bytes));
    await page.press('Give');
    const signs = page.all('.files li').map(({ textContent }) => textContent.trim()[0]);
    expect(signs).toEqual(['✓', '✓', '✓', '✗']);
  });
});
