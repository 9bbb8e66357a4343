import { createMeshInterceptor } from '../../src/http/index.ts';

// gRPC does not tell which methods may be done twice.
const idempotent = new Set(['/orders.Orders/GetOrder', '/orders.Orders/ListOrders']);

/** For the options of a client: `new OrdersClient(target, credentials, { interceptors: [meshInterceptor] })`. */
export const meshInterceptor = createMeshInterceptor({}, (path) => idempotent.has(path));
