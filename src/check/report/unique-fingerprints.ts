/** Makes fingerprints for reports whose readers take two results with one fingerprint for one: the second gets a number. */
export function uniqueFingerprints(): (fingerprint: string) => string {
  const seen = new Map<string, number>();
  return (fingerprint) => {
    const times = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, times);
    return times === 1 ? fingerprint : `${fingerprint} #${times}`;
  };
}
