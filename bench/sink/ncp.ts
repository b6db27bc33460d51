import { addressesOf, koreanTime, type Accepted, type Gate, type Ledger } from './accepted.js';
import { readSend, textMember, type AddressPlace } from './body.js';
import type { Answer } from './answer.js';

/* NCP Cloud Outbound Mailer v1, as far as mail is sent and followed. Nothing is checked, everything is delivered. */

const PLACE: AddressPlace = { first: '"recipients":[{"address":"', next: Buffer.from('},{"address":"') };
const SHARED_AT_ONCE = 30;
const SENDING = '{"label":"Sending","code":"I"}';
const SENT = '{"label":"Sent successfully","code":"S"}';

/** Ids of another process differ: they begin with the second of its start. */
let serial = (Math.floor(Date.now() / 1000) % 1_000_000) * 1_000_000;

function nextId(): string {
  serial = (serial + 1) % 1_000_000_000_000;
  return koreanTime(Date.now()).slice(0, 10).replaceAll('-', '') + String(serial).padStart(12, '0');
}

const failure = (status: number, code: string, message: string): Answer => ({
  status,
  text: `{"error":{"code":"${code}","message":"${message}"}}`,
});
const INVALID = failure(400, '77102', 'BAD_REQUEST');
const MISSING = failure(400, '77103', 'Resource not found');
const NO_ROUTE: Answer = { status: 404, text: '{"error":{"errorCode":"300","message":"Not Found Exception"}}' };

export class NcpSink {
  readonly ledger: Ledger;
  private readonly gate: Gate;

  constructor(ledger: Ledger, gate: Gate) {
    this.ledger = ledger;
    this.gate = gate;
  }

  async post(path: string, body: Buffer): Promise<Answer> {
    if (path !== '/mails') return NO_ROUTE;
    const send = await readSend(body, PLACE);
    if (send === undefined) return INVALID;
    const { head, pages, count } = send;
    const id = nextId();
    this.ledger.add({
      id,
      pages,
      count,
      headers: 'null',
      at: this.ledger.tally.taken(count),
      perMail: head.includes('"individual":false') ? SHARED_AT_ONCE : 1,
      sender: textMember(head, 'senderAddress'),
      senderName: textMember(head, 'senderName'),
      title: textMember(head, 'title'),
      marker: textMember(head, 'referencesHeader'),
      advertising: head.includes('"advertising":true'),
    });
    return { status: 201, text: `{"requestId":"${id}","count":${count}}` };
  }

  get(path: string, query: URLSearchParams): Answer {
    this.ledger.tally.questions += 1;
    const [, first, second, id = '', what] = path.split('/');
    if (first === 'unsubscribers') return page([], 0, query);
    if (first !== 'mails') return NO_ROUTE;
    if (second !== 'requests') return this.mail(second ?? '');
    if (id === '') return this.requests(query);
    const accepted = this.ledger.find(id);
    if (accepted === undefined) return MISSING;
    if (what === 'status') return this.status(accepted);
    return what === 'mails' ? this.mails(accepted, query) : NO_ROUTE;
  }

  private requests(query: URLSearchParams): Answer {
    const [from, to] = [Number(query.get('startUtc') ?? 0), Number(query.get('endUtc') ?? Infinity)];
    const sender = query.get('senderAddress');
    const found = this.ledger.filter(
      (each) => each.at >= from && each.at <= to && (sender === null || each.sender === `"${sender}"`),
    );
    const { start, size } = placeOf(query);
    const rows = found.slice(start, start + size).map((each) => this.requestRow(each));
    return page(rows, found.length, query);
  }

  private requestRow(accepted: Accepted): string {
    const { count, sender, senderName } = accepted;
    const { status, sendDate } = this.fateOf(accepted);
    return `{${beginning(accepted)},"templateSid":null,"templateName":null,"emailStatus":${status},"senderAddress":${sender},"senderName":${senderName},"dispatchType":"API","sendDate":${sendDate},"reservationDate":null,"requestCount":${mailsOf(accepted)},"recipientCount":${count}}`;
  }

  private status(accepted: Accepted): Answer {
    const all = mailsOf(accepted);
    const sent = this.gate.held ? 0 : all;
    const { status } = this.fateOf(accepted);
    return {
      status: 200,
      text: `{"requestId":"${accepted.id}","readyCompleted":true,"allSentSuccess":${sent === all},"requestCount":${all},"sentCount":${sent},"finishCount":${sent},"readyCount":${all},"reservationDate":null,"countsByStatus":[{"status":${status},"count":${all}}]}`,
    };
  }

  private mails(accepted: Accepted, query: URLSearchParams): Answer {
    const { id, title, sender, senderName, advertising, perMail } = accepted;
    const { status, sendDate } = this.fateOf(accepted);
    const { start, size } = placeOf(query);
    const before = `{${beginning(accepted)},"mailId":"${id}`;
    const between = `","title":${title},"templateSid":null,"templateName":null,"emailStatus":${status},"senderAddress":${sender},"senderName":${senderName},"sendDate":${sendDate},"reservationStatus":{"label":"Immediate delivery","code":"N"},"advertising":${advertising},"representativeRecipient":"`;
    const addresses = addressesOf(accepted, start * perMail, size * perMail);
    const rows: string[] = [];
    for (let at = 0; at < addresses.length; at += perMail) {
      const others = Math.min(perMail, addresses.length - at) - 1;
      const number = String(start + at / perMail).padStart(6, '0');
      rows.push(`${before}${number}${between}${addresses[at]}${others > 0 ? `(${others})` : ''}"}`);
    }
    return page(rows, mailsOf(accepted), query);
  }

  /** A mail's id is that of its request and six digits. */
  private mail(mailId: string): Answer {
    const accepted = this.ledger.find(mailId.slice(0, -6));
    if (accepted === undefined) return MISSING;
    const { title, sender, senderName, advertising, perMail, marker } = accepted;
    const { status, sendDate } = this.fateOf(accepted);
    const received = !this.gate.held;
    const recipients = addressesOf(accepted, Number(mailId.slice(-6)) * perMail, perMail).map(
      (address) =>
        `{"address":"${address}","name":null,"type":{"label":"Recipient","code":"R"},"received":${received},"receivedDate":${sendDate},"status":${status},"retryCount":0,"sendResultMessage":"","sendResultCode":"MAIL_SENT","sendResultCodeMessage":""}`,
    );
    return {
      status: 200,
      text: `{${beginning(accepted)},"requesterIp":"127.0.0.1","mailId":"${mailId}","title":${title},"templateSid":null,"templateName":null,"emailStatus":${status},"senderAddress":${sender},"senderName":${senderName},"sendDate":${sendDate},"reservationDate":null,"body":"","referencesHeader":${marker},"attachFiles":null,"recipients":[${recipients.join(',')}],"advertising":${advertising}}`,
    };
  }

  private fateOf(accepted: Accepted): { readonly status: string; readonly sendDate: string } {
    const at = this.gate.deliveredAt(accepted);
    return at === undefined ? { status: SENDING, sendDate: 'null' } : { status: SENT, sendDate: dateOf(at) };
  }
}

const mailsOf = ({ count, perMail }: Accepted): number => Math.ceil(count / perMail);

const beginning = ({ id, at }: Accepted): string => `"requestId":"${id}","requestDate":${dateOf(Math.round(at))}`;

function dateOf(utc: number): string {
  const text = koreanTime(utc);
  const day = text.slice(0, 10);
  return `{"utc":${utc},"formattedDate":"${day}","formattedDateTime":"${day} ${text.slice(11, 19)} ${text.slice(20, 23)}"}`;
}

function placeOf(query: URLSearchParams): { readonly number: number; readonly size: number; readonly start: number } {
  const size = Number(query.get('size') ?? 10);
  const number = Number(query.get('page') ?? 0);
  return { number, size, start: number * size };
}

function page(rows: readonly string[], total: number, query: URLSearchParams): Answer {
  const { number, size, start } = placeOf(query);
  const last = start + rows.length >= total;
  return {
    status: 200,
    text: `{"content":[${rows.join(',')}],"totalElements":${total},"totalPages":${Math.ceil(total / size)},"numberOfElements":${rows.length},"first":${number === 0},"last":${last},"number":${number},"size":${size},"sort":[]}`,
  };
}
