export { APPLICATION_ROLE, asApplication, asRole, OWNER_ROLE } from './application-role.js';
export { aMessage, aSender, MessageBuilder, unique } from './a-message.js';
export type * from './answers.js';
export { Child } from './child.js';
export { Clocks } from './clocks.js';
export { eventually } from './eventually.js';
export { aForm, GatewayClient, type Answer, type CallOptions } from './gateway-client.js';
export { redisCommand, startRedis, startRedisCluster, type ClusterNode, type TestRedis } from './redis-server.js';
export { reservePort } from './reserved-port.js';
export { SimulatorClient, type Fault, type RecordedMail, type RecordedRequest } from './simulator-client.js';
export { TestGateway, type GatewayAddress, type QueueKind } from './test-gateway.js';
export {
  emptyDatabase,
  freshDatabase,
  onEachQueue,
  onOneQueue,
  ownRedis,
  queueKinds,
  sharedGateway,
  sharedRedis,
} from './test-services.js';
export { SlowUpload, type UploadStart } from './slow-upload.js';
export {
  actorsAt,
  useOwnGateway,
  useSharedGateway,
  type Actors,
  type OwnActors,
  type SharedActors,
} from './use-gateway.js';
export { NameServer } from '../dns/name-server.js';
