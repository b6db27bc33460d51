import { encodeId } from '@gateway/core';

/** A message that a sandbox gateway makes at its first start, so that every example of the documentation works. */
export const EXAMPLE_MESSAGE_UUID = '01941f29-7c00-7000-8000-00000000e0a1';
/** The same, scheduled: there to be cancelled. */
export const EXAMPLE_SCHEDULED_UUID = '01941f29-7c00-7000-8000-00000000e0a2';

export const EXAMPLE_MESSAGE_ID = encodeId('message', EXAMPLE_MESSAGE_UUID);
export const EXAMPLE_SCHEDULED_ID = encodeId('message', EXAMPLE_SCHEDULED_UUID);
