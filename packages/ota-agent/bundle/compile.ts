import { readFileSync, writeFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { PROGRAM_NAME, sourceDigest } from './compiled-later.ts';

/**
 * Writes the code cache of a program. It is good for this version of Node only; another one ignores
 * it. Started as build-agent.ts does it, the same source gives the same bytes.
 *
 * Usage: node --random-seed=N --predictable compile.ts SOURCE CACHE
 */
const [input = '', output = ''] = process.argv.slice(2);
const source = readFileSync(input, 'utf8');
const script = new Script(source, { filename: PROGRAM_NAME });
// It defines itself, no more: what it needs for that is compiled, too.
const module = { exports: {} };
script.runInThisContext()(module.exports, module, (id: string) => process.getBuiltinModule(id));
writeFileSync(output, Buffer.concat([sourceDigest(source), script.createCachedData()]));
