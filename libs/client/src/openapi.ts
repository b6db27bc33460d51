/* eslint-disable */
// Generated from /openapi.json by "npm run client:types". Do not edit.

export interface components {
  schemas: {
    NewMessage: {
      /**
       * @description Chooses lane, suppression scope and advertising rules
       * @default transactional
       * @enum {string}
       */
      category?: 'authentication' | 'transactional' | 'marketing';
      /**
       * @description individual: each recipient gets a mail of their own; shared: one mail whose `to` and `cc` recipients see each other
       * @default individual
       * @enum {string}
       */
      delivery?: 'individual' | 'shared';
      /** @description Where the texts come from; `from`, `subject`, `html` and `text` given beside it win */
      template?: {
        /** @description A template of yours */
        id?: string;
        /** @description One of its versions; the newest unless given */
        version?: number;
        /** @description The account, for a template of the provider's own */
        provider?: string;
        /** @description Its id there, as the provider writes it */
        providerTemplateId?: string;
      };
      /** @description Sender: an address of at most 100 characters, a name of at most 69 bytes */
      from?:
        | string
        | {
            address: string;
            name?: string;
          };
      /** @description At most 500 bytes; `{{name}}` is a variable */
      subject?: string;
      html?: string;
      text?: string;
      /** @description Defaults for all recipients; a recipient's own values win */
      variables?: {
        [key: string]: string | number | boolean;
      };
      recipients?: (
        | string
        | {
            address: string;
            name?: string;
            /**
             * @default to
             * @enum {string}
             */
            type?: 'to' | 'cc' | 'bcc';
            variables?: {
              [key: string]: string | number | boolean;
            };
          }
      )[];
      to?:
        | string
        | {
            address: string;
            name?: string;
          }
        | (
            | string
            | {
                address: string;
                name?: string;
              }
          )[];
      cc?:
        | string
        | {
            address: string;
            name?: string;
          }
        | (
            | string
            | {
                address: string;
                name?: string;
              }
          )[];
      bcc?:
        | string
        | {
            address: string;
            name?: string;
          }
        | (
            | string
            | {
                address: string;
                name?: string;
              }
          )[];
      /** @description Instead of recipients: who is in these groups when the message is due. `"vip"`, `{"all": […]}`, `{"any": […]}` or `{"not": …}`, nested at most 8 deep, with at most 100 groups. Or lists at a provider: `{"provider": "<account>", "groups": ["vip"], "match": "all"}` */
      audience?:
        | string
        | {
            all: unknown[];
          }
        | {
            any: unknown[];
          }
        | {
            not: unknown;
          }
        | {
            provider: string;
            groups: string[];
            /**
             * @default any
             * @enum {string}
             */
            match?: 'all' | 'any';
          };
      /** @description Additional headers, for accounts that accept them */
      headers?: {
        [key: string]: string;
      };
      /**
       * @description Ids of uploaded files, at most 20 MiB together; none in authentication mail
       * @default []
       */
      attachments?: string[];
      /**
       * Format: date-time
       * @description At most 60 days ahead
       */
      sendAt?: string;
      /**
       * @description The message is `held`, and not sent until `POST …/release`
       * @default false
       */
      hold?: boolean;
      /**
       * @description `auto` or the name of an account
       * @default auto
       */
      provider?: string;
      /** @description At most 2 KB; echoed, never sent */
      metadata?: Record<string, unknown>;
      /** @default [] */
      tags?: string[];
      /**
       * @default defer
       * @enum {string}
       */
      onQuota?: 'defer' | 'reject' | 'failover';
      /** @default false */
      dedupe?: boolean;
      /** @default false */
      allowSplit?: boolean;
      /** @default false */
      dryRun?: boolean;
    };
    Message: {
      id: string;
      status: components['schemas']['MessageStatus'];
      /** @enum {string} */
      category: 'authentication' | 'transactional' | 'marketing';
      /** @enum {string} */
      delivery: 'individual' | 'shared';
      /** @description The requested account, or `auto` */
      provider: string;
      routing: components['schemas']['Routing'];
      from: {
        address: string;
        name?: string;
      };
      /** @description As given, before substitution; empty: that of the provider's template; null: erased, or withheld (`contentWithheld`) */
      subject: string | null;
      /** @description Why subject, html and text are null although they are kept. `authentication`: login codes are never read back, nor are the variables of their recipients. `key_missing`: they are encrypted, and CONTENT_KEYS of the gateway has not the key */
      contentWithheld: ('authentication' | 'key_missing') | null;
      /** @description Source of the texts: `{id, version}`, or `{provider, providerTemplateId}` */
      template: {
        id?: string;
        version?: number;
        provider?: string;
        providerTemplateId?: string;
      } | null;
      /** @description As given; null: the message has recipients of its own. Recipients are found when the message is due */
      audience: unknown;
      tags: string[];
      metadata: {
        [key: string]: unknown;
      };
      recipientCount: number;
      /** @description Recipients that were left out because of the suppression list */
      suppressedCount: number;
      /** @description Number of provider requests */
      batchCount: number;
      counts: components['schemas']['RecipientCounts'];
      /** @description Why queued recipients do not go now: their account is paused, out of order, as fast as it may be, or its quota is used up. Derived from the account: the batches stay `queued` */
      waiting: {
        account: string;
        /** @description `provider_unavailable`, `throttled` or `quota` */
        reason: string;
        detail: string;
        since: string | null;
        /** @description When it is tried again; null: when an operator resumes the account */
        until: string | null;
      } | null;
      /** Format: date-time */
      createdAt: string;
      sendAt: string | null;
      /** @description The message that this one repeats for some of its recipients */
      redriveOf: string | null;
      warnings: string[];
    };
    /**
     * @description Derived from the statuses of the recipients.
     *
     *     - `held`: All recipients are waiting for the release of the message.
     *     - `scheduled`: All recipients are waiting for `sendAt`.
     *     - `queued`: All recipients are waiting to be sent.
     *     - `sending`: At least one recipient has left the queue, and at least one is not settled yet.
     *     - `completed`: All recipients are settled, and none of them failed, bounced, was rejected or expired.
     *     - `partially_failed`: All recipients are settled; some were sent the mail, and some failed, bounced, were rejected or expired.
     *     - `failed`: All recipients are settled; at least one failed, bounced, was rejected or expired, and none was sent the mail.
     *     - `cancelled`: All recipients are settled; at least one was cancelled, and none was sent the mail or failed.
     * @enum {string}
     */
    MessageStatus:
      'held' | 'scheduled' | 'queued' | 'sending' | 'completed' | 'partially_failed' | 'failed' | 'cancelled';
    /** @description The choice of the account, with reasons */
    Routing: {
      /** @description The account that gets the message */
      provider: string;
      candidates: {
        provider: string;
        able: boolean;
        /** @description Why it cannot send the message */
        reasons: string[];
        /**
         * @description The route keeps the message from it, whatever it can do
         * @constant
         */
        outside?: true;
      }[];
      failovers: {
        from: string;
        to: string;
        reason: string;
      }[];
      /** @description The route that decided; `PROVIDER_ORDER` where none matched; null: the caller named the account; absent: accepted before there were routes */
      route?: {
        id?: string;
        name: string;
        version: number;
        /** @enum {string} */
        sticky?: 'message' | 'recipientDomain' | 'none';
        /** @description The draw among the weights can be made again from it */
        draw?: string;
      } | null;
    };
    /** @description Number of recipients by status */
    RecipientCounts: {
      held: number;
      scheduled: number;
      queued: number;
      deferred: number;
      dispatching: number;
      unconfirmed: number;
      submitted: number;
      sending: number;
      sent: number;
      delivered: number;
      bounced: number;
      failed: number;
      rejected: number;
      suppressed: number;
      unsubscribed: number;
      cancelled: number;
      expired: number;
    };
    Preview: {
      /** @description The account that would get the message */
      provider: string;
      routing: components['schemas']['Routing'];
      /** @description It would be held until it is released */
      hold: boolean;
      recipientCount: number;
      /** @description For an audience: recipients that lack a value, or that the account cannot send to */
      rejectedCount?: number;
      /** @description The first 100 addresses that would be left out */
      suppressed: string[];
      /** @description Number of recipients that would be left out */
      suppressedCount: number;
      /** @description Recipients that count against the account's quota */
      quotaCost: number;
      batchCount: number;
      /** @description The first 100 provider requests, as ranges of recipients */
      batches: {
        positionFrom: number;
        positionTo: number;
        recipientCount: number;
      }[];
      /** @description The mail of the first recipient */
      rendered: {
        address: string;
        subject: string;
        html: string;
      };
      /** @description The first 3 requests exactly as they would be sent, with secrets masked */
      requests: {
        operation: string;
        method: string;
        url: string;
        headers: {
          [key: string]: string;
        };
        body: unknown;
        recipientsNotShown: number;
      }[];
    };
    /** @description RFC 9457 problem document */
    Problem: {
      /**
       * Format: uri
       * @description Stable URI of this kind of problem
       */
      type: string;
      title: string;
      status: number;
      detail: string;
      /** @description The request id */
      instance: string;
      /**
       * @description Stable code for programs
       * @enum {string}
       */
      code:
        | 'unauthorized'
        | 'forbidden'
        | 'sender_not_allowed'
        | 'not_found'
        | 'method_not_allowed'
        | 'nothing_to_cancel'
        | 'nothing_to_redrive'
        | 'not_empty'
        | 'version_conflict'
        | 'idempotency_in_flight'
        | 'message_erased'
        | 'endpoint_paused'
        | 'request_timeout'
        | 'body_too_large'
        | 'unsupported_media_type'
        | 'malformed_json'
        | 'idempotency_key_invalid'
        | 'idempotency_key_reused'
        | 'validation_failed'
        | 'target_forbidden'
        | 'unsupported_by_provider'
        | 'provider_retired'
        | 'quota_exceeded'
        | 'rate_limited'
        | 'overloaded'
        | 'webhooks_not_configured'
        | 'internal_error';
      /** @description The same request may succeed later without changes */
      retryable: boolean;
      /** @description The first 100 invalid fields */
      errors?: {
        /** @description JSON pointer (RFC 6901) into the request */
        pointer: string;
        /** @enum {string} */
        code:
          | 'required'
          | 'invalid_type'
          | 'unknown_field'
          | 'too_long'
          | 'too_large'
          | 'too_many'
          | 'too_few'
          | 'invalid_address'
          | 'duplicate_address'
          | 'missing_variable'
          | 'invalid_template'
          | 'control_character'
          | 'in_the_past'
          | 'too_far_ahead'
          | 'forbidden_header'
          | 'unknown_reference'
          | 'not_allowed';
        detail: string;
        /** @description In NDJSON and CSV: the line, counted from 1 */
        line?: number;
      }[];
      /** @description Total number of invalid fields */
      errorCount?: number;
      /** @description The provider's own code and message */
      provider?: {
        name?: string;
        code?: string;
        message?: string;
      };
    };
    MessagePage: {
      data: components['schemas']['MessageSummary'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    MessageSummary: {
      id: string;
      status: components['schemas']['MessageStatus'];
      /** @enum {string} */
      category: 'authentication' | 'transactional' | 'marketing';
      /** @enum {string} */
      delivery: 'individual' | 'shared';
      /** @description The requested account, or `auto` */
      provider: string;
      routing: components['schemas']['Routing'];
      from: {
        address: string;
        name?: string;
      };
      /** @description As given, before substitution; empty: that of the provider's template; null: erased, or withheld (`contentWithheld`) */
      subject: string | null;
      /** @description Why subject, html and text are null although they are kept. `authentication`: login codes are never read back, nor are the variables of their recipients. `key_missing`: they are encrypted, and CONTENT_KEYS of the gateway has not the key */
      contentWithheld: ('authentication' | 'key_missing') | null;
      /** @description Source of the texts: `{id, version}`, or `{provider, providerTemplateId}` */
      template: {
        id?: string;
        version?: number;
        provider?: string;
        providerTemplateId?: string;
      } | null;
      /** @description As given; null: the message has recipients of its own. Recipients are found when the message is due */
      audience: unknown;
      tags: string[];
      metadata: {
        [key: string]: unknown;
      };
      recipientCount: number;
      /** @description Recipients that were left out because of the suppression list */
      suppressedCount: number;
      /** @description Number of provider requests */
      batchCount: number;
      counts: components['schemas']['RecipientCounts'];
      /** @description Why queued recipients do not go now: their account is paused, out of order, as fast as it may be, or its quota is used up. Derived from the account: the batches stay `queued` */
      waiting: {
        account: string;
        /** @description `provider_unavailable`, `throttled` or `quota` */
        reason: string;
        detail: string;
        since: string | null;
        /** @description When it is tried again; null: when an operator resumes the account */
        until: string | null;
      } | null;
      /** Format: date-time */
      createdAt: string;
      sendAt: string | null;
      /** @description The message that this one repeats for some of its recipients */
      redriveOf: string | null;
      warnings: string[];
      /** @description Address of the first recipient; null: erased, or the recipients are not known yet */
      to: string | null;
      /** @description Time when every recipient was settled */
      completedAt: string | null;
      /** @description Time when a held message was released */
      releasedAt: string | null;
      /** @description Time when subject, texts, variables, metadata, recipients and events were erased because the retention period was over */
      erasedAt: string | null;
    };
    Cancellation: {
      /** @description Recipients that will not get the mail */
      cancelled: number;
      /** @description Recipients that a provider has accepted, or may have accepted */
      tooLate: number;
    };
    Release: {
      id: string;
      status: components['schemas']['MessageStatus'];
      sendAt: string | null;
      releasedAt: string | null;
    };
    MessageDetail: {
      id: string;
      status: components['schemas']['MessageStatus'];
      /** @enum {string} */
      category: 'authentication' | 'transactional' | 'marketing';
      /** @enum {string} */
      delivery: 'individual' | 'shared';
      /** @description The requested account, or `auto` */
      provider: string;
      routing: components['schemas']['Routing'];
      from: {
        address: string;
        name?: string;
      };
      /** @description As given, before substitution; empty: that of the provider's template; null: erased, or withheld (`contentWithheld`) */
      subject: string | null;
      /** @description Why subject, html and text are null although they are kept. `authentication`: login codes are never read back, nor are the variables of their recipients. `key_missing`: they are encrypted, and CONTENT_KEYS of the gateway has not the key */
      contentWithheld: ('authentication' | 'key_missing') | null;
      /** @description Source of the texts: `{id, version}`, or `{provider, providerTemplateId}` */
      template: {
        id?: string;
        version?: number;
        provider?: string;
        providerTemplateId?: string;
      } | null;
      /** @description As given; null: the message has recipients of its own. Recipients are found when the message is due */
      audience: unknown;
      tags: string[];
      metadata: {
        [key: string]: unknown;
      };
      recipientCount: number;
      /** @description Recipients that were left out because of the suppression list */
      suppressedCount: number;
      /** @description Number of provider requests */
      batchCount: number;
      counts: components['schemas']['RecipientCounts'];
      /** @description Why queued recipients do not go now: their account is paused, out of order, as fast as it may be, or its quota is used up. Derived from the account: the batches stay `queued` */
      waiting: {
        account: string;
        /** @description `provider_unavailable`, `throttled` or `quota` */
        reason: string;
        detail: string;
        since: string | null;
        /** @description When it is tried again; null: when an operator resumes the account */
        until: string | null;
      } | null;
      /** Format: date-time */
      createdAt: string;
      sendAt: string | null;
      /** @description The message that this one repeats for some of its recipients */
      redriveOf: string | null;
      warnings: string[];
      /** @description Address of the first recipient; null: erased, or the recipients are not known yet */
      to: string | null;
      /** @description Time when every recipient was settled */
      completedAt: string | null;
      /** @description Time when a held message was released */
      releasedAt: string | null;
      /** @description Time when subject, texts, variables, metadata, recipients and events were erased because the retention period was over */
      erasedAt: string | null;
      html: string | null;
      text: string | null;
      attachments: string[];
      /** @description Number of provider requests by status */
      batches: {
        [key: string]: number;
      };
    };
    RecipientPage: {
      data: components['schemas']['Recipient'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    Recipient: {
      messageId: string;
      /** @description Position in the request, from 0 */
      position: number;
      /** @description null: erased on request */
      address: string | null;
      name: string | null;
      /** @enum {string} */
      type: 'to' | 'cc' | 'bcc';
      status: components['schemas']['RecipientStatus'];
      /** @description No further status is expected */
      final: boolean;
      reason: components['schemas']['Reason'] | null;
      bounceType: ('hard' | 'soft') | null;
      /** @description The provider's own ids, code and message */
      provider: {
        name: string | null;
        requestId: string | null;
        mailId: string | null;
        code: string | null;
        message: string | null;
      };
      /** Format: date-time */
      updatedAt: string;
      deliveredAt: string | null;
      openedAt: string | null;
    };
    /**
     * @description The state of the mail for this recipient.
     *
     *     - `held`: The message is not sent until it is released.
     *     - `scheduled`: The message is waiting for its `sendAt`.
     *     - `queued`: The recipient is waiting for a worker to send its batch.
     *     - `deferred`: The batch cannot be sent at the moment; it is tried again at its `nextAttemptAt`, or when its account sends again.
     *     - `dispatching`: A worker is sending the batch to the provider.
     *     - `unconfirmed`: A request was sent and its answer never arrived; the gateway asks the provider before it sends anything again.
     *     - `submitted`: The provider accepted the request and has not started to send.
     *     - `sending`: The provider is sending the mail.
     *     - `sent`: The provider handed the mail over, without proof of receipt.
     *     - `delivered`: The receiving mail server accepted the mail.
     *     - `bounced`: The receiving mail server refused the mail or returned it.
     *     - `failed`: The mail could not be delivered, or the provider refused the request that contained it.
     *     - `rejected`: The gateway or the provider refused this recipient, and the mail was not sent.
     *     - `suppressed`: The address is on the suppression list, and the mail was not sent.
     *     - `unsubscribed`: The provider did not send the mail because the recipient has opted out there.
     *     - `cancelled`: The mail was cancelled before it was sent.
     *     - `expired`: The time limit `EXPIRE_MS` ended before a provider accepted the mail, a look-up was answered, or a final status was reported.
     * @enum {string}
     */
    RecipientStatus:
      | 'held'
      | 'scheduled'
      | 'queued'
      | 'deferred'
      | 'dispatching'
      | 'unconfirmed'
      | 'submitted'
      | 'sending'
      | 'sent'
      | 'delivered'
      | 'bounced'
      | 'failed'
      | 'rejected'
      | 'suppressed'
      | 'unsubscribed'
      | 'cancelled'
      | 'expired';
    /**
     * @description Why the mail was not delivered.
     *
     *     - `invalid_address`: The address is not valid.
     *     - `unknown_user`: The mailbox does not exist.
     *     - `mailbox_full`: The mailbox is full.
     *     - `domain_not_found`: The domain does not exist or receives no mail.
     *     - `blocked_spam`: The mail was blocked as spam.
     *     - `blocked_policy`: A policy of the receiving server or of the provider blocked the mail.
     *     - `auth_failed`: The provider refused the account's credentials, or the receiving server could not authenticate the sender (SPF, DKIM, DMARC).
     *     - `too_large`: The mail or the request is too large.
     *     - `content`: The content of the mail was refused.
     *     - `sender_not_verified`: The sender address or its domain is not verified at the provider.
     *     - `recipient_opted_out`: The recipient has opted out.
     *     - `provider_suppressed`: The provider does not send to this address, for example because it bounced before.
     *     - `quota`: The account's quota is used up.
     *     - `throttled`: The rate limit of the account, the provider or the receiving server was reached.
     *     - `provider_unavailable`: The account cannot be used: it is paused, not configured or not reachable.
     *     - `provider_refused`: The provider refused the request for another reason; its own code and message say why.
     *     - `template_error`: A variable has no value, or the template could not be rendered.
     *     - `cancelled_by_caller`: The caller cancelled the message.
     *     - `expired`: The time limit `EXPIRE_MS` has passed.
     *     - `unknown`: The provider gave no reason that the gateway recognises.
     * @enum {string}
     */
    Reason:
      | 'invalid_address'
      | 'unknown_user'
      | 'mailbox_full'
      | 'domain_not_found'
      | 'blocked_spam'
      | 'blocked_policy'
      | 'auth_failed'
      | 'too_large'
      | 'content'
      | 'sender_not_verified'
      | 'recipient_opted_out'
      | 'provider_suppressed'
      | 'quota'
      | 'throttled'
      | 'provider_unavailable'
      | 'provider_refused'
      | 'template_error'
      | 'cancelled_by_caller'
      | 'expired'
      | 'unknown';
    BatchPage: {
      data: components['schemas']['Batch'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    /** @description One request to a provider: a range of recipients */
    Batch: {
      id: string;
      /** @description The `replanned` batch that this one replaces in part */
      parentId: string | null;
      provider: string;
      /** @description The provider's name for the call */
      operation: string | null;
      status: components['schemas']['BatchStatus'];
      positionFrom: number;
      positionTo: number;
      recipientCount: number;
      reason: string | null;
      detail: string | null;
      attempts: components['schemas']['Attempt'][];
      providerRequestId: string | null;
      nextAttemptAt: string | null;
      nextPollAt: string | null;
    };
    /**
     * @description Where the provider request stands.
     *
     *     - `held`: The batch is not sent until its message is released.
     *     - `scheduled`: The batch is waiting for the `sendAt` of its message.
     *     - `queued`: The batch is due and is waiting for a worker.
     *     - `deferred`: The batch cannot be sent at the moment; it is tried again at `nextAttemptAt`, or when its account sends again.
     *     - `dispatching`: A worker holds the batch under a lease and may be sending it.
     *     - `unconfirmed`: A request was sent and its answer never arrived; the gateway asks the provider before it sends anything again.
     *     - `submitted`: The provider accepted the request and returned a request id.
     *     - `sending`: The provider has started to send.
     *     - `settled`: No further status is expected for the recipients of the batch, apart from opens and late bounces.
     *     - `failed`: The batch was refused or could not be sent, and is not sent again.
     *     - `cancelled`: The caller or the provider cancelled the batch.
     *     - `expired`: The time limit `EXPIRE_MS` ended before a provider accepted the batch, a look-up was answered, or a final status was reported.
     *     - `replanned`: Smaller batches replace this one, because another account takes over, a refused recipient has to be isolated, or the provider took only some of the recipients for now.
     * @enum {string}
     */
    BatchStatus:
      | 'held'
      | 'scheduled'
      | 'queued'
      | 'deferred'
      | 'dispatching'
      | 'unconfirmed'
      | 'submitted'
      | 'sending'
      | 'settled'
      | 'failed'
      | 'cancelled'
      | 'expired'
      | 'replanned';
    Attempt: {
      number: number;
      /** Format: date-time */
      startedAt: string;
      finishedAt: string | null;
      outcome: components['schemas']['AttemptOutcome'] | null;
      httpStatus: number | null;
      providerCode: string | null;
      providerMessage: string | null;
      detail: string | null;
    };
    /**
     * @description How the attempt ended.
     *
     *     - `accepted`: The provider accepted the request.
     *     - `refused`: The provider refused the request with an answer that its documentation defines as a refusal.
     *     - `unconfirmed`: The answer never arrived or could not be understood, so the provider may have accepted the request.
     *     - `adopted`: The request was unconfirmed, and the provider turned out to have it.
     *     - `absent`: The request was unconfirmed, and the provider turned out not to have it.
     * @enum {string}
     */
    AttemptOutcome: 'accepted' | 'refused' | 'unconfirmed' | 'adopted' | 'absent';
    EventPage: {
      data: components['schemas']['Event'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    Event: {
      id: string;
      /** Format: date-time */
      at: string;
      type: components['schemas']['EventType'];
      messageId?: string;
      batchId?: string;
      position?: number;
      address?: string;
      data: {
        [key: string]: unknown;
      };
    };
    /**
     * @description What happened.
     *
     *     - `message.accepted`: The gateway accepted and stored the message.
     *     - `message.scheduled`: The message waits for its `sendAt`.
     *     - `message.held`: The gateway accepted and stored the message, and does not send it until it is released.
     *     - `message.released`: The message was released, and is sent now or at its `sendAt`.
     *     - `message.expanded`: The recipients of an audience or list are known.
     *     - `message.cancelled`: The caller cancelled what no provider had accepted.
     *     - `message.completed`: All recipients of the message are settled.
     *     - `batch.dispatched`: A worker is about to send the batch to the provider.
     *     - `batch.accepted`: The provider accepted the batch and returned a request id.
     *     - `batch.refused`: The provider or the gateway refused the batch.
     *     - `batch.deferred`: The batch cannot be sent at the moment and is tried again later.
     *     - `batch.unconfirmed`: A request was sent and its answer never arrived; the gateway asks the provider.
     *     - `batch.adopted`: The provider has the request whose answer never arrived.
     *     - `batch.resent`: The provider does not have the request whose answer never arrived; it is sent again.
     *     - `provider.unknown_status`: The provider reported a status that the gateway does not know.
     *     - `recipient.held`: The message is not sent until it is released.
     *     - `recipient.scheduled`: The message is waiting for its `sendAt`.
     *     - `recipient.queued`: The recipient is waiting for a worker to send its batch.
     *     - `recipient.deferred`: The batch cannot be sent at the moment; it is tried again at its `nextAttemptAt`, or when its account sends again.
     *     - `recipient.dispatching`: A worker is sending the batch to the provider.
     *     - `recipient.unconfirmed`: A request was sent and its answer never arrived; the gateway asks the provider before it sends anything again.
     *     - `recipient.submitted`: The provider accepted the request and has not started to send.
     *     - `recipient.sending`: The provider is sending the mail.
     *     - `recipient.sent`: The provider handed the mail over, without proof of receipt.
     *     - `recipient.delivered`: The receiving mail server accepted the mail.
     *     - `recipient.bounced`: The receiving mail server refused the mail or returned it.
     *     - `recipient.failed`: The mail could not be delivered, or the provider refused the request that contained it.
     *     - `recipient.rejected`: The gateway or the provider refused this recipient, and the mail was not sent.
     *     - `recipient.suppressed`: The address is on the suppression list, and the mail was not sent.
     *     - `recipient.unsubscribed`: The provider did not send the mail because the recipient has opted out there.
     *     - `recipient.cancelled`: The mail was cancelled before it was sent.
     *     - `recipient.expired`: The time limit `EXPIRE_MS` ended before a provider accepted the mail, a look-up was answered, or a final status was reported.
     *     - `recipient.opened`: The recipient opened the mail.
     *     - `webhook_endpoint.failing`: Requests to the webhook endpoint fail one after the other; it is tried again from time to time.
     *     - `webhook_endpoint.recovered`: The webhook endpoint answers again.
     *     - `webhook_endpoint.paused`: Nothing is sent to the webhook endpoint any more; its events wait.
     *     - `webhook_endpoint.resumed`: Events are sent to the webhook endpoint again.
     *     - `route.halted`: Too many of the last messages of a route failed at an account: its weight there is 0 now.
     * @enum {string}
     */
    EventType:
      | 'message.accepted'
      | 'message.scheduled'
      | 'message.held'
      | 'message.released'
      | 'message.expanded'
      | 'message.cancelled'
      | 'message.completed'
      | 'batch.dispatched'
      | 'batch.accepted'
      | 'batch.refused'
      | 'batch.deferred'
      | 'batch.unconfirmed'
      | 'batch.adopted'
      | 'batch.resent'
      | 'provider.unknown_status'
      | 'recipient.held'
      | 'recipient.scheduled'
      | 'recipient.queued'
      | 'recipient.deferred'
      | 'recipient.dispatching'
      | 'recipient.unconfirmed'
      | 'recipient.submitted'
      | 'recipient.sending'
      | 'recipient.sent'
      | 'recipient.delivered'
      | 'recipient.bounced'
      | 'recipient.failed'
      | 'recipient.rejected'
      | 'recipient.suppressed'
      | 'recipient.unsubscribed'
      | 'recipient.cancelled'
      | 'recipient.expired'
      | 'recipient.opened'
      | 'webhook_endpoint.failing'
      | 'webhook_endpoint.recovered'
      | 'webhook_endpoint.paused'
      | 'webhook_endpoint.resumed'
      | 'route.halted';
    Diagnosis: {
      state: components['schemas']['MessageStatus'];
      waitingFor: components['schemas']['WaitingFor'] | null;
      since: string | null;
      /** @description When it goes on, or is tried again. `null`: not known */
      until: string | null;
      causes: {
        /**
         * @description What it waits for, a reason, or why an account or a recipient was left out
         * @enum {string}
         */
        code:
          | 'release'
          | 'due_time'
          | 'audience'
          | 'account'
          | 'retry'
          | 'look_up'
          | 'worker'
          | 'answer'
          | 'provider'
          | 'receipt'
          | 'account_unable'
          | 'suppressed'
          | 'invalid_address'
          | 'unknown_user'
          | 'mailbox_full'
          | 'domain_not_found'
          | 'blocked_spam'
          | 'blocked_policy'
          | 'auth_failed'
          | 'too_large'
          | 'content'
          | 'sender_not_verified'
          | 'recipient_opted_out'
          | 'provider_suppressed'
          | 'quota'
          | 'throttled'
          | 'provider_unavailable'
          | 'provider_refused'
          | 'template_error'
          | 'cancelled_by_caller'
          | 'expired'
          | 'unknown';
        detail: string;
        /** @description The account, with the provider's own code and words */
        provider?: {
          name: string;
          code?: string;
          message?: string;
        };
        /** @description How many recipients it concerns, where that is counted */
        recipients?: number;
        /** @description In how many provider requests */
        batches?: number;
        /**
         * @description The status in which their mail ended
         * @enum {string}
         */
        status?:
          | 'held'
          | 'scheduled'
          | 'queued'
          | 'deferred'
          | 'dispatching'
          | 'unconfirmed'
          | 'submitted'
          | 'sending'
          | 'sent'
          | 'delivered'
          | 'bounced'
          | 'failed'
          | 'rejected'
          | 'suppressed'
          | 'unsubscribed'
          | 'cancelled'
          | 'expired'
          | 'settled'
          | 'replanned';
      }[];
      /** @description What can be done, most useful first */
      nextSteps: string[];
    };
    /**
     * @description The thing that the message waits for.
     *
     *     - `release`: A person who releases it.
     *     - `due_time`: Its `sendAt`.
     *     - `audience`: A worker that looks up the recipients of its audience.
     *     - `account`: The account that sends it: paused, closed, at its pace or out of quota.
     *     - `retry`: The next attempt, after a provider refused a request for now.
     *     - `look_up`: The provider, which is asked whether it has a request that it did not answer.
     *     - `worker`: A worker that takes it.
     *     - `answer`: The provider's answer to a request that is being sent.
     *     - `provider`: The provider, which has accepted it and has not sent it to everybody.
     *     - `receipt`: A receipt from the receiving side, or the end of the time for it.
     * @enum {string}
     */
    WaitingFor:
      | 'release'
      | 'due_time'
      | 'audience'
      | 'account'
      | 'retry'
      | 'look_up'
      | 'worker'
      | 'answer'
      | 'provider'
      | 'receipt';
    CreateApiKey: {
      /** @description Name of the client; a new name creates a client. Default: your own */
      client?: string;
      /** @description Purpose of the key */
      name: string;
      /** @description Permissions of the key */
      scopes: (
        | 'messages:write'
        | 'messages:read'
        | 'templates'
        | 'audience'
        | 'suppressions'
        | 'suppressions:write'
        | 'statistics'
        | 'providers'
        | 'providers:write'
        | 'webhooks'
        | 'admin'
      )[];
      /**
       * Format: date-time
       * @description From then on the key is refused; without it, it has no end
       */
      expiresAt?: string;
      /** @description Networks that requests may come from; empty: any */
      allowedIps?: string[];
      /** @description Senders that messages may have: addresses and domains; empty: any */
      allowedFrom?: string[];
      /** @description Accounts that messages may use; empty: any */
      allowedAccounts?: string[];
      /** @description Messages of the key are held until another key releases them */
      needsRelease?: boolean;
      /** @description Limits over all api processes; `{}` removes them */
      rateLimit?: {
        requestsPerSecond?: number;
        recipientsPerSecond?: number;
      };
    };
    NewApiKey: {
      id: string;
      /** @description Clients do not see the messages of each other */
      client: string;
      name: string;
      scopes: (
        | 'messages:write'
        | 'messages:read'
        | 'templates'
        | 'audience'
        | 'suppressions'
        | 'suppressions:write'
        | 'statistics'
        | 'providers'
        | 'providers:write'
        | 'webhooks'
        | 'admin'
      )[];
      /** @description From then on the key is refused; null: it has no end */
      expiresAt: string | null;
      /** @description Networks that it may be used from; empty: any */
      allowedIps: string[];
      /** @description Senders that its messages may have; empty: any */
      allowedFrom: string[];
      /** @description Accounts that its messages may use; empty: any */
      allowedAccounts: string[];
      /** @description Its messages are held until another key releases them */
      needsRelease: boolean;
      /** @description Limits over all api processes */
      rateLimit: {
        requestsPerSecond?: number;
        recipientsPerSecond?: number;
      } | null;
      /** Format: date-time */
      createdAt: string;
      /** @description Its last request, give or take some seconds */
      lastUsedAt: string | null;
      revokedAt: string | null;
      /** @description The key that created it; null: it came from the environment */
      createdBy: string | null;
      /** @description The key that revoked it; null: a new key in the environment replaced it */
      revokedBy: string | null;
      /** @description The key itself; only its hash is stored */
      key: string;
    };
    ApiKeyPage: {
      data: components['schemas']['ApiKey'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    ApiKey: {
      id: string;
      /** @description Clients do not see the messages of each other */
      client: string;
      name: string;
      scopes: (
        | 'messages:write'
        | 'messages:read'
        | 'templates'
        | 'audience'
        | 'suppressions'
        | 'suppressions:write'
        | 'statistics'
        | 'providers'
        | 'providers:write'
        | 'webhooks'
        | 'admin'
      )[];
      /** @description From then on the key is refused; null: it has no end */
      expiresAt: string | null;
      /** @description Networks that it may be used from; empty: any */
      allowedIps: string[];
      /** @description Senders that its messages may have; empty: any */
      allowedFrom: string[];
      /** @description Accounts that its messages may use; empty: any */
      allowedAccounts: string[];
      /** @description Its messages are held until another key releases them */
      needsRelease: boolean;
      /** @description Limits over all api processes */
      rateLimit: {
        requestsPerSecond?: number;
        recipientsPerSecond?: number;
      } | null;
      /** Format: date-time */
      createdAt: string;
      /** @description Its last request, give or take some seconds */
      lastUsedAt: string | null;
      revokedAt: string | null;
      /** @description The key that created it; null: it came from the environment */
      createdBy: string | null;
      /** @description The key that revoked it; null: a new key in the environment replaced it */
      revokedBy: string | null;
    };
    UpdateApiKey: {
      /** @description Purpose of the key */
      name?: string;
      /** @description Permissions of the key */
      scopes?: (
        | 'messages:write'
        | 'messages:read'
        | 'templates'
        | 'audience'
        | 'suppressions'
        | 'suppressions:write'
        | 'statistics'
        | 'providers'
        | 'providers:write'
        | 'webhooks'
        | 'admin'
      )[];
      /** @description From then on the key is refused; an empty text removes the end */
      expiresAt?: '' | string;
      /** @description Networks that requests may come from; empty: any */
      allowedIps?: string[];
      /** @description Senders that messages may have: addresses and domains; empty: any */
      allowedFrom?: string[];
      /** @description Accounts that messages may use; empty: any */
      allowedAccounts?: string[];
      /** @description Messages of the key are held until another key releases them */
      needsRelease?: boolean;
      /** @description Limits over all api processes; `{}` removes them */
      rateLimit?: {
        requestsPerSecond?: number;
        recipientsPerSecond?: number;
      };
    };
    RotateApiKey: {
      /** @description How long the replaced key still works: 0 to 7 days, default 24 hours; `PT0S`: not at all */
      overlap?: string;
    };
    RotatedApiKey: {
      id: string;
      /** @description Clients do not see the messages of each other */
      client: string;
      name: string;
      scopes: (
        | 'messages:write'
        | 'messages:read'
        | 'templates'
        | 'audience'
        | 'suppressions'
        | 'suppressions:write'
        | 'statistics'
        | 'providers'
        | 'providers:write'
        | 'webhooks'
        | 'admin'
      )[];
      /** @description From then on the key is refused; null: it has no end */
      expiresAt: string | null;
      /** @description Networks that it may be used from; empty: any */
      allowedIps: string[];
      /** @description Senders that its messages may have; empty: any */
      allowedFrom: string[];
      /** @description Accounts that its messages may use; empty: any */
      allowedAccounts: string[];
      /** @description Its messages are held until another key releases them */
      needsRelease: boolean;
      /** @description Limits over all api processes */
      rateLimit: {
        requestsPerSecond?: number;
        recipientsPerSecond?: number;
      } | null;
      /** Format: date-time */
      createdAt: string;
      /** @description Its last request, give or take some seconds */
      lastUsedAt: string | null;
      revokedAt: string | null;
      /** @description The key that created it; null: it came from the environment */
      createdBy: string | null;
      /** @description The key that revoked it; null: a new key in the environment replaced it */
      revokedBy: string | null;
      /** @description The key itself; only its hash is stored */
      key: string;
      /**
       * Format: date-time
       * @description Until then the replaced key works, too
       */
      previousValidUntil: string;
    };
    /** @description An erasure and its receipt, which has no address */
    Erasure: {
      id: string;
      /** @description Only what belongs to this client is erased: its own administrator's request. Absent: all */
      client?: string;
      /**
       * @description `pending`: everything but mail under way is erased; the rest follows as soon as it is final
       * @enum {string}
       */
      status: 'queued' | 'running' | 'pending' | 'completed';
      reason: string | null;
      /** Format: date-time */
      requestedAt: string;
      completedAt: string | null;
      /** @description The API key */
      requestedBy: string | null;
      addressCount: number;
      counts: components['schemas']['ErasureCounts'];
      /** @description Recipients whose mail is under way, and copies still to be erased at accounts */
      pending: number;
      /** @description Vendors that keep their own record, and until when; null: their documents don't say */
      remaining: {
        provider: string;
        until: string | null;
      }[];
      mentions?: components['schemas']['ErasureMentions'];
      /** @description Of the completed receipt without `sha256` and `requestedBy`, as JSON without blanks and with the members of all objects in alphabetical order */
      sha256: string | null;
    };
    /** @description What was erased */
    ErasureCounts: {
      /** @description Messages to one recipient, erased as a whole */
      messages: number;
      recipients: number;
      events: number;
      /** @description Contacts that lost an address, or were deleted with their last one */
      contacts: number;
      /** @description Entries that are in force by a keyed hash from now on, or were not in force */
      suppressions: number;
      /** @description Files that only erased messages had */
      attachments: number;
      /** @description First answers to requests with an Idempotency-Key, such as import reports */
      storedAnswers: number;
      webhookDeliveries: number;
      /** @description Entries of accounts' own suppression lists */
      providerCopies: number;
    };
    /** @description With `mentionDays`: the addresses in mail to others, which is not erased. Variables of recipients are read in messages to up to 1,000 */
    ErasureMentions: {
      days: number;
      /** @description Messages that were looked at, the newest first: up to 1,000,000, with `dryRun` 10,000 */
      looked: number;
      /** @description All messages of these days were looked at */
      complete: boolean;
      /** @description Messages to others whose texts or variables contain an address */
      messages: number;
      /** @description The newest 100 of them */
      messageIds: string[];
    };
    /** @description What would be erased now: mail, contacts and suppressions */
    ErasurePlan: {
      counts: components['schemas']['ErasureCounts'];
      pending: number;
      mentions?: components['schemas']['ErasureMentions'];
    };
    ErasurePage: {
      data: components['schemas']['Erasure'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    TemplatePush: {
      /** @description Name of the account */
      provider: string;
    };
    PushedTemplate: {
      provider: string;
      /** @description Id at the provider, which a message names together with the provider */
      providerTemplateId: string;
      /** @description The version at the provider */
      version: number;
      /** @description Parts that the provider cannot keep */
      warnings: string[];
    };
    TemplateExport: {
      /** @constant */
      version: 1;
      categories: {
        id: string;
        name: string;
        parentId: string | null;
        description: string | null;
      }[];
      templates: {
        id: string;
        name: string;
        categoryId: string | null;
        description: string | null;
        enabled: boolean;
        from: {
          address: string;
          name?: string;
        } | null;
        subject: string;
        html: string | null;
        text: string | null;
        /** @description Files of its messages */
        attachments: string[];
      }[];
    };
    TemplateBackup: {
      /** @constant */
      version: 1;
      provider: string;
      /** @description Base64 */
      archive: string;
    };
    TemplateImport:
      | {
          /** @constant */
          version: 1;
          categories?: {
            /** @description 1 to 100 characters; it consists of Hangul, Latin letters, digits, ".", "_", "-" and single spaces */
            name: string;
            parentId?: string | null;
            description?: string | null;
            id: string;
          }[];
          templates?: {
            /** @description 1 to 100 characters; it consists of Hangul, Latin letters, digits, ".", "_", "-" and single spaces */
            name: string;
            categoryId?: string | null;
            description?: string | null;
            /** @description A disabled template cannot be sent */
            enabled?: boolean;
            from?:
              | ((
                  | (
                      | string
                      | {
                          address: string;
                          name?: string;
                        }
                    )
                  | null
                ) &
                  (
                    | string
                    | {
                        address: string;
                        name?: string;
                      }
                  ))
              | null;
            html?: string | null;
            text?: string | null;
            /** @description Ids of uploaded files that its messages carry, unless they name their own */
            attachments?: string[];
            /** @description At most 500 bytes; `{{name}}` is a variable */
            subject: string;
            id?: string;
          }[];
        }
      | {
          /**
           * @description Version of this format
           * @constant
           */
          version: 1;
          /** @description The account that it came from */
          provider: string;
          /** @description The provider's own file, in base64 */
          archive: string;
        };
    TemplateImportReport: {
      /** @description New templates */
      imported: number;
      /** @description Existing templates that were changed */
      updated: number;
      /** @description Templates that were equal already, or are deleted here */
      skipped: number;
      /** @description Entries that were left out, with the reason; the first 100 */
      errors: {
        /** @description Into the body, or into the provider's template */
        pointer: string;
        /** @enum {string} */
        code:
          | 'required'
          | 'invalid_type'
          | 'unknown_field'
          | 'too_long'
          | 'too_large'
          | 'too_many'
          | 'too_few'
          | 'invalid_address'
          | 'duplicate_address'
          | 'missing_variable'
          | 'invalid_template'
          | 'control_character'
          | 'in_the_past'
          | 'too_far_ahead'
          | 'forbidden_header'
          | 'unknown_reference'
          | 'not_allowed';
        detail: string;
        name?: string;
        providerTemplateId?: string;
      }[];
      errorCount: number;
    };
    NewTemplate: {
      /** @description 1 to 100 characters; it consists of Hangul, Latin letters, digits, ".", "_", "-" and single spaces */
      name: string;
      /** @description Category that it is in; an empty text: at the root */
      categoryId?: string;
      /** @description At most 300 bytes; an empty text is none */
      description?: string;
      /** @description A disabled template cannot be sent */
      enabled?: boolean;
      /** @description Sender, unless the message names its own; an empty text: none */
      from?: (
        | (
            | string
            | {
                address: string;
                name?: string;
              }
          )
        | null
      ) &
        (
          | string
          | {
              address: string;
              name?: string;
            }
        );
      /** @description At most 500,000 bytes; an empty text is none */
      html?: string;
      /** @description At most 500,000 bytes; an empty text is none */
      text?: string;
      /** @description Ids of uploaded files that its messages carry, unless they name their own */
      attachments?: string[];
      /** @description At most 500 bytes; `{{name}}` is a variable */
      subject: string;
    };
    Template: {
      id: string;
      name: string;
      categoryId: string | null;
      description: string | null;
      enabled: boolean;
      /** @description Version of the content shown */
      version: number;
      from: {
        address: string;
        name?: string;
      } | null;
      subject: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
      deletedAt: string | null;
      /** @description The API key that changed it last */
      updatedBy: string | null;
      /** @description The API key that wrote this version */
      createdBy: string | null;
      /** @description Version for messages that name none */
      latestVersion: number;
      html: string | null;
      text: string | null;
      /** @description Files of its messages */
      attachments: string[];
      /** @description Names of variables */
      variables: string[];
    };
    TemplatePage: {
      data: components['schemas']['TemplateSummary'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    TemplateSummary: {
      id: string;
      name: string;
      categoryId: string | null;
      description: string | null;
      enabled: boolean;
      /** @description Version of the content shown */
      version: number;
      from: {
        address: string;
        name?: string;
      } | null;
      subject: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
      deletedAt: string | null;
      /** @description The API key that changed it last */
      updatedBy: string | null;
    };
    TemplateChanges: {
      /** @description 1 to 100 characters; it consists of Hangul, Latin letters, digits, ".", "_", "-" and single spaces */
      name?: string;
      /** @description Category that it is in; an empty text: at the root */
      categoryId?: string;
      /** @description At most 300 bytes; an empty text is none */
      description?: string;
      /** @description A disabled template cannot be sent */
      enabled?: boolean;
      /** @description Sender, unless the message names its own; an empty text: none */
      from?: (
        | (
            | string
            | {
                address: string;
                name?: string;
              }
          )
        | null
      ) &
        (
          | string
          | {
              address: string;
              name?: string;
            }
        );
      /** @description At most 500,000 bytes; an empty text is none */
      html?: string;
      /** @description At most 500,000 bytes; an empty text is none */
      text?: string;
      /** @description Ids of uploaded files that its messages carry, unless they name their own */
      attachments?: string[];
      /** @description At most 500 bytes; `{{name}}` is a variable */
      subject?: string;
    };
    TemplatePreview: {
      /** @description Defaults for all recipients; a recipient's own values win */
      variables?: {
        [key: string]: string | number | boolean;
      };
      /** @description The newest unless given */
      version?: number;
    };
    RenderedTemplate: {
      version: number;
      subject: string;
      /** @description The body that is sent: the text as HTML if there is no `html` */
      html: string;
      text: string | null;
      /** @description Names without a value; the texts show them as written */
      missingVariables: string[];
    };
    NewTemplateCategory: {
      /** @description 1 to 100 characters; it consists of Hangul, Latin letters, digits, ".", "_", "-" and single spaces */
      name: string;
      /** @description The category above it; an empty text: at the root */
      parentId?: string;
      /** @description At most 300 bytes; an empty text is none */
      description?: string;
    };
    TemplateCategory: {
      id: string;
      name: string;
      parentId: string | null;
      description: string | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    TemplateCategoryPage: {
      data: components['schemas']['TemplateCategory'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    TemplateCategoryChanges: {
      /** @description 1 to 100 characters; it consists of Hangul, Latin letters, digits, ".", "_", "-" and single spaces */
      name?: string;
      /** @description The category above it; an empty text: at the root */
      parentId?: string;
      /** @description At most 300 bytes; an empty text is none */
      description?: string;
    };
    ImportResult: {
      /** @description New contacts */
      imported: number;
      /** @description Rows that changed an existing contact */
      updated: number;
      /** @description Rows that were left out */
      rejected: number;
      /** @description The first 100, by line */
      errors: {
        /** @description JSON pointer (RFC 6901) into the request */
        pointer: string;
        /** @enum {string} */
        code:
          | 'required'
          | 'invalid_type'
          | 'unknown_field'
          | 'too_long'
          | 'too_large'
          | 'too_many'
          | 'too_few'
          | 'invalid_address'
          | 'duplicate_address'
          | 'missing_variable'
          | 'invalid_template'
          | 'control_character'
          | 'in_the_past'
          | 'too_far_ahead'
          | 'forbidden_header'
          | 'unknown_reference'
          | 'not_allowed';
        detail: string;
        /** @description In NDJSON and CSV: the line, counted from 1 */
        line?: number;
      }[];
      errorCount: number;
    };
    NewContact: {
      /** @description What your own system calls it; unique; an empty text is none */
      externalId?: string;
      /** @description Shown with the address, and the variable `name`; an empty text is none */
      name?: string;
      /** @description 1 to 50; each belongs to one contact */
      addresses: string[];
      /** @description Names of groups it is a member of */
      groups?: string[];
      /** @description Values for the variables of messages; at most 8 KB */
      attributes?: {
        [key: string]: string | number | boolean;
      };
    };
    Contact: {
      id: string;
      externalId: string | null;
      name: string | null;
      addresses: string[];
      /** @description Names */
      groups: string[];
      attributes: {
        [key: string]: string | number | boolean;
      };
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    ContactPage: {
      data: components['schemas']['Contact'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    ContactChange: {
      /** @description What your own system calls it; unique; an empty text is none */
      externalId?: string;
      /** @description Shown with the address, and the variable `name`; an empty text is none */
      name?: string;
      /** @description 1 to 50; each belongs to one contact */
      addresses?: string[];
      /** @description Names of groups it is a member of */
      groups?: string[];
      /** @description Values for the variables of messages; at most 8 KB */
      attributes?: {
        [key: string]: string | number | boolean;
      };
    };
    Members: {
      /** @description One that no contact has becomes a contact */
      addresses?: string[];
      /** @description Ids of contacts */
      contactIds?: string[];
    };
    MembersAdded: {
      added: number;
      ignored: number;
    };
    MembersRemoved: {
      removed: number;
      ignored: number;
    };
    GroupEmptied: {
      removed: number;
    };
    PushGroup: {
      /** @description Name of an account that keeps lists */
      provider: string;
    };
    GroupPush: {
      provider: string;
      /** @description False: it continues after the answer, and mail to the list waits for it */
      complete: boolean;
      /** @description Id of the list at the provider */
      providerGroupId: string | null;
      /** @description Name of the list at the provider: that of the group, with a suffix if it is taken */
      name: string | null;
      /** @description Contacts in the group */
      memberCount: number;
      /** @description Addresses that the provider was given */
      addressCount: number | null;
      added: number | null;
      removed: number | null;
      /** @description Count of the provider; null: it does not count */
      providerAddressCount: number | null;
      pushedAt: string | null;
    };
    NewGroup: {
      /** @description 1 to 100 of Hangul, Latin letters, digits, `.` `_` `-` */
      name: string;
      /** @description For people; an empty text is none */
      description?: string;
    };
    Group: {
      id: string;
      name: string;
      description: string | null;
      /** @description Contacts in it */
      memberCount: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    GroupPage: {
      data: components['schemas']['Group'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    GroupChange: {
      /** @description 1 to 100 of Hangul, Latin letters, digits, `.` `_` `-` */
      name?: string;
      /** @description For people; an empty text is none */
      description?: string;
    };
    ProviderGroupList: {
      data: components['schemas']['ProviderGroup'][];
      nextCursor: null;
    };
    ProviderGroup: {
      /** @description Id at the provider */
      id: string;
      name: string;
      /** @description Count of the provider; null: it does not count */
      addressCount: number | null;
      /** @description Your group that was pushed to it */
      groupId: string | null;
    };
    ProviderAccountList: {
      data: components['schemas']['ProviderAccount'][];
      nextCursor: null;
      /** @description Accounts that have mail but no credentials (any more): the mail moves where it may, or waits */
      unconfigured: {
        name: string;
        /** @description Batches that are not sent yet, in doubt, or taken by the provider and not final */
        batches: {
          waiting: number;
          unconfirmed: number;
          followed: number;
        };
      }[];
    };
    ProviderAccount: {
      name: string;
      kind: string;
      version: string;
      /** @description True: a simulator replaces the provider, and no mail is sent */
      sandbox: boolean;
      /** @description Abilities of the account */
      capabilities: {
        /**
         * @description How a request whose answer never arrived is settled. `lookup`: the provider is asked for it. `repeat`: the same request is sent again with the same idempotency key. `events`: the provider reports it. `none`: it stays `unconfirmed`, is never sent again and expires
         * @enum {string}
         */
        doubt: 'lookup' | 'repeat' | 'events' | 'none';
        /** @description Days after which the vendor deletes its own record of a mail; absent: its documents don't say */
        historyDays?: number;
        /** @description How the states of recipients are learnt: the gateway asks, or the provider calls the gateway */
        tracking: ('poll' | 'push')[];
        customHeaders: boolean;
        unsubscribeUrl: boolean;
        openTracking: boolean;
        findByMarker: boolean;
        forbiddenHeaders: string[];
        /** @description Rules of the vendor besides sizes; checked when a message is accepted */
        rules: {
          /**
           * @description How recipient names are measured
           * @enum {string}
           */
          recipientNameUnit: 'bytes' | 'characters';
          /** @description Includes the domains below them */
          excludedSenderDomains: string[];
          /** @description Takes only an address of the sender's own root domain */
          envelopeFromHeader?: string;
          /** @description DNS records that a sender domain needs, where the vendor documents them */
          senderAuthentication?: {
            spfDomains: string[];
            dkimSelectors: string[];
          };
          /** @description Why the account takes no attachments, where it does not */
          withoutAttachments?: string;
          fileNames?: {
            excludedCharacters: string;
          };
          /**
           * @description False: an advertisement can only be individual mail
           * @constant
           */
          sharedAdvertisements?: false;
          /** @description Ids of templates that are stored at the account */
          templateIds?: {
            /** @enum {string} */
            form: 'number' | 'text';
            longest?: number;
            excludedCharacters?: string;
          };
        };
        /** @description Lists of the provider's own; `retired`: name the gateway's groups in an audience */
        audience: {
          /** @enum {string} */
          state: 'available' | 'retired' | 'unsupported';
          /** @description Date that the vendor announced */
          endOfSupport?: string | null;
          /** @description When the account itself reported it */
          checkedAt?: string | null;
          groupsPerMessage?: number;
          groups?: number | null;
          groupsPerContact?: number | null;
        };
        /** @description Version of the vendor's API through which each service goes. `null`: the account does not have it. An account may send by a newer API and keep templates by an older one */
        services: {
          mail: string;
          attachments: string | null;
          templates: string | null;
          lists: string | null;
          optOuts: string | null;
          statistics: string | null;
          bounceBlock: string | null;
        };
      };
      /** @description The limits of the account; sizes in bytes, addresses in characters, names as `capabilities.rules` says */
      limits: {
        [key: string]: number;
      };
      /** @description Recipients of the running period; `null`: the account has no quota */
      quota: {
        recipients: number | null;
        /** @enum {string} */
        per: 'day' | 'month';
        /** @description Where the period begins at midnight */
        timeZone: string;
        used: number;
        left: number | null;
      };
      health: {
        /** @enum {string} */
        status: 'unknown' | 'ok' | 'failing' | 'paused' | 'drained';
        paused: boolean;
        /** @description The gateway pauses an account that refuses its credentials, and tries one batch from time to time */
        pausedBy: ('operator' | 'gateway') | null;
        pauseReason: string | null;
        /** @description The API key that paused it */
        pausedByKey: string | null;
        /** @description It takes nothing new; what it has taken is followed */
        drained: boolean;
        drainedAt: string | null;
        drainReason: string | null;
        /** @description The API key that drained it */
        drainedByKey: string | null;
        resumedAt: string | null;
        /** @description The API key that resumed it last */
        resumedByKey: string | null;
        lastSuccessAt: string | null;
        lastFailureAt: string | null;
        lastFailure: string | null;
        /** @description Milliseconds in which 95 % of the requests of the last hour were answered; null: there were none */
        p95Ms: number | null;
        /** @description Share of the requests of the last hour that were left without an answer, whatever became of them */
        ambiguityRate: number | null;
        /** @description How late the most overdue status poll is */
        pollLagSeconds: number;
        /** @description Open: nothing is sent until then. Half open: one batch tries */
        breaker: {
          /** @enum {string} */
          state: 'closed' | 'open' | 'half_open';
          reason: ('credentials' | 'unavailable' | 'throttled') | null;
          until: string | null;
          failures: number;
        };
      };
    };
    BounceBlock: {
      provider: string;
      /** @description Hours for which the provider does not send to an address after a hard bounce */
      hours: number;
      /** @description The shortest time that it accepts */
      leastHours: number;
    };
    ChangeBounceBlock: {
      /** @description At most ten years */
      hours: number;
    };
    AccountCheck: {
      name: string;
      kind: string;
      version: string;
      /**
       * @description The worst of the findings
       * @enum {string}
       */
      outcome: 'ok' | 'warning' | 'fault';
      /** Format: date-time */
      checkedAt: string;
      findings: {
        /** @description What was asked for, such as `credentials`, `clock`, `quota`, `senders`, `templates`, `lists`, `opt-outs` */
        subject: string;
        /**
         * @description `warning`: mail can be sent, but something needs attention. `fault`: it cannot be sent
         * @enum {string}
         */
        outcome: 'ok' | 'warning' | 'fault';
        /** @description What was learnt */
        detail: string;
        /** @description What to do about it */
        advice: string | null;
      }[];
    };
    /** @description The routes in force, in order */
    Routes: {
      /** @description 0: no routes have been set */
      version: number;
      routes: components['schemas']['Route'][];
    };
    Route: {
      id: string;
      name: string;
      match: {
        clients?: string[];
        categories?: ('authentication' | 'transactional' | 'marketing')[];
        fromDomains?: string[];
        tags?: string[];
        templates?: string[];
      };
      use: {
        account: string;
        weight: number;
      }[];
      /** @enum {string} */
      sticky: 'message' | 'recipientDomain' | 'none';
      /** @enum {string} */
      fallback: 'next' | 'none';
      shadow?: string;
      haltIf?: {
        failureRate: number;
        over: number;
      };
    };
    PutRoutes: {
      /** @description The version that the change is based on; 0 before the first */
      version: number;
      /** @description In order: the first match wins. The last route, PROVIDER_ORDER, is not listed */
      routes: {
        /** @description Without it a route keeps the id of the stored route with its name */
        id?: string;
        /** @description Unique; shown with each message */
        name: string;
        /**
         * @description A list matches any of its members; every part must match. Empty: every message
         * @default {}
         */
        match?: {
          /** @description Names of clients */
          clients?: string[];
          /** @description Categories */
          categories?: ('authentication' | 'transactional' | 'marketing')[];
          /** @description The sender's domain; `*.example.com`: the domains below `example.com` */
          fromDomains?: string[];
          /** @description One of the tags of the message */
          tags?: string[];
          /** @description Ids of templates of the gateway */
          templates?: string[];
        };
        /** @description Accounts and their shares */
        use: {
          /** @description Name of an account */
          account: string;
          /** @description Share of the messages, relative to the other weights; 0: none, not even by failover */
          weight: number;
        }[];
        /**
         * @description `message`: each message is drawn by itself, and an Idempotency-Key always draws the same. `recipientDomain`: all messages to one domain (of the first recipient) go to one account. `none`: drawn again for each message
         * @default message
         * @enum {string}
         */
        sticky?: 'message' | 'recipientDomain' | 'none';
        /**
         * @description When no account of the route can take a message. `next`: the following matching routes, then PROVIDER_ORDER. `none`: no other account, ever: the message is refused, or waits
         * @default next
         * @enum {string}
         */
        fallback?: 'next' | 'none';
        /** @description An account whose requests are built and compared, but not sent: see `GET /v1/routes/{id}/shadow` */
        shadow?: string;
        /** @description When of the last `over` messages of one account of the route more than `failureRate` had a recipient `failed`, `rejected`, `expired` or hard `bounced`, the weight of the account becomes 0 */
        haltIf?: {
          /** @description A higher rate halts the account */
          failureRate: number;
          /** @description Number of messages */
          over: number;
        };
      }[];
    };
    RouteVersionPage: {
      data: components['schemas']['RouteVersion'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    RouteVersion: {
      /** @description 0: no routes have been set */
      version: number;
      routes: components['schemas']['Route'][];
      /**
       * @description `put`: by a caller. `halt`: by the guard of a route
       * @enum {string}
       */
      change: 'put' | 'halt';
      /** Format: date-time */
      changedAt: string;
      /** @description The key that changed them; null: the guard of a route */
      changedBy: string | null;
    };
    DryRunRoutes: {
      /** @description In order: the first match wins. The last route, PROVIDER_ORDER, is not listed */
      routes: {
        /** @description Without it a route keeps the id of the stored route with its name */
        id?: string;
        /** @description Unique; shown with each message */
        name: string;
        /**
         * @description A list matches any of its members; every part must match. Empty: every message
         * @default {}
         */
        match?: {
          /** @description Names of clients */
          clients?: string[];
          /** @description Categories */
          categories?: ('authentication' | 'transactional' | 'marketing')[];
          /** @description The sender's domain; `*.example.com`: the domains below `example.com` */
          fromDomains?: string[];
          /** @description One of the tags of the message */
          tags?: string[];
          /** @description Ids of templates of the gateway */
          templates?: string[];
        };
        /** @description Accounts and their shares */
        use: {
          /** @description Name of an account */
          account: string;
          /** @description Share of the messages, relative to the other weights; 0: none, not even by failover */
          weight: number;
        }[];
        /**
         * @description `message`: each message is drawn by itself, and an Idempotency-Key always draws the same. `recipientDomain`: all messages to one domain (of the first recipient) go to one account. `none`: drawn again for each message
         * @default message
         * @enum {string}
         */
        sticky?: 'message' | 'recipientDomain' | 'none';
        /**
         * @description When no account of the route can take a message. `next`: the following matching routes, then PROVIDER_ORDER. `none`: no other account, ever: the message is refused, or waits
         * @default next
         * @enum {string}
         */
        fallback?: 'next' | 'none';
        /** @description An account whose requests are built and compared, but not sent: see `GET /v1/routes/{id}/shadow` */
        shadow?: string;
        /** @description When of the last `over` messages of one account of the route more than `failureRate` had a recipient `failed`, `rejected`, `expired` or hard `bounced`, the weight of the account becomes 0 */
        haltIf?: {
          /** @description A higher rate halts the account */
          failureRate: number;
          /** @description Number of messages */
          over: number;
        };
      }[];
      /**
       * @description Number of the last messages, of all clients
       * @default 100
       */
      last?: number;
    };
    RoutesDryRun: {
      /** @description Messages that were looked at */
      messages: number;
      /** @description Messages that would go to another account */
      changed: number;
      /** @description Messages by the account that would get them */
      byAccount: {
        [key: string]: number;
      };
      /** @description The newest ones that would change, at most 50 */
      examples: {
        messageId: string;
        /** @description The account that got it */
        from: string;
        /** @description null: it would be refused */
        to: string | null;
        route: string | null;
        reason: string;
      }[];
    };
    RouteShadow: {
      compared: number;
      /** @description Messages with at least one difference */
      different: number;
      /** @description The newest differences, at most 20 and at most 5 of one pointer */
      examples: {
        messageId: string;
        /** @description What differs, as a JSON pointer into the message */
        pointer: string;
        sent: string | number | null;
        shadow: string | number | null;
      }[];
    };
    AttachmentForm: {
      /**
       * Format: binary
       * @description The file, with its name and media type
       */
      file: string;
    };
    Attachment: {
      id: string;
      name: string;
      /** @description In bytes */
      size: number;
      /** @description Found in the content, otherwise as the uploader said */
      contentType: string;
      /** Format: date-time */
      createdAt: string;
    };
    AttachmentPage: {
      data: components['schemas']['Attachment'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    AuditPage: {
      data: components['schemas']['AuditEntry'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    AuditEntry: {
      id: string;
      /** Format: date-time */
      at: string;
      actor: {
        /** @description null: a process of the gateway acted by itself */
        keyId: string | null;
        client: string | null;
        /** @description `api` for what a caller did */
        process: string;
      };
      /** @description `<what>.<verb>` */
      action: string;
      /** @description An id, the name of an account, or a masked address */
      target: string | null;
      /** @description What differs, as it was; addresses are masked */
      before?: {
        [key: string]: unknown;
      };
      /** @description What differs, as it is then; or counts */
      after?: {
        [key: string]: unknown;
      };
      requestId: string | null;
    };
    SendingDomainList: {
      data: components['schemas']['SendingDomain'][];
      nextCursor: null;
    };
    SendingDomain: {
      domain: string;
      /** @description When a message of it was accepted last; `null`: in templates only */
      lastUsedAt: string | null;
      /** @description How many of the latest 5,000 messages have a sender of it */
      messages: number;
      /** @description How many templates have a sender of it */
      templates: number;
      /** @description When name servers were asked; answers count for an hour */
      checkedAt: string | null;
      /** @description Why some of it could not be looked up; that is then null or missing */
      problem: string | null;
      /** @description `fault`: receivers treat it as if there were none. `includes`: all domains that it takes in */
      spf: {
        /** @enum {string} */
        state: 'ok' | 'missing' | 'fault';
        /** @description As the name server gave it */
        record: string | null;
        detail: string;
        includes: string[];
      } | null;
      dmarc: {
        /** @enum {string} */
        state: 'ok' | 'missing' | 'fault';
        policy: ('none' | 'quarantine' | 'reject') | null;
        /** @description As the name server gave it */
        record: string | null;
        /** @description Where the record was found: the domain, or one above it */
        domain: string | null;
        detail: string;
      } | null;
      /** @description Keys under the selectors that vendors document */
      dkim: {
        selector: string;
        /** @enum {string} */
        state: 'ok' | 'missing' | 'fault';
      }[];
      /** @description What it means for mail through each account */
      accounts: {
        name: string;
        /**
         * @description Does the SPF record take in the vendor?
         * @enum {string}
         */
        spf: 'ok' | 'missing' | 'unknown';
        /**
         * @description Is there a key of the vendor?
         * @enum {string}
         */
        dkim: 'ok' | 'missing' | 'unknown';
        /**
         * @description `fail`: both are missing; a message through this account has a warning. `unknown`: the vendor does not document what it needs, or the domain could not be looked up
         * @enum {string}
         */
        dmarc: 'pass' | 'fail' | 'no_policy' | 'unknown';
      }[];
    };
    SuppressionSync: {
      /** @description An account; default: all */
      provider?: string;
    };
    Statistics: {
      /** Format: date-time */
      from: string;
      /** Format: date-time */
      to: string;
      /** @enum {string} */
      groupBy: 'date' | 'hour' | 'weekday' | 'provider' | 'template' | 'category' | 'tag' | 'domain';
      timeZone: string;
      /** @enum {string} */
      source: 'gateway' | 'provider';
      data: {
        /** @description Of the group; null: without template or tag */
        key: string | null;
        counts: components['schemas']['StatisticCounts'];
        rates: components['schemas']['StatisticRates'];
        /** @description The account whose figures are compared */
        provider?: string;
        /** @description Counts of the account; null: it does not report them */
        providerCounts?: {
          requested: number | null;
          sent: number | null;
          delivered: number | null;
          opened: number | null;
        };
        /** @description Counts of the account minus those of the gateway */
        differences?: {
          requested: number | null;
          sent: number | null;
          delivered: number | null;
          opened: number | null;
        };
      }[];
      /** @description Accounts that did not report their counts */
      problems?: ({
        provider: string;
        problem: {
          code: string;
        } & {
          [key: string]: unknown;
        };
      } & {
        [key: string]: unknown;
      })[];
    };
    StatisticCounts: {
      requested: number;
      /** @description In a request that a provider accepted */
      submitted: number;
      /** @description Handed over, with or without proof of receipt */
      sent: number;
      /** @description With proof of receipt */
      delivered: number;
      opened: number;
      bounced: number;
      /** @description Failed, rejected or expired */
      failed: number;
      suppressed: number;
    };
    /** @description Submitted, failed and suppressed of requested; sent, delivered and bounced of submitted; opened of delivered */
    StatisticRates: {
      submitted: number | null;
      sent: number | null;
      delivered: number | null;
      opened: number | null;
      bounced: number | null;
      failed: number | null;
      suppressed: number | null;
    };
    WebhookEventTypePage: {
      data: components['schemas']['WebhookEventType'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    WebhookEventType: {
      /** @enum {string} */
      type:
        | 'message.accepted'
        | 'message.scheduled'
        | 'message.held'
        | 'message.released'
        | 'message.expanded'
        | 'message.cancelled'
        | 'message.completed'
        | 'batch.dispatched'
        | 'batch.accepted'
        | 'batch.refused'
        | 'batch.deferred'
        | 'batch.unconfirmed'
        | 'batch.adopted'
        | 'batch.resent'
        | 'provider.unknown_status'
        | 'recipient.held'
        | 'recipient.scheduled'
        | 'recipient.queued'
        | 'recipient.deferred'
        | 'recipient.dispatching'
        | 'recipient.unconfirmed'
        | 'recipient.submitted'
        | 'recipient.sending'
        | 'recipient.sent'
        | 'recipient.delivered'
        | 'recipient.bounced'
        | 'recipient.failed'
        | 'recipient.rejected'
        | 'recipient.suppressed'
        | 'recipient.unsubscribed'
        | 'recipient.cancelled'
        | 'recipient.expired'
        | 'recipient.opened'
        | 'webhook_endpoint.failing'
        | 'webhook_endpoint.recovered'
        | 'webhook_endpoint.paused'
        | 'webhook_endpoint.resumed'
        | 'route.halted';
      description: string;
      /** @description JSON Schema of the body of a request */
      schema: {
        [key: string]: unknown;
      };
      /** @description A body */
      example: {
        [key: string]: unknown;
      };
    };
    CreateWebhookEndpoint: {
      /** @description Where events are sent */
      url: string;
      /** @description Types of events, or groups of them; empty: all */
      events?: string[];
      /** @description In your own words */
      description?: string;
      /** @description Only events of such messages. A list matches any of its members; every part must match */
      filter?: {
        categories?: ('authentication' | 'transactional' | 'marketing')[];
        tags?: string[];
        /** @description Names of accounts */
        providers?: string[];
        templateIds?: string[];
        /** @description All of these values must be in the metadata of the message */
        metadata?: {
          [key: string]: string | number | boolean;
        };
      };
      /** @description Several events in each request; empty: one event in each */
      batch?: {
        /** @description Default: 100 */
        maxEvents?: number;
        /** @description How long a request waits to be full. Default: 1000 */
        maxWaitMs?: number;
      };
      /** @description One request at a time, in order: a request that fails holds up all later ones */
      ordered?: boolean;
      /** @description Concurrent requests at most */
      maxInFlight?: number;
      /** @description Requests per second at most; 0: no limit */
      maxPerSecond?: number;
      /** @description Headers of every request. Values are sealed at rest and not shown again; `***` keeps the one that is there */
      headers?: {
        [key: string]: string;
      };
      /** @description False: paused */
      enabled?: boolean;
      /**
       * @description `hmac` (default): a shared secret. `ed25519`: a public key for you
       * @enum {string}
       */
      signing?: 'hmac' | 'ed25519';
      /** @description Where to begin: a cursor of the feed, or a time. Default: now */
      from?: string;
    };
    NewWebhookEndpoint: {
      id: string;
      url: string;
      description: string | null;
      events: string[];
      filter: {
        [key: string]: unknown;
      };
      batch: {
        maxEvents: number;
        maxWaitMs: number;
      } | null;
      ordered: boolean;
      maxInFlight: number;
      maxPerSecond: number | null;
      /** @description Values are hidden (`***`) */
      headers: {
        [key: string]: string;
      };
      /** @enum {string} */
      signing: 'hmac' | 'ed25519';
      /** @description With `ed25519`: the key to verify with, `whpk_…` */
      publicKey?: string;
      enabled: boolean;
      pausedAt: string | null;
      /** @description `caller`: by a call. `gone`: it answered 410. `failing`: five days without a success */
      pauseReason: ('caller' | 'gone' | 'failing') | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
      /** @description With `hmac`: the secret, shown only once */
      secret?: string;
    };
    WebhookEndpointPage: {
      data: components['schemas']['WebhookEndpoint'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    WebhookEndpoint: {
      id: string;
      url: string;
      description: string | null;
      events: string[];
      filter: {
        [key: string]: unknown;
      };
      batch: {
        maxEvents: number;
        maxWaitMs: number;
      } | null;
      ordered: boolean;
      maxInFlight: number;
      maxPerSecond: number | null;
      /** @description Values are hidden (`***`) */
      headers: {
        [key: string]: string;
      };
      /** @enum {string} */
      signing: 'hmac' | 'ed25519';
      /** @description With `ed25519`: the key to verify with, `whpk_…` */
      publicKey?: string;
      enabled: boolean;
      pausedAt: string | null;
      /** @description `caller`: by a call. `gone`: it answered 410. `failing`: five days without a success */
      pauseReason: ('caller' | 'gone' | 'failing') | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    WebhookEndpointWithHealth: {
      id: string;
      url: string;
      description: string | null;
      events: string[];
      filter: {
        [key: string]: unknown;
      };
      batch: {
        maxEvents: number;
        maxWaitMs: number;
      } | null;
      ordered: boolean;
      maxInFlight: number;
      maxPerSecond: number | null;
      /** @description Values are hidden (`***`) */
      headers: {
        [key: string]: string;
      };
      /** @enum {string} */
      signing: 'hmac' | 'ed25519';
      /** @description With `ed25519`: the key to verify with, `whpk_…` */
      publicKey?: string;
      enabled: boolean;
      pausedAt: string | null;
      /** @description `caller`: by a call. `gone`: it answered 410. `failing`: five days without a success */
      pauseReason: ('caller' | 'gone' | 'failing') | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
      health: {
        /** @enum {string} */
        state: 'healthy' | 'failing' | 'paused';
        failingSince: string | null;
        /** @description What waits: events, of the log the first thousand, and the age of the oldest */
        lag: {
          events: number;
          seconds: number;
        };
        lastSuccessAt: string | null;
        lastError: {
          /** Format: date-time */
          at: string;
          code: string;
          detail: string;
          httpStatus: number | null;
        } | null;
      };
    };
    UpdateWebhookEndpoint: {
      /** @description Where events are sent */
      url?: string;
      /** @description Types of events, or groups of them; empty: all */
      events?: string[];
      /** @description In your own words */
      description?: string;
      /** @description Only events of such messages. A list matches any of its members; every part must match */
      filter?: {
        categories?: ('authentication' | 'transactional' | 'marketing')[];
        tags?: string[];
        /** @description Names of accounts */
        providers?: string[];
        templateIds?: string[];
        /** @description All of these values must be in the metadata of the message */
        metadata?: {
          [key: string]: string | number | boolean;
        };
      };
      /** @description Several events in each request; empty: one event in each */
      batch?: {
        /** @description Default: 100 */
        maxEvents?: number;
        /** @description How long a request waits to be full. Default: 1000 */
        maxWaitMs?: number;
      };
      /** @description One request at a time, in order: a request that fails holds up all later ones */
      ordered?: boolean;
      /** @description Concurrent requests at most */
      maxInFlight?: number;
      /** @description Requests per second at most; 0: no limit */
      maxPerSecond?: number;
      /** @description Headers of every request. Values are sealed at rest and not shown again; `***` keeps the one that is there */
      headers?: {
        [key: string]: string;
      };
      /** @description False: paused */
      enabled?: boolean;
    };
    TestWebhookEndpoint: {
      /** @description Type of the example event. Default: `message.completed` */
      type?: string;
    };
    WebhookTest: {
      delivered: boolean;
      httpStatus: number | null;
      durationMs: number;
      /** @description The address that was contacted */
      address: string | null;
      error: {
        code: string;
        detail: string;
      } | null;
      /** @description The answer, the first 16 KiB */
      response: string | null;
    };
    ResumeWebhookEndpoint: {
      /**
       * @description `held` (default): from where it was paused. `now`: what waited is not sent
       * @enum {string}
       */
      from?: 'held' | 'now';
    };
    RotateWebhookSecret: {
      /** @description How long the old secret signs as well: an ISO 8601 duration up to 7 days. Default: `PT24H`; `PT0S`: not at all */
      overlap?: string;
    };
    RotatedWebhookSecret: {
      /** @description With `hmac` */
      secret?: string;
      /** @description With `ed25519` */
      publicKey?: string;
      /**
       * Format: date-time
       * @description Until then, the old secret signs as well
       */
      previousValidUntil: string;
    };
    ReplayWebhookEvents: {
      /** @description Ids of events */
      events?: string[];
      /** @description Cursor or time */
      from?: string;
      /** @description Cursor or time, exclusive */
      to?: string;
      /** @description Default: the endpoint's own */
      types?: string[];
      /**
       * @description Everything that failed for good
       * @constant
       */
      failed?: true;
      /** @description Only count */
      dryRun?: boolean;
    };
    WebhookReplay: {
      events: number;
      requests: number;
    };
    WebhookDeliveryPage: {
      data: components['schemas']['WebhookDeliverySummary'][];
      /** @description `cursor` of the next page; null: this is the last one */
      nextCursor: string | null;
    };
    WebhookDeliverySummary: {
      id: string;
      endpointId: string;
      /** @description The header `webhook-id`, the same at each attempt */
      webhookId: string;
      type: string;
      /**
       * @description `pending`: it is sent as soon as possible. `failing`: it is sent again at `nextAttemptAt`. `failed`: it is not sent any more
       * @enum {string}
       */
      status: 'pending' | 'delivered' | 'failing' | 'failed';
      replay: boolean;
      /** @description Ids of events */
      events: string[];
      messages: string[];
      nextAttemptAt: string | null;
      /** Format: date-time */
      createdAt: string;
      finishedAt: string | null;
      /** @description The last twelve, oldest first */
      attempts: {
        /** Format: date-time */
        at: string;
        durationMs: number;
        address: string | null;
        httpStatus: number | null;
        error: {
          /** @enum {string} */
          code: 'E_TARGET_FORBIDDEN' | 'E_DNS' | 'E_CONNECT' | 'E_TLS' | 'E_TIMEOUT' | 'E_HTTP';
          detail: string;
        } | null;
      }[];
    };
    WebhookDelivery: {
      id: string;
      endpointId: string;
      /** @description The header `webhook-id`, the same at each attempt */
      webhookId: string;
      type: string;
      /**
       * @description `pending`: it is sent as soon as possible. `failing`: it is sent again at `nextAttemptAt`. `failed`: it is not sent any more
       * @enum {string}
       */
      status: 'pending' | 'delivered' | 'failing' | 'failed';
      replay: boolean;
      /** @description Ids of events */
      events: string[];
      messages: string[];
      nextAttemptAt: string | null;
      /** Format: date-time */
      createdAt: string;
      finishedAt: string | null;
      attempts: {
        /** Format: date-time */
        at: string;
        durationMs: number;
        address: string | null;
        httpStatus: number | null;
        error: {
          /** @enum {string} */
          code: 'E_TARGET_FORBIDDEN' | 'E_DNS' | 'E_CONNECT' | 'E_TLS' | 'E_TIMEOUT' | 'E_HTTP';
          detail: string;
        } | null;
        request: {
          headers: {
            [key: string]: string;
          };
          /** @description The first 16 KiB */
          body: string;
        };
        response: {
          headers: {
            [key: string]: string;
          };
          /** @description The first 16 KiB */
          body: string;
        } | null;
      }[];
    };
    HealthReport: {
      /** @enum {string} */
      status: 'up' | 'degraded' | 'busy' | 'down';
      checks: {
        [key: string]: {
          /** @enum {string} */
          status: 'up' | 'degraded' | 'busy' | 'down';
          durationMs: number;
          reason?: string;
        };
      };
    };
    Workload: {
      /** Format: date-time */
      readAt: string;
      accounts: {
        name: string;
        /** @description The pace of the account; `null`: none */
        limits: {
          requestsPerSecond: number | null;
          recipientsPerSecond: number | null;
        };
        /** @description Why mail of this account waits; `null`: it takes mail */
        waiting: {
          account: string;
          reason: string;
          detail: string;
          since: string | null;
          /** @description null: only after an operator acts */
          until: string | null;
        } | null;
        /** @description Age of the oldest unconfirmed request */
        unconfirmedSeconds: number;
        /** @description How late the most overdue status poll is */
        pollLagSeconds: number;
        /** @description Batches whose worker is gone and that no worker has taken over yet */
        endedLeases: number;
        lanes: {
          /** @enum {string} */
          category: 'authentication' | 'transactional' | 'marketing';
          /** @description Batches that are not at their end, by status */
          batches: {
            [key: string]: number;
          };
          /** @description Deferred batches, by reason */
          reasons: {
            [key: string]: number;
          };
          /** @description How long the oldest batch has been due; 0 when none is */
          oldestDueSeconds: number;
          /** @description Posted within the last minute */
          lastMinute: {
            requests: number;
            recipients: number;
          };
        }[];
      }[];
      /** @description Requests to providers of the last hour, by minute, account and outcome */
      minutes: {
        /** Format: date-time */
        at: string;
        accounts: {
          [key: string]: {
            [key: string]: number;
          };
        };
      }[];
      /** @description Endpoints of all clients; the lag is of those that are neither failing nor paused */
      webhooks: {
        healthy: number;
        failing: number;
        paused: number;
        lagSeconds: number;
      };
      /** @description How late the most overdue message to an audience is */
      audienceLagSeconds: number;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export interface operations {
  listMessages: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
        /** @description Status of the message */
        status?:
          'held' | 'scheduled' | 'queued' | 'sending' | 'completed' | 'partially_failed' | 'failed' | 'cancelled';
        /** @description Category of the message */
        category?: 'authentication' | 'transactional' | 'marketing';
        /** @description The account that got the message */
        provider?: string;
        /** @description One of its tags */
        tag?: string;
        /** @description Made of this template */
        templateId?: string;
        /** @description Address of the sender */
        from?: string;
        /** @description Address of a recipient */
        to?: string;
        /** @description A part of the subject, in any case; login mail and encrypted subjects are not searched */
        subject?: string;
        /** @description Only messages made after this time */
        createdAfter?: string;
        /** @description Only messages made before this time */
        createdBefore?: string;
        /** @description Values of metadata, as `metadata[orderSystem]=web` */
        metadata?: {
          [key: string]: string;
        };
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Messages, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MessagePage'];
        };
      };
    };
  };
  sendMessage: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * @description The message. `template`, `html` or `text` is required, and `recipients`, `to` or `audience`.
     *
     *     For more than 100,000 recipients, up to 5,000,000: the first line is the message without recipients, then one recipient per line. The message is accepted as a whole or not at all.
     */
    requestBody: {
      content: {
        'application/json': components['schemas']['NewMessage'];
        'application/x-ndjson': string;
      };
    };
    responses: {
      /** @description With `dryRun`: what would happen */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Preview'];
        };
      };
      /** @description Accepted and stored */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
    };
  };
  previewMessage: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The message. `template`, `html` or `text` is required, and `recipients`, `to` or `audience`. */
    requestBody: {
      content: {
        'application/json': components['schemas']['NewMessage'];
      };
    };
    responses: {
      /** @description What would happen */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Preview'];
        };
      };
    };
  };
  sendMessages: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The messages */
    requestBody: {
      content: {
        'application/json': {
          /** @description 1 to 1,000 messages, each as for `POST /v1/messages` */
          messages: unknown[];
        };
      };
    };
    responses: {
      /** @description One entry per message, in the same order */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            results: {
              index: number;
              id?: string;
              problem?: components['schemas']['Problem'];
            }[];
          };
        };
      };
    };
  };
  redriveMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the message */
        id: string;
      };
      cookie?: never;
    };
    /** @description Which recipients */
    requestBody: {
      content: {
        'application/json': {
          /** @description Recipients with these statuses; default: failed, rejected, expired, and bounced softly */
          statuses?: (
            | 'held'
            | 'scheduled'
            | 'queued'
            | 'deferred'
            | 'dispatching'
            | 'unconfirmed'
            | 'submitted'
            | 'sending'
            | 'sent'
            | 'delivered'
            | 'bounced'
            | 'failed'
            | 'rejected'
            | 'suppressed'
            | 'unsubscribed'
            | 'cancelled'
            | 'expired'
          )[];
          /** @description Only those with these reasons */
          reasons?: (
            | 'invalid_address'
            | 'unknown_user'
            | 'mailbox_full'
            | 'domain_not_found'
            | 'blocked_spam'
            | 'blocked_policy'
            | 'auth_failed'
            | 'too_large'
            | 'content'
            | 'sender_not_verified'
            | 'recipient_opted_out'
            | 'provider_suppressed'
            | 'quota'
            | 'throttled'
            | 'provider_unavailable'
            | 'provider_refused'
            | 'template_error'
            | 'cancelled_by_caller'
            | 'expired'
            | 'unknown'
          )[];
          /**
           * @description Only count them
           * @default false
           */
          dryRun?: boolean;
        };
      };
    };
    responses: {
      /** @description With `dryRun`: how many recipients it would be for */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            recipientCount: number;
          };
        };
      };
      /** @description The new message */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
    };
  };
  cancelMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the message */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Cancelled completely or in part */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Cancellation'];
        };
      };
    };
  };
  releaseMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the message */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The message is released */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Release'];
        };
      };
    };
  };
  getMessage: {
    parameters: {
      query?: {
        /** @description Answer when every recipient is settled, or at the timeout */
        waitFor?: 'final';
        /** @description Seconds to wait */
        timeout?: number;
      };
      header?: never;
      path: {
        /** @description Id of the message */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The message */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MessageDetail'];
        };
      };
    };
  };
  listMessageRecipients: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
        /** @description Status of the recipient */
        status?:
          | 'held'
          | 'scheduled'
          | 'queued'
          | 'deferred'
          | 'dispatching'
          | 'unconfirmed'
          | 'submitted'
          | 'sending'
          | 'sent'
          | 'delivered'
          | 'bounced'
          | 'failed'
          | 'rejected'
          | 'suppressed'
          | 'unsubscribed'
          | 'cancelled'
          | 'expired';
        /** @description Address of the recipient */
        address?: string;
      };
      header?: never;
      path: {
        /** @description Id of the message */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Recipients */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecipientPage'];
        };
      };
    };
  };
  listMessageBatches: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @description Id of the message */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Provider requests */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BatchPage'];
        };
      };
    };
  };
  listMessageEvents: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @description Id of the message */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Events, oldest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventPage'];
        };
      };
    };
  };
  diagnoseMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the message */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The diagnosis */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Diagnosis'];
        };
      };
    };
  };
  findRecipients: {
    parameters: {
      query: {
        /** @description Entries per page */
        limit?: number;
        /** @description Address of the recipient */
        address: string;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
        /** @description With NDJSON, for an `admin` key of client `default`: the data of all clients */
        allClients?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Recipients, newest message first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecipientPage'];
        };
      };
    };
  };
  listApiKeys: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Keys, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKeyPage'];
        };
      };
    };
  };
  createApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description Client, name and scopes */
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateApiKey'];
      };
    };
    responses: {
      /** @description The key, shown only once */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NewApiKey'];
        };
      };
    };
  };
  revokeApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the key */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Revoked */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the key */
        id: string;
      };
      cookie?: never;
    };
    /** @description What changes */
    requestBody: {
      content: {
        'application/json': components['schemas']['UpdateApiKey'];
      };
    };
    responses: {
      /** @description The key */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKey'];
        };
      };
    };
  };
  rotateApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the key */
        id: string;
      };
      cookie?: never;
    };
    /** @description How long both work */
    requestBody?: {
      content: {
        'application/json': components['schemas']['RotateApiKey'];
      };
    };
    responses: {
      /** @description The key with its new secret, shown only once */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RotatedApiKey'];
        };
      };
    };
  };
  listEvents: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
        /** @description Only these types, separated by commas; `recipient.*` means all that begin so */
        types?: string;
        /** @description Only events of this message */
        messageId?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Events, oldest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventPage'];
        };
      };
    };
  };
  streamEvents: {
    parameters: {
      query?: {
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
        /** @description Only these types, separated by commas; `recipient.*` means all that begin so */
        types?: string;
        /** @description Only events of this message */
        messageId?: string;
        /** @description Seconds after which the stream ends; it stays open unless given */
        timeout?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Events as they happen */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
    };
  };
  listErasures: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Erasures */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErasurePage'];
        };
      };
    };
  };
  requestErasure: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The addresses */
    requestBody: {
      content: {
        'application/json': {
          /** @description 1 to 5,000 addresses */
          addresses: string[];
          /** @description In your own words, for the receipt; without an address */
          reason?: string;
          /** @description Also look for the addresses in texts and variables of mail to others, of so many days. They are reported, not erased */
          mentionDays?: number;
          /**
           * @description Only count what would be erased
           * @default false
           */
          dryRun?: boolean;
        };
      };
    };
    responses: {
      /** @description With `dryRun`: what would be erased */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErasurePlan'];
        };
      };
      /** @description The erasure, which a worker carries out */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Erasure'];
        };
      };
    };
  };
  getErasure: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the erasure */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The erasure */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Erasure'];
        };
      };
    };
  };
  pushTemplate: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the template */
        id: string;
      };
      cookie?: never;
    };
    /** @description The account */
    requestBody: {
      content: {
        'application/json': components['schemas']['TemplatePush'];
      };
    };
    responses: {
      /** @description The provider has the template */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PushedTemplate'];
        };
      };
    };
  };
  exportTemplates: {
    parameters: {
      query?: {
        /** @description Account whose own backup is returned, in the provider's format; needs an admin key */
        from?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Categories and templates, or a backup */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TemplateExport'] | components['schemas']['TemplateBackup'];
        };
      };
    };
  };
  importTemplates: {
    parameters: {
      query?: {
        /** @description Account whose own templates are taken over; then there is no body */
        from?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description An export or a backup; none with `from` */
    requestBody?: {
      content: {
        'application/json': components['schemas']['TemplateImport'];
      };
    };
    responses: {
      /** @description The result */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TemplateImportReport'];
        };
      };
    };
  };
  listTemplates: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
        /** @description Templates of this category itself */
        categoryId?: string;
        /** @description Part of name, description or subject */
        q?: string;
        /** @description Only enabled ones, or only disabled ones */
        enabled?: 'true' | 'false';
        /** @description Deleted ones, which can be restored */
        deleted?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Templates, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TemplatePage'];
        };
      };
    };
  };
  createTemplate: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description Name and texts; `html` or `text` is required */
    requestBody: {
      content: {
        'application/json': components['schemas']['NewTemplate'];
      };
    };
    responses: {
      /** @description The template, version 1 */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Template'];
        };
      };
    };
  };
  getTemplate: {
    parameters: {
      query?: {
        /** @description A version; the newest unless given */
        version?: number;
      };
      header?: never;
      path: {
        /** @description Id of the template */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The template */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Template'];
        };
      };
    };
  };
  deleteTemplate: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the template */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deleted */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateTemplate: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the template */
        id: string;
      };
      cookie?: never;
    };
    /** @description The changes */
    requestBody: {
      content: {
        'application/json': components['schemas']['TemplateChanges'];
      };
    };
    responses: {
      /** @description The template with its newest version */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Template'];
        };
      };
    };
  };
  restoreTemplate: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the template */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The template */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Template'];
        };
      };
    };
  };
  previewTemplate: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the template */
        id: string;
      };
      cookie?: never;
    };
    /** @description Values */
    requestBody: {
      content: {
        'application/json': components['schemas']['TemplatePreview'];
      };
    };
    responses: {
      /** @description The texts */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RenderedTemplate'];
        };
      };
    };
  };
  listTemplateCategories: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
        /** @description Children of this category; `root`: those at the root */
        parentId?: string;
        /** @description Part of name or description */
        q?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Categories, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TemplateCategoryPage'];
        };
      };
    };
  };
  createTemplateCategory: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description Name and parent */
    requestBody: {
      content: {
        'application/json': components['schemas']['NewTemplateCategory'];
      };
    };
    responses: {
      /** @description The category */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TemplateCategory'];
        };
      };
    };
  };
  getTemplateCategory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the category */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The category */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TemplateCategory'];
        };
      };
    };
  };
  deleteTemplateCategory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the category */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deleted */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateTemplateCategory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the category */
        id: string;
      };
      cookie?: never;
    };
    /** @description The changes */
    requestBody: {
      content: {
        'application/json': components['schemas']['TemplateCategoryChanges'];
      };
    };
    responses: {
      /** @description The category */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TemplateCategory'];
        };
      };
    };
  };
  importContacts: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * @description One contact per line, as for `POST /v1/contacts`.
     *
     *     The first line names the columns: `externalId,name,address,groups`, groups split by `;`.
     */
    requestBody: {
      content: {
        'application/x-ndjson': string;
        'text/csv': string;
      };
    };
    responses: {
      /** @description The result */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportResult'];
        };
      };
    };
  };
  listContacts: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
        /** @description Name of a group */
        group?: string;
        /** @description One of its addresses */
        address?: string;
        /** @description What your own system calls it */
        externalId?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Contacts */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ContactPage'];
        };
      };
    };
  };
  createContact: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The contact */
    requestBody: {
      content: {
        'application/json': components['schemas']['NewContact'];
      };
    };
    responses: {
      /** @description The contact */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Contact'];
        };
      };
    };
  };
  getContact: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the contact */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The contact */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Contact'];
        };
      };
    };
  };
  deleteContact: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the contact */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deleted */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateContact: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the contact */
        id: string;
      };
      cookie?: never;
    };
    /** @description The changes */
    requestBody: {
      content: {
        'application/json': components['schemas']['ContactChange'];
      };
    };
    responses: {
      /** @description The contact as it is now */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Contact'];
        };
      };
    };
  };
  addMembers: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the group */
        id: string;
      };
      cookie?: never;
    };
    /** @description Addresses or ids of contacts */
    requestBody: {
      content: {
        'application/json': components['schemas']['Members'];
      };
    };
    responses: {
      /** @description Number of new members */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MembersAdded'];
        };
      };
    };
  };
  removeMembers: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the group */
        id: string;
      };
      cookie?: never;
    };
    /** @description Addresses or ids of contacts */
    requestBody: {
      content: {
        'application/json': components['schemas']['Members'];
      };
    };
    responses: {
      /** @description Number of removed members */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MembersRemoved'];
        };
      };
    };
  };
  emptyGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the group */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Number of removed members */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['GroupEmptied'];
        };
      };
    };
  };
  pushGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the group */
        id: string;
      };
      cookie?: never;
    };
    /** @description The account */
    requestBody: {
      content: {
        'application/json': components['schemas']['PushGroup'];
      };
    };
    responses: {
      /** @description The list equals the group */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['GroupPush'];
        };
      };
      /** @description The push continues after the answer */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['GroupPush'];
        };
      };
    };
  };
  listGroups: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Groups */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['GroupPage'];
        };
      };
    };
  };
  createGroup: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The group */
    requestBody: {
      content: {
        'application/json': components['schemas']['NewGroup'];
      };
    };
    responses: {
      /** @description The group */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Group'];
        };
      };
    };
  };
  getGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the group */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The group */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Group'];
        };
      };
    };
  };
  deleteGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the group */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deleted */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the group */
        id: string;
      };
      cookie?: never;
    };
    /** @description The changes */
    requestBody: {
      content: {
        'application/json': components['schemas']['GroupChange'];
      };
    };
    responses: {
      /** @description The group as it is now */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Group'];
        };
      };
    };
  };
  listProviderGroups: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the account */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All lists at the account */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProviderGroupList'];
        };
      };
    };
  };
  wipeProviderGroups: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the account */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The account has no lists any more */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listProviders: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Accounts in the order of preference */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProviderAccountList'];
        };
      };
    };
  };
  pauseProvider: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the account */
        name: string;
      };
      cookie?: never;
    };
    /** @description The reason */
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description Shown beside the account
           * @default by an operator
           */
          reason?: string;
        };
      };
    };
    responses: {
      /** @description The account */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProviderAccount'];
        };
      };
    };
  };
  drainProvider: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the account */
        name: string;
      };
      cookie?: never;
    };
    /** @description The reason */
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description Shown beside the account
           * @default by an operator
           */
          reason?: string;
        };
      };
    };
    responses: {
      /** @description The account */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProviderAccount'];
        };
      };
    };
  };
  resumeProvider: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the account */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The account */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProviderAccount'];
        };
      };
    };
  };
  getBounceBlock: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the account */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The current setting */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BounceBlock'];
        };
      };
    };
  };
  setBounceBlock: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the account */
        name: string;
      };
      cookie?: never;
    };
    /** @description The time */
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeBounceBlock'];
      };
    };
    responses: {
      /** @description The new setting */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BounceBlock'];
        };
      };
    };
  };
  checkProvider: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the account */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was learnt */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AccountCheck'];
        };
      };
    };
  };
  getRoutes: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The routes in force */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Routes'];
        };
      };
    };
  };
  putRoutes: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The routes, with the version that they replace */
    requestBody: {
      content: {
        'application/json': components['schemas']['PutRoutes'];
      };
    };
    responses: {
      /** @description The routes with their new version */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Routes'];
        };
      };
    };
  };
  listRouteVersions: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Versions, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RouteVersionPage'];
        };
      };
    };
  };
  dryRunRoutes: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The routes, as in `PUT /v1/routes`, and the number of messages */
    requestBody: {
      content: {
        'application/json': components['schemas']['DryRunRoutes'];
      };
    };
    responses: {
      /** @description What would change */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RoutesDryRun'];
        };
      };
    };
  };
  readRouteShadow: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the route */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Differences; all zero for a route without a shadow */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RouteShadow'];
        };
      };
    };
  };
  listAttachments: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Files, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AttachmentPage'];
        };
      };
    };
  };
  uploadAttachment: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description A form with one file */
    requestBody: {
      content: {
        'multipart/form-data': components['schemas']['AttachmentForm'];
      };
    };
    responses: {
      /** @description The file is stored */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Attachment'];
        };
      };
    };
  };
  getAttachment: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the attachment */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The file */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Attachment'];
        };
      };
    };
  };
  deleteAttachment: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the attachment */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deleted */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  getAttachmentContent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the attachment */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The content of the file */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          '*/*': string;
        };
      };
    };
  };
  listAudit: {
    parameters: {
      query?: {
        /** @description A key by its id, a client by its name, or a process (`worker`, `retention`, `doctor`) */
        actor?: string;
        /** @description An action (`template.update`), or all of a kind (`template`) */
        action?: string;
        /** @description What was changed, as entries show it */
        target?: string;
        /** @description Entries from this time on, or after the entry with this id */
        since?: string;
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Acts, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditPage'];
        };
      };
    };
  };
  exportAudit: {
    parameters: {
      query?: {
        /** @description A key by its id, a client by its name, or a process (`worker`, `retention`, `doctor`) */
        actor?: string;
        /** @description An action (`template.update`), or all of a kind (`template`) */
        action?: string;
        /** @description What was changed, as entries show it */
        target?: string;
        /** @description Entries from this time on, or after the entry with this id */
        since?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Acts, oldest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': string;
        };
      };
    };
  };
  listSendingDomains: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Domains, the latest used first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SendingDomainList'];
        };
      };
    };
  };
  syncSuppressions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The account; a request without body means all */
    requestBody: {
      content: {
        'application/json': components['schemas']['SuppressionSync'];
      };
    };
    responses: {
      /** @description Changes on both sides */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            results: {
              provider: string;
              /**
               * @description `running`: it continues after the answer. `failed`: it is tried again.
               * @enum {string}
               */
              status: 'completed' | 'running' | 'failed';
              /** @description Changes of the list of the gateway; `unreadable`: entries of the account that are no e-mail address, passed over */
              gateway: {
                added: number;
                removed: number;
                unreadable: number;
              };
              /** @description The same for the list of the account; `ignored`: addresses that it did not accept */
              account: {
                added: number;
                removed: number;
                ignored: number;
              };
              startedAt: string | null;
              problem?: {
                code: string;
                detail: string;
              } & {
                [key: string]: unknown;
              };
            }[];
          };
        };
      };
    };
  };
  listSuppressions: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
        /** @description One address */
        address?: string;
        /** @description The reason, as it was given */
        reason?: string;
        /** @description `api`, `bounce` or an account */
        source?: string;
        /** @description Added at or after */
        since?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Addresses that get no mail */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** @description null: the address was erased; the entry is still in force */
              address: string | null;
              /** @enum {string} */
              scope: 'marketing' | 'all';
              reason: string | null;
              source: string;
              /** Format: date-time */
              createdAt: string;
              /** @description The API key that added it; null: the gateway */
              createdBy: string | null;
              expiresAt: string | null;
            }[];
            nextCursor: string | null;
          };
        };
      };
    };
  };
  addSuppressions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The addresses */
    requestBody: {
      content: {
        'application/json': {
          /** @description 1 to 1,000 addresses */
          addresses: string[];
          /**
           * @description `marketing`: advertisements only; `all`: receipts and login codes too
           * @enum {string}
           */
          scope: 'marketing' | 'all';
          /** @description In your own words */
          reason?: string;
        };
      };
    };
    responses: {
      /** @description Number of new and of existing entries */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            added: number;
            ignored: number;
          };
        };
      };
    };
  };
  removeSuppression: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The address */
        address: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The address gets mail again */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readStatistics: {
    parameters: {
      query?: {
        /** @description From this day or hour on; 30 days before `to` if left out */
        from?: string;
        /** @description To the end of this day, or to this hour; today if left out */
        to?: string;
        /** @description What the rows are */
        groupBy?: 'date' | 'hour' | 'weekday' | 'provider' | 'template' | 'category' | 'tag' | 'domain';
        /** @description Of days, hours and weekdays */
        timeZone?: string;
        /** @description `provider`: the figures of the accounts beside ours, and where they differ; of all clients, so scope `admin` */
        source?: 'gateway' | 'provider';
        /** @description Only this account */
        provider?: string;
        /** @description Only this category */
        category?: 'authentication' | 'transactional' | 'marketing';
        /** @description Only messages of this template */
        templateId?: string;
        /** @description Only messages with this tag */
        tag?: string;
        /** @description Only recipients of this domain */
        domain?: string;
        /** @description Most rows */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The counts: times in order, other groups with the largest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Statistics'];
        };
      };
    };
  };
  listWebhookEventTypes: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Types of events */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEventTypePage'];
        };
      };
    };
  };
  listWebhookEndpoints: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Endpoints */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpointPage'];
        };
      };
    };
  };
  createWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The URL and what is sent to it */
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateWebhookEndpoint'];
      };
    };
    responses: {
      /** @description The endpoint, with its secret or its public key */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NewWebhookEndpoint'];
        };
      };
    };
  };
  getWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the endpoint */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The endpoint */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpointWithHealth'];
        };
      };
    };
  };
  deleteWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the endpoint */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deleted */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the endpoint */
        id: string;
      };
      cookie?: never;
    };
    /** @description What changes */
    requestBody: {
      content: {
        'application/json': components['schemas']['UpdateWebhookEndpoint'];
      };
    };
    responses: {
      /** @description The endpoint */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpoint'];
        };
      };
    };
  };
  testWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the endpoint */
        id: string;
      };
      cookie?: never;
    };
    /** @description The type of the event */
    requestBody?: {
      content: {
        'application/json': components['schemas']['TestWebhookEndpoint'];
      };
    };
    responses: {
      /** @description What became of the request */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookTest'];
        };
      };
    };
  };
  pauseWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the endpoint */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The endpoint */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpoint'];
        };
      };
    };
  };
  resumeWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the endpoint */
        id: string;
      };
      cookie?: never;
    };
    /** @description Where to go on */
    requestBody?: {
      content: {
        'application/json': components['schemas']['ResumeWebhookEndpoint'];
      };
    };
    responses: {
      /** @description The endpoint */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpoint'];
        };
      };
    };
  };
  rotateWebhookSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the endpoint */
        id: string;
      };
      cookie?: never;
    };
    /** @description How long the old secret stays valid */
    requestBody?: {
      content: {
        'application/json': components['schemas']['RotateWebhookSecret'];
      };
    };
    responses: {
      /** @description The new secret or public key */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RotatedWebhookSecret'];
        };
      };
    };
  };
  replayWebhookEvents: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the endpoint */
        id: string;
      };
      cookie?: never;
    };
    /** @description What to send again */
    requestBody: {
      content: {
        'application/json': components['schemas']['ReplayWebhookEvents'];
      };
    };
    responses: {
      /** @description With `dryRun`: what would be sent */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookReplay'];
        };
      };
      /** @description What will be sent */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookReplay'];
        };
      };
    };
  };
  listWebhookDeliveries: {
    parameters: {
      query?: {
        /** @description Entries per page */
        limit?: number;
        /** @description The `nextCursor` of the previous page */
        cursor?: string;
        /** @description One status */
        status?: 'pending' | 'delivered' | 'failing' | 'failed';
        /** @description Requests with this event */
        event?: string;
        /** @description Requests with events of this message */
        message?: string;
        /** @description Begun at or after */
        from?: string;
        /** @description Begun before */
        to?: string;
      };
      header?: never;
      path: {
        /** @description Id of the endpoint */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deliveries */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDeliveryPage'];
        };
      };
    };
  };
  getWebhookDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the endpoint */
        id: string;
        /** @description Id of the delivery */
        deliveryId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The delivery */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
    };
  };
  retryWebhookDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the endpoint */
        id: string;
        /** @description Id of the delivery */
        deliveryId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The delivery */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
    };
  };
  getLiveness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The process answers */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['HealthReport'];
        };
      };
    };
  };
  getReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All required parts work */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['HealthReport'];
        };
      };
    };
  };
  getMetrics: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All metrics of this process */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/plain': string;
        };
      };
    };
  };
  readWorkload: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The work under way */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Workload'];
        };
      };
    };
  };
}
