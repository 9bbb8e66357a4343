/** The variables of scuttle, which mesh-shim takes the place of, with what each becomes here (kvij/scuttle, README and main.go). */
export const scuttleVariables = {
  ENVOY_ADMIN_API:
    '`--admin-url`; with it, `--mode required --timeout 0 --quit always` as scuttle does (`--quit never` unless it names 127.0.0.1 or localhost); without it, neither wait nor quit',
  ISTIO_QUIT_API: '`--quit-url URL/quitquitquit`',
  GENERIC_QUIT_ENDPOINTS: '`--quit-url`, each, and that of the Istio agent',
  GENERIC_QUIT_ONLY: '`--quit-url` of GENERIC_QUIT_ENDPOINTS alone, also without ENVOY_ADMIN_API',
  START_WITHOUT_ENVOY: '`--timeout 1ms --on-timeout start`: as good as no wait; the quit stays',
  WAIT_FOR_ENVOY_TIMEOUT: '`--timeout`, with `--on-timeout start`',
  QUIT_WITHOUT_ENVOY_TIMEOUT: '`--timeout`, with `--on-timeout exit`; goes before WAIT_FOR_ENVOY_TIMEOUT',
  NEVER_KILL_ISTIO: '`--quit never`',
  NEVER_KILL_ISTIO_ON_FAILURE: '`--quit on-success`',
  QUIT_REQUEST_TIMEOUT: '`--quit-timeout`',
  SCUTTLE_LOGGING: '`--log-level`: info when true, warn when false',
  BYPASS_SIGURG: 'nothing: every signal is handed on',
  ISTIO_FALLBACK_PKILL: 'nothing: no process is killed by its name',
} as const;

export type ScuttleVariable = keyof typeof scuttleVariables;
export const scuttleVariableNames = Object.keys(scuttleVariables) as ScuttleVariable[];

/** Whether an image was made for scuttle: then its command line is scuttle's, too. */
export function hasScuttleVariables(env: ReadonlyMap<string, string>): boolean {
  return scuttleVariableNames.some((variable) => (env.get(variable)?.trim() ?? '') !== '');
}
