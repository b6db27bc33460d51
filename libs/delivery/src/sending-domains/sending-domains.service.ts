import { Inject, Injectable } from '@nestjs/common';
import { domainOf } from '@gateway/core';
import { CONFIG, createTextRecords, systemClock, type GatewayConfig, type TextRecords } from '@gateway/platform';
import { ProviderDirectory } from '../shared/provider-directory.js';
import { authenticationOf, inspectDomain, type InspectedDomain } from './inspect-domain.js';

/** Milliseconds for which an answer counts; one that could not be found out is asked for again sooner. */
const GOOD_MS = 3_600_000;
const UNKNOWN_MS = 300_000;
/** Domains that a process remembers, and looks up at once; more wait for the next message. */
const MOST_KNOWN = 1000;
const AT_ONCE = 4;
/** Milliseconds. A list does not wait any longer for what is being looked up. */
const PATIENCE_MS = 5000;

/**
 * What name servers say about sender domains. Accepting a message never waits for it: what is not known yet is looked up
 * in the background, for the messages to come.
 */
@Injectable()
export class SendingDomains {
  private readonly known = new Map<string, InspectedDomain>();
  private readonly running = new Map<string, Promise<InspectedDomain>>();
  private readonly records: TextRecords;
  private readonly clock = systemClock;

  constructor(
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) { dnsServers }: Pick<GatewayConfig, 'dnsServers'>,
  ) {
    this.records = createTextRecords(dnsServers);
  }

  /** False: no name server is asked, so nothing is known. */
  get isOn(): boolean {
    return this.records.isOn;
  }

  /** A sentence for the caller, when DMARC would certainly fail for this sender through this account. No I/O. */
  warningFor(sender: string, account: string): string | undefined {
    if (!this.isOn || sender === '') return undefined;
    const domain = domainOf(sender);
    const inspected = this.known.get(domain);
    if (inspected === undefined || this.isOld(inspected)) void this.lookUp(domain);
    const documented = this.providers.find(account)?.capabilities.rules.senderAuthentication;
    if (authenticationOf(inspected, documented).dmarc !== 'fail') return undefined;
    const policy = inspected?.dmarc?.policy ?? 'none';
    return (
      `DMARC would fail for ${domain} through the account ${account}: neither the SPF record of the domain names ` +
      `the provider, nor has it a DKIM key of the provider. Its policy is "${policy}"; see GET /v1/sending-domains.`
    );
  }

  /** What is known of these domains by now, or shortly; `undefined` of those that take longer. */
  async find(domains: readonly string[]): Promise<readonly (InspectedDomain | undefined)[]> {
    if (!this.isOn) return domains.map(() => undefined);
    const late = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
    return Promise.all(
      domains.map(async (domain) => {
        const inspected = this.known.get(domain);
        if (inspected !== undefined && !this.isOld(inspected)) return inspected;
        return Promise.race([this.lookUpInTurn(domain), late.then(() => inspected)]);
      }),
    );
  }

  private isOld({ checkedAt, problem }: InspectedDomain): boolean {
    return this.clock.now().getTime() - checkedAt.getTime() > (problem === null ? GOOD_MS : UNKNOWN_MS);
  }

  /** Waits for a free place. */
  private async lookUpInTurn(domain: string): Promise<InspectedDomain> {
    for (;;) {
      const running = this.lookUp(domain);
      if (running !== undefined) return running;
      await Promise.race(this.running.values());
    }
  }

  /** @returns nothing when too many are looked up already. */
  private lookUp(domain: string): Promise<InspectedDomain> | undefined {
    const running = this.running.get(domain);
    if (running !== undefined || this.running.size >= AT_ONCE) return running;
    const looking = inspectDomain(domain, this.selectors(), { records: this.records, now: this.clock.now() })
      .then((inspected) => this.keep(inspected))
      .finally(() => this.running.delete(domain));
    this.running.set(domain, looking);
    return looking;
  }

  private keep(inspected: InspectedDomain): InspectedDomain {
    // The newest last, so that the first is the one that was looked up longest ago.
    this.known.delete(inspected.domain);
    this.known.set(inspected.domain, inspected);
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KNOWN && oldest !== undefined) this.known.delete(oldest);
    return inspected;
  }

  private selectors(): readonly string[] {
    const all = this.providers.all.flatMap(
      ({ capabilities }) => capabilities.rules.senderAuthentication?.dkimSelectors ?? [],
    );
    return [...new Set(all)];
  }
}
