import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isMap, isScalar, parseDocument, visit } from 'yaml';

/** Deletes from fixtures all names that a check says are not in rubric.yaml, as an author would. */
export function deleteAsTold(root: string, checked: string): void {
  const [, places = '', names = ''] =
    /(\S.*): rubric\.yaml does not have (.*)\. Delete that there\./.exec(checked) ?? [];
  const gone = new Set(names.split(', '));
  const isGone = (node: unknown) => isScalar(node) && gone.has(String(node.value));
  for (const [, file = ''] of places.matchAll(/(\S+?):\d+/g)) {
    const fixture = parseDocument(readFileSync(path.join(root, file), 'utf8'));
    visit(fixture, {
      Scalar: (key, name) => (typeof key === 'number' && isGone(name) ? visit.REMOVE : undefined),
      Pair(_, { key, value }) {
        const isEmpty = isMap(value) && value.items.every((item) => isGone(item.key));
        return isGone(key) || isEmpty ? visit.REMOVE : undefined;
      },
    });
    writeFileSync(path.join(root, file), String(fixture));
  }
}
