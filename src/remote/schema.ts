/**
 * @file JSON Schema, as much of it as the published formats use: one value says what is allowed, and checks it.
 *
 * What comes from a remote is untrusted: a value is either accepted whole or refused with the place and the reason.
 */
import { fail } from '../base/errors.ts';
import { plainText } from '../base/text.ts';

export type Schema =
  | {
      readonly type: 'string';
      readonly maxLength: number;
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
      if (value.length > schema.maxLength)
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
