import type { Untrusted } from '../../../message';
import { hintFor, misconceptionsIn, misconceptionsOf } from '../histories/misconceptions';
import type { Warning } from '../histories/warning.schema';
import type { StudentResult } from '../results/student-result.schema';

/** A student as the page names one. */
export interface Who {
  readonly label: string;
  readonly link?: string;
}

/** Somebody who may want a conversation: who has not started, or holds on to an idea. */
export interface Conversation {
  readonly who: Who;
  /** The misconception that the last two attempts show, with what was told of it; missing who has not started. */
  readonly idea?: { readonly id: string; readonly row: string; readonly text: string };
  /** Other misconceptions that both show as well. */
  readonly others: readonly string[];
  /** What the student wrote in the reflection. */
  readonly said: readonly Untrusted[];
}

/** Something about a student that is worth a look. */
export interface StudentWarning {
  readonly who: Who;
  /** The student's. */
  readonly key: string;
  readonly reason: Warning;
}

/** What a student thinks is right and is marked wrong. */
export interface Dispute extends NonNullable<StudentResult['dispute']> {
  readonly who: Who;
  readonly key: string;
  /** Misconceptions in the student's final answers. */
  readonly shows: readonly string[];
}

/** So many of each are kept. */
const maxKept = 500;

/** Who needs something from the instructor. */
export class FollowUpStats {
  readonly conversations: Conversation[] = [];
  readonly disputes: Dispute[] = [];
  readonly remarks: StudentWarning[] = [];
  /** How many remarks there are, also of those that are not kept. */
  remarkCount = 0;
  /** Keys of students, by the code of what needs review. */
  readonly needsReview = new Map<string, string[]>();
  /** Students who need review. */
  reviewed = 0;
  private readonly name: (row: StudentResult) => Who;

  constructor(name: (row: StudentResult) => Who) {
    this.name = name;
  }

  add(row: StudentResult): void {
    this.addConversation(row);
    const known = { who: this.name(row), key: row.key };
    if (row.dispute && this.disputes.length < maxKept)
      this.disputes.push({
        ...known,
        ...row.dispute,
        shows: row.report ? [...misconceptionsIn(row.report)] : [],
      });
    if (row.warnings.length > 0) this.reviewed++;
    for (const reason of row.warnings) {
      this.remarkCount++;
      const keys = this.needsReview.get(reason.code) ?? [];
      this.needsReview.set(reason.code, keys);
      if (keys.at(-1) !== row.key) keys.push(row.key);
      if (this.remarks.length < maxKept) this.remarks.push({ ...known, reason });
    }
  }

  /** Whoever has not started, or shows the same idea in the last two attempts. */
  private addConversation(row: StudentResult): void {
    if (this.conversations.length >= maxKept) return;
    const { report, status, misconceptions } = row;
    const who = this.name(row);
    if (status === 'not started' || status === 'no submission')
      this.conversations.push({ who, others: [], said: [] });
    if (!report?.started || !misconceptions) return;
    const { attempts, shown } = misconceptions;
    const isHeld = ({ at }: { readonly at: readonly number[] }) =>
      at.includes(attempts) && at.includes(attempts - 1);
    const held = new Set(shown.filter(isHeld).map(({ id }) => id));
    for (const graded of report.rows) {
      for (const [column, id] of misconceptionsOf(graded, report)) {
        if (!held.has(id)) continue;
        const cell = graded.cells.find((one) => one.id === column);
        const text = cell?.reason?.text ?? hintFor(graded, report)?.text ?? '';
        this.conversations.push({
          who,
          idea: { id, row: graded.id, text },
          others: [...held].filter((other) => other !== id),
          said: row.responses.map((response) => response.text),
        });
        return;
      }
    }
  }
}
