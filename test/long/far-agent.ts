// An agent at the far end of a line. Reports numbered events and fetches an artefact until it has it; says by IPC how it stands.
// Arguments: its home, the hash of the artefact.

import { ArtifactCache } from '../../agent/connection/artifact-cache.ts';
import { downloadFrom } from '../../agent/connection/artifact-download.ts';
import { readIdentity } from '../../agent/identity/identity-files.ts';
import { createAgent } from '../../agent/main.ts';
import { Home } from '../../agent/store/home.ts';
import type { ReportRecord } from '../../shared/protocol/messages.ts';
import { FakeCapability } from '../fakes/capability.ts';
import { hardwareId } from '../fakes/device.ts';
import { FakeLog } from '../fakes/log.ts';

/** How the agent stands. */
export interface Standing {
  connected: boolean;
  spooled: number;
  emitted: number;
  /** Sections that are in force. */
  verified: number;
  /** Whether the artefact is there, and in how many tries. */
  artifact: boolean;
  tries: number;
  /** Sessions that ended. */
  ends: string[];
}

const [path = '', hash = ''] = process.argv.slice(2);
const home = new Home(path);
const log = new FakeLog();
let emit: ((record: ReportRecord) => void) | undefined;
const standing: Standing = {
  connected: false,
  spooled: 0,
  emitted: 0,
  verified: 0,
  artifact: false,
  tries: 0,
  ends: [],
};
const agent = await createAgent({
  ...{ home, root: `${path}/root`, dnsAddress: '127.0.0.1', dnsPort: 5353, log, name: 'far' },
  capabilities: ({ host }) => [new FakeCapability(host.files)],
  health: (parts) => ({
    start: async () => {
      emit = parts.emit;
    },
    stop: async () => undefined,
  }),
  hardware: async () => ({ id: hardwareId('far') }),
});
await agent.start();

process.on('message', (events: number) => {
  for (let left = events; left > 0; left--) {
    standing.emitted += 1;
    emit?.({ kind: 'event', at: Date.now(), code: 'numbered', detail: `event ${standing.emitted}` });
  }
});
process.on('disconnect', () => process.exit());
setInterval(() => {
  const { connected, spooled, sections } = agent.status();
  standing.verified = sections.filter(({ status }) => status === 'verified').length;
  standing.ends = log.said
    .filter(({ words }) => words === 'Not connected to the server.')
    .map(({ fields }) => String((fields as { why?: unknown }).why));
  process.send?.({ ...standing, connected, spooled });
}, 100);

const cache = new ArtifactCache(
  `${path}/fetched`,
  downloadFrom(() => {
    const identity = readIdentity(home);
    const [address] = identity?.agents ?? [];
    const [credential] = identity?.credentials ?? [];
    if (!identity || !address || !credential) throw new Error('The far agent is not enrolled.');
    return { address, trust: { root: identity.trust.root, credential } };
  }),
  log,
);
while (hash !== '' && !standing.artifact) {
  standing.tries += 1;
  standing.artifact = (await cache.get(hash)) !== undefined;
}
