import type { Rubric } from '../rubric/rubric';
import type { Safe } from './escape/safe';
import type { Report } from './report.schema';

/** Shows a Report in one format. Pure, and never computes a grade anew. */
export type Renderer<Sink extends string, Context = undefined> = (
  report: Report,
  rubric: Rubric,
  context: Context,
) => Safe<Sink>;
