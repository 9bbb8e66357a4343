import 'reflect-metadata';
import { createServer } from 'node:http';
import { Server as GrpcServer } from '@grpc/grpc-js';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import express from 'express';
import { fastify } from 'fastify';
import { Server as SocketIoServer } from 'socket.io';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { createHealthServer } from '../../../src/health/index.ts';
import { createLifecycle, silentLogger } from '../../../src/lifecycle/index.ts';

class AppModule {}
Module({})(AppModule);

const health = await createHealthServer({ port: 0, host: '127.0.0.1', logger: silentLogger });
await health.close();

/** What people have at hand, and what they are told to pass. */
const mistaken: [string, unknown, string][] = [
  ['an Express app', express(), 'pass what app.listen() returns, or http.createServer(app)'],
  ['a Fastify instance', fastify(), 'pass app.server, and { name, run: () => app.close() } in hooks'],
  [
    'a Nest application',
    await NestFactory.create(AppModule, { logger: false }),
    'pass app.getHttpServer(), and { name, run: () => app.close() } in hooks',
  ],
  ['a socket.io server', new SocketIoServer(), "pass { name: 'socket.io', close: () => io.close(), cut"],
  ['a WebSocketServer', new WebSocketServer({ noServer: true }), 'pass it in webSockets'],
  ['a health server', health, 'pass it as the option health'],
];

test.each(mistaken)('%s is refused as a server, with what to pass', (_, value, advice) => {
  expect(() => createLifecycle({ servers: [value as never] })).toThrow(advice);
  const lifecycle = createLifecycle();
  try {
    expect(() => lifecycle.addServer(value as never)).toThrow(advice);
  } finally {
    lifecycle.dispose();
  }
});

test.each([
  ['a server of Node', createServer()],
  ['a gRPC server', new GrpcServer()],
  ['an object that can be closed', { close() {} }],
])('%s is taken as it is', (_, server) => {
  createLifecycle({ servers: [server], logger: silentLogger }).dispose();
});

test('a WebSocketServer that does not know its clients is refused, with what to do', () => {
  const blind = new WebSocketServer({ noServer: true, clientTracking: false });
  expect(() => createLifecycle({ webSockets: [blind as never] })).toThrow('create it without clientTracking: false');
});
