import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askAgent, LocalSocket, type Question, socketPath } from '../../../../agent/local/socket.ts';

let folder: string;
let asked: Question[];
let open: LocalSocket[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-socket-'));
  // What is made in the temporary folder is made in a folder of this test's own, the only one it removes.
  vi.stubEnv('TMPDIR', folder);
  asked = [];
  open = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const socket of open) await socket.stop();
  rmSync(folder, { recursive: true });
});

async function listen(path: string): Promise<void> {
  const socket = new LocalSocket(path, (question) => {
    asked.push(question);
    return { asked: question };
  });
  open.push(socket);
  await socket.start();
}

const say = (path: string, words: string) =>
  new Promise<string>((resolve) => {
    let answer = '';
    const socket = createConnection(path, () => socket.write(words));
    socket.setEncoding('utf8').on('data', (part: string) => {
      answer += part;
    });
    socket.on('error', () => undefined).on('close', () => resolve(answer));
  });

describe.skipIf(process.platform === 'win32')('the local socket', () => {
  it('is for its own user alone, and knows two questions', async () => {
    const path = socketPath(folder);
    await listen(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await askAgent(path, 'status')).toEqual({ asked: 'status' });
    for (const words of ['erase\n', '{"stop":true}\n', '__proto__\n', 'status; stop\n'])
      expect(JSON.parse(await say(path, words))).toEqual({ error: 'unknown question' });
    expect(await say(path, 'x'.repeat(1_000))).toBe('');
    expect(asked).toEqual(['status']);
  });

  describe('of a home whose path is too long for one', () => {
    const longPath = () => socketPath(join(folder, 'h'.repeat(100)));

    it('lies in a folder nobody else may enter', async () => {
      await listen(longPath());
      const holder = dirname(longPath());
      expect([dirname(holder), statSync(holder).mode & 0o777]).toEqual([folder, 0o700]);
      expect(await askAgent(longPath(), 'status')).toEqual({ asked: 'status' });
    });

    it('is neither made nor asked in a folder others may enter', async () => {
      const holder = dirname(longPath());
      expect(dirname(holder)).toBe(folder);
      mkdirSync(holder);
      chmodSync(holder, 0o777);
      await expect(listen(longPath())).rejects.toThrow(/others may enter and change/);
      await expect(askAgent(longPath(), 'status')).rejects.toThrow(/others may enter and change/);
      expect(existsSync(longPath())).toBe(false);
    });

    it('is not missed where there is none', async () => {
      expect(await askAgent(longPath(), 'status')).toBeUndefined();
    });
  });
});
