import { ExitCode, MicroLinuxError, SlotPath } from '@micro-linux/core';
import { grubQuote } from './quote.ts';

/** Path in a slot of the checksums that GRUB verifies before it starts the kernel. */
export const SLOT_SUMS_PATH = '/boot/SHA256SUMS';

/**
 * Bytes available for a slot's arguments: x86's COMMAND_LINE_SIZE is 2048 (arch/x86/include/asm/
 * setup.h), and grub.cfg adds its own, at most 247.
 */
export const MAX_ARGUMENTS_BYTES = 1800;

/** Arguments that only grub.cfg may set; `rootwait` would make a damaged initrd hang forever. */
const OURS: ReadonlySet<string> = new Set(['root', 'ro', 'rw', 'rootwait', 'panic']);

/** Contents of a slot's /boot/slot.cfg. */
export interface SlotConfigOptions {
  /** One kernel argument each, e.g. `quiet`, `mitigations=off`. */
  readonly kernelArguments: readonly string[];
  /** Kernel consoles, e.g. `tty0`, `ttyS0,115200`; the last one becomes /dev/console. */
  readonly consoles: readonly string[];
  /** Whether the slot contains {@link SLOT_SUMS_PATH}, written by {@link slotSums}. */
  readonly sums?: boolean;
}

/**
 * The text of a slot's /boot/slot.cfg, which grub.cfg sources: what to load and with which
 * arguments. It must be the same in slots A and B, so it never names a slot.
 *
 * @throws MicroLinuxError `kernel-argument` if an argument cannot reach the kernel unchanged: GRUB
 *   splits at spaces and puts a backslash before quotes and backslashes.
 */
export function slotConfig(options: SlotConfigOptions): string {
  const words = [
    ...options.consoles.map((console) => `console=${console}`),
    ...options.kernelArguments,
  ].map(checkArgument);
  const text = words.join(' ');
  if (text.length > MAX_ARGUMENTS_BYTES) {
    throw argumentError(`the kernel arguments need ${text.length} bytes`, {
      why: `the kernel reads 2047 bytes, of which ${MAX_ARGUMENTS_BYTES} are the slot's own`,
    });
  }
  return `# What GRUB needs to start this system; read by /grub/grub.cfg on the ESP.
set slot_kernel=${grubQuote(SlotPath.kernel)}
set slot_initrd=${grubQuote(SlotPath.initrd)}
set slot_sums=${grubQuote(options.sums ? SLOT_SUMS_PATH : '')}
set slot_args=${grubQuote(text)}
`;
}

/** The text of {@link SLOT_SUMS_PATH}: lower-case hex SHA-256 of files, by their path in the slot. */
export function slotSums(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(([path, sha256]) => `${sha256}  ${path.replace(/^\//, '')}\n`)
    .join('');
}

function checkArgument(argument: string): string {
  if (!/^[\x21-\x7e]+$/.test(argument) || /['"\\]/.test(argument)) {
    throw argumentError(`GRUB cannot pass the kernel argument ${JSON.stringify(argument)}`, {
      why: 'it may contain printable ASCII, but no space, quote or backslash',
      hint: 'give each argument its own list entry',
    });
  }
  const name = argument.split('=', 1)[0] ?? '';
  if (name === '--' || OURS.has(name) || name.startsWith('micro_linux.')) {
    throw argumentError(`the kernel argument ${argument} is not for a slot to set`, {
      why: 'grub.cfg sets it, the same for every slot',
      hint: 'leave it out',
    });
  }
  return argument;
}

function argumentError(message: string, more: { why: string; hint?: string }): MicroLinuxError {
  return new MicroLinuxError({
    code: 'kernel-argument',
    message,
    exitCode: ExitCode.usage,
    ...more,
  });
}
