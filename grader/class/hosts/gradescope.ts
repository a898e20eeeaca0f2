import { Type } from '@sinclair/typebox';
import { Check } from '@sinclair/typebox/value';
import { byName, text } from '../../schema';
import { entriesOfFolders, readHostTable } from '../members/download';
import type { ClassHost } from '../returns/class-host';

/** The part of a submission in `submission_metadata.yml` that the grader reads. */
const SubmissionSchema = Type.Object({
  ':submitters': Type.Optional(Type.Array(byName(text))),
  ':created_at': Type.Optional(text),
});

/** `submission_<number>/…`, and a table that says who handed in which. */
export const gradescope: ClassHost = {
  id: 'gradescope',
  title: 'Gradescope',
  entriesOf: entriesOfFolders,
  table: {
    name: 'submission_metadata.yml',
    read(metadata) {
      const submissions = Object.entries(
        readHostTable('submission_metadata.yml', byName(Type.Unknown()), metadata),
      );
      return new Map(
        submissions.map(([name, facts]) => {
          // One that has another form is nobody's, and costs no other anything.
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
          return [name, { owners, submittedAt: Date.parse(created) || undefined }];
        }),
      );
    },
  },
  /** Students have seen there the points that the autograder gave, but not what was set or added since. */
  feedback: ({ students, comments }) => ({
    reached: students.filter(
      ({ host, key, adjustments, matched }) =>
        host === 'gradescope' &&
        adjustments.length === 0 &&
        !comments.has(key) &&
        // There, only those are told who handed it in.
        matched !== 'matches.csv',
    ),
  }),
};
