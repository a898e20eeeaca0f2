import { sealedKeyFile } from '../../key/sealed-file';
import { type OpenCourse, studentFiles } from '../course';
import { copyFile, filesBelow, jsonFile, writeFile } from '../files';
import type { Bundle } from './bundle';
import { rubricText } from './repository';

/**
 * Writes what Classroom 50 is given into an empty folder: the bundle that grades there, the template
 * for students, and the steps. Anybody can read a bundle there, so its key is sealed, whatever the
 * rubric's self_check is.
 *
 * @param copy the students' copy.
 * @param key the text of a sealed key.
 */
export function writeClassroom50(
  course: OpenCourse,
  folder: string,
  copy: string,
  key: string,
  { code, licences }: Bundle,
): void {
  const files = {
    'README.md': steps(course),
    'runtime.json': jsonFile({ node: '22' }),
    'bundle/autograder.py': shim,
    'bundle/grade.js': code,
    'bundle/LICENCES.txt': licences,
    'bundle/rubric.yaml': rubricText(course),
    [`bundle/${sealedKeyFile}`]: key,
  };
  for (const [file, text] of Object.entries(files)) writeFile(folder, file, text);
  for (const file of filesBelow(copy)) copyFile(copy, `${folder}/template`, file);
}

const shim = `"""Grades one submission: runs grade.js, which lies beside this file, in the student's checkout.

Nothing of the student's is run. Ends with 0 when it graded, whatever the score.
"""

import pathlib
import shutil
import subprocess
import sys

node = shutil.which("node")
if node is None:
    pathlib.Path("result.json").unlink(missing_ok=True)
    sys.exit('Node.js is missing. Give the assignment the runtime of runtime.json: {"node": "22"}.')
program = pathlib.Path(__file__).resolve().parent / "grade.js"
sys.exit(subprocess.run([node, str(program), "classroom50"], check=False).returncode)
`;

function steps({ rubric }: OpenCourse): string {
  const files = studentFiles(rubric)
    .map((file) => `\`${file}\``)
    .join(' and ');
  return `# ${rubric.title}: Classroom 50

In this folder, \`bundle/\` grades a submission, \`template/\` is what students start from, and \`runtime.json\` asks for
the one thing that the bundle needs, Node.js. Replace ORG, CLASSROOM and ASSIGNMENT by your own names.

1. Copy \`template/\` to a folder of its own, make that a repository (\`git init\`, commit), push it to
   \`ORG/ASSIGNMENT-template\`, and mark it as a template in its settings. It holds no workflow
   \`.github/workflows/autograde.yaml\`: Classroom 50 puts its own there. The workflow \`classroom.yml\` that it does hold
   gives students their worksheet at each push; delete it if one run a push is enough.
2. Add the assignment, from this folder:

   \`\`\`sh
   gh teacher assignment add ORG CLASSROOM ASSIGNMENT --name "${rubric.title.replaceAll('"', "'")}" \\
     --template ORG/ASSIGNMENT-template --runtime runtime.json
   \`\`\`

3. In a clone of \`ORG/classroom50\`, copy everything in \`bundle/\` to \`CLASSROOM/autograders/ASSIGNMENT/\`, commit, and push.
4. Accept the assignment once yourself and submit the template as it is: its release says that it is not started yet,
   with 0 of ${rubric.possible} points.

Of a submission, ${files} are read, as data, and nothing is run. Bundles can be read by anybody who knows their address,
so the key in this one is sealed; a script that guesses opens it all the same. To correct a grading, release again, copy the
new bundle over the old one, and regrade.
`;
}
