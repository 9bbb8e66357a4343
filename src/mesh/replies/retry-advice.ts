/**
 * Whether the application can have acted on the request.
 * - `no`: no application got it.
 * - `no-by-istio-default-policy`: the last of Envoy's own tries did not reach it. The earlier ones did not either under Istio's default
 *   retry policy; under a policy such as `5xx,reset` they may have. Said by the service's own sidecar (`remote-sidecar`) it holds where
 *   no service passes on, byte for byte, what the sidecar of a service behind it has said.
 * - `maybe`, `yes`: as they say.
 */
export type Processed = 'no' | 'no-by-istio-default-policy' | 'maybe' | 'yes';

/**
 * - `any-method`: repeat it, whatever the method, as far as `processed` is trusted.
 * - `short-wait`: like `any-method`, but few times: it is the configuration that is missing.
 * - `idempotent`: repeat it if doing it twice is the same as doing it once. `idempotent-once`: and only once.
 * - `after-retry-after`: repeat it when, and only if, a `Retry-After` says when.
 * - `never`: repeating changes nothing or does harm.
 */
export type RetryAdvice =
  | 'any-method'
  | 'short-wait'
  | 'idempotent'
  | 'idempotent-once'
  | 'after-retry-after'
  | 'never';
