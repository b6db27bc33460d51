export { aBatch, askingFor, tracking, type BatchText } from './batches.js';
export { anySignal, findOf, pollOf, pollOnce, sendAccepted, thrownBy, type ProviderContract } from './contract.js';
export { describeEmailProvider } from './describe-email-provider.js';
export { SimulatorVendor, type RunningSimulator } from './simulator-vendor.js';
export type { Misbehaviour, SeenFile, SeenMail, SeenPush, Trouble, Vendor } from './vendor.js';
