/** What shows a registry who asks. Never in a message. */
export type Credentials =
  | { readonly kind: 'password'; readonly user: string; readonly password: string; readonly from: string }
  /** Is exchanged for a token. */
  | { readonly kind: 'identity'; readonly token: string; readonly from: string }
  /** Is sent as it is. */
  | { readonly kind: 'bearer'; readonly token: string; readonly from: string };

export function basicHeader({ user, password }: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
