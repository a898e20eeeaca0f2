import { Type } from '@sinclair/typebox';
import { Check } from '@sinclair/typebox/value';
import { momentOf } from '../../rubric/moment';
import { byName, text } from '../../schema';
import { entriesOfFolders, readHostTable, type SubmissionFacts } from '../members/download';
import type { ClassHost } from '../returns/class-host';

/** The part of a submission in `submission_metadata.yml` that the grader reads. */
const SubmissionSchema = Type.Object({
  ':submitters': Type.Optional(Type.Array(byName(text))),
  ':created_at': Type.Optional(text),
});

/** `2026-10-01 12:00:00.123456000`, which JavaScript would read in the time zone of the machine. */
const withoutZone = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?$/;

function timeIn(created: string, timezone: string): Pick<SubmissionFacts, 'submittedAt' | 'lacksZone'> {
  const [, date, clock] = withoutZone.exec(created) ?? [];
  if (date === undefined) return { submittedAt: Date.parse(created) || undefined };
  return { submittedAt: momentOf(`${date}T${clock}`, timezone), lacksZone: true };
}

/** `submission_<number>/…`, and a table of who handed in which. */
export const gradescope: ClassHost = {
  id: 'gradescope',
  title: 'Gradescope',
  entriesOf: entriesOfFolders,
  table: {
    name: 'submission_metadata.yml',
    read(metadata, timezone) {
      const submissions = Object.entries(
        readHostTable('submission_metadata.yml', byName(Type.Unknown()), metadata),
      );
      return new Map(
        submissions.map(([name, facts]) => {
          // An entry in another form belongs to nobody, and does not affect the rest.
          const { ':submitters': submitters = [], ':created_at': created = '' } = Check(
            SubmissionSchema,
            facts,
          )
            ? facts
            : {};
          const owners = submitters.map((one) => ({
            email: one[':email'],
            studentId: one[':sid'],
            name: one[':name'],
          }));
          return [name, { owners, ...timeIn(created, timezone) }];
        }),
      );
    },
  },
  /** Students have seen the points that the autograder gave there, but nothing that was set or added since. */
  feedback: ({ students, comments }) => ({
    reached: students.filter(
      ({ host, key, adjustments, matched }) =>
        host === 'gradescope' &&
        adjustments.length === 0 &&
        !comments.has(key) &&
        // Gradescope shows its results only to the students who handed in.
        matched !== 'matches.csv',
    ),
  }),
};
