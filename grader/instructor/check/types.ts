import path from 'node:path';
import {
  createProgram,
  flattenDiagnosticMessageText,
  getPreEmitDiagnostics,
  type Type,
  type TypeChecker,
} from 'typescript';
import type { Course } from '../course';
import { at } from '../files';
import { broken, type Finding } from './check';

/** The stub compiles, and its table's type has the rubric's rows and columns: no more, no fewer. */
export function typesOfStub({ root, rubric }: Course): Finding[] {
  const { file, rows, columns } = rubric.table;
  const program = createProgram([at(root, file)], { strict: true, noEmit: true, types: [] });
  const source = program.getSourceFile(at(root, file).split(path.sep).join('/'));
  const checker = program.getTypeChecker();
  const module = source && checker.getSymbolAtLocation(source);
  const symbol =
    module && checker.getExportsOfModule(module).find(({ name }) => name === rubric.table.export);
  if (!symbol) return [broken(`${file} does not export ${rubric.table.export}. rubric.yaml says it does.`)];
  const [error] = getPreEmitDiagnostics(program, source);
  if (error) {
    const said = flattenDiagnosticMessageText(error.messageText, ' ');
    return [
      broken(
        `${file} does not compile: ${said} Rows and columns stand in rubric.yaml, the stub and its types.`,
      ),
    ];
  }
  const type = checker.getTypeOfSymbol(symbol);
  const wrong = [
    unlike('rows', namesIn(checker, type), rows),
    ...rows.map(({ id }) => {
      const row = checker.getPropertyOfType(type, id);
      return row && unlike(`the columns of ${id}`, namesIn(checker, checker.getTypeOfSymbol(row)), columns);
    }),
  ];
  return wrong.flatMap((text) =>
    text ? broken(`The type of ${rubric.table.export} in ${file} ${text}`) : [],
  );
}

function namesIn(checker: TypeChecker, type: Type): string[] {
  return checker.getPropertiesOfType(checker.getNonNullableType(type)).map(({ name }) => name);
}

function unlike(
  what: string,
  found: readonly string[],
  items: readonly { id: string }[],
): string | undefined {
  const wanted = items.map(({ id }) => id);
  if ([...found].sort().join() === [...wanted].sort().join()) return undefined;
  return `gives ${what} as ${found.join(', ')}; rubric.yaml has ${wanted.join(', ')}. Make them agree.`;
}
