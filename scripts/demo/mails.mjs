import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const examples = join(import.meta.dirname, '../../examples');
const CAMPAIGN_SIZE = 2500;

/**
 * The mails of the demo, as bodies of `POST /v1/messages`: the examples, and files that were named on top.
 * @returns a function of the accounts' names, each of which gets a campaign
 */
export const readMails = (files) => {
  const campaign = read(join(examples, 'campaign.json'));
  const more = files.map((file) => ({ name: basename(file), body: read(file) }));
  return (accounts) => [
    { name: 'login code', body: read(join(examples, 'login-code.json')) },
    { name: 'receipts', body: read(join(examples, 'receipt.json')) },
    ...accounts.map((provider) => ({
      name: `campaign through ${provider}`,
      body: { ...campaign, provider, recipients: enlarge(campaign.recipients, provider) },
    })),
    ...more,
  ];
};

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/**
 * The same people over and over, each time with another address: the simulator does not read what follows a dot. Those
 * of the two campaigns differ, or a bounce in one would suppress the address in the other.
 */
const enlarge = (recipients, provider) =>
  Array.from({ length: CAMPAIGN_SIZE }, (_, i) => {
    const recipient = recipients[i % recipients.length];
    return { ...recipient, address: recipient.address.replace('@', `.${provider}${i + 1}@`) };
  });
