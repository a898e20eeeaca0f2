import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { program } from '../../../build';
import { GraderError } from '../../../error';
import { gradingFailed } from '../../../render/escape/actions';
import type { Member } from '../members/matching';
import { type ClassContext, failedRow, studentGrader } from './grade';
import { resultOf } from './results-file';
import type { StudentResult } from './student-result.schema';

/** Some students who follow each other in a class. */
export interface Chunk {
  /** Of the first of them, in the class. */
  readonly at: number;
  readonly students: readonly Member[];
  /** How many threads a single student brought down alone; then its history is left aside. */
  readonly losses?: number;
}

export interface GradedChunk {
  readonly at: number;
  /** As JSON: texts are handed over more quickly than what they hold. */
  readonly rows: readonly string[];
}

/** The grading of a class, under way: its rows in the order of its students. */
export interface Grading {
  rows(): AsyncGenerator<StudentResult>;
  /** Ends it, wherever it is. */
  end(): Promise<void>;
}

/** Starting threads takes about as long as grading so many. */
const fewest = 500;
const largestChunk = 50;
const mostThreads = 8;
/** One student's work may bring down some threads; where all end at once, it is no student's. */
const mostLost = 200;
/** Chunks that a thread is given at once, so that it has something to do while nobody listens here. */
const mostPrefetched = 16;
/** Of all chunks at least so many for each thread are given out one after the other, so that all end together. */
const rounds = 4;
/** So many rows may wait to be written; then threads wait, so that memory does not grow with the class. */
const mostAhead = 40 * largestChunk;
/** In MiB. A thread that needs more has met something made to need it, and is told from the rest. */
const threadMemory = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

/** Starts to grade students: one after the other, or in several threads where there are many. */
export function startGrading(students: readonly Member[], context: ClassContext): Grading {
  // A history can be made to bring down whatever reads it, and that is to be no more than a thread.
  const hasHistory = context.hasTimes && students.some(({ work }) => work.some(({ download }) => !download));
  return students.length >= fewest || hasHistory
    ? new Pool(students, context, program('worker').code)
    : oneByOne(students, context);
}

function oneByOne(students: readonly Member[], context: ClassContext): Grading {
  return {
    async *rows() {
      const grade = studentGrader(context);
      for (const student of students) yield await grade(student);
    },
    end: () => Promise.resolve(),
  };
}

/** Threads that take some students at a time. */
export class Pool implements Grading {
  private readonly context: ClassContext;
  private readonly code: string;
  private readonly chunkSize: number;
  private readonly prefetched: number;
  private readonly waiting: Chunk[] = [];
  private readonly graded: (StudentResult | undefined)[];
  private readonly threads = new Set<Worker>();
  /** What threads do once there is room for more. */
  private readonly idle: (() => void)[] = [];
  private taken = 0;
  /** Threads that ended while none had answered anything. */
  private lost = 0;
  private hasAnswered = false;
  private wake: () => void = () => {};

  constructor(students: readonly Member[], context: ClassContext, code: string) {
    this.context = context;
    this.code = code;
    this.graded = Array(students.length).fill(undefined);
    const wanted = Math.ceil(students.length / largestChunk);
    const threads = Math.min(mostThreads, availableParallelism(), wanted);
    const size = Math.ceil(students.length / (threads * rounds * 2));
    this.chunkSize = Math.min(largestChunk, Math.max(1, size));
    for (let at = 0; at < students.length; at += this.chunkSize) {
      this.waiting.push({ at, students: students.slice(at, at + this.chunkSize) });
    }
    const count = Math.min(threads, this.waiting.length);
    const each = Math.floor(this.waiting.length / (threads * rounds));
    this.prefetched = Math.min(mostPrefetched, Math.max(1, each));
    for (let thread = 0; thread < count; thread++) this.start();
  }

  async *rows(): AsyncGenerator<StudentResult> {
    for (let at = 0; at < this.graded.length; at++) {
      for (;;) {
        if (!this.hasAnswered && this.lost > mostLost)
          throw new GraderError(
            'folder',
            `No thread can grade. ${gradingFailed}: remove .graded/build/ and run this again.`,
          );
        const row = this.graded[at];
        if (row) {
          this.graded[at] = undefined;
          this.taken = at;
          if (at % this.chunkSize === 0) for (const take of this.idle.splice(0)) take();
          yield row;
          break;
        }
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }

  async end(): Promise<void> {
    const threads = [...this.threads];
    this.threads.clear();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  private start(): void {
    let reason: unknown = new Error('its thread ended for no reason that is known');
    const thread = new Worker(this.code, {
      eval: true,
      workerData: this.context,
      resourceLimits: threadMemory,
    });
    const taken: Chunk[] = [];
    const take = () => {
      // It may have been brought down while it waited.
      if (!this.threads.has(thread)) return;
      const [next] = this.waiting;
      if (next && next.at > this.taken + mostAhead) {
        this.idle.push(take);
        return;
      }
      const chunk = this.waiting.shift();
      if (chunk) {
        taken.push(chunk);
        thread.postMessage(chunk);
      } else if (taken.length === 0 && this.threads.delete(thread)) thread.terminate().catch(() => {});
    };
    thread.on('message', ({ at, rows }: GradedChunk) => {
      this.hasAnswered = true;
      taken.shift();
      this.put(at, rows.map(resultOf));
      take();
    });
    // Every thread that ends says so, and not every one says why: one without memory may say nothing.
    thread.on('error', (error) => {
      reason = error;
    });
    thread.on('messageerror', (error) => {
      reason = error;
      thread.terminate().catch(() => {});
    });
    thread.on('exit', () => {
      if (!this.threads.delete(thread)) return;
      if (!this.hasAnswered && ++this.lost > mostLost) {
        this.wake();
        return;
      }
      this.giveBack(taken, reason);
      this.start();
    });
    this.threads.add(thread);
    for (let count = 0; count < this.prefetched; count++) take();
  }

  /**
   * Somebody's work brought a whole thread down: the first of what it had not answered yet. Whose it was
   * is found by trying each alone. Who brings down a thread alone is graded without the history, for
   * nothing else of a student's can do that.
   */
  private giveBack([first, ...rest]: readonly Chunk[], error: unknown): void {
    if (first) this.waiting.unshift(...this.again(first, error), ...rest);
    for (const take of this.idle.splice(0)) take();
  }

  private again({ at, students, losses = 0 }: Chunk, error: unknown): Chunk[] {
    const [only, ...others] = students;
    if (only === undefined || others.length > 0)
      return students.map((student, index) => ({ at: at + index, students: [student] }));
    if (losses === 0) return [{ at, students, losses: 1 }];
    this.put(at, [failedRow(only, this.context, error)]);
    return [];
  }

  private put(at: number, rows: readonly StudentResult[]): void {
    for (const [index, row] of rows.entries()) this.graded[at + index] = row;
    this.wake();
  }
}
