import { mutation } from './cursor';
import type { Refusal } from './refusal';
import type { Action, Module } from './syntax';

/** Names through which anything can be reached. */
const doors = new Set(['eval', 'Function', 'globalThis']);

/**
 * The first part of a file that, if it ran, could change a value that is read here: a call, or code
 * with calls or assignments in it, that names a constant which can be changed in place. A constant can
 * be reached through its name alone, so what names none changes none.
 */
export function firstChange(
  { names, actions }: Module,
  isChangeable: (name: string) => boolean,
): Refusal | undefined {
  const parts = merged(actions);
  let index = 0;
  for (const { start, text } of names) {
    while (index < parts.length && (parts[index]?.end ?? 0) <= start) index++;
    const part = parts[index];
    if (part && part.start <= start && (isChangeable(text) || doors.has(text))) return mutation(part.start);
  }
  return undefined;
}

/** Parts in order, with those that overlap made one. */
function merged(actions: readonly Action[]): Action[] {
  const parts: { start: number; end: number }[] = [];
  for (const { start, end } of [...actions].sort((a, b) => a.start - b.start)) {
    const last = parts.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else parts.push({ start, end });
  }
  return parts;
}
