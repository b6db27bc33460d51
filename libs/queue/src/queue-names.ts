import { categories, type Category } from '@gateway/core';

/** The task that a job asks for, on all of its batches. */
export const tasks = ['dispatch', 'reconcile', 'track'] as const;
export type Task = (typeof tasks)[number];

/**
 * One dispatch queue for each account and lane, so that a campaign never delays a login code and one vendor's trouble
 * never stops the other; BullMQ refuses `:` in names.
 */
export const dispatchQueueName = (provider: string, category: Category): string => `dispatch-${provider}-${category}`;
export const reconcileQueueName = (provider: string): string => `reconcile-${provider}`;
export const trackQueueName = (provider: string): string => `track-${provider}`;

/** All queues of an account, most urgent lane first. */
export const queueNamesOf = (provider: string): readonly string[] => [
  ...categories.map((category) => dispatchQueueName(provider, category)),
  reconcileQueueName(provider),
  trackQueueName(provider),
];
