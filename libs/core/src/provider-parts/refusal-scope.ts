/**
 * The subject of a refusal, which decides what may help:
 * - `batch`: something in this request, perhaps a single recipient. A part of the batch may be accepted.
 * - `message`: what all recipients share, such as the sender, a header or a file. No part of the batch would fare
 *   better at this account, but another account may accept it. It says nothing about other messages.
 * - `account`: credentials, subscription or quota. Every message of the account waits.
 * - `moment`: the same request may be accepted later.
 */
export type RefusalScope = 'batch' | 'message' | 'account' | 'moment';
