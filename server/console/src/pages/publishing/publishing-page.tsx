import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { reviewQueries } from '../../review-queries.ts';
import { PublishingEditor } from './publishing-editor.tsx';

export function PublishingPage() {
  const publishing = useQuery(reviewQueries.publishing());
  return (
    <Page
      title="Publishing"
      lead="How a change of profiles and groups comes to the devices: who approves it, when it must wait, and in which rings it goes out."
    >
      <Loaded query={publishing}>{(saved) => <PublishingEditor saved={saved} />}</Loaded>
    </Page>
  );
}
