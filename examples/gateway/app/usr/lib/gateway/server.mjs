// The gateway's own service. nginx passes requests on to it.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const version = readFileSync(new URL('version', import.meta.url), 'utf8').trim();

createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(`${JSON.stringify({ version, path: request.url })}\n`);
}).listen(8080, '127.0.0.1', () => console.log(`gateway ${version} listens on port 8080`));
