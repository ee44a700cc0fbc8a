import type { HostPart, Line } from '../baseline/baseline.ts';

/** Storage on a Mac is closed by MDM alone: no command or preference of the system does it. */
export class MacUsbStorage implements HostPart<object> {
  readonly unsupportedWhy = 'On a Mac only MDM can block USB storage.';

  observe(): Promise<Line[]> {
    return Promise.resolve([]);
  }

  apply(): Promise<void> {
    return Promise.resolve();
  }

  holds(): Promise<boolean> {
    return Promise.resolve(false);
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }

  watched(): string[] {
    return [];
  }
}
