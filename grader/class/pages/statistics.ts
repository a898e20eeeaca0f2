import type { Misconception } from '../../key/hints';
import type { Rubric } from '../../rubric/rubric';
import type { StudentResult } from '../results/student-result.schema';
import { AgainStats, type EarlierAnswers, FollowUpAnswers, type IsCounted } from './again-stats';
import { FollowUpStats, type Who } from './follow-up-stats';
import { HintStats } from './hints';
import { IdeaStats } from './idea-stats';
import { Totals } from './points';
import { ResponseStats } from './response-stats';

/** Everything that the pages of a class show, a part for each, counted row by row. Rows are not kept. */
export class ClassStats {
  readonly rubric: Rubric;
  readonly totals = new Totals();
  readonly ideas: IdeaStats;
  readonly hints = new HintStats();
  readonly responses: ResponseStats;
  readonly followUp: FollowUpStats;
  readonly again: AgainStats;
  /** The answers that are still right, if an earlier run is given. */
  readonly later: FollowUpAnswers | undefined;

  /**
   * @param name returns the name of a student on a page.
   * @param known the misconceptions of the course, for their titles.
   * @param isCounted whether a cell of a row that is asked again is counted.
   * @param before an earlier run of the same rows.
   */
  constructor(
    rubric: Rubric,
    name: (row: StudentResult) => Who,
    known: readonly Pick<Misconception, 'id' | 'title'>[] = [],
    isCounted: IsCounted = () => true,
    before?: EarlierAnswers,
  ) {
    this.rubric = rubric;
    this.ideas = new IdeaStats(rubric, known);
    this.responses = new ResponseStats(rubric, name);
    this.followUp = new FollowUpStats(name, rubric.possible);
    this.again = new AgainStats(rubric, name, isCounted);
    this.later = before && new FollowUpAnswers(rubric, before);
  }

  add(row: StudentResult): void {
    for (const part of [this.totals, this.ideas, this.hints, this.responses, this.followUp, this.again])
      part.add(row);
    this.later?.add(row);
  }
}
