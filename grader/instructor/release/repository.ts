import { stringify } from 'yaml';
import { sealedKeyFile } from '../../key/sealed-file';
import { type OpenCourse, studentFiles } from '../course';
import { jsonFile, readFile } from '../files';

/**
 * What makes a student's copy a repository that works by itself: the files that are written for it
 * rather than copied, by path.
 */
export function writtenFiles(course: OpenCourse): Record<string, string> {
  return {
    '.devcontainer/devcontainer.json': jsonFile(devcontainer(course)),
    '.gitattributes': gitattributes,
    '.gitignore': gitignore,
    '.npmrc': npmrc,
    'package.json': jsonFile(packageOf(course.root)),
    'rubric.yaml': rubricText(course),
  };
}

const gitattributes = `* text=auto eol=lf
# The key holds no text to convert.
${sealedKeyFile} -text
`;

const gitignore = `node_modules/
.graded/
*.log
.DS_Store
`;

const npmrc = `# An old Node.js is told at once, and not by an error of some package.
engine-strict=true
omit-lockfile-registry-resolved=true
`;

/** GitHub Codespaces and other editors in a container start with everything installed. */
function devcontainer({ rubric }: OpenCourse) {
  return {
    name: rubric.title,
    image: 'mcr.microsoft.com/devcontainers/typescript-node:4-22-bookworm',
    waitFor: 'updateContentCommand',
    updateContentCommand: 'npm ci',
    customizations: { codespaces: { openFiles: ['README.md', ...studentFiles(rubric)] } },
  };
}

/** The rubric without comments and without what only the instructor needs; its digest stays the same. */
export function rubricText({ file: { title, table, reflection, possible }, rubric }: OpenCourse): string {
  const said =
    '# The rows, points and questions of this assignment, as the grader reads them. Leave them as they are.\n';
  const self_check = rubric.selfCheck;
  return said + stringify({ title, self_check, table, ...(reflection && { reflection }), possible });
}

interface Package {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  [key: string]: unknown;
}

/** The course's package with what its students run and nothing else. */
function packageOf(root: string) {
  const { scripts, dependencies, ...rest } = JSON.parse(readFile(root, 'package.json')) as Package;
  const { name, version, description, license, engines, allowScripts } = rest;
  const { autograde, watch, grade, types } = scripts;
  return {
    name,
    version,
    private: true,
    description,
    license,
    engines,
    scripts: { test: autograde, watch, autograde, grade, types },
    dependencies,
    allowScripts,
  };
}
