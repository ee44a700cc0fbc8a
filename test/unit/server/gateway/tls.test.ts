import Fastify from 'fastify';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { listenerOptions, tlsOptions } from '../../../../server/gateway/tls.ts';

describe('a listener of the gateway', () => {
  it('waits for headers and requests no longer than it says', async () => {
    const {
      key: _key,
      cert: _cert,
      ...tls
    } = tlsOptions({ tls: { key: '', cert: '' }, onRenewed: () => () => undefined });
    const app = Fastify({ ...listenerOptions(pino({ level: 'silent' }), 1), https: tls });
    expect(app.server).toMatchObject({ headersTimeout: 30_000, requestTimeout: 60_000, keepAliveTimeout: 5_000 });
    await app.close();
  });
});
