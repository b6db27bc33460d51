const REDACTED = '[redacted]';

// All of this works on finished JSON text, so it reaches every string of a record at any depth. None of the
// patterns can match a quote or a backslash, or they match whole JSON strings: what comes out is valid JSON.
const secretMember =
  /"([\w-]*(?:authorization|secret|password|passwd|signature|api[-_]?key|access[-_]?key|app[-_]?key|secret[-_]?key|token|cookie)[\w-]*)":(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\])/gi;
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi;
const gatewayKey = /\bgk_\w{8,}/g;
const keyInPath = /(\/app-?keys?\/)[^/?\s"\\]+/gi;
const urlPassword = /(\b[a-z][a-z0-9+.-]*:\/\/[^:@/\s"\\]*):[^@/\s"\\]+@/gi;

/** Takes credentials out of a line of JSON text: members with telling names, bearer tokens, keys in paths and URLs. */
export const redactSecrets = (line: string, secrets: readonly string[] = []): string => {
  const scrubbed = line
    .replace(secretMember, `"$1":"${REDACTED}"`)
    .replace(bearer, `$1 ${REDACTED}`)
    .replace(gatewayKey, `gk_${REDACTED}`)
    .replace(keyInPath, `$1${REDACTED}`)
    .replace(urlPassword, `$1:${REDACTED}@`);
  return secrets.reduce((text, secret) => (secret === '' ? text : text.replaceAll(secret, REDACTED)), scrubbed);
};
