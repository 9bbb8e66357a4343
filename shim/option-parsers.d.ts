import { type Endpoint } from '../src/mesh/ask/endpoint.ts';
import { type MeshSelection } from '../src/mesh/wait/sidecar-gates.ts';
import { type WaitTarget } from '../src/mesh/wait/target.ts';
/** Reads the text of an option; throws InvalidValue with what would do. */
export type Parser<T> = (text: string) => T;
/** The value of an option is none; the message says what is expected. */
export declare class InvalidValue extends Error {
  readonly name = 'InvalidValue';
}
export declare const oneOf: <const T extends string>(...choices: readonly T[]) => Parser<T>;
export declare const duration: Parser<number>;
export declare const positiveDuration: Parser<number>;
export declare const toggle: Parser<boolean>;
export declare const httpUrl: Parser<Endpoint>;
export declare const adminUrl: Parser<Endpoint>;
export declare const meshes: Parser<MeshSelection>;
/** What `target` takes, for people. */
export declare const targetForms =
  'http://HOST:PORT/PATH, tcp://HOST:PORT, unix:PATH, or postgres, mysql, redis, amqp, kafka or mongodb://HOST:PORT';
export declare const target: Parser<WaitTarget>;
