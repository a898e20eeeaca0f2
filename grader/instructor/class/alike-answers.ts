import type { Report } from '../../grading/report.schema';
import { type GradedAnswers, gradeAnswers, reportOf } from '../../grading/score';
import type { AnswerKey } from '../../key/key';
import type { Rubric } from '../../rubric/rubric';
import { type Answers, readAnswers } from '../../submission/cells';
import type { FoundFiles } from '../../submission/find';
import { readSubmission, type Submission } from '../../submission/submission';

/** Texts that are remembered; a class hands in far fewer that several have in common. */
const mostTexts = 600;

/**
 * Grades submissions, and what many hand in alike only once: the stub, above all, and a worksheet that is
 * right throughout.
 */
export class AlikeAnswers {
  private readonly rubric: Rubric;
  private readonly key: AnswerKey;
  private readonly texts = new Map<string, Answers>();
  private readonly graded = new WeakMap<object, Promise<GradedAnswers>>();

  constructor(rubric: Rubric, key: AnswerKey) {
    this.rubric = rubric;
    this.key = key;
  }

  read(found: FoundFiles): Submission {
    return readSubmission(found, this.rubric, (text, form) => {
      // A form of its own names another file in its messages, so such a reading is not shared.
      if (form !== this.rubric) return readAnswers(text, form);
      const known = this.texts.get(text);
      if (known) return known;
      const answers = readAnswers(text, form);
      if (this.texts.size < mostTexts) this.texts.set(text, answers);
      return answers;
    });
  }

  async score(submission: Submission): Promise<Report> {
    const { rows } = submission.answers;
    const graded = this.graded.get(rows) ?? gradeAnswers(this.rubric, submission.answers, this.key);
    this.graded.set(rows, graded);
    return reportOf(this.rubric, submission, this.key, await graded);
  }
}
