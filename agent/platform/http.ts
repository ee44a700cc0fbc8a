/**
 * Node's HTTP without what `import 'node:http'` brings along: an import reads every export, and reading `http.WebSocket`
 * loads undici and HTTP/2, which weigh more than all pages together (docs/decisions/0009).
 * https://nodejs.org/docs/latest-v24.x/api/process.html#processgetbuiltinmoduleid
 */
export const { createServer, request } = process.getBuiltinModule('node:http');
