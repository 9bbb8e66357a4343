import { type EventLoop, readable } from './event-loop.ts';
import type { HelperChildren } from './helper-children.ts';
import type { System } from './system.ts';

/** Asks a child of its own for the addresses of a name: looking one up may block for many seconds. */
export function resolveName(
  name: string,
  system: System,
  loop: EventLoop,
  helpers: HelperChildren,
  done: (addresses: readonly string[]) => void,
): () => void {
  const started = system.resolve(name);
  if (typeof started === 'number') {
    loop.defer(() => done([]));
    return () => {};
  }
  const [child, fd] = started;
  helpers.add(child);
  let text = '';
  const stop = (): void => {
    loop.unwatch(fd);
    system.close(fd);
    helpers.discard(child);
  };
  loop.watch(fd, readable, () => {
    const piece = system.read(fd);
    if (typeof piece === 'string') text += piece;
    if (typeof piece === 'string' && piece !== '') return;
    stop();
    done(text.split('\n').filter((line) => line !== ''));
  });
  return stop;
}
