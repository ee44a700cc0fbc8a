import { notifications } from '@mantine/notifications';

/** A short confirmation that something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'green', autoClose: 4000 });
}

/** A failure of something that has no place on the page for its error. */
export function notifyFailed(error: Error): void {
  notifications.show({ title: 'That did not work', message: error.message, color: 'vermilion', autoClose: 8000 });
}
