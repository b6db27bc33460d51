import { ProviderRefusedError, ProviderUnavailableError, type CheckFinding, type ProviderWords } from '@gateway/core';

/** An error of an account as a finding. */
export function explain(subject: string, error: unknown): CheckFinding {
  if (error instanceof ProviderRefusedError) return refused(subject, error);
  if (error instanceof ProviderUnavailableError) {
    return {
      subject,
      outcome: 'fault',
      detail: `no usable answer: ${error.message}${wordsOf(error.provider)}`,
      advice: 'check the base URL of this account and the way to it (proxy, firewall); the vendor may be out of order',
    };
  }
  const isLate = error instanceof DOMException && error.name === 'TimeoutError';
  return {
    subject,
    outcome: 'fault',
    detail: isLate ? 'no answer in time' : 'the answer could not be read',
    advice: isLate
      ? 'check the base URL of this account and the way to it (proxy, firewall); the vendor may be out of order'
      : 'look for this account in the log, and report it as a defect of the gateway',
  };
}

function refused(subject: string, error: ProviderRefusedError): CheckFinding {
  if (error.retired) return { subject, outcome: 'ok', detail: 'the vendor has ended this service' };
  return {
    subject,
    outcome: 'warning',
    detail: `refused: ${error.message}${wordsOf(error.provider)}`,
    advice: 'give the keys of this account the permission for it, if you need it',
  };
}

const wordsOf = ({ code, httpStatus }: ProviderWords): string => {
  const words = [httpStatus === undefined ? [] : `HTTP ${httpStatus}`, code === undefined ? [] : `code ${code}`].flat();
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
};
