import { type ConnectOptions, connectMongodb } from 'mesh-shim';
import { MongoClient } from 'mongodb';

/** A client: `client.db('orders')`, and `client.close()` in the end. A connector needs no `close`. */
export function connect(url: string, { close: _, ...options }: ConnectOptions = {}) {
  return connectMongodb({ MongoClient }, url, options);
}
