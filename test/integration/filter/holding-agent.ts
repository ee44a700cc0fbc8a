// The filter of holding-run.ts as a program of its own, to be killed: in force until its parent goes.
import { holdingFilter, section } from './holding-host.ts';

const filter = holdingFilter();
await filter.apply(section);
const { evidence } = await filter.observe(section);
process.on('disconnect', () => process.exit());
process.send?.(evidence.filter(({ ok }) => !ok));
