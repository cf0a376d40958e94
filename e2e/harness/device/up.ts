import { LOGIN_PROMPT } from 'micro-linux/vm/login-prompt';

/**
 * What the console says of a system that one can log in to. On a very busy host systemd gives up on the
 * serial port, and with it on the login prompt; sshd runs anyway.
 */
export const UP = [LOGIN_PROMPT, /Started .*OpenBSD Secure Shell server/] as const;
