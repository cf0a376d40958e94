import { Problem, show } from '@micro-linux/provision';
import { checkKernelArgument } from './kernel-arguments.ts';
import type { ModulesConfig } from './system.ts';

/** Modules that every boot loads: the slot, the data partition, /etc and the ESP are mounted with them. */
const NEEDED_MODULES = ['ext4', 'jbd2', 'mbcache', 'overlay', 'vfat', 'fat'];

/** Refuses what cannot be the name of a kernel module. */
export function checkModuleName(name: string): Problem | undefined {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    return undefined;
  }
  const [, word] = /^([A-Za-z0-9_-]+)(?:\.ko(?:\.[a-z]+)?$|\s)/.exec(name) ?? [];
  return new Problem(
    `${show(name)} is not the name of a kernel module`,
    word === undefined
      ? 'write a name such as br_netfilter'
      : `write ${word} alone; parameters go to modules.options`,
  );
}

/** The name as the kernel lists it: `-` and `_` mean the same. */
export function moduleName(name: string): string {
  return name.replaceAll('-', '_');
}

/** The parameters of a module, `one=1 two=a,b`. */
export function parseModuleOptions(text: string): readonly string[] | Problem {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) {
    return new Problem(
      'names no parameter',
      'write one such as bufsize=4096, or remove the module',
    );
  }
  for (const word of words) {
    // They are also on the kernel's command line, as `module.name=value`.
    if (!/^[A-Za-z][A-Za-z0-9_]*(=.*)?$/.test(word) || checkKernelArgument(`m.${word}`)) {
      return new Problem(
        `${show(word)} is not a parameter of a module`,
        'write name=value, without spaces and quotes',
      );
    }
  }
  return words;
}

/** Refuses modules that are both loaded and blacklisted, and blacklisted ones that a boot needs. */
export function checkModules(modules: ModulesConfig): readonly Problem[] {
  const loaded = new Set(modules.load.map(moduleName));
  return modules.blacklist.flatMap((name, index) => {
    const problem = (what: string, fix: string) =>
      new Problem(what, fix, { at: ['blacklist', index] });
    if (NEEDED_MODULES.includes(moduleName(name))) {
      return [problem(`${show(name)} is needed by every boot`, 'remove it from the list')];
    }
    return loaded.has(moduleName(name))
      ? [problem(`${show(name)} is also under modules.load`, 'keep it in one of the two lists')]
      : [];
  });
}

/**
 * The kernel arguments that go with the files in modprobe.d: the initrd, which loads most drivers, was
 * made with the packages and does not contain those files. kmod reads both.
 */
export function moduleArguments(modules: ModulesConfig): readonly string[] {
  const options = Object.entries(modules.options).flatMap(([name, parameters]) =>
    parameters.map((parameter) => `${moduleName(name)}.${parameter}`),
  );
  const blacklist = modules.blacklist.map(moduleName).join(',');
  return [...(blacklist === '' ? [] : [`modprobe.blacklist=${blacklist}`]), ...options];
}

/** Refuses a kernel setting that does not exist, or that would disable what protects the device. */
export function checkSysctl(key: string, value: string): Problem | undefined {
  const at = { at: [key] };
  // systemd-sysctl(8) also accepts patterns such as net.ipv4.conf.*.rp_filter.
  if (!/^[a-z0-9_]+(?:[./][A-Za-z0-9_*-]+)+$/.test(key)) {
    return new Problem(
      `${show(key)} is not the name of a kernel setting`,
      'write a name such as net.ipv4.ip_forward; `sysctl -a` on a device lists them',
      at,
    );
  }
  if (value === '' || /[^\t\u0020-\u007E]/.test(value)) {
    return new Problem(
      'is not a value of a kernel setting',
      'write one line of text, or a number',
      at,
    );
  }
  const name = key.replaceAll('/', '.');
  const refused = PROTECTED.find((setting) => setting.name === name && !setting.allows(value));
  return refused && new Problem(`${show(value)} ${refused.why}`, refused.fix, at);
}

interface ProtectedSetting {
  readonly name: string;
  readonly allows: (value: string) => boolean;
  readonly why: string;
  readonly fix: string;
}

/** See rootfs-overlay/usr/lib/sysctl.d/50-micro-linux.conf. */
const PROTECTED: readonly ProtectedSetting[] = [
  {
    name: 'kernel.panic',
    allows: (value) => /^(?!0+$)-?\d+$/.test(value.trim()),
    why: 'leaves a device that panicked standing: GRUB could not count the failed boot',
    fix: 'write a number of seconds such as 10, or remove the key',
  },
  {
    name: 'kernel.panic_on_oops',
    allows: (value) => value.trim() === '1',
    why: 'lets a device run on after a kernel error, perhaps without doing anything',
    fix: 'remove the key: it is 1',
  },
  {
    name: 'kernel.modules_disabled',
    allows: (value) => value.trim() === '0',
    why: 'forbids to load modules before the boot has loaded all it needs',
    fix: 'remove the key, and set it in a service of your own that starts after multi-user.target',
  },
  ...['kernel.hostname', 'kernel.domainname'].map((name) => ({
    name,
    allows: () => false,
    why: 'would replace the host name of the device',
    fix: 'write it under `hostname`',
  })),
];
