import { DiagnosisRepository, MessageStateRepository } from '@gateway/database';
import { CLOCK, type Clock } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { SharedAccountStates } from '../../accounts/account-states.js';
import { waitingFor } from '../../accounts/waiting.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { diagnose } from './diagnosis.js';
import type { Diagnosis } from './finding.js';

/** Explains why a message is where it is. */
@Injectable()
export class DiagnoseMessageService {
  constructor(
    private readonly messages: MessageStateRepository,
    private readonly facts: DiagnosisRepository,
    private readonly states: SharedAccountStates,
    private readonly providers: ProviderDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns `undefined` when the client has no such message. */
  async execute(clientId: string, messageId: string): Promise<Diagnosis | undefined> {
    const message = await this.messages.findById(clientId, messageId);
    if (message === undefined) return undefined;
    const [groups, losses, states] = await Promise.all([
      this.facts.findBatchGroups(clientId, messageId),
      this.facts.findLosses(clientId, messageId),
      this.states.run(),
    ]);
    const now = this.clock.now();
    const waiting = (account: string) => {
      const [state, provider] = [states.get(account), this.providers.find(account)];
      return state && provider && waitingFor(state, provider.capabilities.limits, now);
    };
    return diagnose({ message, groups, losses, waiting, now });
  }
}
