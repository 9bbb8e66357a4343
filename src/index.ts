import './shared/supported-node.ts';

export * from './connect/index.ts';
export * from './health/index.ts';
export * from './http/index.ts';
export * from './lifecycle/index.ts';
export * from './ports/index.ts';
export * from './wait/index.ts';
