import type { Report } from '../../grading/report.schema';
import { type GradedTables, gradeAnswers, reportOf } from '../../grading/score';
import type { AnswerKey } from '../../key/key';
import type { Rubric } from '../../rubric/rubric';
import { type Answers, readAnswers } from '../../submission/cells';
import type { FoundFiles } from '../../submission/find';
import { type Reflection, readReflection } from '../../submission/reflection';
import { readSubmission, type Submission } from '../../submission/submission';

/** The most texts to remember. A class shares far fewer. */
const maxTexts = 600;

/** Reads a text, or returns what was read of it the first time. */
function once<Read>(known: Map<string, Read>, text: string, read: () => Read): Read {
  const found = known.get(text) ?? read();
  if (known.size < maxTexts) known.set(text, found);
  return found;
}

/**
 * Grades submissions, and reads text that many students share only once: above all the stub, a reflection that is not
 * started, and a worksheet that is all correct.
 */
export class GradingCache {
  private readonly rubric: Rubric;
  private readonly key: AnswerKey;
  private readonly answers = new Map<string, Answers>();
  private readonly reflections = new Map<string, Reflection>();
  private readonly graded = new WeakMap<object, Promise<GradedTables>>();

  constructor(rubric: Rubric, key: AnswerKey) {
    this.rubric = rubric;
    this.key = key;
  }

  read(found: FoundFiles): Submission {
    const { rubric, answers, reflections } = this;
    // A different form names another file in its messages, so its readings are not shared.
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

  /** The Report of a submission after the one correction that the student is shown, if there is one. */
  async scoreCorrected({ answers, ...others }: Submission): Promise<Report | undefined> {
    const { file, state, corrected } = answers;
    if (corrected === undefined) return undefined;
    const read = once(this.answers, corrected, () => readAnswers(corrected, this.rubric));
    return this.score({ ...others, answers: { ...read, file, state } });
  }
}
