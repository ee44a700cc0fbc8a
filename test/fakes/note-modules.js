// Preloaded into a process (--import): notes each module it loads, one line each, in the file ROLLCALL_TEST_MODULES names.
// https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.ROLLCALL_TEST_MODULES, `${url}\n`);
    return next(url, context);
  },
});
