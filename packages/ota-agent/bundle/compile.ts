import { readFileSync, writeFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { PROGRAM_NAME, sourceDigest } from './compiled-later.ts';

/**
 * Writes the code cache of a program. It works only with this version of Node; another one ignores
 * it. Started as in build-agent.ts, the same source gives the same bytes.
 *
 * Usage: node --random-seed=N --predictable compile.ts SOURCE CACHE
 */
const [input = '', output = ''] = process.argv.slice(2);
const source = readFileSync(input, 'utf8');
const script = new Script(source, { filename: PROGRAM_NAME });
// It only defines itself; whatever it needs for that is compiled, too.
const module = { exports: {} };
script.runInThisContext()(module.exports, module, (id: string) => process.getBuiltinModule(id));
writeFileSync(output, Buffer.concat([sourceDigest(source), script.createCachedData()]));
