import { Problem, show } from '@micro-linux/provision';

/** Refuses what the kernel does not accept after `console=`: a device, optionally with speed and mode. */
export function checkConsole(name: string): Problem | undefined {
  if (/^[A-Za-z]+[0-9]{1,3}(?:,[0-9]{2,7}(?:[noe][5-8]?r?)?)?$/.test(name)) {
    return undefined;
  }
  const plain = name.replace(/^console=/, '').replace(/^\/dev\//, '');
  return new Problem(
    `${show(name)} is not a console`,
    plain !== name && checkConsole(plain) === undefined
      ? `write ${plain}`
      : 'write a device such as tty0 or ttyS0,115200',
  );
}
