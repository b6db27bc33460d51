// The service that a team would otherwise write, for comparison: a controller, rows, and a BullMQ job per recipient.
import 'reflect-metadata';
import { BadRequestException, Body, Controller, Get, HttpCode, Inject, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { messageSchema } from './message.js';
import { openQueues, type MailJob } from './queue.js';
import { endWith, readPort, readSettings } from './settings.js';
import { Store } from './store.js';

const BODY_LIMIT = 64 * 1024 * 1024;

const settings = readSettings();
const store = await Store.open(settings.databaseUrl);
const queues = openQueues(settings);
const queue = queues.queue();
await queue.waitUntilReady();

class MessagesService {
  async create(body: unknown): Promise<{ readonly id: string }> {
    const message = messageSchema.safeParse(body);
    if (!message.success) throw new BadRequestException(message.error.issues);
    const { id, recipientIds } = await store.create(message.data);
    await queue.addBulk(recipientIds.map((recipientId) => ({ name: 'send', data: { recipientId } satisfies MailJob })));
    return { id };
  }
}

class MessagesController {
  private readonly messages: MessagesService;

  constructor(messages: MessagesService) {
    this.messages = messages;
  }

  create(body: unknown): Promise<{ readonly id: string }> {
    return this.messages.create(body);
  }

  health(): { readonly status: string } {
    return { status: 'ok' };
  }
}

class AppModule {}

/** Applies decorators by hand: Node runs this file by stripping its types, and decorators would have to be compiled. */
function decorate(): void {
  const { prototype } = MessagesController;
  const method = (name: 'create' | 'health', ...decorators: MethodDecorator[]): void => {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    if (descriptor !== undefined) for (const decorator of decorators) decorator(prototype, name, descriptor);
  };
  Controller()(MessagesController);
  Inject(MessagesService)(MessagesController, undefined, 0);
  method('create', Post('messages'), HttpCode(202));
  Body()(prototype, 'create', 0);
  method('health', Get('health'));
  Module({ controllers: [MessagesController], providers: [MessagesService] })(AppModule);
}

decorate();
const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter({ bodyLimit: BODY_LIMIT }), {
  logger: ['error', 'warn'],
});
await app.listen(readPort(), '127.0.0.1');
process.stdout.write(`naive api: http://127.0.0.1:${readPort()}\n`);
endWith(async () => {
  await app.close();
  await queue.close();
  await queues.close();
  await store.close();
});
