import type { CapabilityName, Sections } from '../../shared/profile/registry.ts';
import type { Manifest, SignedManifest } from '../../shared/protocol/messages.ts';
import type { HeldSection, StoredState } from '../store/verified-state.ts';
import { approversSection, isKnownSection, readSection } from './section-content.ts';

/** One section as the manifest names it, and what of it can be enforced. */
export interface WantedSection {
  /** As the manifest says; what is enforced is older while `problem` is set. */
  hash: string;
  generation: number;
  /** Undefined when no valid content was ever received. */
  desired?: NonNullable<Sections[CapabilityName]>;
  /** Why the newest content is not in force. */
  problem?: { code: 'bad-section'; message: string };
}

/** A verified state, ready to be enforced. */
export interface AcceptedState {
  manifest: Manifest;
  known: Map<CapabilityName, WantedSection>;
  /** Sections newer than this agent. */
  unknown: { name: string; hash: string }[];
  /** Whose passkeys the device is to obey; the content is not read yet. */
  approvers?: { hash: string; content: string };
}

/**
 * What is to be stored when a manifest is accepted: the new contents that are valid, else the earlier ones.
 * `contents` holds them by hash.
 */
export function stateToStore(
  signed: SignedManifest,
  manifest: Manifest,
  contents: ReadonlyMap<string, string>,
  earlier: StoredState | undefined,
): StoredState {
  const sections: Record<string, HeldSection> = {};
  for (const [name, hash] of Object.entries(manifest.sections)) {
    const content = contents.get(hash);
    if (name === approversSection && content !== undefined) sections[name] = { hash, content };
    if (!isKnownSection(name) || content === undefined) continue;
    const held = earlier?.sections[name];
    const read = readSection(name, content);
    if (read.kind === 'valid') sections[name] = { hash, content };
    else if (held) sections[name] = { hash: held.hash, content: held.content, refused: read.words };
    else sections[name] = { hash, content, refused: read.words };
  }
  return { signed, sections };
}

/** Reads a stored state whose manifest was verified. */
export function readState(manifest: Manifest, stored: StoredState): AcceptedState {
  const known: AcceptedState['known'] = new Map();
  const unknown: AcceptedState['unknown'] = [];
  const approvers = stored.sections[approversSection];
  for (const [name, hash] of Object.entries(manifest.sections)) {
    if (name === approversSection) continue;
    if (isKnownSection(name)) known.set(name, wanted(name, hash, manifest.generation, stored.sections[name]));
    else unknown.push({ name, hash });
  }
  const { hash, content } = approvers ?? {};
  const read = hash === undefined || content === undefined ? {} : { approvers: { hash, content } };
  return { manifest, known, unknown, ...read };
}

function wanted(name: CapabilityName, hash: string, generation: number, held: HeldSection | undefined): WantedSection {
  if (!held) return { hash, generation, problem: bad(`The content of ${name} is not on this device.`) };
  const read = readSection(name, held.content);
  const problem = held.refused ?? (read.kind === 'bad' ? read.words : undefined);
  return {
    hash,
    generation,
    ...(read.kind === 'valid' ? { desired: read.desired } : {}),
    ...(problem === undefined ? {} : { problem: bad(problem) }),
  };
}

function bad(message: string): NonNullable<WantedSection['problem']> {
  return { code: 'bad-section', message };
}
