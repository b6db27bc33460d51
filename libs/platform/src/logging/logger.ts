import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import type { LogLevel } from '../config/gateway-config.js';
import { maskAddresses } from './mask-addresses.js';
import { lineRedactor } from './redact-line.js';
import { SecretTexts } from './secret-texts.js';

/** Structured JSON lines. First the fields, then the words: `logger.info({ batchId }, 'batch dispatched')`. */
export type Logger = PinoLogger;

export interface LoggerOptions {
  /** The process: `api`, `worker`. */
  readonly name: string;
  readonly level: LogLevel;
  /** Credentials that must never be in a line, beyond what is recognised by its name or form. */
  readonly secrets?: readonly string[] | SecretTexts;
  /** Where lines go; stdout unless given. */
  readonly destination?: DestinationStream;
}

/**
 * A logger whose lines carry no credentials, and no whole e-mail addresses unless the level is `debug` or `trace`.
 * Scrubbing works on the finished line, so neither nesting nor an error's message can get past it.
 */
export const createLogger = (options: LoggerOptions): Logger => {
  const open = options.level === 'debug' || options.level === 'trace';
  const redact = growingRedactor(options.secrets);
  // Addresses last: the mask of one that is part of a secret would hide the secret from being found.
  const scrub = (line: string): string => (open ? redact(line) : maskAddresses(redact(line)));
  const settings = {
    name: options.name,
    level: options.level,
    base: { name: options.name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
    hooks: { streamWrite: scrub },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
};

function growingRedactor(secrets: LoggerOptions['secrets'] = []): (line: string) => string {
  if (!(secrets instanceof SecretTexts)) return lineRedactor(secrets);
  let { texts } = secrets;
  let redact = lineRedactor(texts);
  return (line) => {
    if (secrets.texts !== texts) {
      texts = secrets.texts;
      redact = lineRedactor(texts);
    }
    return redact(line);
  };
}

/** For tests and tools: says nothing. */
export const silentLogger = (): Logger => pino({ level: 'silent' });
