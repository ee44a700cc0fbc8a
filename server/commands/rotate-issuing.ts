import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { systemClock as clock, systemRandom as random } from '../clock.ts';
import { loadConfig } from '../config.ts';
import { rotateIssuing } from '../pki/ca.ts';
import { lockHome } from '../store/home-lock.ts';
import type { Output } from './output.ts';

/** `rollcall rotate issuing-certificate`: refused while the server runs, because it holds the old one in memory. */
export async function rotateIssuingCertificate(home: string, output: Output): Promise<void> {
  if (!existsSync(join(home, 'pki'))) throw new CodedError('bad-file', `${home} is not the folder of a server.`);
  const unlock = lockHome(join(home, 'lock.db'));
  try {
    const { district } = loadConfig({ home });
    const log = { info: () => undefined, warn: () => undefined };
    const { serialNumber, validTo } = await rotateIssuing({ home, district, clock, random, log });
    const words = `Devices get certificates by a new issuing certificate until ${validTo}. Start the server, then take root.key away again.`;
    output.result({ serialNumber, validTo }, words);
  } finally {
    unlock();
  }
}
