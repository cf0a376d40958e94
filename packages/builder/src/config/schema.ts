import { checkHostnameTemplate, checkLocale, Problem } from '@micro-linux/provision';
import * as z from 'zod';
import { DEFAULT_PROFILE, PROFILE_NAMES, PROFILES } from '../profiles/index.ts';
import { checkAccounts, checkSudo } from './check-accounts.ts';
import { checkedText, withRule } from './checked.ts';
import type { Config } from './config.ts';
import { checkConsole } from './console-name.ts';
import { checkFilePath } from './file-path.ts';
import { checkImageVersion } from './image-version.ts';
import { checkLoginSource } from './login-source.ts';
import { resolveMirror } from './mirror.ts';
import { checkRemoved, packageOf } from './package-name.ts';
import { checkProductId } from './product-id.ts';
import { checkComponents, checkRepositories, resolveRepository } from './repositories.ts';
import { agentSchema } from './sections/agent.ts';
import { bootSchema } from './sections/boot.ts';
import { cloudInitSchema } from './sections/cloud-init.ts';
import { diskSchema } from './sections/disk.ts';
import { filesSchema, initialSchema, overlaySchema, ownersSchema } from './sections/files.ts';
import { hooksSchema } from './sections/hooks.ts';
import { installSchema } from './sections/install.ts';
import { kernelSchema } from './sections/kernel.ts';
import { modulesSchema, sysctlSchema } from './sections/kernel-settings.ts';
import { mirrorSchema } from './sections/mirror.ts';
import { networkSchema } from './sections/network.ts';
import { packagesSchema } from './sections/packages.ts';
import { pruneSchema } from './sections/prune.ts';
import { repositoriesSchema } from './sections/repositories.ts';
import { defaultTargetSchema, servicesSchema } from './sections/services.ts';
import {
  environmentSchema,
  firewallSchema,
  ntpSchema,
  swapSchema,
} from './sections/system-settings.ts';
import { updateSchema } from './sections/update.ts';
import { userSchema } from './sections/user.ts';
import { groupsSchema, usersSchema } from './sections/users.ts';
import { checkRequiredUnits, checkServices } from './services.ts';
import { checkNtp } from './system-settings.ts';
import { checkTimezone } from './timezone.ts';
import { checkWifiNeeds } from './wifi-needs.ts';

/** The key that a build makes if none is configured, relative to the config file's folder. */
const DEVELOPMENT_KEY = 'keys/development.pem';

const keys = z.strictObject({
  profile: z
    .enum(PROFILE_NAMES)
    .prefault(DEFAULT_PROFILE)
    .meta({
      description: `Distribution, by the word in parentheses: ${PROFILES.map(({ title }) => title).join(', ')}.`,
    }),
  version: checkedText(checkImageVersion)
    .prefault('0.1.0')
    .meta({ description: 'Version of the image. It decides which update is newer.' }),
  compatible: checkedText(checkProductId).prefault('micro-linux-x86_64').meta({
    description: 'Product id. Devices accept only updates for their own product.',
  }),
  mirror: mirrorSchema,
  keyring: checkedText(checkFilePath('a keyring file'))
    .optional()
    .meta({
      description:
        "Keyring with the mirror's signing keys, relative to this file's folder. Default: the profile's.",
      examples: ['keys/mirror.gpg'],
    }),
  mirrorAuth: checkedText(checkLoginSource)
    .optional()
    .meta({
      description:
        "Logins of archives in the format of apt_auth.conf(5): a file, relative to this file's folder, or `env:NAME` for the content of a variable. Default: none.",
      examples: ['keys/mirror.auth'],
    }),
  repositories: repositoriesSchema,
  packages: packagesSchema,
  hooks: hooksSchema,
  overlay: overlaySchema,
  files: filesSchema,
  initial: initialSchema,
  owners: ownersSchema,
  kernel: kernelSchema,
  modules: modulesSchema,
  sysctl: sysctlSchema,
  services: servicesSchema,
  defaultTarget: defaultTargetSchema,
  hostname: checkedText(checkHostnameTemplate).prefault('micro-linux').meta({
    description:
      'Host name of the device; {serial}, {mac} and {machine-id} become its own at the first boot.',
  }),
  user: userSchema,
  users: usersSchema,
  groups: groupsSchema,
  network: networkSchema,
  firewall: firewallSchema,
  ntp: ntpSchema,
  disk: diskSchema,
  swap: swapSchema,
  console: z
    .array(checkedText(checkConsole))
    .superRefine((names, context) => {
      if (names.length === 0) {
        const problem = new Problem('lists no console', 'write at least one, such as tty0');
        context.addIssue({ code: 'custom', message: problem.what, params: { problem } });
      }
    })
    .prefault(['tty0', 'ttyS0,115200'])
    .meta({ description: 'Kernel consoles, in order. The last one becomes /dev/console.' }),
  timezone: checkedText(checkTimezone)
    .prefault('Etc/UTC')
    .meta({ description: 'Time zone: a name in the tz database.', examples: ['Europe/Berlin'] }),
  locale: checkedText(checkLocale)
    .prefault('C.UTF-8')
    .meta({ description: 'Locale of the system. It must be UTF-8.', examples: ['de_DE.UTF-8'] }),
  environment: environmentSchema,
  cloudInit: cloudInitSchema,
  boot: bootSchema,
  prune: pruneSchema,
  agent: agentSchema,
  update: updateSchema,
  install: installSchema,
});

const withAccounts = withRule(
  withRule(keys, ['user', 'users', 'groups'], checkAccounts),
  ['packages', 'user', 'users'],
  checkSudo,
);

const checkedKeys = withRule(
  withRule(
    withRule(withAccounts, ['profile', 'network', 'kernel', 'prune', 'packages'], checkWifiNeeds),
    ['profile', 'mirror'],
    ({ profile, mirror }) => {
      const resolved = resolveMirror(profile, mirror);
      return resolved instanceof Problem ? resolved : undefined;
    },
  ),
  ['profile', 'packages', 'kernel', 'agent'],
  ({ profile, packages, kernel, agent }) => [
    ...checkRemoved(profile, packages.remove, {
      kernelPackage: kernel.package,
      requiredUnits: agent.health.requiredUnits,
    }),
    ...checkComponents(profile, packages.components),
  ],
);

const checkedUnits = withRule(
  checkedKeys,
  ['services', 'agent', 'packages', 'firewall', 'modules'],
  ({ services, agent, packages, firewall, modules }) => [
    ...checkRequiredUnits(agent.health.requiredUnits),
    ...checkServices(services, {
      requiredUnits: agent.health.requiredUnits,
      packages: packages.add.map(packageOf),
      hasFirewall: firewall !== undefined,
      loadsModules: modules.load.length > 0,
    }),
  ],
);

const checkedClock = withRule(checkedUnits, ['ntp', 'packages'], ({ ntp, packages }) =>
  checkNtp(ntp, packages),
);

/**
 * Checks the configuration as people write it and turns it into a {@link Config} with every
 * default filled in. File paths stay as written: only the loader has the folder they are
 * relative to.
 */
export const configSchema = withRule(
  withRule(checkedClock, ['profile', 'repositories'], ({ profile, repositories }) =>
    checkRepositories(profile, repositories),
  ),
  ['mirror', 'mirrorAuth', 'repositories'],
  (config) =>
    config.mirrorAuth !== undefined &&
    config.mirror === undefined &&
    config.repositories.length === 0
      ? new Problem(
          'is the login of an archive, but no archive is named',
          'name it: mirror, or repositories',
          { at: ['mirrorAuth'] },
        )
      : undefined,
).transform((config): Config => {
  const mirror = resolveMirror(config.profile, config.mirror);
  const { mirrorAuth, ...rest } = config;
  return {
    ...rest,
    ...(mirrorAuth === undefined ? {} : { mirrorAuth }),
    // The rule above refuses a mirror that cannot be resolved.
    mirror: mirror instanceof Problem ? undefined : mirror,
    keyring: config.keyring,
    repositories: config.repositories.map((draft) => resolveRepository(draft, config.profile)),
    kernel: { package: config.kernel.package, arguments: config.kernel.arguments },
    update: {
      ...config.update,
      signingKey: config.update.signingKey,
      signCommand: config.update.signCommand,
      signingPublicKey: config.update.signingPublicKey,
      minimumAgent: config.update.minimumAgent,
      developmentKey: DEVELOPMENT_KEY,
    },
  };
});
