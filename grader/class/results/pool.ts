import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { program } from '../../build';
import { GraderError } from '../../error';
import { gradingFailed } from '../../render/escape/actions';
import type { Member } from '../members/matching';
import { type ClassContext, failedRow, studentGrader } from './grade';
import { parseResult } from './results-file';
import type { StudentResult } from './student-result.schema';

/** Some consecutive students of a class. */
export interface Chunk {
  /** The index of the first of them in the class. */
  readonly at: number;
  readonly students: readonly Member[];
  /** How many threads a single student brought down alone. Above 0, that student's history is skipped. */
  readonly losses?: number;
}

export interface GradedChunk {
  readonly at: number;
  /** As JSON, because strings are transferred faster than the objects they encode. */
  readonly rows: readonly string[];
}

/** The grading of a class in progress. Its rows come in the order of the students. */
export interface ClassGrading {
  rows(): AsyncGenerator<StudentResult>;
  /** Stops the grading, however far it is. */
  end(): Promise<void>;
}

/** Starting threads takes about as long as grading this many students. */
const minStudents = 500;
const maxChunk = 50;
const maxThreads = 8;
/**
 * One student's work may bring down a few threads. If more than this end and none has answered, no student is to
 * blame.
 */
const maxLost = 200;
/** The most chunks that a thread is given at once, so that it has work while the main thread is busy. */
const maxPrefetched = 16;
/** Chunks are handed out in at least this many rounds per thread, so that all threads finish together. */
const rounds = 4;
/** The most rows that may wait to be written. Then threads wait, so that memory does not grow with the class. */
const maxAhead = 40 * maxChunk;
/** In MiB. A thread that needs more has met work that was made to need it, and that work is singled out. */
const threadMemory = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

/** Starts to grade students: one by one, or in several threads if there are many students or any history. */
export function startGrading(students: readonly Member[], context: ClassContext): ClassGrading {
  // A history can be made to bring down its reader. In a thread, it brings down only the thread.
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

/** A pool of threads, each of which takes some students at a time. */
export class Pool implements ClassGrading {
  private readonly context: ClassContext;
  private readonly code: string;
  private readonly chunkSize: number;
  private readonly maxPrefetched: number;
  /** The chunks that no thread has yet, in the order of the class. */
  private readonly queue: Chunk[] = [];
  /** The chunks that each thread has and has not answered, in its order. */
  private readonly inFlight = new Map<Worker, Chunk[]>();
  /** The rows that are graded and not yet yielded, by index in the class. */
  private readonly graded: (StudentResult | undefined)[];
  /** The index of the next row to yield. */
  private next = 0;
  /** How many threads ended before any had answered. */
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
    let reason: unknown = new Error('its thread ended for an unknown reason');
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
    // Every thread that ends emits `exit`, but not always `error`: one that is out of memory may emit none.
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

  /** Gives chunks to threads that have room, and ends a thread when nothing is left for it. */
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
   * Replaces a thread that a student's work brought down. That student is in the first chunk that the thread had not
   * answered, and is found by grading each one alone. A student who brings down a thread alone is graded without the
   * history, because nothing else of a student's can do that.
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
