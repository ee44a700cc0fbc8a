import { Button, Card, Group, Text } from '@mantine/core';
import type { UnblockRequestView } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { requestStateWords } from '../../filter-words.ts';
import { actorWords, count } from '../../words.ts';
import classes from './request-card.module.css';

interface Props {
  request: UnblockRequestView;
  onDecide: (outcome: 'granted' | 'refused') => void;
}

/** One request: what, why, who, by when; with its two answers while it is open. */
export function RequestCard({ request, onDecide }: Props) {
  const { name, words, state } = request;
  return (
    <Card component="article" padding="md" aria-label={`Request for ${name}`} className={classes.card ?? ''}>
      <div className={classes.words}>
        <Group gap={6}>
          <Text fw={650} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
          <States request={request} />
        </Group>
        <Text size="sm" className={classes.quote ?? ''}>
          {words ? `“${words}”` : 'No reason was given.'}
        </Text>
        <Asker request={request} />
        {request.decidedAt ? <Outcome request={request} /> : null}
      </div>
      {state === 'open' ? (
        <div className={classes.acts}>
          <Button size="sm" onClick={() => onDecide('granted')} aria-label={`Grant ${name}`}>
            Grant…
          </Button>
          <Button size="sm" variant="default" onClick={() => onDecide('refused')} aria-label={`Refuse ${name}`}>
            Refuse…
          </Button>
          <TextLink
            to="/test-name"
            search={{ name, ...(request.person ? { person: request.person.id } : { device: request.deviceId }) }}
            size="sm"
          >
            Why is it blocked?
          </TextLink>
        </div>
      ) : null}
    </Card>
  );
}

const tones = { open: 'plain', granted: 'good', refused: 'bad', expired: 'plain' } as const;

function States({ request: { state, overdue, alike, category } }: { request: UnblockRequestView }) {
  return (
    <>
      {state === 'open' ? null : <Tag tone={tones[state]}>{requestStateWords[state]}</Tag>}
      {overdue && state === 'open' ? <Tag tone="bad">Overdue</Tag> : null}
      {category ? <Tag>{category}</Tag> : null}
      {alike > 1 ? <Tag tone="warn">{count(alike, 'request')} for this name</Tag> : null}
    </>
  );
}

function Asker({ request }: { request: UnblockRequestView }) {
  const { person, deviceId, deviceName, orgName, askedAt, dueAt, state } = request;
  return (
    <Text size="xs" c="dimmed" component="div">
      {person ? (
        <TextLink to="/people/$id" params={{ id: person.id }} size="xs">
          {person.name}
        </TextLink>
      ) : (
        'Nobody known'
      )}
      {' · '}
      <TextLink to="/devices/$id" params={{ id: deviceId }} size="xs">
        {deviceName}
      </TextLink>
      {orgName ? ` · ${orgName}` : ''} · asked <When at={askedAt} />
      {state === 'open' ? (
        <>
          {' '}
          · due <When at={dueAt} />
        </>
      ) : null}
    </Text>
  );
}

function Outcome({ request: { state, outcome, decidedAt, decidedBy } }: { request: UnblockRequestView }) {
  return (
    <Text size="sm" mt={4} component="div">
      {requestStateWords[state]}
      {decidedBy ? ` by ${actorWords(decidedBy)}` : ''} <When at={decidedAt} />
      {outcome ? `: ${outcome}` : ''}
    </Text>
  );
}
