/**
 * @file What is known of the adapter that an engine runs on.
 */
export interface AdapterInfo {
  readonly description: string;
  readonly vendor: string;
  readonly architecture: string;
  /** A software adapter (SwiftShader, lavapipe): its times say nothing about a GPU. */
  readonly software: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  /** How kernels are timed, and the smallest step of that clock in nanoseconds. */
  readonly timer: { readonly kind: 'timestamp-query' | 'wall'; readonly quantumNs: number };
}
