import { existsSync } from 'node:fs';
import type { TSchema } from '@sinclair/typebox';
import { ReportSchema } from '../../../grading/report.schema';
import { PlainKeySchema } from '../../../key/plain-file.schema';
import { SealedFileSchema } from '../../../key/sealed-file.schema';
import { RubricFileSchema } from '../../../rubric/file.schema';
import { StudentResultSchema } from '../../class/student-result.schema';
import { resolvePath } from '../../files';

/** The published JSON Schemas, each from the one TypeScript source that also gives the type. */
export const schemas: Readonly<Record<string, TSchema>> = {
  'grader/rubric/rubric.schema.json': RubricFileSchema,
  'grader/key/plain-file.schema.json': PlainKeySchema,
  'grader/key/sealed-file.schema.json': SealedFileSchema,
  'grader/grading/report.schema.json': ReportSchema,
  'grader/instructor/class/student-result.schema.json': StudentResultSchema,
};

/** Their files, by path, where the grader is a part of the course's own repository. */
export function schemaFiles(root: string): Record<string, string> {
  if (!existsSync(resolvePath(root, 'grader/rubric'))) return {};
  return Object.fromEntries(
    Object.entries(schemas).map(([file, schema]) => [file, `${JSON.stringify(schema, null, 2)}\n`]),
  );
}
