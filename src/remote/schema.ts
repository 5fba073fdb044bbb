/**
 * @file JSON Schema, as much of it as the published formats use: one value says what is allowed, gives the type of it,
 * and checks it.
 *
 * What comes from a remote is untrusted: a value is either accepted whole or refused with the place and the reason.
 */
import { fail, messageOf } from '../base/errors.ts';
import { plainText } from '../base/text.ts';

export type Schema =
  | {
      readonly type: 'string';
      /** Needed where there is no enum. */
      readonly maxLength?: number;
      readonly enum?: readonly string[];
      readonly pattern?: string;
      readonly description?: string;
    }
  | {
      readonly type: 'number' | 'integer';
      readonly minimum?: number;
      readonly maximum?: number;
      readonly description?: string;
    }
  | { readonly type: 'boolean' | 'null'; readonly description?: string }
  | { readonly type: 'array'; readonly items: Schema; readonly maxItems: number; readonly description?: string }
  | ObjectSchema
  | { readonly anyOf: readonly Schema[]; readonly description?: string };

export interface ObjectSchema {
  readonly type: 'object';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Of properties that are not named; false refuses them. */
  readonly additionalProperties: Schema | false;
  /** Needed where the names are free. */
  readonly maxProperties?: number;
  readonly description?: string;
}

/** What a schema allows, as a type. */
export type ValueOf<S> = S extends { readonly anyOf: readonly (infer Form)[] }
  ? ValueOf<Form>
  : S extends { readonly enum: readonly (infer Name)[] }
    ? Name
    : S extends { readonly type: infer Type extends keyof Simple }
      ? Simple[Type]
      : S extends { readonly items: infer Item }
        ? readonly ValueOf<Item>[]
        : S extends { readonly properties: infer Properties; readonly required: readonly (infer Name)[] }
          ? { readonly [K in keyof Properties as K extends Name ? K : never]: ValueOf<Properties[K]> } & {
              readonly [K in keyof Properties as K extends Name ? never : K]?: ValueOf<Properties[K]>;
            }
          : S extends { readonly additionalProperties: infer Values }
            ? Readonly<Record<string, ValueOf<Values>>>
            : never;

interface Simple {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  null: null;
}

export const number = { type: 'number' } as const;
export const amount = { type: 'number', minimum: 0 } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const truth = { type: 'boolean' } as const;
export const nothing = { type: 'null' } as const;

export const text = (maxLength: number, more: { readonly pattern?: string; readonly description?: string } = {}) =>
  ({ type: 'string', maxLength, ...more }) as const;
export const oneOf = <const Names extends readonly string[]>(...names: Names) =>
  ({ type: 'string', enum: names }) as const;
export const digest = text(64, { pattern: '^[0-9a-f]{64}$' });

export const list = <const Items extends Schema>(items: Items, maxItems: number) =>
  ({ type: 'array', items, maxItems }) as const;
export const anyOf = <const Forms extends readonly Schema[]>(...forms: Forms) => ({ anyOf: forms }) as const;
export const orNull = <const Of extends Schema>(schema: Of) => anyOf(schema, nothing);

/** An object of these properties and no others, which must be there but for the optional ones. */
export const object = <
  const Properties extends Readonly<Record<string, Schema>>,
  const Optional extends keyof Properties & string = never,
>(
  properties: Properties,
  optional: readonly Optional[] = [],
) =>
  ({
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name as Optional)) as Exclude<
      keyof Properties & string,
      Optional
    >[],
    additionalProperties: false,
  }) as const;

/** An object whose names are free. */
export const map = <const Values extends Schema>(values: Values, maxProperties: number) =>
  ({ type: 'object', additionalProperties: values, maxProperties }) as const;

/** A schema under its published name. */
export const published = <const Of extends ObjectSchema>(name: string, version: number, title: string, schema: Of) => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `urn:wudnn:${name}:${version}`,
  title,
  ...schema,
});

/** The value of a JSON text, checked; `what` names it in errors. */
export function parse<const S extends Schema>(schema: S, json: string, what: string): ValueOf<S> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new Error(`${what}: not JSON: ${messageOf(cause)}`, { cause });
  }
  check(schema, value, what);
  return value as ValueOf<S>;
}

/** Throws where `value` is not what the schema says; `at` names the place, `'report.times'`. */
export function check(schema: Schema, value: unknown, at: string): void {
  if ('anyOf' in schema) {
    if (!schema.anyOf.some((one) => accepts(one, value, at)))
      fail(`${at}: ${typeof value === 'object' ? 'what is given' : show(value)} is none of the forms allowed`);
    return;
  }
  switch (schema.type) {
    case 'string':
      if (typeof value !== 'string') fail(`${at}: expected text, got ${show(value)}`);
      if (schema.maxLength !== undefined && value.length > schema.maxLength)
        fail(`${at}: ${value.length} characters are above the limit of ${schema.maxLength}`);
      if (schema.enum && !schema.enum.includes(value))
        fail(`${at}: ${show(value)} is not one of ${schema.enum.join(', ')}`);
      if (schema.pattern && !new RegExp(schema.pattern).test(value))
        fail(`${at}: ${show(value)} does not match ${schema.pattern}`);
      return;
    case 'number':
    case 'integer':
      if (typeof value !== 'number' || !Number.isFinite(value)) fail(`${at}: expected a number, got ${show(value)}`);
      if (schema.type === 'integer' && !Number.isSafeInteger(value)) fail(`${at}: ${value} is not a whole number`);
      if (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)) {
        fail(`${at}: ${value} is outside of ${schema.minimum ?? '−∞'} to ${schema.maximum ?? '∞'}`);
      }
      return;
    case 'boolean':
      if (typeof value !== 'boolean') fail(`${at}: expected true or false, got ${show(value)}`);
      return;
    case 'null':
      if (value !== null) fail(`${at}: expected null, got ${show(value)}`);
      return;
    case 'array':
      if (!Array.isArray(value)) fail(`${at}: expected a list, got ${show(value)}`);
      if (value.length > schema.maxItems)
        fail(`${at}: ${value.length} items are above the limit of ${schema.maxItems}`);
      value.forEach((item, i) => check(schema.items, item, `${at}[${i}]`));
      return;
    case 'object':
      checkObject(schema, value, at);
  }
}

function checkObject(schema: ObjectSchema, value: unknown, at: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail(`${at}: expected an object, got ${show(value)}`);
  const entries = Object.entries(value);
  const limit = schema.maxProperties ?? Infinity;
  if (entries.length > limit) fail(`${at}: ${entries.length} entries are above the limit of ${limit}`);
  for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) fail(`${at}: '${name}' is missing`);
  for (const [name, item] of entries) {
    const rule =
      schema.properties && Object.hasOwn(schema.properties, name)
        ? schema.properties[name]
        : schema.additionalProperties;
    if (rule === false) fail(`${at}: ${show(name)} is not known`);
    check(rule, item, `${at}.${name.slice(0, 100)}`);
  }
}

function accepts(schema: Schema, value: unknown, at: string): boolean {
  try {
    check(schema, value, at);
    return true;
  } catch {
    return false;
  }
}

/** A value in an error: short, whatever it is. */
function show(value: unknown): string {
  const text = plainText(JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
