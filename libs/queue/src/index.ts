export { BatchProducer } from './batch-producer.js';
export { BatchWorkers, type BatchHandler } from './batch-worker.js';
export { openQueueBackend, type QueueBackend, type QueueSettings } from './queue-backend.js';
export * from './queue-names.js';
export { openQueueBoard, type QueueBoard } from './queue-board.js';
export { JobList, type FoundJob } from './job-list.js';
