/** The variable that switches the wait off; its value is the reason, which is told. */
export const disabledVariable = 'MESH_SHIM_DISABLED';

/** The variable says no, which reads as the opposite of what any text in it does. */
export class DisabledError extends Error {
  override readonly name = 'DisabledError';
}

/** Why the wait is switched off; undefined where it is not. Throws DisabledError. */
export function readDisabled(text: string | undefined): string | undefined {
  const reason = text?.trim();
  if (reason === 'false' || reason === '0' || reason === 'no') {
    throw new DisabledError(
      `${disabledVariable}=${reason}: takes the reason to switch off; unset it to leave mesh-shim on`,
    );
  }
  return reason === '' ? undefined : reason;
}
