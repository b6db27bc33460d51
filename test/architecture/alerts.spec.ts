import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { filesOf, root, textOf } from '../support/repository.js';

interface Alert {
  readonly name: string;
  readonly expression: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The rules as they are written: two spaces a level, an expression over several lines. */
const alerts: readonly Alert[] = textOf('docs/alerts/gateway.rules.yml')
  .split(/^ {6}- alert: /m)
  .slice(1)
  .map((text) => ({
    name: text.slice(0, text.indexOf('\n')),
    expression: (/expr: >-\n((?: {10}.*\n)+)/.exec(text)?.[1] ?? '').replaceAll(/\s+/g, ' ').trim(),
    fields: Object.fromEntries(
      [...text.matchAll(/^ +(for|severity|summary|runbook): (.+)$/gm)].map(([, name, value]) => [name, value]),
    ),
  }));

/** Every metric that code makes, with its labels. */
const metrics = new Map(
  filesOf('apps/{api,worker}/src/**/*.ts', 'libs/delivery/src/**/*.ts').flatMap((path) => {
    const source = textOf(path);
    const made = [...source.matchAll(/(?:gauge|counter|histogram)\(\s*[`'](gateway_[a-z_]+)['`]/g)].map(
      ([, n]) => n ?? '',
    );
    const lags = [...source.matchAll(/lag\(\s*'(gateway_[a-z_]+)'/g)].map(([, name]) => name ?? '');
    const accounts = [...source.matchAll(/name: '([a-z_]+)',\n\s+help/g)].map(([, name]) => `gateway_account_${name}`);
    return [...made, ...lags, ...accounts].map((name) => [name, path] as const);
  }),
);

describe('docs/alerts/gateway.rules.yml', () => {
  it('has alerts, each once', () => {
    expect(alerts.length).toBeGreaterThan(10);
    expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
  });

  it.each(alerts.map((alert) => [alert.name, alert] as const))(
    '%s is whole and asks for metrics that there are',
    (_, alert) => {
      expect(alert.expression).not.toBe('');
      const { for: since, severity, summary, runbook } = alert.fields;
      expect([since, severity, summary]).toEqual([
        expect.stringMatching(/^\d+m$/),
        expect.stringMatching(/^(critical|warning)$/),
        expect.any(String),
      ]);
      const asked = [...alert.expression.matchAll(/\bgateway_[a-z_]+/g)].map(([name]) =>
        name.replace(/_(bucket|count|sum)$/, ''),
      );
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.filter((name) => !metrics.has(name))).toEqual([]);
      expect([runbook, existsSync(join(root, runbook ?? ''))]).toEqual([
        expect.stringMatching(/^docs\/runbook\//),
        true,
      ]);
    },
  );

  it.each(alerts.map((alert) => [alert.name, alert] as const))(
    '%s has a page that says what to do and what not',
    (name, { fields }) => {
      const page = textOf(fields['runbook'] ?? '');
      expect(page.startsWith(`# ${name}\n`)).toBe(true);
      for (const part of ['## Look', '## Do', "## Don't"]) expect(page).toContain(`\n${part}\n`);
      const named = [...page.matchAll(/\bgateway_[a-z_]+/g)].map(([metric]) =>
        metric.replace(/_(bucket|count|sum)$/, ''),
      );
      // The beginning of a name is a pattern for grep.
      expect(named.filter((metric) => ![...metrics.keys()].some((known) => known.startsWith(metric)))).toEqual([]);
      expect(textOf('docs/runbook/README.md')).toContain(
        `[${name}](${fields['runbook']?.replace('docs/runbook/', '')})`,
      );
    },
  );

  it('has no page without an alert', () => {
    const pages = filesOf('docs/runbook/*.md').filter((path) => !path.endsWith('README.md'));
    expect(pages).toEqual(alerts.map(({ fields }) => fields['runbook']).sort());
  });
});
