/** Which installer reads the seed: Ubuntu's or our own. */
export const INSTALLERS = ['subiquity', 'micro-linux'] as const;
export type Installer = (typeof INSTALLERS)[number];
