import type { FirmwareKind } from 'micro-linux/vm/firmware';
import { describe, expect, it } from 'vitest';
import { type ApplyEvent, agentHistory, agentStatus, apply } from '../harness/device/agent.ts';
import type { Device } from '../harness/device/device.ts';
import { type StageName, updatePath } from '../harness/device/stage.ts';
import { onDevice, untold } from './on-device.ts';

/** A moment at which power is cut, during the update from 1.0.0 to 2.0.0. */
export interface Cut {
  readonly title: string;
  /** Where the story begins. */
  readonly stage: StageName;
  /** Takes the device to that moment, and cuts. */
  readonly cut: (device: Device) => Promise<void>;
  /** Versions that may run after power returns; GRUB's first choice then does not matter. */
  readonly runs: readonly ('1.0.0' | '2.0.0')[];
}

const OLD = ['1.0.0'] as const;
const NEW = ['2.0.0'] as const;
const EITHER = ['1.0.0', '2.0.0'] as const;

const TRIAL = /micro-linux: slot B \(trial\)/;

/** In the order of an update. */
export const CUTS = {
  'apply-condemn': atStep('the standby slot is being condemned', 'started', 'condemn'),
  'apply-wipe': atStep('the standby slot is being wiped', 'started', 'wipe'),
  'apply-write': atStep('a third of it is written', 'progress', 'write', 33),
  'apply-late': atStep('almost all of it is written', 'progress', 'write', 95),
  'apply-expose': atStep('its first bytes are being written, last', 'started', 'expose'),
  'apply-arm': atStep('the trial is being armed', 'started', 'arm'),
  'apply-armed': atStep('the trial is armed, but not recorded', 'started', 'finish'),
  reboot: onTheWay('the old system shuts down', NEW, [
    /Reached target.*(Shutdown|reboot)|reboot: /,
  ]),
  grub: onTheWay('GRUB has used up the try', OLD, [TRIAL]),
  kernel: onTheWay('the new kernel starts', OLD, [TRIAL, /Linux version/]),
  'prepare-state': onTheWay('the new system prepares its state', OLD, [TRIAL, /local-bottom/]),
  systemd: onTheWay('the new system starts its units', OLD, [
    TRIAL,
    /Reached target.*(sysinit|basic)/,
  ]),
  mark: onTheWay('the new system is being confirmed', EITHER, [TRIAL, 'story: confirming']),
  marked: onTheWay('the new system has just been confirmed', EITHER, [TRIAL, 'story: confirmed']),
} as const satisfies Readonly<Record<string, Cut>>;

export type CutName = keyof typeof CUTS;

/** Each on its own device: after every power cut it boots, and can install another update. */
export function powerCuts(firmware: FirmwareKind, names: readonly CutName[]): void {
  describe.skipIf(untold)(`power is cut, by ${firmware}, while`, () => {
    for (const name of names) {
      const { title, stage, cut, runs }: Cut = CUTS[name];
      it(title, () =>
        onDevice(
          firmware,
          `cut-${name}`,
          async (device) => {
            await cut(device);
            await device.powerOn();
            await device.comesUp();
            const status = await agentStatus(device);
            expect(runs).toContain(status.version);
            expect(status).toMatchObject({
              bootSuccess: true,
              confirmed: status.booted,
              problems: [],
            });
            const further = await apply(device, updatePath('small'));
            expect(further, further.stderr).toMatchObject({ exitCode: 4 });
            expect(await agentStatus(device)).toMatchObject({
              trial: status.booted === 'A' ? 'B' : 'A',
              lastUpdate: { version: '3.0.0', outcome: 'pending' },
            });
            expect((await agentHistory(device)).intact).toBe(true);
          },
          stage,
        ),
      );
    }
  });
}

/** While `apply` runs, at a progress event. */
function atStep(title: string, event: ApplyEvent['event'], step: string, percent = 0): Cut {
  return {
    title,
    stage: 'healthy',
    // Armed is armed: the update may have come through.
    runs: step === 'finish' ? EITHER : OLD,
    cut: async (device) => {
      let gone: Promise<void> | undefined;
      await apply(device, updatePath('v2'), '--no-reboot', (now) => {
        if (now.event === event && now.step === step && (now.percent ?? 0) >= percent) {
          gone ??= device.cutPower();
        }
      });
      expect(gone, `apply told of ${event} ${step}`).toBeDefined();
      await gone;
    },
  };
}

/**
 * After `apply`: on the way down and up again.
 *
 * @param sights what the console says, one after the other; at the last one the power goes.
 */
function onTheWay(title: string, runs: Cut['runs'], sights: readonly (RegExp | string)[]): Cut {
  return {
    title,
    stage: 'armed',
    runs,
    cut: async (device) => {
      await device.root(TELL_OF_MARK);
      await device.reboot();
      for (const sight of sights) {
        await device.sees(sight);
      }
      await device.cutPower();
    },
  };
}

/** The administrator's units, which print on the console when a boot is confirmed. */
const TELL_OF_MARK = ['confirming', 'confirmed']
  .map(
    (word) => `cat >/etc/systemd/system/story-${word}.service <<'EOF'
[Unit]
DefaultDependencies=no
After=boot-complete.target
${word === 'confirming' ? 'Before' : 'After'}=ota-agent-mark-boot.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo "story: ${word}" >/dev/ttyS0'
[Install]
WantedBy=multi-user.target
EOF
systemctl --quiet enable story-${word}.service
`,
  )
  .join('');
