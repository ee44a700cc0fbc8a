import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { SettingsEditor } from './settings-editor.tsx';

export function HelpdeskSettingsPage() {
  const settings = useQuery(helpdeskQueries.settings());
  return (
    <Page
      title="Helpdesk settings"
      lead="What is promised, which tickets open by themselves, how the person is told, and the words for what comes again and again."
    >
      <Loaded query={settings}>{(saved) => <SettingsEditor saved={saved} />}</Loaded>
    </Page>
  );
}
