import type { ErrorObject, Options, ValidateFunction } from 'ajv';

// The schemas are this package's own, and tests hold them valid: that need not be asked at each start.
const trusted = { allowUnionTypes: true, validateSchema: false, meta: false } as const;

// For a single value it takes longer to make a validator quick than to run it.
const once = { ...trusted, code: { optimize: false } } as const;

/** Loaded where it is needed, for not every program comes to that. */
function ajvFor(options: Options) {
  const { Ajv } = require('ajv') as typeof import('ajv');
  return new Ajv(options);
}

/** Whether a value is what a schema of this package describes. Quick; it does not say why. */
export function isValid<Described>(schema: object, value: unknown): value is Described {
  return ajvFor(once).validate<Described>(schema, value);
}

/** The same for many values. */
export function compileValidator<Described>(schema: object): (value: unknown) => value is Described {
  let validate: ValidateFunction<Described> | undefined;
  return (value): value is Described => {
    // Compiling takes some hundredths of a second, and not every program comes to that.
    validate ??= ajvFor(trusted).compile<Described>(schema);
    return validate(value);
  };
}

/** Everything that keeps a value from fitting, each with the value found and the schema there. */
export function validationErrors(schema: object, value: unknown): ErrorObject[] {
  const ajv = ajvFor({ ...once, allErrors: true, verbose: true });
  ajv.validate(schema, value);
  return ajv.errors ?? [];
}
