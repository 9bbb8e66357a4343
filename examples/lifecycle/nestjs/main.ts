import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createHealthServer, createLifecycle, keepAliveFor } from 'mesh-shim';

class HelloController {
  hello() {
    return 'hello\n';
  }
  async slow() {
    await delay(500);
    return 'hello\n';
  }
  onApplicationShutdown() {
    process.stdout.write('nest hooks ran\n');
  }
}
class AppModule {}

// Decorators as plain calls: Node runs this file as it is, and its type stripping knows no decorator syntax.
const decorate = (name: 'hello' | 'slow', path: string) => {
  const descriptor = Object.getOwnPropertyDescriptor(HelloController.prototype, name);
  if (descriptor) Get(path)(HelloController.prototype, name, descriptor);
};
decorate('hello', '/');
decorate('slow', '/slow');
Controller()(HelloController);
Module({ controllers: [HelloController] })(AppModule);

// First, for creating the app may take long: its modules connect to their databases. The kubelet is answered and a signal is heard meanwhile.
const health = await createHealthServer({ port: Number(process.env.HEALTH_PORT ?? 9000) });
const lifecycle = createLifecycle({ health });

const app = await NestFactory.create(AppModule, { logger: false });
const server: Server = app.getHttpServer();
lifecycle.addServer(keepAliveFor(server));
// Not enableShutdownHooks(): Nest would handle the signals itself and close the server before the mesh knows. close() runs the same hooks.
lifecycle.addHook({ name: 'nest', run: () => app.close() });

await app.listen(Number(process.env.PORT ?? 8080));
health.setState('ready');
process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port, health: health.port })}\n`);
