import { Problem } from '@micro-linux/provision';

/** The keys of `update` that say who signs. */
export interface SigningKeys {
  readonly signingKey?: string | undefined;
  readonly signCommand?: string | undefined;
  readonly signingPublicKey?: string | undefined;
}

/** The ways to sign: a flag for one drops the file's settings of the other. */
export const SIGNERS = [['signingKey'], ['signCommand', 'signingPublicKey']] as const;

/** Refuses a command that does nothing. */
export function checkSignCommand(command: string): Problem | undefined {
  return command.trim() === '' || command.includes('\0')
    ? new Problem('is not a command', 'write the command that prints the signature')
    : undefined;
}

/** Refuses two ways to sign at once, and half of one. */
export function checkSigner(update: SigningKeys): Problem | undefined {
  const { signingKey, signCommand, signingPublicKey } = update;
  if (signingKey !== undefined && signCommand !== undefined) {
    return new Problem(
      'is set next to update.signingKey: there are two ways to sign',
      'keep one of the two',
      { at: ['signCommand'] },
    );
  }
  if (signCommand !== undefined && signingPublicKey === undefined) {
    return new Problem('is missing: a sign command needs it', undefined, {
      at: ['signingPublicKey'],
      because: ['update', 'signCommand'],
    });
  }
  return signCommand === undefined && signingPublicKey !== undefined
    ? new Problem('has no effect without update.signCommand', 'leave it out, or add the command', {
        at: ['signingPublicKey'],
      })
    : undefined;
}

/** Refuses a threshold that the trusted keys cannot reach. */
export function checkThreshold(update: {
  readonly threshold: number;
  readonly trustedKeys: readonly string[];
}): Problem | undefined {
  const keys = Math.max(update.trustedKeys.length, 1);
  return update.threshold <= keys
    ? undefined
    : new Problem(
        `${update.threshold} signatures are required, but ${keys} ${keys === 1 ? 'key is' : 'keys are'} trusted: no update could be installed`,
        `write ${keys} or less, or add public keys to update.trustedKeys`,
        { at: ['threshold'] },
      );
}
