import { Controller, Get, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SenderDomainRepository, type SenderDomainRow } from '@gateway/database';
import { authenticationOf, ProviderDirectory, SendingDomains, type InspectedDomain } from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../access/access.js';
import { isGatewayAdmin } from '../access/may.js';
import { NeedsScope } from '../http/scopes.js';
import { Documented } from '../openapi/operation.js';
import { listSendingDomains } from './sending-domains.openapi.js';

/** What name servers say about the senders that are in use. */
@ApiTags('Providers')
@Controller('v1/sending-domains')
export class SendingDomainsController {
  constructor(
    private readonly used: SenderDomainRepository,
    private readonly domains: SendingDomains,
    private readonly providers: ProviderDirectory,
  ) {}

  @Get()
  @NeedsScope('providers')
  @Documented(listSendingDomains)
  async list(@Req() request: FastifyRequest): Promise<unknown> {
    const owner = ownerOf(request);
    // Messages and templates belong to clients, so do their senders.
    const rows = await this.used.find(isGatewayAdmin(owner) ? undefined : owner.clientId);
    const inspected = await this.domains.find(rows.map(({ domain }) => domain));
    return { data: rows.map((row, i) => this.present(row, inspected[i])), nextCursor: null };
  }

  private present({ lastUsedAt, ...row }: SenderDomainRow, inspected: InspectedDomain | undefined): unknown {
    return {
      ...row,
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
      ...(inspected === undefined ? { ...NOTHING, problem: this.whyUnknown() } : presentInspected(inspected)),
      accounts: this.providers.all.map(({ name, capabilities }) => ({
        name,
        ...authenticationOf(inspected, capabilities.rules.senderAuthentication),
      })),
    };
  }

  private whyUnknown(): string {
    if (this.domains.isOn) return 'it is being looked up; ask again in a moment';
    return 'no name server is asked: DNS_SERVERS is "off", or this is a sandbox';
  }
}

const NOTHING = { checkedAt: null, spf: null, dmarc: null, dkim: [] };

const presentInspected = ({ checkedAt, problem, spf, dmarc, dkim }: InspectedDomain) => ({
  checkedAt: checkedAt.toISOString(),
  problem,
  spf,
  dmarc,
  dkim,
});
