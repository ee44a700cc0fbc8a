/** The agent's version, as `hello` says it; the same as in package.json. */
export const agentVersion = '0.1.0';
