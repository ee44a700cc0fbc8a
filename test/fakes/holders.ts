/** Who holds the connections of agents: what agents see of the gateway must be the same. */
export const holders = [
  { words: 'held by the server’s own process', processes: 0 },
  { words: 'held by two fronts', processes: 2 },
] as const;
