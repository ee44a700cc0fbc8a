#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runPinned } from '../bootstrap.js';

const flags = JSON.parse(readFileSync(join(root, 'installers/server-node-flags.json'), 'utf8'));
runPinned([...flags, join(root, 'server/cli.ts'), ...process.argv.slice(2)]);
