import type { FastifyRequest } from 'fastify';

/** Labels are Korean on `x-ncp-lang: ko-KR`; the default is en-US and zh-CN falls back to it here. */
export const wantsKorean = (request: FastifyRequest): boolean => request.headers['x-ncp-lang'] === 'ko-KR';
