import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const examples = join(import.meta.dirname, '../../examples');
const CAMPAIGN_SIZE = 2500;

/** The mails of the demo, as bodies of `POST /v1/messages`: the examples, and files that were named on top. */
export const readMails = (files) => {
  const campaign = read(join(examples, 'campaign.json'));
  return [
    { name: 'login code', body: read(join(examples, 'login-code.json')) },
    { name: 'receipts', body: read(join(examples, 'receipt.json')) },
    ...['ncp', 'nhn'].map((provider) => ({
      name: `campaign through ${provider}`,
      body: { ...campaign, provider, recipients: enlarge(campaign.recipients, provider) },
    })),
    ...files.map((file) => ({ name: basename(file), body: read(file) })),
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
