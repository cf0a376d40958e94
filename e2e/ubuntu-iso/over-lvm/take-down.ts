import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { planTakeDown } from 'ota-agent/install/layers/plan-take-down';
import { readBlockDevices } from 'ota-agent/install/layers/read-block-devices';
import { readPools } from 'ota-agent/install/layers/read-pools';
import { takeDown } from 'ota-agent/install/layers/take-down';
import { realSystem } from 'ota-agent/system/real-system';

/** take-down DISK: shows what is open on the disk, and takes it down as the agent does. */
const [disk = ''] = process.argv.slice(2);
const system = realSystem();
const { sysBlock } = system.paths;
const textOf = (file: string) => {
  const path = join(sysBlock, file);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '-';
};

for (const device of readBlockDevices(sysBlock)) {
  if (!/^(loop|ram|zram)/.test(device.name)) {
    const own = join(sysBlock, device.name);
    const holders = existsSync(join(own, 'holders')) ? readdirSync(join(own, 'holders')) : [];
    console.log('sysfs', JSON.stringify({ ...device, holders }));
    console.log(
      ...['  dm', textOf(`${device.name}/dm/name`), textOf(`${device.name}/dm/uuid`)],
      ...['md', textOf(`${device.name}/md/array_state`)],
      ...[
        'bcache',
        existsSync(join(own, 'bcache')) ? readdirSync(join(own, 'bcache')).join() : '-',
      ],
    );
  }
}
const planned = async () =>
  planTakeDown(basename(disk), [...readBlockDevices(sysBlock), ...(await readPools(system))]);
const plan = await planned();
console.log('plan', JSON.stringify(plan));
if (!plan) {
  process.exit(1);
}
if (plan.refusal !== undefined) {
  process.exit(3);
}
await takeDown(system, plan.steps);
const left = await planned();
if (left) {
  console.log('left', JSON.stringify(left));
  process.exit(1);
}
