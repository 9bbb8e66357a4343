/** A failure in one phrase, whatever was thrown: an error of any realm, a string, a plain object. */
export function failureText(failure: unknown): string {
  if (failure === undefined) return 'no attempt ended';
  if (typeof failure !== 'object' || failure === null) return String(failure);
  const { message, code, condition, description, name } = failure as { readonly [field: string]: unknown };
  // Node's error for a name with several addresses has an empty message and the code of the first.
  if (message || code) return String(message || code);
  // The error that AMQP 1.0 peers send.
  if (condition) return description ? `${String(condition)}: ${String(description)}` : String(condition);
  return String(name ?? asJson(failure));
}

function asJson(value: object): string {
  try {
    return JSON.stringify(value).slice(0, 200);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
