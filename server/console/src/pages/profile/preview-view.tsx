import { Alert, List, Stack, Text } from '@mantine/core';
import type { Preview } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { Tag } from '../../components/tag.tsx';
import { changeWords } from '../../setting-words.ts';
import { count } from '../../words.ts';
import classes from './preview-view.module.css';

/** Who changes and what, before → after. */
export function PreviewView({ preview }: { preview: Preview }) {
  return (
    <Stack gap="md">
      {preview.problems.length > 0 ? (
        <Alert variant="default" role="alert" title="This cannot be published yet">
          <List size="sm">
            {preview.problems.map((problem) => (
              <List.Item key={problem}>{problem}</List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
      <Text fw={600} role="status">
        {preview.devices === 0
          ? 'No device changes.'
          : `${count(preview.devices, 'device')} of ${count(preview.people, 'person', 'people')} will change.`}
      </Text>
      {preview.unknown.length > 0 ? <Unknown preview={preview} /> : null}
      {preview.sample.length > 0 ? (
        <div className={classes.sample}>
          {preview.sample.map((device) => (
            <section key={device.deviceId} className={classes.device}>
              <Text size="sm">
                <b>{device.deviceName}</b>
                <Text span c="dimmed" size="sm">
                  {' '}
                  · {device.person ?? 'with nobody'}
                </Text>
              </Text>
              {device.changes.map((change) => (
                <ChangeLine key={`${change.capability} ${change.setting}`} change={change} />
              ))}
            </section>
          ))}
        </div>
      ) : null}
      {preview.devices > preview.sample.length && preview.sample.length > 0 ? (
        <Text size="sm" c="dimmed">
          The first {preview.sample.length} are shown.
        </Text>
      ) : null}
    </Stack>
  );
}

const few = 6;

function ChangeLine({ change }: { change: Preview['sample'][number]['changes'][number] }) {
  const words = changeWords(change.capability, change.setting, change.before, change.after);
  return (
    <div className={classes.change}>
      <span className={classes.title}>{change.title}</span>
      {words.kind === 'value' ? (
        <span>
          {words.before} <span aria-hidden="true">→</span>
          <span className={classes.hidden}> becomes </span> <b>{words.after}</b>
        </span>
      ) : (
        <span className={classes.items}>
          {words.added.slice(0, few).map((item) => (
            <Tag key={`+${item}`} tone="good">
              + {item}
            </Tag>
          ))}
          {words.removed.slice(0, few).map((item) => (
            <Tag key={`-${item}`} tone="bad">
              − {item}
            </Tag>
          ))}
          <Rest words={words} />
        </span>
      )}
    </div>
  );
}

function Rest({ words }: { words: { added: readonly string[]; removed: readonly string[] } }) {
  const rest = Math.max(0, words.added.length - few) + Math.max(0, words.removed.length - few);
  return rest > 0 ? <span>and {rest.toLocaleString('en')} more</span> : null;
}

function Unknown({ preview }: { preview: Preview }) {
  return (
    <Alert
      variant="default"
      title={
        preview.unknown.length === 1
          ? 'One device keeps what it has'
          : `${preview.unknown.length} devices keep what they have`
      }
    >
      <Text size="sm">Something an assignment asks about is not known of them, so the last known scope stays.</Text>
      <List size="sm" mt={4}>
        {preview.unknown.slice(0, 10).map((device) => (
          <List.Item key={device.deviceId}>
            <TextLink to="/devices/$id" params={{ id: device.deviceId }}>
              {device.deviceName}
            </TextLink>
            : {device.words}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
