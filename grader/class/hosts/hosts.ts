import type { Host } from '../returns/class-host';
import { canvas } from './canvas';
import { classroom50 } from './classroom50';
import { folders } from './folders';
import { github } from './github';
import { gradescope } from './gradescope';
import { moodle } from './moodle';

/** All hosts. Of those that pack a class in a way of their own, the most distinctive comes first. */
export const hosts: readonly Host[] = [gradescope, moodle, canvas, classroom50, github, folders];
