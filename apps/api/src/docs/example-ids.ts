import { encodeId } from '@gateway/core';

/** A sandbox gateway makes what the examples of the documentation speak of, so that every call works when pressed. */
export const EXAMPLE_UUIDS = {
  message: '01941f29-7c00-7000-8000-00000000e0a1',
  /** Scheduled: there to be cancelled. */
  scheduled: '01941f29-7c00-7000-8000-00000000e0a2',
  batch: '01941f29-7c00-7000-8000-00000000e0c1',
  event: '01941f29-7c00-7000-8000-00000000e0d1',
  /** Nobody has this key: there to be revoked. */
  apiKey: '01941f29-7c00-7000-8000-00000000e0b1',
} as const;

export const EXAMPLE_IDS = {
  message: encodeId('message', EXAMPLE_UUIDS.message),
  scheduled: encodeId('message', EXAMPLE_UUIDS.scheduled),
  batch: encodeId('batch', EXAMPLE_UUIDS.batch),
  event: encodeId('event', EXAMPLE_UUIDS.event),
  apiKey: encodeId('apiKey', EXAMPLE_UUIDS.apiKey),
} as const;
