import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Is OpenSSL on this machine? In CI it must be. */
export function hasOpenssl(): boolean {
  const present = spawnSync('openssl', ['version']).status === 0;
  if (!present && process.env['CI']) throw new Error('openssl is not on this machine (apt install openssl)');
  return present;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });

/** An authority of one's own. */
export function makeAuthority(folder: string, name: string): Certificate {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-days', '2'];
  openssl('req', '-x509', ...NEW_KEY, ...subject, '-keyout', key, '-out', cert);
  return { cert, key };
}

/** A server's certificate for one host name, by an authority. */
export function certify(folder: string, authority: Certificate, host: string): Certificate {
  const file = (end: string): string => join(folder, `${host}.${end}`);
  const [cert, key, request, extensions] = [file('crt'), file('key'), file('csr'), file('ext')];
  writeFileSync(extensions, `subjectAltName=DNS:${host}\n`);
  openssl('req', ...NEW_KEY, '-subj', `/CN=${host}`, '-keyout', key, '-out', request);
  const by = ['-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial', '-days', '2'];
  openssl('x509', '-req', '-in', request, ...by, '-extfile', extensions, '-out', cert);
  return { cert, key };
}
