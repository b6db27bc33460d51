export { ConfigError, type ConfigFault } from './config/config-error.js';
export type { ContentConfig } from './config/content-config.js';
export { configSecrets } from './config/config-secrets.js';
export type { DoorLimits } from './config/door-limits.js';
export { processEnv, withoutEmpty, type Env } from './config/env.js';
export {
  loadConfig,
  withSecretFiles,
  logLevels,
  workerLanes,
  type GatewayConfig,
  type LogLevel,
  type WorkerLane,
} from './config/gateway-config.js';
export type { RetentionConfig } from './config/retention-config.js';
export { FILE_SUFFIX, readSecretFile, type FileSecret } from './config/secret-files.js';
export { collectFaults, parseEnv } from './config/parse-env.js';
export * as envVariable from './config/variables.js';
export { EgressGuard, type GuardOptions } from './egress/egress-guard.js';
export { EgressError, egressCodes, type EgressCode } from './egress/egress-errors.js';
export { MOST_ANSWER_BYTES, postGuarded, type GuardedOutcome } from './egress/guarded-request.js';
export { targetPolicyOf } from './egress/policy-of.js';
export { urlFault, type TargetPolicy } from './egress/target-policy.js';
export { CLOCK, CONFIG, LOGGER, STOPPING } from './composition/tokens.js';
export { createContext, QUIET_START } from './composition/create-context.js';
export { PlatformModule } from './composition/platform.module.js';
export { systemClock, type Clock } from './clock/clock.js';
export { newUuid, takeIdsFrom } from './clock/uuid.js';
export { createHttpClient, type HttpClient, type HttpClientOptions } from './http/http-client.js';
export type { HttpRequest, HttpResponse } from './http/http-message.js';
export { NoAnswerError, NotSentError } from './http/http-errors.js';
export { SecretTexts } from './logging/secret-texts.js';
export { createLogger, silentLogger, type Logger, type LoggerOptions } from './logging/logger.js';
export { NestLogger } from './logging/nest-logger.js';
export { maskAddresses } from './logging/mask-addresses.js';
export { redactSecrets, textRedactor } from './logging/redact-text.js';
export { REDACTED } from './logging/redacted.js';
export { isUnmistakable, type TakeOut } from './logging/literal-secrets.js';
export { createHttpEdge, type HttpEdge } from './problem/http-edge.js';
export {
  MAX_DOCUMENT_BYTES,
  PROBLEM_MEDIA_TYPE,
  problemType,
  toProblemDocument,
  type ProblemDocument,
} from './problem/problem-document.js';
export { ProblemFilter } from './problem/problem.filter.js';
export { toProblem } from './problem/to-problem.js';
export { requestIdOf } from './problem/request-id.js';
export { requestPath } from './problem/request-path.js';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './postgres/embedded-postgres.js';
export { visitEmbeddedPostgres, type VisitedPostgres } from './postgres/visit-embedded.js';
export { findFreePort, probePort, type PortState } from './process/free-port.js';
export { IDLE_CONNECTION_MS } from './postgres/idle-connection.js';
export { PostgresError } from './postgres/postgres-error.js';
export { setUpBy } from './postgres/set-up-by.js';
export type { PostgresSettings } from './postgres/settings.js';
export { DiskGuard } from './health/disk-guard.js';
export {
  HealthChecks,
  liveReport,
  type Busy,
  type CheckResult,
  type HealthCheck,
  type HealthOptions,
  type HealthReport,
  type HealthStatus,
} from './health/health-checks.js';
export { startOperationsServer, type OperationsServer } from './health/operations-server.js';
export { Metrics } from './metrics/metrics.js';
export { keepHeapLean } from './process/lean-heap.js';
export { NODE_FLAGS } from './process/node-flags.js';
export { pause } from './process/pause.js';
export { CONFIG_EXIT_CODE, runMain } from './process/run-main.js';
export { Seldom, type Freshness } from './process/seldom.js';
export { onShutdown, whenParentDies, type ShutdownOptions, type ShutdownReason } from './process/shutdown.js';
export { Turns } from './process/turns.js';
export { createTextRecords, DnsUnavailableError, type DnsServers, type TextRecords } from './dns/text-records.js';
