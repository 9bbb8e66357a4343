import type { GivenValues } from './options.ts';
/** The variables of scuttle, which mesh-shim takes the place of, with what each becomes here. */
export declare const scuttleVariables: {
  readonly ENVOY_ADMIN_API: '`--admin-url`; with it, `--mode required --timeout 0 --quit always` as scuttle does (`--quit never` unless it names 127.0.0.1 or localhost); without it, neither wait nor quit';
  readonly ISTIO_QUIT_API: '`--quit-url URL/quitquitquit`';
  readonly GENERIC_QUIT_ENDPOINTS: '`--quit-url`, each, and that of the Istio agent';
  readonly START_WITHOUT_ENVOY: '`--timeout 1ms --on-timeout start`: as good as no wait; the quit stays';
  readonly WAIT_FOR_ENVOY_TIMEOUT: '`--timeout`, with `--on-timeout start`';
  readonly QUIT_WITHOUT_ENVOY_TIMEOUT: '`--timeout`, with `--on-timeout exit`; goes before WAIT_FOR_ENVOY_TIMEOUT';
  readonly NEVER_KILL_ISTIO: '`--quit never`';
  readonly NEVER_KILL_ISTIO_ON_FAILURE: '`--quit on-success`';
  readonly QUIT_REQUEST_TIMEOUT: '`--quit-timeout`';
  readonly SCUTTLE_LOGGING: '`--log-level`: info when true, warn when false';
};
/** What scuttle would do with these variables, in this tool's options. Throws UsageError. */
export declare function readScuttleVariables(env: ReadonlyMap<string, string>): {
  values: GivenValues;
  notes: string[];
};
