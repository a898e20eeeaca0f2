import type { ErrorObject, Options, ValidateFunction } from 'ajv';

// The schemas are this package's own, and tests hold them valid, which need not be asked at each start. And mostly it
// takes longer to make a validator quick than to run it.
const options: Options = {
  allowUnionTypes: true,
  validateSchema: false,
  meta: false,
  code: { optimize: false },
};

/** Loaded where it is needed, for not every program comes to that. */
function ajvWith(more: Options = {}) {
  const { Ajv } = require('ajv') as typeof import('ajv');
  return new Ajv({ ...options, ...more });
}

/** Compiling takes some hundredths of a second. */
const compiled = new WeakMap<object, ValidateFunction>();

/** Whether a value is what a schema of this package describes. Quick; it does not say why. */
export function isValid<Described>(schema: object, value: unknown): value is Described {
  const validate = compiled.get(schema) ?? ajvWith().compile(schema);
  compiled.set(schema, validate);
  return validate(value);
}

/** Everything that keeps a value from fitting, each with the value found and the schema there. */
export function validationErrors(schema: object, value: unknown): ErrorObject[] {
  const ajv = ajvWith({ allErrors: true, verbose: true });
  ajv.validate(schema, value);
  return ajv.errors ?? [];
}
