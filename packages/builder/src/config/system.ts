import type { AgentConfig } from '@micro-linux/provision';

/** What happens to units of the image. Names have a kind, such as `.service`. */
export interface ServicesConfig {
  readonly enable: readonly string[];
  readonly disable: readonly string[];
  readonly mask: readonly string[];
}

/** Kernel modules. */
export interface ModulesConfig {
  readonly load: readonly string[];
  readonly blacklist: readonly string[];
  /** Parameters of each module, `name=value`. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

/** Time servers; an empty list leaves the distribution's. */
export interface NtpConfig {
  readonly servers: readonly string[];
  readonly fallback: readonly string[];
}

/** Size of the compressed swap in memory. */
export type ZramSize =
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'bytes'; readonly bytes: number };

export interface SwapConfig {
  /** Undefined: no swap. */
  readonly zram?: ZramSize | undefined;
}

/** What the device's agent is configured with, apart from keys that the builder has elsewhere. */
export interface AgentSettings extends Pick<AgentConfig, 'trial' | 'history'> {
  readonly health: AgentConfig['health'] & {
    /** Absolute paths of executables for health.d. */
    readonly scripts: readonly string[];
  };
}

/** The part of the config about the running system. */
export interface SystemConfig {
  readonly services: ServicesConfig;
  /** Undefined: the distribution's. */
  readonly defaultTarget?: string | undefined;
  readonly modules: ModulesConfig;
  readonly sysctl: Readonly<Record<string, string>>;
  readonly ntp: NtpConfig;
  readonly swap: SwapConfig;
  /** Absolute path of an nftables ruleset. */
  readonly firewall?: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly agent: AgentSettings;
}
