import Ajv, { type ErrorObject } from 'ajv';

// The schemas are this package's own, and tests hold them valid: that need not be asked at each start.
const trusted = { allowUnionTypes: true, validateSchema: false, meta: false } as const;

/** Whether a value is what a schema of this package describes. Quick; it does not say why. */
export function isValid<Described>(schema: object, value: unknown): value is Described {
  return new Ajv(trusted).validate<Described>(schema, value);
}

/** The same for many values. */
export function compileValidator<Described>(schema: object): (value: unknown) => value is Described {
  const validate = new Ajv(trusted).compile<Described>(schema);
  return (value): value is Described => validate(value);
}

/** Everything that keeps a value from fitting, each with the value found and the schema there. */
export function validationErrors(schema: object, value: unknown): ErrorObject[] {
  const ajv = new Ajv({ ...trusted, allErrors: true, verbose: true });
  ajv.validate(schema, value);
  return ajv.errors ?? [];
}
