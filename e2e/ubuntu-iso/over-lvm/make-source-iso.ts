import { run } from '@micro-linux/core';
import { makeUbuntuIso, SERVER_24_04_2 } from '../../harness/ubuntu-iso/index.ts';

/** make-source-iso.ts OUTPUT SCRATCH: makes a stand-in for Ubuntu's own ISO. */
const [output = '', scratch = ''] = process.argv.slice(2);
await makeUbuntuIso({ edition: SERVER_24_04_2, output, scratch, run });
