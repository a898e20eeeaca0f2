import { isColorSupported } from 'picocolors';

/** Whether standard output is a terminal that shows colours, and nobody asked to leave them out. */
export function coloursShow(): boolean {
  return process.stdout.isTTY === true && isColorSupported;
}
