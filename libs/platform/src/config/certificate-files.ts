import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { refuse, url } from './variables.js';

type Certificates = { readonly pem: string } | { readonly problem: string };

/** The certificates of authorities in a file, or what is wrong with it, without its path. */
function readCertificates(path: string): Certificates {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    return {
      problem: `names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    };
  }
  try {
    new X509Certificate(pem);
    return { pem };
  } catch {
    return { problem: 'names a file without a certificate in PEM' };
  }
}

/** The path of a file with certificates in PEM; its content. */
export const certificateFile = () =>
  z.string().transform((path, ctx): string => {
    const read = readCertificates(path.trim());
    return 'problem' in read ? refuse(ctx, read.problem) : read.pem;
  });

/**
 * PostgreSQL's URL. The driver reads `sslrootcert` at each connection, so a file that is missing would look like a server
 * that is away.
 */
export const databaseUrl = () =>
  url('postgres', 'postgresql').transform((text, ctx): string => {
    const path = new URL(text).searchParams.get('sslrootcert');
    const read = path === null ? undefined : readCertificates(path);
    return read !== undefined && 'problem' in read ? refuse(ctx, `${read.problem} as sslrootcert`) : text;
  });
