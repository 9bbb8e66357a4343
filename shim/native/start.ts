import { main } from '../main.ts';
import { createEventLoop } from './event-loop.ts';
import { createNativeHost } from './native-host.ts';
import type { System } from './system.ts';

declare const system: System;

const loop = createEventLoop(system);
const host = createNativeHost(system, loop);
void main(host).then(host.exit);
loop.run();
