// `npm run check`: types (product and console), lint and format, architecture rules. All run; any failure fails.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.js';

const bin = (path) => join(root, 'node_modules', path);
const steps = [
  ['types', [bin('typescript/bin/tsc'), '-p', '.']],
  ['types of the console', [bin('typescript/bin/tsc'), '-p', 'server/console'], 'server/console/tsconfig.json'],
  ['lint and format', [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.']],
  ['architecture', [bin('vitest/vitest.mjs'), 'run', 'test/architecture']],
];

const failed = steps.filter(([name, args, needs]) => {
  if (needs && !existsSync(join(root, needs))) return false;
  console.log(`check: ${name}`);
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status !== 0;
});
console.log(failed.length === 0 ? 'check: clean' : `check: failed: ${failed.map(([name]) => name).join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
