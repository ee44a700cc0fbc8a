import type { ScriptContent } from '../../shared/api/schemas.ts';

/** Drafts: only two approvers can make them scripts that devices run, and a new district has none yet. */
export const sampleScripts: readonly ScriptContent[] = [
  {
    name: 'Empty the print queue',
    description: 'Cancels what waits for one printer, or for all of them, and says what is left.',
    platform: 'linux',
    interpreter: 'sh',
    parameters: [{ name: 'PRINTER', title: 'Printer, or empty for all', kind: 'text', required: false }],
    timeoutSeconds: 30,
    outputBytes: 4096,
    source: '#!/bin/sh\nset -e\nif [ -n "$PRINTER" ]; then cancel -a "$PRINTER"; else cancel -a; fi\nlpstat -o\n',
  },
  {
    name: 'Make room on the disk',
    description: 'Removes packages that were downloaded and old journals; files of people stay.',
    platform: 'linux',
    interpreter: 'sh',
    parameters: [{ name: 'DAYS', title: 'Days of the journal to keep', kind: 'number', required: true }],
    timeoutSeconds: 300,
    outputBytes: 4096,
    source: '#!/bin/sh\nset -eu\napt-get clean\njournalctl --vacuum-time="$DAYS"d\ndf -h /\n',
  },
];
