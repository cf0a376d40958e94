import type { Accelerator } from '../accelerator.ts';
import type { FirmwareKind } from '../firmware.ts';

/** How one check ended; `skip`: the machine did not get that far. */
export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly status: 'pass' | 'fail' | 'skip';
  /** A few words; for a failure the reason, possibly in several lines. */
  readonly note: string;
}

/** One machine, booted twice under one firmware. */
export interface FirmwareResult {
  readonly firmware: FirmwareKind;
  readonly accelerator: Accelerator;
  readonly ok: boolean;
  /** From power on to the login prompt, of the first boot; absent if there was none. */
  readonly secondsToLogin?: number;
  /** All output of the serial port. */
  readonly consoleLog: string;
  readonly checks: readonly CheckResult[];
}

export interface SmokeResult {
  readonly ok: boolean;
  readonly image: string;
  /** `kvm` if all machines ran under it. */
  readonly accelerator: Accelerator;
  readonly runs: readonly FirmwareResult[];
}
