import { type AccountFiles, addUser } from '@micro-linux/provision';
import { type AccountChoice, addImageAccounts } from '../slot/image-accounts.ts';
import type { Accounts } from './owners.ts';

/**
 * The accounts of a new device: those of the image, and those of the config.
 *
 * @param image the account files after all packages are installed.
 * @throws MicroLinuxError `account-taken`, `account-missing`.
 */
export function deviceAccounts(image: AccountFiles, config: AccountChoice): Accounts {
  // Only names and ids count.
  return addUser(addImageAccounts(image, config), {
    ...{ name: config.user.name, passwordHash: '!', shell: '', groups: [] },
  });
}
