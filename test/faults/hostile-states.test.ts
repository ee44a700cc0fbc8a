import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../shared/protocol/messages.ts';
import { agentCommand, end, startAgent } from '../fakes/agent-process.ts';
import { FakeControlServer } from '../fakes/control-server.ts';
import { FakeDistrict } from '../fakes/district.ts';
import { askDns } from '../fakes/dns-question.ts';
import { everythingBelow } from '../fakes/folder.ts';
import { freePort } from '../fakes/programs.ts';

const district = new FakeDistrict();
const elsewhere = new FakeDistrict('Elsewhere');
type State = ReturnType<FakeDistrict['state']>;

/** Nobody listens at the resolver behind the filter: only what the filter says by itself is asked for. */
const sectionsFor = (blocked: string) => ({
  browser: { blockedUrls: [blocked] },
  webFilter: {
    settings: { blockedDomains: [blocked], upstream: { kind: 'plain', servers: ['127.0.0.1:9'] } },
    lists: [],
    contact: 'the help desk',
  },
});
const hostile = (generation: number) => district.state(generation, sectionsFor('evil.example'));
const manifestOf = ({ signed }: State) => JSON.parse(signed.manifest) as Manifest;
const withSigned = (state: State, signed: State['signed']): State => ({ ...state, signed });
const withContents = (state: State, change: (content: string) => string): State => ({
  ...state,
  contents: new Map([...state.contents].map(([hash, content]) => [hash, change(content)])),
});

/** What is wrong with it, how the agent says so, and the state for an agent on which `g` is in force. */
const refused: [string, string, (g: number) => State][] = [
  ['of an older generation, replayed', 'older-generation', (g) => hostile(g - 1)],
  ['of the same generation with other content', 'changed-generation', (g) => hostile(g)],
  [
    'changed after it was signed',
    'bad-signature',
    (g) => withSigned(hostile(g + 1), { ...hostile(g + 1).signed, manifest: hostile(g + 2).signed.manifest }),
  ],
  [
    'signed by another district',
    'bad-signature',
    (g) => withSigned(hostile(g + 1), elsewhere.sign(hostile(g + 1).signed.manifest)),
  ],
  [
    'signed with a key nobody knows',
    'unknown-key',
    (g) => withSigned(hostile(g + 1), district.sign(hostile(g + 1).signed.manifest, 'state-2')),
  ],
  [
    'rightly signed for another district',
    'other-audience',
    (g) =>
      withSigned(hostile(g + 1), district.sign({ ...manifestOf(hostile(g + 1)), audience: elsewhere.fingerprint })),
  ],
  [
    'cut off and signed',
    'bad-manifest',
    (g) => withSigned(hostile(g + 1), district.sign(hostile(g + 1).signed.manifest.slice(0, -9))),
  ],
  ['signed without being a state', 'bad-manifest', (g) => withSigned(hostile(g + 1), district.sign('{"format":1}'))],
  ['with a truncated section', 'section-hash', (g) => withContents(hostile(g + 1), (content) => content.slice(0, -1))],
  ['with an empty section', 'section-hash', (g) => withContents(hostile(g + 1), () => '')],
];

describe('a real agent that is sent a state', () => {
  let server: FakeControlServer;
  let folder: string;
  let home: string;
  let root: string;
  let dnsPort: number;
  let agent: ReturnType<typeof startAgent> | undefined;
  /** In force on the device, with its own blocked name. */
  let generation = 5;
  const good = () => `good-${generation}.example`;

  const run = () => {
    agent = startAgent('run', '--home', home);
  };
  const findings = () => server.records.filter((record) => record.kind === 'finding');
  const refusals = () => findings().filter(({ open }) => open);
  const blocks = async (name: string) => (await askDns(dnsPort, name)).values[0] === '0.0.0.0';
  const isVerified = (section: string) => {
    const reported = server.reported(section);
    return reported?.status === 'verified' && reported.generation === generation;
  };

  async function putInForce(): Promise<void> {
    server.state = district.state(generation, sectionsFor(good()));
    server.send('desired', server.state.signed);
    await server.until(() => isVerified('browser') && isVerified('webFilter'), `${generation} verified`, 20_000);
    expect(await blocks(good())).toBe(true);
  }

  /** Whatever was refused, the next good state is obeyed, and the finding ends. */
  async function goesOn(): Promise<void> {
    generation += 10;
    await putInForce();
    await server.until(() => findings().at(-1)?.open === false, 'the end of the finding');
  }

  beforeAll(async () => {
    server = new FakeControlServer(district);
    await server.start();
    folder = mkdtempSync(join(tmpdir(), 'rollcall-hostile-'));
    home = join(folder, 'home');
    root = join(folder, 'root');
    dnsPort = await freePort();
    const where = ['--home', home, '--root', root, '--dns-port', String(dnsPort)];
    expect(await agentCommand('enroll', server.token(), ...where)).toMatchObject({ code: 0 });
    run();
    await server.until(() => server.connected === 1, 'a session', 20_000);
    await putInForce();
  });
  afterAll(async () => {
    if (agent) await end(agent);
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it.each(refused)('%s, changes nothing, reports it, and goes on with the next good one', async (_, code, state) => {
    const before = { files: everythingBelow(root), desired: readFileSync(join(home, 'desired.json'), 'utf8') };
    const known = refusals().length;
    server.state = state(generation);
    server.send('desired', server.state.signed);
    await server.until(() => refusals().length > known, 'a finding');
    expect(refusals().at(-1)).toMatchObject({
      code: 'desired-refused',
      detail: expect.stringMatching(`^${code}: `),
    });
    expect(everythingBelow(root)).toEqual(before.files);
    expect(readFileSync(join(home, 'desired.json'), 'utf8')).toBe(before.desired);
    expect(await blocks(good())).toBe(true);
    expect(await blocks('evil.example')).toBe(false);
    await goesOn();
  });

  it('that was changed on its disk, does not believe it, and asks anew', async () => {
    const files = everythingBelow(root);
    const known = refusals().length;
    if (agent) await end(agent);
    writeFileSync(join(home, 'desired.json'), JSON.stringify(forged(hostile(generation + 1))));
    server.state = undefined;
    run();
    await server.until(() => refusals().length > known, 'a finding', 20_000);
    expect(refusals().at(-1)).toMatchObject({ detail: expect.stringMatching(/^bad-signature: the state on disk/) });
    expect(server.hellos.at(-1)).toMatchObject({ generation: 0, sections: {} });
    expect(everythingBelow(root)).toEqual(files);
    await goesOn();
  });
});

/** As the agent keeps a state, with a signature that is not of its text. */
function forged(state: State): object {
  const sections = Object.entries(manifestOf(state).sections).map(([name, hash]) => [
    name,
    { hash, content: state.contents.get(hash) },
  ]);
  const { signature } = elsewhere.sign(state.signed.manifest);
  return { signed: { ...state.signed, signature }, sections: Object.fromEntries(sections) };
}
