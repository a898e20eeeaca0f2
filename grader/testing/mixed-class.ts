import { askingCourse } from './asking-course';
import { releasedCourse } from './classes';
import * as downloads from './downloads';
import { class30, type Enrolled, zip } from './downloads';
import { answersOf, notesOf, rightAnswers } from './worksheet';

// A class of twelve with every kind of work, in the form of each host.

export const course = releasedCourse({}, askingCourse);

const evil = '<img src=x onerror=document.title=1>';
export const work = (answers: string) => ({ 'boxes.ts': answers, 'notes.md': notesOf(evil, 'Lemons') });
const square = answersOf('{ down: 7, across: 7 }', '{ down: 7, across: 13 }');
const typo = rightAnswers.replace('across: 11', 'across 11');

/** Right, a misconception, a typo, two versions, a photo, and nothing. */
const kinds: readonly Enrolled['handedIn'][] = [
  work(rightAnswers),
  work(square),
  work(typo),
  { ...work(rightAnswers), 'boxes (1).ts': square },
  { 'photo.jpg': 'no worksheet' },
  undefined,
];
export const students = class30.slice(0, 12).map((student, index) => ({
  ...student,
  handedIn: kinds[index % kinds.length],
}));
const enrolled = students.slice(1);

/** The list of Canvas, of two tutorials. */
export const listOfTutorials = downloads.canvasGradebook(enrolled, (at) =>
  at % 3 === 0 ? 'Thursday' : 'Monday',
);

/** Each host's download and its list of students, which lacks one who handed in. */
export const hosts = {
  Canvas: [zip(downloads.canvasFiles(students)), downloads.canvasGradebook(enrolled)],
  Moodle: [zip(downloads.moodleFiles(students)), downloads.moodleWorksheet(enrolled)],
  'Moodle, in German': [
    zip(downloads.moodleFiles(students)),
    downloads.moodleWorksheet(enrolled, { isGerman: true }),
  ],
  'Moodle, anonymous': [
    zip(downloads.moodleFiles(students, { isBlind: true })),
    downloads.moodleWorksheet(students, { isBlind: true }),
  ],
  'Moodle, with grades there': [
    zip(downloads.moodleFiles(students)),
    downloads.moodleWorksheet(enrolled, { gradeOf: () => '3.00', lockedOf: ({ login }) => login === 's-07' }),
  ],
  Gradescope: [
    zip(downloads.gradescopeFiles(students.flatMap((one) => (one.handedIn ? [[one]] : [])))),
    downloads.gradescopeRoster(enrolled),
  ],
  'Classroom 50': [zip(downloads.classroom50Zips(students)), downloads.loginRoster(enrolled)],
} satisfies Readonly<Record<string, readonly [download: Buffer, roster: string]>>;
