import { main } from '../../command';
import { classCommands } from './commands';

/** Runs one of the commands about a class, which are a program of their own; see ../start.js. */
export function start(): void {
  main(classCommands);
}
