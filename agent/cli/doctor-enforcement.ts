import { createSocket } from 'node:dgram';
import type { ReportedRecord } from '../../shared/protocol/messages.ts';
import type { AgentConfig } from '../config.ts';
import type { AgentStatus } from '../local/status.ts';
import { askOwnPage } from '../pages/ask-page.ts';
import { bad, type Finding, good } from './finding.ts';
import { quietLog } from './quiet-log.ts';
import { readStatus } from './read-status.ts';

const patienceMs = 3_000;
/** A question for `localhost` of type A (RFC 1035 section 4.1): every resolver can answer it by itself. */
const question = Buffer.concat([
  Buffer.from([0x52, 0x43, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 9]),
  Buffer.from('localhost', 'ascii'),
  Buffer.from([0, 0, 1, 0, 1]),
]);

/** On the device: does the agent run, is it connected, is everything in force, does the resolver answer? */
export async function enforcementSteps(config: AgentConfig): Promise<Finding[]> {
  let status: AgentStatus;
  try {
    status = await readStatus(config, quietLog);
  } catch (error) {
    return [bad('agent', (error as Error).message, 'Restart the agent.')];
  }
  const findings = [runningStep(status), connectionStep(status), ...status.sections.filter(isDesired).map(sectionStep)];
  const filters = status.running && status.sections.some((item) => item.section === 'webFilter' && isInForce(item));
  if (!filters) return findings;
  return [...findings, await resolverStep(status.resolver), await pageStep(status.page)];
}

function runningStep({ running, pid, home }: AgentStatus): Finding {
  const fix = `Start it: the service rollcall-agent, or: rollcall-agent run --home ${home}`;
  return running ? good('agent', `running as process ${pid}`) : bad('agent', 'not running', fix);
}

function connectionStep({ running, connected, whyNotConnected = '' }: AgentStatus): Finding {
  if (connected) return good('connection', 'connected');
  const fix = running
    ? 'It is retried by itself; what was found above about the server says more.'
    : 'Start the agent.';
  return bad('connection', `not connected: ${whyNotConnected}`, fix);
}

function sectionStep({ section, status, failure }: ReportedRecord): Finding {
  const why = failure ? `${status}: ${failure.message}` : status;
  if (status !== 'failed') return good(section, why);
  return bad(
    section,
    why,
    'The agent tries again by itself. If it stays so, show IT this line and the log of the agent.',
  );
}

async function resolverStep(where: string): Promise<Finding> {
  const [address = '', port = ''] = where.split(':');
  const problem = await askResolver(address, Number(port));
  const fix = `Another program may hold port ${port}; the log of the agent says more. Restart the agent.`;
  return problem ? bad('resolver', `${where} ${problem}`, fix) : good('resolver', `${where} answers`);
}

/** Where blocked sites are explained, and what is recorded. */
async function pageStep(where: string | undefined): Promise<Finding> {
  const fix = 'Another program may hold their port; see the evidence of webFilter in: rollcall-agent status';
  if (where === undefined) return bad('own pages', 'not open', fix);
  const [address = '', port = ''] = where.split(':');
  const problem = await askOwnPage(address, Number(port));
  return problem ? bad('own pages', `${where}: ${problem}`, fix) : good('own pages', `${where} answers`);
}

async function askResolver(address: string, port: number): Promise<string | undefined> {
  const socket = createSocket('udp4');
  const timer = Promise.withResolvers<string>();
  const timeout = setTimeout(() => timer.resolve(`did not answer within ${patienceMs / 1000} s`), patienceMs);
  const answer = new Promise<string | undefined>((resolve) => {
    socket.once('message', () => resolve(undefined));
    socket.once('error', (error) => resolve(`cannot be asked: ${error.message}`));
    socket.connect(port, address, () => socket.send(question));
  });
  const problem = await Promise.race([answer, timer.promise]);
  clearTimeout(timeout);
  socket.close();
  return problem;
}

/** A section that was removed has no hash. */
function isDesired({ hash }: ReportedRecord): boolean {
  return hash !== undefined;
}

function isInForce({ status }: ReportedRecord): boolean {
  return status === 'verified' || status === 'applied';
}
