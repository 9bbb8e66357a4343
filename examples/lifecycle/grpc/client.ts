import process from 'node:process';
import { credentials, Metadata } from '@grpc/grpc-js';
import { GreeterClient } from './service.ts';

const client = new GreeterClient(`localhost:${process.env.PORT ?? 8080}`, credentials.createInsecure());
// The server works on it for so long, in milliseconds.
client.hello?.(process.argv[2] ?? '0', new Metadata({ waitForReady: true }), (error: Error | null, text: string) => {
  process.stdout.write(`${error?.message ?? text}\n`);
  client.close();
});
