import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import { acceptScenarios } from './scenarios/accept.scenarios.js';
import { attachmentScenarios } from './scenarios/attachment.scenarios.js';
import { audienceScenarios } from './scenarios/audience.scenarios.js';
import type { ProviderContract, Suite } from './contract.js';
import { declarationScenarios } from './scenarios/declaration.scenarios.js';
import { doubtScenarios } from './scenarios/doubt.scenarios.js';
import { findScenarios } from './scenarios/find.scenarios.js';
import { pollScenarios } from './scenarios/poll.scenarios.js';
import { pushScenarios } from './scenarios/push.scenarios.js';
import { refusalScenarios } from './scenarios/refusal.scenarios.js';
import { repeatScenarios } from './scenarios/repeat.scenarios.js';
import { sendScenarios } from './scenarios/send.scenarios.js';
import { suppressionScenarios } from './scenarios/suppressions.scenarios.js';
import { templateScenarios } from './scenarios/templates.scenarios.js';

/**
 * The port's promises, tried on one adapter against a look-alike of its vendor. An adapter that passes can be
 * registered; one that does not, does not exist.
 */
export function describeEmailProvider(contract: ProviderContract): void {
  const { vendor } = contract;
  const adapter: Suite['adapter'] = (timeoutMs = 5000) => contract.create({ origin: vendor.origin, timeoutMs });

  describe(`EmailProvider ${contract.kind}`, () => {
    beforeAll(() => vendor.start());
    beforeEach(() => vendor.reset());
    afterAll(() => vendor.stop());

    const suite: Suite = { contract, adapter };
    describe('send', () => sendScenarios(suite));
    describe('a declared refusal', () => acceptScenarios(suite));
    describe('a definite no', () => refusalScenarios(suite));
    describe('doubt', () => doubtScenarios(suite));
    describe('the declaration', () => declarationScenarios(suite));
    if (contract.doubt === 'lookup') describe('find', () => findScenarios(suite));
    if (contract.doubt === 'repeat') describe('a repeat', () => repeatScenarios(suite));
    if (contract.tracking.includes('poll')) describe('poll', () => pollScenarios(suite));
    if (contract.tracking.includes('push')) describe('a push', () => pushScenarios(suite));
    if (contract.templates) describe('templates', () => templateScenarios(suite));
    if (contract.audience) describe('audience', () => audienceScenarios(suite));
    if (contract.suppressions) describe('suppressions', () => suppressionScenarios(suite));
    if (contract.attachments !== false) describe('attachments', () => attachmentScenarios(suite));
  });
}
