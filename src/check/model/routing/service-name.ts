/** A Service of the cluster. */
export interface ServiceName {
  readonly name: string;
  readonly namespace: string;
}
