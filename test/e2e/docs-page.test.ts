import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestServer } from '../fakes/running-server.ts';
import { type LaunchedChromium, launchChromium, noChromium } from './chromium.ts';

const timeoutMs = 120_000;
const stepMs = 40_000;

describe('the interface to read', () => {
  let server: TestServer;
  let cookie: string;
  beforeAll(async () => {
    server = await TestServer.start();
    cookie = await server.setUp();
  });
  afterAll(() => server.stop());

  it.each(['/docs', '/docs/', '/docs/json', '/docs/yaml'])(
    'at %s is for signed-in staff and the operator',
    async (path) => {
      expect((await server.call(path)).status).toBe(401);
      const { secret } = await server.operate<{ secret: string }>('/api/api-tokens', {
        method: 'POST',
        body: { name: `reader ${path.replaceAll('/', ' ')}`, scopes: ['read'], expiresInDays: 1 },
      });
      expect((await server.call(path, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(401);
      expect((await server.call(path, { headers: { cookie: '__Host-rollcall=made-up' } })).status).toBe(401);
      if (path === '/docs/yaml') return;
      expect((await server.call(path, { headers: { cookie } })).status).toBe(200);
      expect(await server.operate(path)).toBeDefined();
    },
  );

  it('is OpenAPI of all routes, and every page of it has the strict content policy', async () => {
    const answer = await server.call('/docs/json', { headers: { cookie } });
    expect(answer.body).toMatchObject({ openapi: '3.1.1', paths: { '/api/api-tokens': { post: expect.anything() } } });
    for (const path of ['/docs', '/docs/static/swagger-ui-bundle.js', '/docs/static/swagger-initializer.js']) {
      const policy = String((await server.call(path, { headers: { cookie } })).headers['content-security-policy']);
      expect(policy).toMatch(/script-src 'self'(;|$)/);
      expect(policy).not.toMatch(/script-src [^;]*unsafe/);
    }
  });

  describe.skipIf(noChromium)(`in a real Chromium ${noChromium ?? ''}`, () => {
    let browser: LaunchedChromium;
    beforeAll(async () => {
      browser = await launchChromium({ ignoreHTTPSErrors: true, timeoutMs });
    }, timeoutMs);
    afterAll(() => browser?.close());

    it(
      'shows an operation, complains of nothing and asks nobody else',
      async () => {
        const [name = '', value = ''] = cookie.split('=');
        await browser.context.addCookies([
          { name, value, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' },
        ]);
        const page = await browser.context.newPage();
        const complaints: string[] = [];
        const asked = new Set<string>();
        page.on('console', (message) => {
          if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
        });
        page.on('pageerror', (error) => complaints.push(error.message));
        page.on('request', (request) => {
          if (!request.url().startsWith('data:')) asked.add(new URL(request.url()).origin);
        });
        await page.goto(`${server.origin}/docs#/api-tokens/createApiToken`);
        await page.getByText('Idempotency-Key').first().waitFor({ timeout: stepMs });
        await page.getByText('policy pipeline').first().waitFor({ timeout: stepMs });
        expect(complaints).toEqual([]);
        expect([...asked]).toEqual([server.origin]);
      },
      timeoutMs,
    );
  });
});
