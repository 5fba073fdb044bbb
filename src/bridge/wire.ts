/**
 * @file Takes the page's requests apart: JSON for what is small, and the bytes of tensors behind it as they are. The types are in
 * protocol.ts.
 *
 * A run's request is one JSON line and then the job's tensors. Its answer is a JSON line for each progress, and at the
 * end an error, or the result's line and then its tensors.
 */
import { fail } from '../base/errors.ts';
import type { Schema } from '../remote/schema.ts';
import { check } from '../remote/schema.ts';
import type { RunRequest } from './protocol.ts';

export const maxRequestBytes = 2 ** 30;
const maxHeadBytes = 16 * 2 ** 20;

const text = (maxLength: number): Schema => ({ type: 'string', maxLength });
const closed = (properties: Record<string, Schema>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !['name', 'detail', 'passphrase'].includes(name)),
  additionalProperties: false,
});

const offeredSchema = closed({
  kind: { type: 'string', maxLength: 20, enum: ['offered'] },
  id: text(100),
  name: text(200),
  detail: text(500),
});
const namedSchema = closed({
  kind: { type: 'string', maxLength: 20, enum: ['named'] },
  address: text(2000),
  token: text(2000),
  passphrase: text(2000),
});
const remoteSchema: Schema = { anyOf: [offeredSchema, namedSchema] };
const runSchema = closed({ remote: remoteSchema, model: text(200), program: text(maxHeadBytes) });

/** The remote to examine; throws where the request does not name one. */
export function readDoctorRequest(body: Uint8Array): RunRequest['remote'] {
  const remote: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, maxHeadBytes)));
  check(remoteSchema, remote, 'request');
  return remote as RunRequest['remote'];
}

/** Takes a run's request apart; throws with the place and the reason where it is not one. */
export function readRunRequest(body: Uint8Array): { request: RunRequest; tensors: Uint8Array } {
  const end = body.indexOf(10);
  if (end < 0 || end > maxHeadBytes) fail('bridge: the request has no first line of JSON');
  const request: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, end)));
  check(runSchema, request, 'request');
  return { request: request as RunRequest, tensors: body.subarray(end + 1) };
}
