/** Server settings by PostgreSQL's own names. */
export type PostgresSettings = Readonly<Record<string, string | number>>;

/**
 * Durable first (fsync, full pages, synchronous commit: a 202 must survive a power cut), then made for bulk loads by
 * COPY on one machine: rare checkpoints and room for write-ahead log between them.
 */
export const defaultSettings: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  // No socket file: its path has a length limit and its default folder belongs to the system.
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  wal_compression: 'on',
  wal_buffers: '16MB',
  min_wal_size: '256MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  random_page_cost: '1.1',
  jit: 'off',
  autovacuum_naptime: '15s',
  autovacuum_vacuum_scale_factor: '0.05',
  log_checkpoints: 'off',
  // Statements, details and messages of errors may contain addresses and contents of mails. A client receives its
  // errors and logs them redacted, so the server's log keeps only entries about the server (LOG, FATAL, PANIC).
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

export const settingFlags = (settings: PostgresSettings): readonly string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
