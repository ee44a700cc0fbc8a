#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runPinned } from '../bootstrap.js';

const read = (name) => JSON.parse(readFileSync(join(root, 'installers', name), 'utf8'));
const flags = read('server-node-flags.json');
// What an operator sets is what counts; why this: docs/decisions/0038.
const environment = { ...read('server-environment.json'), ...process.env };
runPinned([...flags, join(root, 'server/cli.ts'), ...process.argv.slice(2)], {}, environment);
