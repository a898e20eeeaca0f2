import { gradeToFiles } from '../class/class-run';
import { hosts } from '../class/hosts/hosts';
import { readRoster } from '../class/members/roster';
import { archiveItem } from '../class/members/source';
import type { Course } from '../course/course';
import { plainKey } from '../key/key';

/** Grades a download in a page, which has no disk, from the contents of files alone. */
export async function grade(
  { file, rubric, solution }: Omit<Course, 'key' | 'root' | 'atOtherSizes'>,
  download: Blob,
  roster: Blob,
) {
  const course = {
    root: '',
    file,
    rubric,
    solution,
    key: plainKey(rubric, solution),
    atOtherSizes: new Map(),
  };
  const bytes = new Uint8Array(await roster.arrayBuffer());
  const input = {
    sources: [{ name: 'c', place: 'c.zip', around: await archiveItem('c', download) }],
    roster: readRoster({ name: 'roster.csv', bytes }, hosts),
    tables: new Map(),
    release: [],
    vote: { reason: 'rubric.yaml states no other sizes under vote.' },
    started: new Date(),
    feedback: true,
  };
  const { files } = await gradeToFiles(course, input, { at: (name) => name, atOnce: 8 });
  return Object.fromEntries([...files].map(([name, parts]) => [name, [...parts].map(String).join('')]));
}
