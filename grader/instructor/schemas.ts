import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TSchema } from '@sinclair/typebox';
import { PlainKeySchema } from '../hosts/plain-key.schema';
import { SealedFileSchema } from '../key/sealed-file.schema';
import { ReportSchema } from '../report/report.schema';
import { RubricFileSchema } from '../rubric/file.schema';
import { GradedSchema } from './class/graded.schema';

const graderRoot = path.join(__dirname, '..');

/** The published JSON Schemas, each from the one TypeScript source that also gives the type. */
export const published: readonly { file: string; schema: TSchema }[] = [
  { file: path.join(graderRoot, 'rubric', 'rubric.schema.json'), schema: RubricFileSchema },
  { file: path.join(graderRoot, 'hosts', 'plain-key.schema.json'), schema: PlainKeySchema },
  { file: path.join(graderRoot, 'key', 'sealed-file.schema.json'), schema: SealedFileSchema },
  { file: path.join(graderRoot, 'report', 'report.schema.json'), schema: ReportSchema },
  { file: path.join(graderRoot, 'instructor', 'class', 'graded.schema.json'), schema: GradedSchema },
];

export function printed(schema: TSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (require.main === module) {
  for (const { file, schema } of published) writeFileSync(file, printed(schema));
}
