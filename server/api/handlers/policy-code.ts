import { readFile } from 'node:fs/promises';
import type { policyCodeRoutes } from '../../../shared/api/routes/policy-code.ts';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import type { PolicyAuthor, Services } from '../../services.ts';
import { authorOf } from '../author.ts';
import type { Caller } from '../guard.ts';
import type { Handlers } from '../register.ts';

export function policyCodeHandlers({ policyCode, lists }: Services): Pick<Handlers, keyof typeof policyCodeRoutes> {
  return {
    exportPolicy: () => policyCode.export(),
    diffPolicy: ({ body }) => policyCode.diff(body),
    applyPolicy: ({ body, caller }) => policyCode.apply(body, policyAuthorOf(caller)),
    readListArtifact: async ({ params }) => {
      const path = await lists.artifactPath(params.hash);
      if (path === undefined) throw new CodedError('not-found', 'There are no compiled names of this SHA-256.');
      return { name: `${params.hash}.names`, type: 'application/octet-stream', bytes: await readFile(path) };
    },
    giveListArtifact: async ({ params, bytes }) => ({ names: await lists.giveArtifact(params.hash, bytes) }),
  };
}

/** What a token is not given for single routes it is not given by way of documents. */
function policyAuthorOf(caller: Caller): PolicyAuthor {
  const { token } = caller;
  const may = { compliance: !token || token.scopes.includes('compliance:write'), publishing: !token };
  return { ...authorOf(caller), may };
}
