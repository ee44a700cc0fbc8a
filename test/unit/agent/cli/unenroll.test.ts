import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { ours } from '../../../../agent/cli/unenroll.ts';
import { Home } from '../../../../agent/store/home.ts';

it('unenrolling knows every file the agent keeps in its home as its own', () => {
  const home = new Home('/var/lib/rollcall-agent');
  const getters = Object.entries(Object.getOwnPropertyDescriptors(Home.prototype)).filter(([, { get }]) => get);
  const names = getters.map(([, { get }]) => basename(String(get?.call(home))));
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !ours.test(name))).toEqual([]);
});
