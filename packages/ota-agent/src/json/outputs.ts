import { BOOT_REASONS, SLOTS } from '@micro-linux/core';
import * as z from 'zod';

const slot = z.enum(SLOTS);
const envHealth = (block: string) =>
  z
    .enum(['ok', 'suspect', 'damaged'])
    .describe(`State of ${block}; suspect: some values make no sense.`);
const text = (description: string) => z.string().describe(description);
const flag = (description: string) => z.boolean().describe(description);
const texts = (description: string) => z.array(z.string()).describe(description);
const count = (description: string) => z.number().int().nonnegative().describe(description);

const status = z.strictObject({
  booted: slot.describe('The slot that runs.'),
  bootReason: z
    .enum(BOOT_REASONS)
    .nullable()
    .describe('Why GRUB chose it: docs/explanation/boot-states.md.'),
  skipped: slot.nullable().describe('The slot that GRUB could not start in this boot.'),
  confirmed: slot.nullable().describe('The slot that was healthy last; null: no block says.'),
  bootSuccess: flag('The running system was marked healthy.'),
  bootCounter: count('Boots it has left; null: no block says.').nullable(),
  trial: slot.nullable().describe('The slot to be tried at the next boot.'),
  trialTries: count('How often.'),
  profile: text('Distribution of the running image.').nullable(),
  version: text('Its version.').nullable(),
  compatible: text('Its product id.').nullable(),
  buildId: text('Digest of what it was made from.').nullable(),
  kernel: text('Release of its kernel.').nullable(),
  env: envHealth("GRUB's environment block"),
  envCopy: envHealth('its copy'),
  marker: envHealth('the marker of the confirmed slot'),
  problems: texts('What is wrong with these three.'),
  slots: z
    .array(
      z.strictObject({
        name: slot.describe('A or B.'),
        version: text('What was installed in it; null: not known.').nullable(),
        ok: flag('It may be fallen back to.'),
        booted: flag('It runs.'),
        confirmed: flag('It was healthy last.'),
        trial: flag('It is tried at the next boot.'),
      }),
    )
    .describe('Both slots.'),
  twins: texts(
    'Other disks with the same partitions as the one that was booted, such as /dev/sdb: copies of it.',
  ).nullable(),
  lastUpdate: z
    .strictObject({
      version: text('What was installed; null: not known.').nullable(),
      outcome: z
        .enum(['pending', 'on-trial', 'confirmed', 'rolled-back', 'interrupted', 'condemned'])
        .describe('What became of it.'),
      reason: text('Why it did not stay, one line.').nullable(),
      at: text('When, ISO 8601; null: it has just been found out.').nullable(),
    })
    .nullable()
    .describe('The last update; null: none, or this user may not know.'),
  rollbackIndex: count('Images with a lower one are refused.').nullable(),
  imageRollbackIndex: count('Of the running image.'),
  imageTooOld: flag('That is below `rollbackIndex`: the image is not confirmed by itself.'),
  rejected: z
    .array(
      z.strictObject({
        manifestSha256: text('SHA-256 of its manifest.'),
        version: text('Its version.'),
        slot: slot.describe('Where it was.'),
        failedAt: text('When, ISO 8601.'),
        reason: text('Why; may have several lines.'),
      }),
    )
    .nullable()
    .describe('Images that were rolled back, oldest first: `--retry` applies one again.'),
  configProblems: texts("What is wrong with the agent's config."),
  dataProblems: texts('What is wrong with the data partition.'),
  etcChanges: texts('Files of the image in /etc that were changed on this device.').nullable(),
  notes: texts('Why something is null.'),
});

const health = z.strictObject({
  healthy: flag('All checks passed.'),
  slot: slot.nullable().describe('The slot that runs; null: not known.'),
  version: text('Of the running image.').nullable(),
  bootId: text("The kernel's name for this boot."),
  at: text('When, ISO 8601.'),
  trial: flag('The slot is on trial, so it was also compared with the system before.'),
  seconds: z.number().describe('How long it took.'),
  checks: z
    .array(z.looseObject({ id: text('Its name.'), ok: flag('It passed.') }))
    .describe('Every check.'),
});

const history = z.strictObject({
  entries: z
    .array(
      z.looseObject({
        event: text('What happened: docs/guides/operations.md.'),
        at: text("When, ISO 8601, by the device's clock."),
        slot: slot.describe('The slot it is about.'),
        version: text('The version in it; null: not known.').nullable(),
      }),
    )
    .describe('Oldest first; an event may have more fields.'),
  intact: flag('No line was changed, taken out or damaged.'),
});

const verify = z.strictObject({
  slots: z
    .array(
      z.strictObject({
        name: slot.describe('A or B.'),
        running: flag('It runs.'),
        verdict: text('`good`, `differs`, `untrusted` or `unknown`.'),
        version: text('What is in it.').nullable(),
        buildId: text('Digest of what it was made from.').nullable(),
        signedBy: texts('Ids of the keys that signed it.'),
        chunk: count('The first chunk that differs.').nullable(),
        offset: count('Where that begins in the slot, in bytes.').nullable(),
        problem: text('One line; empty when all is well.'),
      }),
    )
    .describe('Each slot that was read.'),
});

/**
 * What commands of the agent print with `--json`, beside `schema` and `ok`: one source of
 * docs/reference/json.md. The tests compare it with what the commands print; no other code needs it.
 */
export const AGENT_OUTPUTS: Readonly<Record<string, z.ZodObject>> = {
  status,
  health,
  history,
  verify,
};

/** Throws unless what a command printed with `--json` has the form that docs/reference/json.md gives. */
export function checkAgentOutput(verb: string, printed: string): void {
  const { schema, ok, ...fields } = z
    .looseObject({ schema: z.literal(1), ok: z.boolean() })
    .parse(JSON.parse(printed));
  if (ok && schema === 1) {
    AGENT_OUTPUTS[verb]?.parse(fields);
  }
}
