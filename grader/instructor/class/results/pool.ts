import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { program } from '../../../build';
import { GraderError } from '../../../error';
import { gradingFailed } from '../../../render/escape/actions';
import type { Member } from '../members/matching';
import { type ClassContext, failedRow, studentGrader } from './grade';
import { parseResult } from './results-file';
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
export interface ClassGrading {
  rows(): AsyncGenerator<StudentResult>;
  /** Ends it, wherever it is. */
  end(): Promise<void>;
}

/** Starting threads takes about as long as grading so many. */
const minStudents = 500;
const maxChunk = 50;
const maxThreads = 8;
/** One student's work may bring down some threads; where all end at once, it is no student's. */
const maxLost = 200;
/** Chunks that a thread is given at once, so that it has something to do while nobody listens here. */
const maxPrefetched = 16;
/** Of all chunks at least so many for each thread are given out one after the other, so that all end together. */
const rounds = 4;
/** So many rows may wait to be written; then threads wait, so that memory does not grow with the class. */
const maxAhead = 40 * maxChunk;
/** In MiB. A thread that needs more has met something made to need it, and is told from the rest. */
const threadMemory = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

/** Starts to grade students: one after the other, or in several threads where there are many. */
export function startGrading(students: readonly Member[], context: ClassContext): ClassGrading {
  // A history can be made to bring down whatever reads it, and that is to be no more than a thread.
  const hasHistory = context.hasTimes && students.some(({ work }) => work.some(({ download }) => !download));
  return students.length >= minStudents || hasHistory
    ? new Pool(students, context, program('worker').code)
    : oneByOne(students, context);
}

function oneByOne(students: readonly Member[], context: ClassContext): ClassGrading {
  return {
    async *rows() {
      const grade = studentGrader(context);
      for (const student of students) yield await grade(student);
    },
    end: () => Promise.resolve(),
  };
}

/** Threads that take some students at a time. */
export class Pool implements ClassGrading {
  private readonly context: ClassContext;
  private readonly code: string;
  private readonly chunkSize: number;
  private readonly maxPrefetched: number;
  /** What no thread has yet, in the order of the class. */
  private readonly queue: Chunk[] = [];
  /** What each thread has and has not answered, in its order. */
  private readonly inFlight = new Map<Worker, Chunk[]>();
  /** What was graded and not yet given out. */
  private readonly graded: (StudentResult | undefined)[];
  /** The next that is given out. */
  private next = 0;
  /** Threads that ended while none had answered anything. */
  private lost = 0;
  private hasAnswered = false;
  private wake: () => void = () => {};

  constructor(students: readonly Member[], context: ClassContext, code: string) {
    this.context = context;
    this.code = code;
    this.graded = Array(students.length).fill(undefined);
    const wanted = Math.ceil(students.length / maxChunk);
    const threads = Math.min(maxThreads, availableParallelism(), wanted);
    this.chunkSize = Math.min(maxChunk, Math.max(1, Math.ceil(students.length / (threads * rounds * 2))));
    for (let at = 0; at < students.length; at += this.chunkSize)
      this.queue.push({ at, students: students.slice(at, at + this.chunkSize) });
    const each = Math.floor(this.queue.length / (threads * rounds));
    this.maxPrefetched = Math.min(maxPrefetched, Math.max(1, each));
    for (let thread = Math.min(threads, this.queue.length); thread > 0; thread--) this.start();
  }

  async *rows(): AsyncGenerator<StudentResult> {
    while (this.next < this.graded.length) {
      if (!this.hasAnswered && this.lost > maxLost)
        throw new GraderError(
          'folder',
          'no-thread',
          `No thread can grade. ${gradingFailed}: remove .graded/build/ and run this again.`,
        );
      const row = this.graded[this.next];
      if (row) {
        this.graded[this.next] = undefined;
        if (this.next++ % this.chunkSize === 0) this.feed();
        yield row;
      } else
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
    }
  }

  async end(): Promise<void> {
    const threads = [...this.inFlight.keys()];
    this.inFlight.clear();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  private start(): void {
    let reason: unknown = new Error('its thread ended for no reason that is known');
    const thread = new Worker(this.code, {
      eval: true,
      workerData: this.context,
      env: process.env,
      resourceLimits: threadMemory,
    });
    thread.on('message', ({ at, rows }: GradedChunk) => {
      this.hasAnswered = true;
      this.inFlight.get(thread)?.shift();
      this.put(at, rows.map(parseResult));
      this.feed();
    });
    // Every thread that ends says so, and not every one says why: one without memory may say nothing.
    thread.on('error', (error) => {
      reason = error;
    });
    thread.on('messageerror', (error) => {
      reason = error;
      thread.terminate().catch(() => {});
    });
    thread.on('exit', () => this.replace(thread, reason));
    this.inFlight.set(thread, []);
    this.feed();
  }

  /** Gives threads what they have room for; one for which nothing is left ends. */
  private feed(): void {
    for (const [thread, chunks] of this.inFlight) {
      while (chunks.length < this.maxPrefetched) {
        const [chunk] = this.queue;
        if (!chunk || chunk.at > this.next + maxAhead) break;
        this.queue.shift();
        chunks.push(chunk);
        thread.postMessage(chunk);
      }
      if (chunks.length > 0 || this.queue.length > 0) continue;
      this.inFlight.delete(thread);
      thread.terminate().catch(() => {});
    }
  }

  /**
   * Somebody's work brought a whole thread down: the first of what it had not answered yet. Whose it was
   * is found by trying each alone. Who brings down a thread alone is graded without the history, for
   * nothing else of a student's can do that.
   */
  private replace(thread: Worker, reason: unknown): void {
    const chunks = this.inFlight.get(thread);
    if (!this.inFlight.delete(thread) || !chunks) return;
    if (!this.hasAnswered && ++this.lost > maxLost) {
      this.wake();
      return;
    }
    const [first, ...rest] = chunks;
    this.queue.unshift(...(first ? this.again(first, reason) : []), ...rest);
    this.start();
  }

  private again({ at, students, losses = 0 }: Chunk, reason: unknown): Chunk[] {
    const [only, ...others] = students;
    if (only === undefined || others.length > 0)
      return students.map((student, index) => ({ at: at + index, students: [student] }));
    if (losses === 0) return [{ at, students, losses: 1 }];
    this.put(at, [failedRow(only, this.context, reason)]);
    return [];
  }

  private put(at: number, rows: readonly StudentResult[]): void {
    for (const [index, row] of rows.entries()) this.graded[at + index] = row;
    this.wake();
  }
}
