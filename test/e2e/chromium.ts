import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

export const chromiumPath = '/usr/bin/chromium';

/** Why tests in Chromium are skipped here; undefined when they can run. */
export const noChromium = existsSync(chromiumPath) ? undefined : `no Chromium at ${chromiumPath}`;

/** For a Chromium without a screen or a network of its own. */
export const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface LaunchedChromium extends AsyncDisposable {
  context: BrowserContext;
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** Names that mean 127.0.0.1 inside this browser. */
  hosts?: readonly string[];
  arguments?: readonly string[];
  /** Lets it open a console whose certificate comes from a test's own CA. */
  ignoreHTTPSErrors?: boolean;
  timeoutMs?: number;
}

/**
 * A real Chromium with a profile of its own that goes with it. Throws under a policy that closes the developer tools
 * (DeveloperToolsAvailability 2): such a Chromium refuses the debugger by which tests drive it.
 */
export async function launchChromium(options: LaunchOptions = {}): Promise<LaunchedChromium> {
  const profile = await mkdtemp(join(tmpdir(), 'rollcall-chromium-'));
  const rules = (options.hosts ?? []).map((host) => `MAP ${host} 127.0.0.1`).join(',');
  const args = [...flags, ...(rules ? [`--host-resolver-rules=${rules}`] : []), ...(options.arguments ?? [])];
  const removeProfile = () => rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: chromiumPath,
      // The flag above asks for the new headless mode, which is the whole browser with its policies.
      headless: false,
      args,
      ignoreHTTPSErrors: options.ignoreHTTPSErrors ?? false,
      timeout: options.timeoutMs ?? 30_000,
    });
    const close = async () => {
      await context.close();
      await removeProfile();
    };
    return { context, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await removeProfile();
    throw error;
  }
}
