import type { AdministeredProvider, CheckFinding, CheckStep } from '@gateway/core';

const HOUR_MS = 3_600_000;

/** Everything that is asked of an account once its credentials have proved good. */
export function stepsOf(provider: AdministeredProvider, now: Date): readonly CheckStep[] {
  const { templates, audience, suppressions, bounceBlock, statistics, check } = provider;
  return [
    ...(check?.more ?? []),
    ...(templates === undefined ? [] : [step('templates', async (signal) => countOf(await templates.list(signal)))]),
    ...(audience === undefined ? [] : [step('lists', async (signal) => listsOf(await audience.list(signal)))]),
    ...(suppressions === undefined
      ? []
      : [step('opt-outs', async (signal) => optOutsOf(await suppressions.list({}, signal)))]),
    ...(bounceBlock === undefined
      ? []
      : [
          step(
            'bounces',
            async (signal) => `addresses that bounced are not tried for ${await bounceBlock.hours(signal)} hours`,
          ),
        ]),
    ...(statistics === undefined
      ? []
      : [
          step('statistics', async (signal) => {
            const span = { from: new Date(now.getTime() - HOUR_MS), to: now, groupBy: 'date' as const };
            const rows = await statistics.count(span, signal);
            return `${rows.reduce((sum, { requested }) => sum + requested, 0)} mails requested in the last hour`;
          }),
        ]),
  ];
}

/** What the account's settings say; nothing is asked. */
export function declaredFindings({
  capabilities,
  attachments,
}: AdministeredProviderWithFiles): readonly CheckFinding[] {
  const { limits, tracking } = capabilities;
  const { quota, requestsPerSecond, recipientsPerSecond } = limits;
  const pace = [
    requestsPerSecond === undefined ? [] : `${requestsPerSecond} requests per second`,
    recipientsPerSecond === undefined ? [] : `${recipientsPerSecond} recipients per second`,
  ].flat();
  const ok = (subject: string, detail: string): CheckFinding => ({ subject, outcome: 'ok', detail });
  return [
    ok(
      'quota',
      quota === undefined
        ? 'none is set for this account'
        : `${quota.recipients} recipients per ${quota.per} (${quota.timeZone}), as the settings say; no call confirms it`,
    ),
    ok('pace', pace.length === 0 ? 'none is set' : pace.join(', ')),
    ok('files', attachments === undefined ? 'the account takes none' : filesOf(limits)),
    ok('states', tracking.includes('push') ? 'pushes of the vendor are received' : 'the account is polled'),
  ];
}

/** `attachments` is only looked at, never used. */
export type AdministeredProviderWithFiles = AdministeredProvider & { readonly attachments?: unknown };

const filesOf = ({
  attachmentCount,
  attachmentBytes,
  attachmentTotalBytes,
}: AdministeredProvider['capabilities']['limits']): string =>
  `at most ${attachmentCount} of ${attachmentBytes} bytes, ${attachmentTotalBytes} bytes in all; nothing was uploaded`;

const step = (subject: string, learn: (signal: AbortSignal) => Promise<string>): CheckStep => ({
  subject,
  ask: async (signal) => [{ subject, outcome: 'ok', detail: await learn(signal) }],
});

const countOf = ({
  categories,
  templates,
}: {
  categories: readonly unknown[];
  templates: readonly unknown[];
}): string => `${templates.length} templates in ${categories.length} categories`;

const listsOf = (lists: readonly unknown[]): string => `${lists.length} lists of recipients`;

const optOutsOf = ({ entries, next }: { entries: readonly unknown[]; next?: unknown }): string =>
  `${next === undefined ? '' : 'more than '}${entries.length} addresses want no advertisements`;
