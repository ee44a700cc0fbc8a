import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { auditTabs } from '../../audit-routes.tsx';
import { spanOf } from '../../audit-words.ts';
import { ExportMenu } from '../../components/export-menu.tsx';
import { Page } from '../../components/page.tsx';
import { AuditRows } from './audit-rows.tsx';
import { KeepingTab } from './keeping-tab.tsx';
import { ProofTab } from './proof-tab.tsx';

const route = getRouteApi('/shell/audit');
const tabWords = { rows: 'What happened', proof: 'Proof', keeping: 'Keeping and limits' } as const;

export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { tab = 'rows', cursor: _, page: __, from, to, ...filters } = search;
  return (
    <Page
      title="Audit"
      lead="Everything that people, programs, devices and the server did, and who looked at whom. Rows are only ever added, and each proves the ones before."
      actions={<Export filters={{ ...filters, ...spanOf({ from, to }) }} />}
    >
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          void navigate({ search: (now) => ({ ...now, tab: auditTabs.find((one) => one === next) }) })
        }
      >
        <Tabs.List mb="md">
          {auditTabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {tabWords[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="rows">
          <AuditRows />
        </Tabs.Panel>
        <Tabs.Panel value="proof">
          <ProofTab />
        </Tabs.Panel>
        <Tabs.Panel value="keeping">
          <KeepingTab />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Export({ filters }: { filters: Record<string, string | undefined> }) {
  const given = Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const href = (format: string) => `/api/audit/export?${new URLSearchParams([['format', format], ...given])}`;
  return (
    <ExportMenu
      groups={[
        {
          label: 'What is shown, on record',
          links: [
            { label: 'CSV, for people', href: href('csv') },
            { label: 'JSON lines, with what proves each row', href: href('jsonl') },
          ],
        },
      ]}
    />
  );
}
