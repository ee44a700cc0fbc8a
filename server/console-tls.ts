import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { CodedError } from '../shared/errors/catalogue.ts';
import type { Config } from './config.ts';
import { writeWhole } from './home.ts';
import type { Authority } from './pki/authority.ts';
import type { TlsIdentity } from './pki/leaf.ts';

export interface ConsoleTls {
  /** What the console's listener begins with. */
  identity: TlsIdentity;
  /** Calls back with each later certificate; undefined where the district brings its own. */
  onRenewed: ((listener: (identity: TlsIdentity) => void) => () => void) | undefined;
}

/**
 * The console's certificate: the district's own where configured, else one by our CA. What the command line on this machine
 * trusts is written to HOME/console-ca.pem.
 */
export function openConsoleTls(config: Config, authority: Authority): ConsoleTls {
  const trusted = join(config.home, 'console-ca.pem');
  if (!config.certificate) {
    writeWhole(trusted, authority.rootPem, 0o644);
    const leaf = authority.consoleLeaf;
    return { identity: leaf.tls, onRenewed: (listener) => leaf.onRenewed(listener) };
  }
  const identity = readOwn(config.certificate);
  writeWhole(trusted, identity.cert, 0o644);
  return { identity, onRenewed: undefined };
}

function readOwn(files: { chain: string; key: string }): TlsIdentity {
  try {
    const identity = { key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.chain, 'utf8') };
    createSecureContext(identity);
    return identity;
  } catch (error) {
    const words = `The console's certificate (${files.chain}, ${files.key}) cannot be used: ${(error as Error).message}`;
    throw new CodedError('bad-file', words, [], error);
  }
}
