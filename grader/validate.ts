import type { ErrorObject, Options, ValidateFunction } from 'ajv';

// These schemas are this package's own, and tests check that they are valid, so skip that check at each start.
// Optimizing a validator usually takes longer than running it.
const options: Options = {
  allowUnionTypes: true,
  validateSchema: false,
  meta: false,
  code: { optimize: false },
};

/** Loads Ajv on demand, because not every program needs it. */
function ajvWith(more: Options = {}) {
  const { Ajv } = require('ajv') as typeof import('ajv');
  return new Ajv({ ...options, ...more });
}

/** Compiled schemas, cached because compiling takes some hundredths of a second. */
const compiled = new WeakMap<object, ValidateFunction>();

/** Returns whether a value matches a schema of this package. Fast, but does not say why not. */
export function isValid<Described>(schema: object, value: unknown): value is Described {
  const validate = compiled.get(schema) ?? ajvWith().compile(schema);
  compiled.set(schema, validate);
  return validate(value);
}

/** Returns every error of a value against a schema, each with the value found and the schema there. */
export function validationErrors(schema: object, value: unknown): ErrorObject[] {
  const ajv = ajvWith({ allErrors: true, verbose: true });
  ajv.validate(schema, value);
  return ajv.errors ?? [];
}
