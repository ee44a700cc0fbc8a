import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { OverrideInput } from '../../../../shared/api/schemas.ts';
import { call } from '../api.ts';
import { untilWords } from '../filter-words.ts';
import { minutesOf, overrideProblem, type Span } from '../override-form.ts';
import { Problem } from './problem.tsx';
import { ReasonField } from './reason-field.tsx';
import { namedIn, type Sites, SitesFields } from './sites-fields.tsx';
import { SpanField } from './span-field.tsx';
import { useAct } from './use-act.ts';
import { useNow } from './when.tsx';

type Kind = OverrideInput['kind'];

const kindWords: Record<Kind, { title: string; note: string; sites: string; action: string }> = {
  allow: {
    title: 'Open sites',
    note: 'They open although a category blocks them. The locked minimum and blocked domains stay closed.',
    sites: 'Sites to open',
    action: 'Open',
  },
  block: {
    title: 'Close sites',
    note: 'They close although nothing else blocks them.',
    sites: 'Sites to close',
    action: 'Close',
  },
  only: {
    title: 'Only these sites',
    note: 'Everything else closes, but for the district’s essentials. The locked minimum stays closed.',
    sites: 'Sites that stay open',
    action: 'Allow only these',
  },
};

interface Props {
  target: OverrideInput['target'];
  /** Whom or what it is for, in words. */
  name: string;
  kind: Kind;
  /** Lets the reader choose the kind; otherwise it is given. */
  choosable?: boolean;
  /** True where `everything` may be opened: for adults. */
  adult?: boolean;
  lessonEnds?: string | null;
  opened: boolean;
  onClose: () => void;
}

/** Opens or closes something for a time. It ends by itself. */
export function OverrideDialog(props: Props) {
  const { opened, onClose, name, kind, choosable } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={choosable ? `Open something for ${name}` : `${kindWords[kind].title}: ${name}`}
    >
      <Form {...props} />
    </Modal>
  );
}

function Form({ target, name, kind: given, choosable, adult = false, lessonEnds = null, onClose }: Props) {
  const now = useNow();
  const inLesson = lessonEnds !== null && Date.parse(lessonEnds) > now;
  const [kind, setKind] = useState(given);
  const [sites, setSites] = useState<Sites>({ domains: [], categories: [], everything: false });
  const [span, setSpan] = useState<Span>(inLesson ? { kind: 'lesson' } : { kind: 'hour' });
  const [reason, setReason] = useState('');
  const offersAll = adult && kind === 'allow';
  const asked = { target, kind, ...namedIn(sites, offersAll), reason: reason.trim() };
  const problem = overrideProblem({ ...asked, minutes: minutesOf(span, now, lessonEnds) });
  const create = useAct({
    act: (body: OverrideInput) => call('createOverride', { body }),
    done: ({ until }) => `Done for ${name}, ${untilWords(until, Date.now())}.`,
    stale: ['overrides', 'classes', 'filter'],
    onDone: onClose,
  });
  const send = () => {
    const minutes = minutesOf(span, Date.now(), lessonEnds);
    if (!problem && minutes !== undefined) create.mutate({ ...asked, minutes });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Stack gap="sm">
        {choosable ? <KindChoice kind={kind} onChange={setKind} /> : null}
        <Text size="sm" c="dimmed">
          {kindWords[kind].note}
        </Text>
        <SitesFields label={kindWords[kind].sites} sites={sites} offersAll={offersAll} onChange={setSites} />
        <SpanField span={span} lessonEnds={lessonEnds} onChange={setSpan} />
        <ReasonField description="Shown on the device and kept in the events" value={reason} onChange={setReason} />
        {create.error ? <Problem error={create.error} title="Nothing was opened or closed" /> : null}
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed" role="status">
            {problem ?? 'It ends by itself.'}
          </Text>
          <Group gap="xs" ml="auto">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={problem !== undefined} loading={create.isPending}>
              {kindWords[kind].action}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

function KindChoice({ kind, onChange }: { kind: Kind; onChange: (kind: Kind) => void }) {
  return (
    <SegmentedControl
      aria-label="What to do"
      fullWidth
      value={kind}
      data={[
        { value: 'allow', label: 'Open' },
        { value: 'block', label: 'Close' },
        { value: 'only', label: 'Only these' },
      ]}
      onChange={onChange}
    />
  );
}
