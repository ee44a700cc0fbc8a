import { Alert, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSignature } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ScriptView } from '../../../../../shared/api/schemas.ts';
import { NotFound } from '../../components/dead-ends.tsx';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { When } from '../../components/when.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { list } from '../../rollout-words.ts';
import { blankScript } from '../../script-form.ts';
import { actorWords } from '../../words.ts';
import { PublishScriptDialog } from './publish-script-dialog.tsx';
import { ScriptEditor } from './script-editor.tsx';
import { ScriptState } from './scripts-page.tsx';
import { WithdrawScript } from './withdraw-script.tsx';

const route = getRouteApi('/shell/scripts/$id');
const parent = { to: '/scripts', label: 'Scripts' } as const;

export function ScriptPage() {
  const { id } = route.useParams();
  const scripts = useQuery({ ...helpdeskQueries.scripts(), enabled: id !== 'new' });
  if (id === 'new')
    return (
      <Page title="New script" parent={parent}>
        <ScriptEditor key="new" content={blankScript} version={0} script={undefined} />
      </Page>
    );
  const script = scripts.data?.items.find((one) => one.id === id);
  if (script) return <Existing key={id} script={script} />;
  if (scripts.data) return <NotFound />;
  return (
    <Page title="Script" parent={parent}>
      <Loaded query={scripts}>{() => null}</Loaded>
    </Page>
  );
}

function Existing({ script }: { script: ScriptView }) {
  const { content, version, isDraft, published, approvalId } = script;
  const [publishing, publish] = useDisclosure();
  return (
    <Page
      title={content.name}
      parent={parent}
      badge={<ScriptState script={script} />}
      lead={content.description}
      actions={
        <>
          <WithdrawScript script={script} />
          {isDraft && approvalId === null ? <Button onClick={publish.open}>Publish…</Button> : null}
        </>
      }
    >
      {approvalId === null ? null : (
        <Alert
          variant="default"
          icon={<IconSignature color="var(--verdict-silent)" />}
          title="The draft waits for two approvers"
        >
          <TextLink to="/approvals/$id" params={{ id: approvalId }} size="sm">
            See what is signed
          </TextLink>
        </Alert>
      )}
      <ScriptEditor content={content} version={version} script={script} />
      {published ? (
        <Panel title="Published" note={isDraft ? 'This revision runs until the draft is published.' : null}>
          <Facts
            facts={[
              ['Revision', published.revision],
              ['When', <When key="at" at={published.at} as="moment" />],
              ['Signed by', list(published.signedBy.map(actorWords))],
              ['SHA-256', published.hash],
            ]}
          />
        </Panel>
      ) : null}
      {publishing ? <PublishScriptDialog script={script} onClose={publish.close} /> : null}
    </Page>
  );
}
