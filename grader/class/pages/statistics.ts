import { worksheetPart } from '../../grading/score';
import type { Misconception } from '../../key/hints';
import { type Rubric, withoutAgain } from '../../rubric/rubric';
import type { StudentResult } from '../results/student-result.schema';
import { AgainStats } from './again';
import { FollowUpStats, type Who } from './follow-up-stats';
import { IdeaStats } from './idea-stats';
import { Totals } from './points';
import { ResponseStats } from './response-stats';

/** Everything that the pages of a class show, a part for each, counted row by row. Rows are not kept. */
export class ClassStats {
  readonly rubric: Rubric;
  readonly totals = new Totals();
  readonly ideas: IdeaStats;
  readonly responses = new ResponseStats();
  readonly followUp: FollowUpStats;
  readonly again = new AgainStats();

  /**
   * @param name returns the name of a student on a page.
   * @param known the misconceptions of the course, for their titles.
   */
  constructor(
    rubric: Rubric,
    name: (row: StudentResult) => Who,
    known: readonly Pick<Misconception, 'id' | 'title'>[] = [],
  ) {
    this.rubric = rubric;
    this.ideas = new IdeaStats(withoutAgain(rubric), known);
    this.followUp = new FollowUpStats(name, rubric);
  }

  add(row: StudentResult): void {
    // The other parts count only the tables that points depend on.
    const sheet = row.report ? { ...row, report: worksheetPart(row.report) } : row;
    for (const part of [this.totals, this.ideas, this.responses, this.followUp]) part.add(sheet);
    this.again.add(row);
    this.followUp.addAnotherLook(row);
  }
}
