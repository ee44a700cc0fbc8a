import { Card, Group, Text } from '@mantine/core';
import { IconArrowBadgeRight } from '@tabler/icons-react';
import type { NameTest } from '../../../../../shared/api/schemas.ts';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { actionTones, actionWords, layerWords, placeWords } from '../../filter-words.ts';
import classes from './name-test-result.module.css';

/** The answer in a sentence, what was assumed, and every layer in its order with the one that decided. */
export function NameTestResult({ test }: { test: NameTest }) {
  return (
    <>
      <Sentence test={test} />
      <Panel title="Why" note="The layers in their order. The first that speaks decides; the others would have said:">
        <ol className={classes.chain}>
          {test.chain.map((link) => (
            <Layer key={link.layer} link={link} />
          ))}
        </ol>
      </Panel>
      <Assumed test={test} />
    </>
  );
}

function Sentence({ test: { name, decision, words } }: { test: NameTest }) {
  return (
    <Card
      component="section"
      aria-label="Result"
      className={classes.result ?? ''}
      data-tone={actionTones[decision.action]}
    >
      <Group gap="xs">
        <Tag tone={actionTones[decision.action]}>{actionWords[decision.action]}</Tag>
        <Text fw={650} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
      </Group>
      <Text mt={6} role="status">
        {words}
      </Text>
      {decision.target ? (
        <Text size="sm" c="dimmed">
          Answered with the addresses of {decision.target}.
        </Text>
      ) : null}
    </Card>
  );
}

function Layer({ link: { layer, title, says, decides, words } }: { link: NameTest['chain'][number] }) {
  return (
    <li
      className={classes.layer}
      data-decides={decides || undefined}
      data-silent={says === null || undefined}
      aria-current={decides ? 'true' : undefined}
    >
      <div className={classes.head}>
        <Text fw={decides ? 700 : 600} size="sm">
          {title}
        </Text>
        {decides ? (
          <Tag
            tone={says ? actionTones[says.action] : 'plain'}
            icon={<IconArrowBadgeRight size={14} aria-hidden="true" />}
          >
            Decides: {says ? actionWords[says.action].toLowerCase() : ''}
          </Tag>
        ) : says ? (
          <Tag>{actionWords[says.action]}</Tag>
        ) : (
          <Text size="xs" c="dimmed">
            says nothing
          </Text>
        )}
      </div>
      <Text size="xs" c="dimmed">
        {layerWords[layer]}
      </Text>
      {says ? (
        <Text size="sm" mt={2}>
          {words}
        </Text>
      ) : null}
    </li>
  );
}

function Assumed({ test: { person, deviceId, at, place } }: { test: NameTest }) {
  return (
    <Panel title="What was assumed">
      <Facts
        facts={[
          [
            'Person',
            person ? (
              <TextLink key="person" to="/people/$id" params={{ id: person.id }}>
                {person.name}
              </TextLink>
            ) : (
              'nobody in particular'
            ),
          ],
          [
            'Device',
            deviceId ? (
              <TextLink key="device" to="/devices/$id" params={{ id: deviceId }}>
                the device’s page
              </TextLink>
            ) : (
              'none in particular'
            ),
          ],
          ['Time', <When key="at" at={at} as="moment" />],
          ['Place', placeWords[place]],
        ]}
      />
    </Panel>
  );
}
