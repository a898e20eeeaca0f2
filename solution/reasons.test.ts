import path from 'node:path';
import { shareExplained, wantedShare } from '../grader/authoring/check/reasons';
import { loadCourse } from '../grader/course';
import { packageRoot } from '../grader/testing/folders';

test.each(['.', 'examples/grouped-query-attention'])(
  'of plausible wrong rows in %s, nearly all get a reason of their own',
  async (course) => {
    const { all, explained, without } = await shareExplained(
      loadCourse(path.join(packageRoot, course), false),
    );
    expect(all).toBeGreaterThan(0);
    expect({ without, isNearlyAll: 100 * explained >= wantedShare * all }).toMatchObject({
      isNearlyAll: true,
    });
  },
);
