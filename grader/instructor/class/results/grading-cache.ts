import type { Report } from '../../../grading/report.schema';
import { type GradedAnswers, gradeAnswers, reportOf } from '../../../grading/score';
import type { AnswerKey } from '../../../key/key';
import type { Rubric } from '../../../rubric/rubric';
import { type Answers, readAnswers } from '../../../submission/cells';
import type { FoundFiles } from '../../../submission/find';
import { type Reflection, readReflection } from '../../../submission/reflection';
import { readSubmission, type Submission } from '../../../submission/submission';

/** Texts that are remembered; a class hands in far fewer that several have in common. */
const maxTexts = 600;

/** What was read of a text, the first time or now. */
function once<Read>(known: Map<string, Read>, text: string, read: () => Read): Read {
  const found = known.get(text) ?? read();
  if (known.size < maxTexts) known.set(text, found);
  return found;
}

/**
 * Grades submissions, and reads what many hand in alike only once: the stub and a reflection that is not begun, above
 * all, and a worksheet that is right throughout.
 */
export class GradingCache {
  private readonly rubric: Rubric;
  private readonly key: AnswerKey;
  private readonly answers = new Map<string, Answers>();
  private readonly reflections = new Map<string, Reflection>();
  private readonly graded = new WeakMap<object, Promise<GradedAnswers>>();

  constructor(rubric: Rubric, key: AnswerKey) {
    this.rubric = rubric;
    this.key = key;
  }

  read(found: FoundFiles): Submission {
    const { rubric, answers, reflections } = this;
    // A form of its own names another file in its messages, so such a reading is not shared.
    return readSubmission(found, rubric, {
      answers: (text, form) =>
        form === rubric ? once(answers, text, () => readAnswers(text, form)) : readAnswers(text, form),
      reflection: (text, form) =>
        form === rubric.reflection
          ? once(reflections, text, () => readReflection(text, form))
          : readReflection(text, form),
    });
  }

  async score(submission: Submission): Promise<Report> {
    const { rows } = submission.answers;
    const graded = this.graded.get(rows) ?? gradeAnswers(this.rubric, submission.answers, this.key);
    this.graded.set(rows, graded);
    return reportOf(this.rubric, submission, this.key, await graded);
  }

  /** The Report of a submission after the one correction that its reader is shown, where there is one. */
  async scoreCorrected({ answers, ...others }: Submission): Promise<Report | undefined> {
    const { file, state, corrected } = answers;
    if (corrected === undefined) return undefined;
    const read = once(this.answers, corrected, () => readAnswers(corrected, this.rubric));
    return this.score({ ...others, answers: { ...read, file, state } });
  }
}
