export { BATCHES_PER_JOB } from './batch-job.js';
export { BatchProducer } from './batch-producer.js';
export { BatchWorkers, type BatchHandler } from './batch-worker.js';
export { openQueueBackend, QueueBackend, type QueueSettings } from './queue-backend.js';
export * from './queue-names.js';
export { openQueueBoard, QueueBoard } from './queue-board.js';
export { JobList, type FoundJob } from './job-list.js';
export { migrateQueues } from './queue-tables.js';
export { QueueModule } from './queue.module.js';
