/** Scripts of the product that the build runs inside the new root. */
export interface HooksConfig {
  /** After all packages are installed. */
  readonly rootfs: readonly HookConfig[];
  /** Once the overlay lies over them. */
  readonly image: readonly HookConfig[];
}

/** When a hook runs. */
export type HookStage = keyof HooksConfig;

export interface HookConfig {
  /** Path of the script; absolute once loaded. */
  readonly script: string;
  readonly arguments: readonly string[];
  /** Whether it may use the network of the host. */
  readonly network: boolean;
  /** After this time it is killed, with all that it started. */
  readonly timeoutSeconds: number;
  /** Files and folders that it reads; absolute once loaded. */
  readonly inputs: readonly string[];
}
