import { Limit } from '@micro-linux/update-image';
import { DEFAULT_LEVEL } from '@micro-linux/update-image/write';
import * as z from 'zod';
import { checkedText, integer, uniqueList, withRule } from '../checked.ts';
import { checkFilePath } from '../file-path.ts';
import { checkImageVersion } from '../image-version.ts';
import { checkKeyId } from '../key-id.ts';
import { checkSignCommand, checkSigner, checkThreshold } from '../signing.ts';

const publicKeyFile = checkedText(checkFilePath('a public key file'));

const keys = z.strictObject({
  rollbackIndex: integer(0, 2 ** 31 - 1)
    .prefault(0)
    .meta({
      description:
        'Raise it by one to forbid every older image: a device refuses an image below the highest index it has confirmed.',
    }),
  trustedKeys: z
    .array(publicKeyFile)
    .prefault([])
    .meta({
      description:
        "Public keys (PEM files, relative to this file's folder) whose updates devices accept. Default: a development key that the first build makes.",
      examples: [['keys/signing.pub.pem']],
    }),
  revokedKeys: uniqueList(checkedText(checkKeyId))
    .prefault([])
    .meta({
      description: 'Ids of keys that devices no longer accept.',
      examples: [['0123456789abcdef0123456789abcdef']],
    }),
  signingKey: checkedText(checkFilePath('a private key file'))
    .optional()
    .meta({
      description: 'Private key (PEM file) that signs update.img. Default: the development key.',
      examples: ['keys/signing.pem'],
    }),
  signCommand: checkedText(checkSignCommand)
    .optional()
    .meta({
      description:
        'Shell command that signs, instead of signingKey. It gets the manifest on standard input and as the file $MICRO_LINUX_MANIFEST, and prints the signature (64 bytes, or base64).',
      examples: ['./sign-with-hsm.sh'],
    }),
  signingPublicKey: publicKeyFile.optional().meta({
    description: 'Public key (PEM file) of the key that signCommand signs with.',
    examples: ['keys/hsm.pub.pem'],
  }),
  threshold: integer(1, Limit.signatures)
    .prefault(1)
    .meta({ description: 'How many signatures by different trusted keys devices require.' }),
  compressionLevel: integer(1, 22).prefault(DEFAULT_LEVEL).meta({
    description: 'zstd level of the update. A higher level is smaller and slower to build.',
  }),
  minimumAgent: checkedText(checkImageVersion)
    .optional()
    .meta({
      description: 'Oldest ota-agent that may install the update. Default: any.',
      examples: ['0.2.0'],
    }),
});

const signer = withRule(keys, ['signingKey', 'signCommand', 'signingPublicKey'], checkSigner);

export const updateSchema = withRule(signer, ['threshold', 'trustedKeys'], checkThreshold)
  .prefault({})
  .meta({ description: 'How updates are signed, and whose updates devices accept.' });
