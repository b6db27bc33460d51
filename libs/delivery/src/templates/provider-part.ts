import { GatewayProblem, type AdministeredProvider, type ProviderTemplates } from '@gateway/core';

/** An account that keeps templates. */
export interface TemplateAccount {
  readonly name: string;
  /** Where its copies are kept. */
  readonly store: string;
  readonly part: ProviderTemplates;
}

/**
 * @param pointer of the field that names the account.
 * @throws GatewayProblem for an account that is unknown or keeps no templates.
 */
export function accountOf(
  providers: readonly AdministeredProvider[],
  name: string,
  pointer: string,
): Omit<TemplateAccount, 'store'> {
  const provider = providers.find((each) => each.name === name);
  if (provider === undefined) {
    const detail = `unknown account; configured accounts: ${providers.map((each) => each.name).join(', ')}`;
    throw new GatewayProblem('validation_failed', `${pointer}: ${detail}`, {
      fieldErrors: [{ pointer, code: 'unknown_reference', detail }],
    });
  }
  if (provider.templates === undefined) throw unsupported(name, pointer, ['it keeps no templates']);
  return { name, part: provider.templates };
}

export function unsupported(provider: string, pointer: string, reasons: readonly string[]): GatewayProblem {
  return new GatewayProblem('unsupported_by_provider', `${provider}: ${reasons.join('; ')}`, {
    fieldErrors: reasons.map((reason) => ({ pointer, code: 'not_allowed', detail: `${provider}: ${reason}` })),
  });
}
