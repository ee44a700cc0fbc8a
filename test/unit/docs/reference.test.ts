import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedDocs } from '../../../installers/generate-api-docs.ts';
import { nameIn } from '../../../installers/reference/json-schema.ts';
import { openApi } from '../../../installers/reference/openapi.ts';
import { routes } from '../../../shared/api/routes.ts';
import { errorCodes } from '../../../shared/errors/catalogue.ts';
import { capabilities } from '../../../shared/profile/registry.ts';

const repository = new URL('../../../', import.meta.url);
const docs = generatedDocs();

describe('the reference', () => {
  it.each(Object.entries(docs))('%s is what the contracts say (if not: npm run docs)', (path, content) => {
    expect(readFileSync(new URL(path, repository), 'utf8')).toBe(content);
  });

  it('describes every route by its method and path', () => {
    const described = Object.values(openApi().paths).flatMap((operations) =>
      Object.values(operations).map(({ operationId }) => operationId),
    );
    expect(described.toSorted()).toEqual(Object.keys(routes).toSorted());
  });

  it('refers only to schemas it holds', () => {
    const references = [...JSON.stringify(openApi()).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
    expect(references.length).toBeGreaterThan(0);
    const missing = references.filter((reference) => !(nameIn(reference ?? '') in openApi().components.schemas));
    expect(missing).toEqual([]);
  });

  it('declares every parameter that a path names', () => {
    for (const [path, operations] of Object.entries(openApi().paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const operation of Object.values(operations)) {
        const parameters = operation.parameters as { name: string; in: string }[];
        const declared = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
        expect(declared, path).toEqual(inPath);
      }
    }
  });

  it('marks as public what needs no session, and nothing else', () => {
    const open = Object.values(openApi().paths)
      .flatMap((operations) => Object.values(operations))
      .filter(({ security }) => security !== undefined)
      .map(({ operationId }) => operationId);
    expect(open.toSorted()).toEqual(['readSession', 'setUp', 'signIn']);
  });

  it('names every setting and every error', () => {
    for (const [capability, { settings }] of Object.entries(capabilities))
      for (const key of Object.keys(settings.properties))
        expect(docs['docs/settings.md']).toContain(`\`${capability}.${key}\``);
    for (const code of errorCodes) expect(docs['docs/errors.md']).toContain(`\`${code}\``);
  });
});
