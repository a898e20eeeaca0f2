import type { Misconception } from '../../../key/hints';
import type { Rubric } from '../../../rubric/rubric';
import type { StudentResult } from '../results/student-result.schema';
import { AgainStats, type EarlierAnswers, FollowUpAnswers, type IsCounted } from './again-stats';
import { FollowUpStats, type Who } from './follow-up-stats';
import { HintStats } from './hints';
import { IdeaStats } from './idea-stats';
import { Totals } from './points';
import { ResponseStats } from './response-stats';

/** Everything that the pages of a class show, a part for each, counted row by row; a row is not kept. */
export class ClassStats {
  readonly rubric: Rubric;
  readonly totals = new Totals();
  readonly ideas: IdeaStats;
  readonly hints = new HintStats();
  readonly responses: ResponseStats;
  readonly followUp: FollowUpStats;
  readonly again: AgainStats;
  /** What is still right, where an earlier run is named. */
  readonly later: FollowUpAnswers | undefined;

  /**
   * @param name how a page names a student.
   * @param known the misconceptions of the course, for their titles.
   * @param isCounted whether a cell of what is asked again is counted.
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
