import type { AgentOptions } from '../../agent/agent-options.ts';
import { writeIdentity } from '../../agent/identity/identity-files.ts';
import type { Agent } from '../../agent/running-agent.ts';
import type { ReportRecord } from '../../shared/protocol/messages.ts';
import { AgentHome } from './agent-home.ts';
import type { AgentServer } from './agent-server.ts';
import { FakeDevice, hardwareId } from './device.ts';

/** The agent itself, enrolled at a real server, which it reaches through a port of the test's choice. */
export class ConnectedAgent extends AgentHome {
  readonly deviceId: string;
  readonly #name: string;
  #emit: ((record: ReportRecord) => void) | undefined;
  /** Events it was told to report. */
  emitted = 0;

  private constructor(name: string, deviceId: string) {
    super();
    this.#name = name;
    this.deviceId = deviceId;
  }

  static async enrol(server: AgentServer, name: string, port: number, host = '127.0.0.1'): Promise<ConnectedAgent> {
    const device = await FakeDevice.make(name);
    const { status, body } = await device.enroll(server.enrolmentPort, await server.token());
    if (status !== 200) throw new Error(`${name} was not enrolled: ${status}`);
    const agent = new ConnectedAgent(name, device.deviceId);
    writeIdentity(agent.home, {
      deviceId: device.deviceId,
      trust: body.trust,
      agents: [{ host, port }],
      enrolment: [{ host: '127.0.0.1', port: server.enrolmentPort }],
      credentials: [{ key: device.key.pem, certificateChain: device.chain }],
    });
    return agent;
  }

  override async start(change: Partial<AgentOptions> = {}): Promise<Agent> {
    return await super.start({
      name: this.#name,
      hardware: async () => ({ id: hardwareId(this.#name) }),
      health: ({ emit }) => ({
        start: async () => {
          this.#emit = emit;
        },
        stop: async () => undefined,
      }),
      ...change,
    });
  }

  get isConnected(): boolean {
    return this.agent?.status().connected === true;
  }

  /** Reports one more numbered event. */
  emit(): void {
    if (!this.#emit) throw new Error('The agent has not been started.');
    this.emitted += 1;
    this.#emit({ kind: 'event', at: Date.now(), code: 'numbered', detail: `event ${this.emitted}` });
  }

  /** The words of the events it was told to report, as a server that lost and doubled nothing holds them. */
  get expected(): string[] {
    return Array.from({ length: this.emitted }, (_, index) => `event ${index + 1}`);
  }

  /** Those the server holds, in the order it took them. */
  async held({ db }: Pick<AgentServer, 'db'>): Promise<string[]> {
    const rows = await db
      .selectFrom('event')
      .select('words')
      .where('subject_id', '=', this.deviceId)
      .where('code', '=', 'numbered')
      .orderBy('id')
      .execute();
    return rows.map(({ words }) => words);
  }
}
