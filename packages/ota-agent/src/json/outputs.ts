import { BOOT_REASONS, SLOTS } from '@micro-linux/core';
import * as z from 'zod';

const slot = z.enum(SLOTS);
const envHealth = (block: string) =>
  z
    .enum(['ok', 'suspect', 'damaged'])
    .describe(`State of ${block}; suspect: some values are invalid.`);
const text = (description: string) => z.string().describe(description);
const flag = (description: string) => z.boolean().describe(description);
const texts = (description: string) => z.array(z.string()).describe(description);
const count = (description: string) => z.number().int().nonnegative().describe(description);

const completion = z.strictObject({
  shell: z.enum(['bash', 'zsh', 'fish']).describe('Which shell reads it.'),
  script: text('The script.'),
});

const status = z.strictObject({
  booted: slot.describe('The slot that runs.'),
  bootReason: z
    .enum(BOOT_REASONS)
    .nullable()
    .describe('Why GRUB chose it: docs/explanation/boot-states.md.'),
  skipped: slot.nullable().describe('The slot that GRUB could not start in this boot.'),
  confirmed: slot.nullable().describe('The slot that was confirmed last; null: no valid block.'),
  bootSuccess: flag('The running system was marked healthy.'),
  bootCounter: count('Boots it has left; null: no valid block.').nullable(),
  trial: slot.nullable().describe('The slot that the next boot tries.'),
  trialTries: count('Number of boots of this trial that are left.'),
  profile: text('Distribution of the running image.').nullable(),
  version: text('Its version.').nullable(),
  compatible: text('Its product id.').nullable(),
  buildId: text('Digest of what it was made from.').nullable(),
  kernel: text('Release of its kernel.').nullable(),
  env: envHealth("GRUB's environment block"),
  envCopy: envHealth('its copy'),
  marker: envHealth('the marker of the confirmed slot'),
  problems: texts('Problems of these three.'),
  slots: z
    .array(
      z.strictObject({
        name: slot.describe('A or B.'),
        version: text('The version installed in it; null: unknown.').nullable(),
        ok: flag('GRUB may fall back to it.'),
        booted: flag('It runs.'),
        confirmed: flag('It was confirmed last.'),
        trial: flag('The next boot tries it.'),
      }),
    )
    .describe('Both slots.'),
  twins: texts(
    'Other disks with the same partitions as the booted one, such as /dev/sdb: copies of it.',
  ).nullable(),
  lastUpdate: z
    .strictObject({
      version: text('The installed version; null: unknown.').nullable(),
      outcome: z
        .enum(['pending', 'on-trial', 'confirmed', 'rolled-back', 'interrupted', 'condemned'])
        .describe('Its outcome.'),
      reason: text('Why it was rolled back or not applied, in one line.').nullable(),
      at: text('When, ISO 8601; null: not recorded yet.').nullable(),
    })
    .nullable()
    .describe('The last update; null: none, or this user may not read it.'),
  rollbackIndex: count('Images with a lower one are refused.').nullable(),
  imageRollbackIndex: count('Of the running image.'),
  imageTooOld: flag('That is below `rollbackIndex`: the image is not confirmed automatically.'),
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
    .describe('Images that were rolled back, oldest first; `--retry` applies one again.'),
  configProblems: texts("Problems of the agent's config."),
  dataProblems: texts('Problems of the data partition.'),
  etcChanges: texts('Files of the image in /etc that were changed on this device.').nullable(),
  notes: texts('Why fields are null.'),
});

const health = z.strictObject({
  healthy: flag('All checks passed.'),
  slot: slot.nullable().describe('The slot that runs; null: unknown.'),
  version: text('Of the running image.').nullable(),
  bootId: text("The kernel's name for this boot."),
  at: text('When, ISO 8601.'),
  trial: flag('The slot is on trial, so it was also compared with the previous system.'),
  seconds: z.number().describe('Duration.'),
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
        version: text('The version in it; null: unknown.').nullable(),
      }),
    )
    .describe('Oldest first; an event may have more fields.'),
  intact: flag('No line was changed, removed or damaged.'),
});

const verify = z.strictObject({
  slots: z
    .array(
      z.strictObject({
        name: slot.describe('A or B.'),
        running: flag('It runs.'),
        verdict: text('`good`, `differs`, `untrusted` or `unknown`.'),
        version: text('The version in it.').nullable(),
        buildId: text('Digest of what it was made from.').nullable(),
        signedBy: texts('Ids of the keys that signed it.'),
        chunk: count('The first chunk that differs.').nullable(),
        offset: count('Where that begins in the slot, in bytes.').nullable(),
        problem: text('One line; empty if there is none.'),
      }),
    )
    .describe('Each slot that was read.'),
});

const steps = z
  .array(
    z.strictObject({
      step: text('Its name; the same as in `--progress=json`.'),
      title: text('What it does, for people.'),
    }),
  )
  .describe('The steps, in order; empty: nothing to do.');
const rebooting = flag('The machine restarts now.');

const applied = z.strictObject({
  result: z
    .enum(['armed', 'nothing-to-do'])
    .describe('`nothing-to-do`: this image is already running (exit code 3).'),
  slot: slot.describe(
    'The slot that the next boot tries; if there is nothing to do, the one that runs.',
  ),
  version: text('Of the update.'),
  buildId: text('Digest of what it was made from.'),
  fromVersion: text('Of the running image; null: unknown.').nullable(),
  tries: count('Boots in which it must become healthy.'),
  chunksWritten: count('Chunks that were written.'),
  chunksKept: count('Chunks that an interrupted run had written already.'),
  etcKept: texts('Files of /etc that stay as they are on this device.'),
  rebooting,
});

const applyPlan = z.strictObject({
  result: z
    .enum(['planned', 'nothing-to-do', 'refused'])
    .describe('`refused`: `ok` is false, and the fields of the refusal are included.'),
  slot: slot.describe('The slot that would be written.'),
  checks: z
    .array(
      z.strictObject({
        title: text('What was checked.'),
        ok: flag('It passed.'),
        code: text('Code of the refusal; null: it passed.').nullable(),
      }),
    )
    .describe('Every check.'),
  steps,
});

const rolledBack = z.strictObject({
  slot: slot.describe('The slot that the next boot tries.'),
  version: text('The version in it.'),
  fromSlot: slot.describe('The slot that runs.'),
  fromVersion: text('The version in that; null: unknown.').nullable(),
  rebooting,
});

const markedGood = z.strictObject({
  slot: slot.describe('The running slot, which is confirmed.'),
  written: texts('Blocks on the ESP that were written; empty: already confirmed.'),
  repaired: texts('Those of them that were damaged.'),
  trial: z
    .enum(['none', 'waiting', 'running', 'lost', 'failed'])
    .describe(
      'The trial of an update or rollback: none; not started yet; in the running slot; never started; failed.',
    ),
  trialVersion: text('The version that was or is on trial.').nullable(),
  trialReason: text('Why it was rolled back, in one line; null: it was not.').nullable(),
  problems: texts('Other problems; the boot is confirmed anyway.'),
});

const markedBad = z.strictObject({
  slot: slot.describe('The running slot, which is condemned.'),
  next: slot.describe('The slot that boots from now on.'),
  version: text('The version in the condemned slot; null: unknown.').nullable(),
  reason: text('What is wrong with it, from `--reason`.'),
  rebooting,
});

const bootloader = z.strictObject({
  replaced: texts('Programs on the ESP that were replaced; with `--dry-run`: would be.'),
  current: texts('Programs that match the running image.'),
  dryRun: flag('Nothing was written, because of `--dry-run`.'),
});

const installed = z.strictObject({
  result: z.literal('installed').describe('The disk is bootable.'),
  version: text('Of the image.'),
  disk: text('The disk, such as /dev/sda.'),
  shutdown: z
    .enum(['reboot', 'poweroff', 'none'])
    .describe('What the machine does next; `none` with `--no-shutdown` and `rescue`.'),
});

const installPlan = z.strictObject({
  result: z.literal('planned').describe('Every check passed.'),
  version: text('Of the image.'),
  disk: text('The disk that would be written, such as /dev/sda.'),
  steps,
});

/** The output of a command in one case. */
export interface AgentOutputForm {
  /** The options that lead to it; empty: without any of them. */
  readonly when: string;
  readonly fields: z.ZodObject;
  /** It may also have `ok: false`, together with the fields of a failure. */
  readonly canFail?: true;
}

const always = (fields: z.ZodObject): readonly AgentOutputForm[] => [{ when: '', fields }];
const canFail = (fields: z.ZodObject): readonly AgentOutputForm[] => [
  { when: '', fields, canFail: true },
];

/**
 * The `--json` output of the agent's commands, besides `schema` and `ok`: a source of
 * docs/reference/json.md. Tests compare it with the real output; no other code uses it.
 */
export const AGENT_OUTPUTS: Readonly<Record<string, readonly AgentOutputForm[]>> = {
  apply: [
    { when: '', fields: applied },
    { when: '--dry-run', fields: applyPlan, canFail: true },
  ],
  status: always(status),
  health: canFail(health),
  history: always(history),
  'mark-boot': [
    { when: '', fields: markedGood },
    { when: '--bad', fields: markedBad },
  ],
  rollback: always(rolledBack),
  verify: canFail(verify),
  bootloader: always(bootloader),
  install: [
    { when: '', fields: installed },
    { when: '--check, --dry-run', fields: installPlan },
  ],
  completion: always(completion),
  rescue: [
    { when: '', fields: installed },
    { when: '--dry-run', fields: installPlan },
  ],
};

/**
 * Throws unless the `--json` output of a command has a documented form for that command and its
 * options.
 */
export function checkAgentOutput(argv: readonly string[], printed: string): void {
  const {
    schema: _,
    ok,
    ...fields
  } = z.looseObject({ schema: z.literal(1), ok: z.boolean() }).parse(JSON.parse(printed));
  const forms = AGENT_OUTPUTS[argv[0] ?? ''] ?? [];
  const form =
    forms.find(({ when }) => when.split(', ').some((option) => argv.includes(option))) ??
    forms.find(({ when }) => when === '');
  if (!form && !ok) {
    return;
  }
  if (!form) {
    throw new RangeError(`no output is documented for ${argv.join(' ')}`);
  }
  if (ok) {
    form.fields.parse(fields);
  } else if (form.canFail && Object.keys(form.fields.shape).some((key) => key in fields)) {
    // The fields of the failure are at the same level.
    form.fields.loose().parse(fields);
  }
}
