#!/usr/bin/env node
import { join } from 'node:path';
import { root, runPinned } from '../bootstrap.js';

runPinned([join(root, 'agent/cli.ts'), ...process.argv.slice(2)]);
