import { surfaceFile, surfaceOf } from './authoring/generate/surface';
import { readText } from './files';
import { instructorCommands } from './instructor';
import { packageRoot } from './testing/folders';

test('surface.txt lists every command, option, setting, status, kind, host, file and column that there is', () => {
  const nowhere = { print: () => {}, printError: () => {}, hasColors: false, status: 0 };
  const context = { ...nowhere, courseRoot: packageRoot, commands: instructorCommands };
  expect(readText(packageRoot, surfaceFile)).toBe(surfaceOf(context));
});
