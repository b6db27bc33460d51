import 'reflect-metadata';
import { Module, type INestApplicationContext, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from '../logging/logger.js';
import { NestLogger } from '../logging/nest-logger.js';

/** Options with which Nest throws a failed start, so that the caller reports it once. */
export const QUIET_START = { logger: false, abortOnError: false } as const;

@Module({})
class RootModule {}

/**
 * Nest without HTTP, for a process that answers no requests.
 * @param log for Nest's own lines; by default they are dropped
 * @throws Error of the part that cannot be made, by name
 */
export async function createContext(
  imports: NonNullable<ModuleMetadata['imports']>,
  log?: Logger,
): Promise<INestApplicationContext> {
  const root = { module: RootModule, imports };
  const context = await NestFactory.createApplicationContext(root, QUIET_START);
  context.useLogger(log === undefined ? false : new NestLogger(log));
  return context;
}
