import { Injectable } from '@nestjs/common';
import { FieldErrors, groupsIn, type AudienceExpression, type ResolvedAudience } from '@gateway/core';
import { GroupRepository } from '@gateway/database';

/** Finds the groups that an audience names, once, when it is given: a renamed group stays the same group. */
@Injectable()
export class ResolveAudienceService {
  constructor(private readonly groups: GroupRepository) {}

  /** @throws GatewayProblem `validation_failed` with `unknown_reference` for each group that the client has not. */
  async execute(clientId: string, expression: AudienceExpression): Promise<ResolvedAudience> {
    const named = groupsIn(expression);
    const ids = await this.groups.findIds(clientId, [...new Set(named.map(({ name }) => name))]);
    const errors = new FieldErrors();
    for (const { name, pointer } of named) {
      if (!ids.has(name)) errors.add(`/audience${pointer}`, 'unknown_reference', `there is no group "${name}"`);
    }
    errors.throwIfAny();
    return { expression, groups: Object.fromEntries(ids) };
  }
}
