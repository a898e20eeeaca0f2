import path from 'node:path';
import { seal, sealedKeyText } from '../authoring/release/seal';
import { gradeFolder } from '../grading/context';
import type { Report } from '../grading/report.schema';
import { gradeForJest, reportFile } from '../jest/grade';
import { plainKey } from '../key/key';
import { hasNoGrade } from '../submission/submission';
import { readText } from '../system/files';
import { type Files, zip } from '../testing/downloads';
import { removeFolders } from '../testing/folders';
import { cases, flat, unpacked } from '../testing/layouts';
import { rubric, rubricYaml, solution } from '../testing/worksheet';
import { gradescopeHost } from './gradescope/host';

// The commit of a repository and the downloads of a class are in class/fairness.system.test.ts, with the same table.

afterAll(removeFolders);

const key = plainKey(rubric, solution);
let copy: Files;
beforeAll(async () => {
  copy = { 'rubric.yaml': rubricYaml, 'grader/sealed-key.json': sealedKeyText(await seal(rubric, solution)) };
});

/** Whether a person has to decide before there are points. */
const ungradable = 'submission-ungradable';

/** Every place where one submission is graded: what its student or host is left with. */
const forms: Readonly<Record<string, (files: Files) => Promise<Report | typeof ungradable>>> = {
  folder: (files) => gradeFolder(unpacked(files), rubric, key),
  zip: (files) => gradeFolder(unpacked({ 'all.zip': zip(files) }), rubric, key),
  'Gradescope’s upload': async (files) => {
    const root = unpacked(flat(files), 'submission');
    const bundle = path.join(root, '..', 'source');
    try {
      return (await gradescopeHost.bundled?.grade(bundle, () => ({ rubric, key }))) as Report;
    } catch (error) {
      expect(error).toMatchObject({ code: ungradable });
      return ungradable;
    }
  },
  'the copy': async (files) => {
    const root = unpacked({ ...files, ...copy });
    await gradeForJest(root);
    return JSON.parse(readText(root, reportFile)) as Report;
  },
};

test.each(cases)('$name: the same points and remark wherever it is handed in', async (one) => {
  const { files, said = [], points, own = points } = one;
  // In a copy, these folders are the course's own.
  const isOfCourse = Object.keys(files).some((name) => name.startsWith('solution/'));
  const remarks = new Set<string>();
  for (const [form, grade] of Object.entries(forms)) {
    if (isOfCourse && form === 'the copy') continue;
    const report = await grade(files);
    if (report === ungradable) {
      expect([form, own]).toEqual([form, null]);
      continue;
    }
    const { reflection, state } = report;
    const isUndecided = [state, reflection?.state].some((each) => each && hasNoGrade(each));
    expect([form, isUndecided ? null : report.points]).toEqual([form, own]);
    const reasons = [...report.remarks, ...report.problems.map(({ reason }) => reason)];
    const codes = [...reasons, ...(reflection?.reason ? [reflection.reason] : [])]
      .map(({ code }) => code)
      .filter((code) => /^(?:found|file)\//.test(code));
    remarks.add(JSON.stringify(codes.sort()));
    expect(codes).toEqual(expect.arrayContaining(said.filter((code) => !code.startsWith('class/'))));
  }
  expect([...remarks]).toHaveLength(1);
});
