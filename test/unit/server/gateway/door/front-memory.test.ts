import { expect, it } from 'vitest';
import serverEnvironment from '../../../../../installers/server-environment.json' with { type: 'json' };
import { frontMemory } from '../../../../../server/gateway/door/front-memory.ts';

it('a process for connections has its memory as the server has that holds them itself', () => {
  expect(frontMemory.environment).toEqual(serverEnvironment);
});
