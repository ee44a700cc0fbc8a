import { type Executor, failed, type Outcome, unsupported } from '../executor.ts';
import type { ActParts } from '../parts.ts';
import { type WipeFacts, wipePlan } from '../wipe-plan.ts';

const toldWithinMs = 15_000;
const stepMs = 30 * 60_000;

/**
 * Deletes what people have. The server is told before, for afterwards nobody may be left to tell it. It is not gone on with
 * after a crash: what was destroyed is destroyed, and of the rest a person must judge.
 */
export function wipeAct(parts: ActParts): Executor<'wipe'> {
  return {
    async run({ say }) {
      const plan = wipePlan(await wipeFacts(parts));
      if (plan.kind === 'unsupported') return unsupported(plan.words);
      say({ status: 'done', code: 'wipe-begins', words: `The wipe begins now. ${plan.words}` });
      await parts.flushed(toldWithinMs);
      for (const { path, args, mayFail } of plan.steps) {
        const { code, stderr, failure } = await parts.commands.run(path, args, { timeoutMs: stepMs });
        if (code !== 0 && !mayFail)
          return failed('wipe-failed', `${path} failed: ${failure ?? stderr.trim().slice(0, 300)}.`);
      }
      return { status: 'done', words: plan.words } satisfies Outcome;
    },
  };
}

/** lsblk(8): every partition that is LUKS and is open now, so that a disk nobody uses is not taken for this system's. */
export async function wipeFacts(parts: Pick<ActParts, 'platform' | 'commands' | 'files'>): Promise<WipeFacts> {
  const { platform, commands, files } = parts;
  if (platform !== 'linux') return { platform, luks: [], homes: [] };
  const { stdout } = await commands.run('/usr/bin/lsblk', ['--json', '--output', 'PATH,FSTYPE,TYPE,RM']);
  const people = await files.list('/home');
  return { platform, luks: luksIn(stdout), homes: people.map((name) => `/home/${name}`) };
}

interface Block {
  path?: unknown;
  fstype?: unknown;
  rm?: unknown;
  children?: Block[];
}

export function luksIn(json: string): string[] {
  const read = parsed(json);
  const found: string[] = [];
  const look = ({ path, fstype, rm, children = [] }: Block) => {
    if (fstype === 'crypto_LUKS' && rm !== true && children.length > 0 && typeof path === 'string') found.push(path);
    for (const child of children) look(child);
  };
  for (const block of read?.blockdevices ?? []) look(block);
  return found;
}

function parsed(json: string): { blockdevices?: Block[] } | undefined {
  try {
    return JSON.parse(json) as { blockdevices?: Block[] };
  } catch {
    return undefined;
  }
}
