import { addressesOf, koreanTime, type Accepted, type Gate, type Ledger } from './accepted.js';
import { bytesOf, mapMember, readSend, textMember, type AddressPlace } from './body.js';
import type { Answer } from './answer.js';

/* NHN Cloud Email, as far as mail is sent and tracked. Nothing is checked; all mail is delivered, none is opened. */

const next = Buffer.from('},{"receiveMailAddr":"');
const LIST: AddressPlace = { first: '"receiverList":[{"receiveMailAddr":"', next };
const PLACES: Readonly<Record<string, AddressPlace>> = {
  mail: LIST,
  eachMail: LIST,
  'ad-mail': LIST,
  'ad-eachMail': LIST,
  'auth-mail': { first: '"receiver":{"receiveMailAddr":"', next },
};
const SENDING = bytesOf('"mailStatusCode":"SST1","mailStatusName":"발송 중"');
const SENT = bytesOf('"mailStatusCode":"SST2","mailStatusName":"발송 완료"');
const TO = bytesOf('"receiveType":"MRT0","receiveTypeName":"받는 사람"');

const answer = (body: string): Answer => ({
  status: 200,
  text: `{"header":{"isSuccessful":true,"resultCode":0,"resultMessage":"SUCCESS"},"body":${body}}`,
});
const failure = (code: number): Answer => ({
  status: 200,
  text: `{"header":{"isSuccessful":false,"resultCode":${code},"resultMessage":"FAILURE"},"body":null}`,
});
const NO_RECEIVERS = failure(-2001);
const NO_REQUEST = failure(-2007);
const NO_ROUTE = failure(-9998);

let serial = 0;

/** 22 characters, the last tells the kind (normal). */
function nextId(at: number): string {
  serial += 1;
  const time = koreanTime(at).slice(0, 19).replaceAll(/\D/g, '');
  return `${time}${serial.toString(36).padStart(7, '0')}0`;
}

const timeOf = (at: number): string => `"${koreanTime(at).slice(0, 19).replace('T', ' ')}"`;

interface Row {
  readonly seq: number;
  readonly address: string;
  readonly of: Accepted;
}

export class NhnSink {
  readonly ledger: Ledger;
  private readonly gate: Gate;

  constructor(ledger: Ledger, gate: Gate) {
    this.ledger = ledger;
    this.gate = gate;
  }

  /** @param call what follows the app key in the path */
  async post(call: string, body: Buffer): Promise<Answer> {
    const operation = call.replace('sender/', '');
    const place = PLACES[operation];
    if (place === undefined) return NO_ROUTE;
    const send = await readSend(body, place);
    if (send === undefined) return NO_RECEIVERS;
    const { head, pages, count } = send;
    const at = this.ledger.tally.taken(count);
    const id = nextId(at);
    this.ledger.add({
      id,
      at,
      pages,
      count,
      perMail: 1,
      sender: textMember(head, 'senderAddress'),
      senderName: textMember(head, 'senderName'),
      title: textMember(head, 'title'),
      marker: textMember(head, 'senderGroupingKey'),
      headers: mapMember(head, 'customHeaders'),
      advertising: operation.startsWith('ad-'),
    });
    return answer(`{"data":{"requestId":"${id}","results":[${pages.map(resultsOf).join(',')}]}}`);
  }

  get(call: string, query: URLSearchParams): Answer {
    this.ledger.tally.questions += 1;
    if (call === 'sender/mails') return this.mails(query);
    if (call === 'block-receivers') return answer('{"totalCount":0,"data":[]}');
    const [, one, id = '', seq = ''] = call.split('/');
    return one === 'mail' && seq !== '' ? this.mail(id, Number(seq)) : NO_ROUTE;
  }

  private mails(query: URLSearchParams): Answer {
    const id = query.get('requestId');
    const accepted = id === null ? undefined : this.ledger.find(id);
    const found = id === null ? this.search(query) : accepted === undefined ? [] : [accepted];
    const address = query.get('receiveMailAddr');
    const rows = found.flatMap(rowsOf).filter((row) => address === null || row.address === address);
    const [number, size] = [Number(query.get('pageNum') ?? 1), Number(query.get('pageSize') ?? 15)];
    const start = (number - 1) * size;
    const data = this.write(rows.slice(start, start + size));
    return answer(`{"pageNum":${number},"pageSize":${size},"totalCount":${rows.length},"data":[${data}]}`);
  }

  private search(query: URLSearchParams): readonly Accepted[] {
    const [from, to] = [instantOf(query.get('startSendDate')) ?? 0, instantOf(query.get('endSendDate')) ?? Infinity];
    const [sender, key] = [query.get('senderAddress'), query.get('senderGroupingKey')];
    return this.ledger.filter(
      (each) =>
        each.at >= from &&
        each.at <= to &&
        (sender === null || each.sender === `"${sender}"`) &&
        (key === null || each.marker === `"${key}"`),
    );
  }

  private write(rows: readonly Row[]): string {
    const written: string[] = [];
    let last: Accepted | undefined;
    let parts = { before: '', between: '', after: '' };
    for (const { seq, address, of } of rows) {
      if (of !== last) parts = this.partsOf((last = of));
      written.push(parts.before + seq + parts.between + address + parts.after);
    }
    return written.join(',');
  }

  /** The text around a row's number and address. */
  private partsOf(of: Accepted): { readonly before: string; readonly between: string; readonly after: string } {
    const { status, received, resultDate } = this.fateOf(of);
    return {
      before: `{"requestId":"${of.id}","mailSeq":`,
      between: `,"requestDate":${timeOf(of.at)},"templateId":null,"templateName":null,"senderName":${of.senderName},"senderAddress":${of.sender},"title":${of.title},${status},"isReceived":${received},"resultDate":${resultDate},"isOpened":false,"openedDate":null,"receiveMailAddr":"`,
      after: `",${TO},"receiveName":null,"senderGroupingKey":${of.marker}}`,
    };
  }

  private mail(id: string, seq: number): Answer {
    const of = this.ledger.find(id);
    const [address] = of === undefined ? [] : addressesOf(of, seq, 1);
    if (of === undefined || address === undefined) return NO_REQUEST;
    const { status, received, resultDate } = this.fateOf(of);
    const which = `"requestId":"${id}","mailSeq":${seq}`;
    const receiver = `{${which},${TO},"receiveName":null,"receiveMailAddr":"${address}","isReceived":${received},"resultDate":${resultDate},"isOpened":false,"openedDate":null}`;
    return answer(
      `{"data":{${which},"requestIp":"127.0.0.1","requestDate":${timeOf(of.at)},${status},"templateId":null,"templateName":null,"senderName":${of.senderName},"senderAddress":${of.sender},"resultId":null,"title":${of.title},"body":"","receiverList":[${receiver}],"attachFileList":[],"customHeaders":${of.headers},"senderGroupingKey":${of.marker}}}`,
    );
  }

  private fateOf(of: Accepted): { readonly status: string; readonly received: boolean; readonly resultDate: string } {
    const at = this.gate.deliveredAt(of);
    if (at === undefined) return { status: SENDING, received: false, resultDate: 'null' };
    return { status: SENT, received: true, resultDate: timeOf(at) };
  }
}

/** Results of up to 1,000 receivers; their names are not repeated. */
const resultsOf = (page: string): string =>
  `{"receiveMailAddr":"${page.replaceAll('\n', `"${TAKEN},{"receiveMailAddr":"`)}"${TAKEN}`;
const TAKEN = ',"receiveName":null,"receiveType":"MRT0","resultCode":0,"resultMessage":"success"}';

const rowsOf = (of: Accepted): readonly Row[] =>
  addressesOf(of, 0, of.count).map((address, seq) => ({ seq, address, of }));

/** `yyyy-MM-dd HH:mm[:ss]` in Korean time. */
const instantOf = (text: string | null): number | undefined =>
  text === null ? undefined : Date.parse(`${text.replace(' ', 'T')}+09:00`);
