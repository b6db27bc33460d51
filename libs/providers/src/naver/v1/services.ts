import type {
  ProviderAttachments,
  ProviderAudience,
  ProviderBounceBlock,
  ProviderSuppressions,
  ProviderTemplates,
} from '@gateway/core';
import type { V1Api } from './api.js';
import { createV1BounceBlock } from './bounce-block.js';
import { createV1Files } from './files.js';
import { V1AddressBook } from './lists/address-book.js';
import { createV1Unsubscribers } from './lists/unsubscribers.js';
import { createV1Templates } from './templates/templates.js';

/** The services of v1 besides sending. */
export interface V1Services {
  readonly templates: ProviderTemplates;
  readonly attachments: ProviderAttachments;
  readonly audience: ProviderAudience;
  readonly suppressions: ProviderSuppressions;
  readonly bounceBlock: ProviderBounceBlock;
}

export const createV1Services = (api: V1Api): V1Services => ({
  templates: createV1Templates(api),
  attachments: createV1Files(api),
  audience: new V1AddressBook(api),
  suppressions: createV1Unsubscribers(api),
  bounceBlock: createV1BounceBlock(api),
});
