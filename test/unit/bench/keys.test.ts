import { expect, it } from 'vitest';
import { readCsr } from '../../../server/pki/csr.ts';
import { crowdKeys } from '../../bench/keys.ts';

it('makes distinct keys whose requests the server takes', async () => {
  const keys = await crowdKeys(4);
  const hashes = keys.map(({ csr }) => readCsr(csr).keyHash);
  expect(new Set(hashes).size).toBe(4);
  expect(keys.map(({ key }) => key.asymmetricKeyDetails?.modulusLength)).toEqual([2048, 2048, 2048, 2048]);
});
