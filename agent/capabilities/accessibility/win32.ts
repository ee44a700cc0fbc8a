import { notHere } from '../baseline/not-here.ts';

/** Windows keeps them in each person's own part of the registry, which is not the agent's to write. */
export const noHelpOnWindows = notHere('Windows keeps accessibility with each person; set it there.');
