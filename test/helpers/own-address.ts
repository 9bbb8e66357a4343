import { networkInterfaces } from 'node:os';

/** An address of this machine as others reach it, like a pod's: what listens on loopback alone refuses it. Where there is none, another one than 127.0.0.1. */
export function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2';
}
