import { encodeId } from '@gateway/core';

/** A sandbox gateway makes what the examples of the documentation speak of, so that every call works when pressed. */
export const EXAMPLE_UUIDS = {
  message: '01941f29-7c00-7000-8000-00000000e0a1',
  /** Scheduled: there to be cancelled. */
  scheduled: '01941f29-7c00-7000-8000-00000000e0a2',
  /** There to be released. */
  held: '01941f29-7c00-7000-8000-00000000e0a3',
  batch: '01941f29-7c00-7000-8000-00000000e0c1',
  event: '01941f29-7c00-7000-8000-00000000e0d1',
  /** A key without an owner, for revoking. */
  apiKey: '01941f29-7c00-7000-8000-00000000e0b1',
  template: '01941f29-7c00-7000-8000-00000000e0f1',
  /** There to be deleted and restored. */
  deletedTemplate: '01941f29-7c00-7000-8000-00000000e0f2',
  templateCategory: '01941f29-7c00-7000-8000-00000000e101',
  /** There to be deleted. */
  emptyCategory: '01941f29-7c00-7000-8000-00000000e102',
  attachment: '01941f29-7c00-7000-8000-00000000e111',
  /** There to be deleted. */
  removableAttachment: '01941f29-7c00-7000-8000-00000000e112',
  contact: '01941f29-7c00-7000-8000-00000000e121',
  group: '01941f29-7c00-7000-8000-00000000e122',
  webhookEndpoint: '01941f29-7c00-7000-8000-00000000e131',
  webhookDelivery: '01941f29-7c00-7000-8000-00000000e132',
  auditEntry: '01941f29-7c00-7000-8000-00000000e141',
  route: '01941f29-7c00-7000-8000-00000000e151',
} as const;

export const EXAMPLE_IDS = {
  message: encodeId('message', EXAMPLE_UUIDS.message),
  scheduled: encodeId('message', EXAMPLE_UUIDS.scheduled),
  held: encodeId('message', EXAMPLE_UUIDS.held),
  batch: encodeId('batch', EXAMPLE_UUIDS.batch),
  event: encodeId('event', EXAMPLE_UUIDS.event),
  apiKey: encodeId('apiKey', EXAMPLE_UUIDS.apiKey),
  template: encodeId('template', EXAMPLE_UUIDS.template),
  deletedTemplate: encodeId('template', EXAMPLE_UUIDS.deletedTemplate),
  templateCategory: encodeId('templateCategory', EXAMPLE_UUIDS.templateCategory),
  emptyCategory: encodeId('templateCategory', EXAMPLE_UUIDS.emptyCategory),
  attachment: encodeId('attachment', EXAMPLE_UUIDS.attachment),
  removableAttachment: encodeId('attachment', EXAMPLE_UUIDS.removableAttachment),
  contact: encodeId('contact', EXAMPLE_UUIDS.contact),
  group: encodeId('group', EXAMPLE_UUIDS.group),
  webhookEndpoint: encodeId('webhookEndpoint', EXAMPLE_UUIDS.webhookEndpoint),
  webhookDelivery: encodeId('webhookDelivery', EXAMPLE_UUIDS.webhookDelivery),
  auditEntry: encodeId('auditEntry', EXAMPLE_UUIDS.auditEntry),
  route: encodeId('route', EXAMPLE_UUIDS.route),
} as const;
