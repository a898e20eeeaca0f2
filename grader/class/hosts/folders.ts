import { isArchive } from '../../submission/find';
import type { Host } from '../returns/class-host';

/** A folder or an archive for each student, with the login in its name. */
export const folders = {
  id: 'folders',
  title: 'folder',
  isOfFolders: true,
  entriesOf(name: string, isFile: boolean) {
    const isNobodys = isFile && !isArchive(name);
    return isNobodys ? [] : [{ name, owner: { label: name.replace(/\.(?:zip|git)$/i, '') } }];
  },
} satisfies Host;
