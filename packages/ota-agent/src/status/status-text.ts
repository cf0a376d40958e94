import { printableLine } from '@micro-linux/core';
import type { SlotStatus, Status } from './status.ts';
import type { LastUpdate } from './update-status.ts';

/** The status as text. */
export function statusText(status: Status): string {
  const system = [status.profile, status.version].filter((part) => part !== null).join(' ');
  const kernel = status.kernel === null ? '' : `, kernel ${status.kernel}`;
  const reason = status.bootReason === null ? '' : `, chosen as ${status.bootReason}`;
  const skipped =
    status.skipped === null ? '' : `; slot ${status.skipped} could not be started in this boot`;
  return [
    row('system', `${system === '' ? 'unknown' : system}${kernel}`),
    ...(status.imageTooOld
      ? [
          row(
            'TOO OLD',
            `this image has rollback index ${status.imageRollbackIndex}, and one with`,
          ),
          row(
            '',
            `${status.rollbackIndex} was healthy here: it may have security holes that are fixed now,`,
          ),
          row('', 'and is not confirmed. Apply a newer update: ota-agent mark-boot --help'),
        ]
      : []),
    row('running', `slot ${status.booted} (${bootText(status)})${reason}${skipped}`),
    ...status.slots.map((slot) => row(`slot ${slot.name}`, slotText(slot, status.trialTries))),
    ...(status.twins ?? []).map((disk) =>
      row(
        'twin',
        `${disk} has the same partitions as this disk: unplug it if it should not be here`,
      ),
    ),
    ...(status.lastUpdate ? [row('update', updateText(status.lastUpdate))] : []),
    ...(status.rejected?.map(({ version, failedAt, reason: why }) =>
      row('rejected', `${version}, ${failedAt}: ${firstLine(why)}`),
    ) ?? []),
    ...(status.rollbackIndex
      ? [row('index', `${status.rollbackIndex}: images with a lower one are refused`)]
      : []),
    row('boot env', `${status.env}, copy ${status.envCopy}, marker ${status.marker}`),
    ...status.problems.map((problem) => row('', problem)),
    ...status.configProblems.map((problem) => row('config', problem)),
    ...status.dataProblems.map((problem) => row('data', problem)),
    ...(status.etcChanges === null || status.etcChanges.length === 0
      ? []
      : [row('/etc', `changed here, so no update changes it: ${status.etcChanges.join(', ')}`)]),
    ...status.notes.map((note) => row('note', note)),
  ].join('\n');
}

function bootText({ booted, confirmed, bootSuccess }: Status): string {
  if (booted !== confirmed) {
    return 'on trial, not confirmed yet';
  }
  return bootSuccess ? 'confirmed, healthy' : 'confirmed before, this boot not yet';
}

function slotText({ version, ok, confirmed, trial }: SlotStatus, tries: number): string {
  return [
    ok ? 'ok' : 'not ok',
    ...(confirmed ? ['confirmed'] : []),
    ...(version === null ? [] : [`version ${version}`]),
    ...(trial ? [`to be tried ${tries === 1 ? 'once' : `${tries} times`}`] : []),
  ].join(', ');
}

function updateText({ version, outcome, reason, at }: LastUpdate): string {
  const what = `${version ?? 'unknown'} ${OUTCOME[outcome]}${at === null ? '' : `, ${at}`}`;
  return reason === null ? what : `${what}: ${firstLine(reason)}`;
}

const OUTCOME: Readonly<Record<LastUpdate['outcome'], string>> = {
  pending: 'starts with the next boot',
  'on-trial': 'is on trial',
  confirmed: 'was confirmed',
  'rolled-back': 'was rolled back',
  interrupted: 'was interrupted',
  condemned: 'was condemned',
};

/** One line, whatever the text: quoted text must not add a row. */
function row(name: string, text: string): string {
  return `${name.padEnd(10)}${printableLine(text.replaceAll('\n', ' '))}`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
