import { Inject, Injectable } from '@nestjs/common';
import { decodeId } from '@gateway/core';
import { TemplateCopyRepository } from '@gateway/database';

/** Owner of a template at an account: a pushed one belongs to its client, any other to all clients. */
@Injectable()
export class TemplateOwners {
  constructor(@Inject(TemplateCopyRepository) private readonly copies: Pick<TemplateCopyRepository, 'isForeign'>) {}

  /** May this client not use the template with this id at the account, because another client has pushed it? */
  isForeign(clientId: string, provider: string, providerTemplateId: string): Promise<boolean> {
    const ids = spellingsOf(providerTemplateId);
    return this.copies.isForeign(clientId, { provider, ids, madeOf: ids.flatMap((id) => sourceOf(id) ?? []) });
  }
}

/**
 * Every spelling that a vendor may take for the same id, in lower case: NCP's ids are numbers, so `012`, `12.0` and
 * `0xc` reach the same template; whether NHN tells capitals apart is not documented.
 */
function spellingsOf(id: string): readonly string[] {
  const spelt = id.trim().toLowerCase();
  const number = Number(spelt);
  return [...new Set([spelt, ...(spelt !== '' && Number.isFinite(number) ? [String(number)] : [])])];
}

/** The template that an id was made of where the vendor lets us choose it: `tpl_…`, or `tpl_…_2`. */
const sourceOf = (id: string): string | undefined => decodeId('template', id.replace(/_\d+$/, ''));
