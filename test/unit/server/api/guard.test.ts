import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { ApiTokenService } from '../../../../server/access/api-tokens.ts';
import type { Authoriser } from '../../../../server/access/authorise.ts';
import type { Sessions } from '../../../../server/access/sessions.ts';
import { Guard } from '../../../../server/api/guard.ts';

const origins = ['https://Server.Maple.example:8443', 'https://[::1]:8443', 'https://rollcall.example:443'];
const guard = new Guard({} as Sessions, {} as ApiTokenService, {} as Authoriser, 'operator-key', origins);
const request = (headers: object, ip = '127.0.0.1') =>
  ({ headers, ip, socket: { remoteAddress: ip }, cookies: {} }) as unknown as FastifyRequest;

describe('an Origin', () => {
  it.each(['https://server.maple.example:8443', 'https://[::1]:8443', 'https://rollcall.example'])(
    'that a browser sends for one of ours passes: %s',
    (origin) => expect(() => guard.demandOrigin(request({ origin }))).not.toThrow(),
  );

  it.each([
    'https://server.maple.example',
    'http://server.maple.example:8443',
    'https://server.maple.example:8443.evil.example',
    'https://evil.example/https://rollcall.example',
    'null',
    '',
  ])('of anybody else does not: %s', (origin) => expect(() => guard.demandOrigin(request({ origin }))).toThrow(/./));
});

describe('the operator’s key', () => {
  const authorization = 'Bearer operator-key';
  it.each(['x-forwarded-for', 'forwarded'])('is not believed through a proxy that says %s', (header) =>
    expect(guard.isOperator(request({ authorization, [header]: '127.0.0.1' }))).toBe(false),
  );
  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('is believed from %s', (ip) =>
    expect(guard.isOperator(request({ authorization }, ip))).toBe(true),
  );
  it.each(['10.0.0.1', '1270.0.0.1', '::ffff:10.0.0.1', '2001:db8::127.0.0.1', ''])('and not from %j', (ip) =>
    expect(guard.isOperator(request({ authorization }, ip))).toBe(false),
  );
});
