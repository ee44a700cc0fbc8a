import { readFileSync } from 'node:fs';
import type Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { generatedDocs } from '../../../installers/generate-api-docs.ts';
import { accessRules } from '../../../shared/api/access-rules.ts';
import { examples } from '../../../shared/api/examples.ts';
import { openApi } from '../../../shared/api/openapi.ts';
import { type RouteName, routes } from '../../../shared/api/routes.ts';
import { webhookEvents } from '../../../shared/api/webhook-events.ts';
import { errorCodes } from '../../../shared/errors/catalogue.ts';
import { capabilities } from '../../../shared/profile/registry.ts';
import { validator } from '../../../shared/schema.ts';

const repository = new URL('../../../', import.meta.url);
const docs = generatedDocs();
const document = openApi('1.0.0');
const operations = Object.values(document.paths).flatMap((byMethod) => Object.values(byMethod));

describe('the reference', () => {
  it.each(Object.entries(docs))('%s is what the contracts say (if not: npm run docs)', (path, content) => {
    expect(readFileSync(new URL(path, repository), 'utf8')).toBe(content);
  });

  it('describes every route by its method and path', () => {
    const described = Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).map(({ operationId }) => operationId),
    );
    expect(described.toSorted()).toEqual(Object.keys(routes).toSorted());
  });

  it('refers only to schemas it holds', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
    expect(references.length).toBeGreaterThan(0);
    const at = (reference = '') =>
      reference
        .slice(2)
        .split('/')
        .reduce<unknown>((found, name) => (found as Record<string, unknown> | undefined)?.[name], document);
    const missing = references.filter((reference) => !reference?.startsWith('#/') || at(reference) === undefined);
    expect(missing).toEqual([]);
  });

  it('declares every parameter that a path names', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const operation of Object.values(operations)) {
        const parameters = operation.parameters as { name: string; in: string }[];
        const declared = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
        expect(declared, path).toEqual(inPath);
      }
    }
  });

  it('marks as public what needs no session, and nothing else', () => {
    const open = Object.values(document.paths)
      .flatMap((operations) => Object.values(operations))
      .filter(({ security }) => Array.isArray(security) && security.length === 0)
      .map(({ operationId }) => operationId);
    const entering = ['askPasskey', 'finishProvider', 'signIn', 'signInByPasskey', 'startProvider'];
    expect(open.toSorted()).toEqual([...entering, 'readSession', 'setUp'].toSorted());
  });

  it('says for every operation which scope a token needs, or that none may', () => {
    for (const { operationId, security, description } of operations) {
      const scope = accessRules[operationId as RouteName].token;
      const given = Array.isArray(security)
        ? security.flatMap((one) => (one as { apiToken?: string[] }).apiToken ?? [])
        : [];
      expect(given, operationId).toEqual(scope === 'people' ? [] : [scope]);
      expect(description).toContain(scope === 'people' ? 'Not with an API token' : `\`${scope}\``);
    }
  });

  it('names the headers that make a POST safe to repeat and a change conditional', () => {
    const of = (name: string) => JSON.stringify(operations.find(({ operationId }) => operationId === name)?.parameters);
    expect(of('createProfile')).toContain('#/components/parameters/IdempotencyKey');
    expect(of('readWebhook')).toContain('#/components/parameters/IfNoneMatch');
    expect(of('saveWebhook')).toContain('#/components/parameters/IfMatch');
    expect(of('saveDraft')).not.toContain('IfMatch');
  });

  it('describes what every event of a webhook holds', () => {
    expect(Object.keys(document.webhooks)).toEqual([...webhookEvents, 'test']);
    expect(JSON.stringify(document.webhooks['device-silent'])).toContain('"const":"device-silent"');
  });

  it.each(Object.entries(examples))('gives an example of %s that is valid', (name, { body, answer }) => {
    const route = routes[name as RouteName];
    if (body !== undefined) expect(validator(route.body as Type.TSchema).problems(body)).toEqual([]);
    if (answer !== undefined) expect(validator(route.response as Type.TSchema).problems(answer)).toEqual([]);
  });

  it('writes the selector, which holds itself, once', () => {
    const { Selector, AssignmentInput } = document.components.schemas;
    expect(Selector?.anyOf?.length).toBeGreaterThan(10);
    expect(JSON.stringify(Selector?.anyOf?.at(-1))).toContain('"of":{"$ref":"#/components/schemas/Selector"}');
    expect(AssignmentInput?.properties?.to).toEqual({ $ref: '#/components/schemas/Selector' });
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  it('names every setting and every error', () => {
    for (const [capability, { settings }] of Object.entries(capabilities))
      for (const key of Object.keys(settings.properties))
        expect(docs['docs/settings.md']).toContain(`\`${capability}.${key}\``);
    for (const code of errorCodes) expect(docs['docs/errors.md']).toContain(`\`${code}\``);
  });
});
