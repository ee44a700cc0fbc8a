import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageType, messages } from '../../shared/protocol/messages.ts';

const top = join(import.meta.dirname, '../golden/protocol');

export interface GoldenFrame {
  version: number;
  file: string;
  /** The exact text of the frame. */
  text: string;
  sender: 'agent' | 'server';
}

/** Every frame of every released version, with a side that may send it. */
export function goldenFrames(known: typeof messages): GoldenFrame[] {
  return readdirSync(top).flatMap((folder) =>
    readdirSync(join(top, folder)).map((name) => {
      const text = readFileSync(join(top, folder, name), 'utf8').replace(/\n$/, '');
      const { type } = JSON.parse(text) as { type: MessageType };
      return { version: Number(folder.slice(1)), file: `${folder}/${name}`, text, sender: known[type].from[0] };
    }),
  );
}
