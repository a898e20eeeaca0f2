import { entriesOfFolders } from '../members/download';
import type { ClassHost } from '../returns/class-host';
import { canvas } from './canvas';
import { classroom50 } from './classroom50';
import { github } from './github';
import { gradescope } from './gradescope';
import { moodle } from './moodle';

/** A folder or an archive for each student, with the login in its name. */
const folders: ClassHost = { id: 'folders', title: 'folder', isOfFolders: true, entriesOf: entriesOfFolders };

/** All hosts. Among those that pack a class in their own way, the most distinctive comes first. */
export const classHosts: readonly ClassHost[] = [gradescope, moodle, canvas, classroom50, github, folders];
