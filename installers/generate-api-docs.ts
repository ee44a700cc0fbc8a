// `npm run docs`: writes the reference pages from the contracts in shared/. A test fails when they are out of date.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverVersion } from '../server/version.ts';
import { openApi } from '../shared/api/openapi.ts';
import { apiPage } from './reference/api-page.ts';
import { errorsPage } from './reference/errors-page.ts';
import { settingsPage } from './reference/settings-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Path in the repository → what the file must hold. */
export function generatedDocs(): Record<string, string> {
  return {
    'docs/api/openapi.json': `${JSON.stringify(openApi(serverVersion), undefined, 2)}\n`,
    'docs/api/README.md': apiPage(),
    'docs/settings.md': settingsPage(),
    'docs/errors.md': errorsPage(),
  };
}

if (import.meta.main) {
  for (const [path, content] of Object.entries(generatedDocs())) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    console.log(path);
  }
}
