import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tellParent } from './tell.ts';

/** What nothing can be faster than: node:http alone. */
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
});
server.listen(0, '127.0.0.1', () => {
  tellParent(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
