import { ownPagesName } from '../filter/special-names.ts';
import { request } from '../platform/http.ts';

const patienceMs = 1_500;
/** Answered without loading what draws the pages. */
export const alivePath = '/.rollcall/alive';

/** Asks the device's own pages over HTTP; the problem in words, undefined when they answer. Never rejects. */
export async function askOwnPage(address: string, port: number): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const options = {
      host: address,
      port,
      method: 'HEAD',
      path: alivePath,
      headers: { host: ownPagesName },
      timeout: patienceMs,
    };
    const asked = request({ ...options, agent: false }, (response) => {
      response.resume();
      const isOurs = response.statusCode === 200 && response.headers['rollcall-page'] === '1';
      resolve(isOurs ? undefined : 'another program answers there');
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer in ${patienceMs} ms`)));
    asked.on('error', (error) => resolve(`it does not answer: ${error.message}`));
    asked.end();
  });
}
