/**
 * @file Takes the page's requests apart: JSON for what is small, and the bytes of tensors behind it as they are. The
 * types are in protocol.ts.
 *
 * A run's request is one JSON line and then the job's tensors. Its answer is a JSON line for each progress, and at the
 * end an error, or the result's line and then its tensors.
 */
import { fail } from '../base/errors.ts';
import { parse } from '../remote/schema.ts';
import type { DoctorRequest, RunRequest } from './protocol.ts';
import { doctorRequest, maxHeadBytes, runRequest } from './protocol.ts';

export const maxRequestBytes = 2 ** 30;

/** The remote to examine; throws where the request does not name one. */
export const readDoctorRequest = (body: Uint8Array): DoctorRequest =>
  parse(doctorRequest, textOf(body.subarray(0, maxHeadBytes)), 'request');

/** Takes a run's request apart; throws with the place and the reason where it is not one. */
export function readRunRequest(body: Uint8Array): { request: RunRequest; tensors: Uint8Array } {
  const end = body.indexOf(10);
  if (end < 0 || end > maxHeadBytes) fail('bridge: the request has no first line of JSON');
  return { request: parse(runRequest, textOf(body.subarray(0, end)), 'request'), tensors: body.subarray(end + 1) };
}

const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
