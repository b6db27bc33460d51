export { EmailGateway, type RequestOptions } from './email-gateway.js';
export {
  GatewayConnectionError,
  GatewayError,
  GatewayProblem,
  GatewayTimeout,
  type FieldError,
  type ProblemCode,
} from './errors.js';
export type * from './event.types.js';
export type { FollowOptions } from './events/follow.js';
export { List } from './list.js';
export type { components, operations } from './openapi.js';
export type { FileContent, UploadOptions } from './resources/attachments.js';
export type { EventFilter, EventQuery } from './resources/events.js';
export type { Source } from './transport/lines.js';
export type { AnswerInfo, CallOptions, Fetch, GatewayOptions, Limits, Retry } from './transport/options.js';
export type * from './types.js';
