import type Type from 'typebox';
import type { LiveSample } from '../../shared/protocol/health.ts';

const names = ['chromium', 'Xorg', 'rollcall-agent', 'gnome-shell', 'libreoffice', 'systemd', 'NetworkManager'];

/** A made-up sample of a live view that moves with time. */
export function sampleAt(at: number): Type.Static<typeof LiveSample> {
  const wave = (period: number) => 0.5 + 0.5 * Math.sin(at / period);
  const used = 7.2e9 + 1.1e9 * wave(9000);
  return {
    at,
    cpuPercent: 12 + 30 * wave(4000),
    coresPercent: Array.from({ length: 8 }, (_, core) => 90 * wave(3000 + core * 700)),
    memoryUsedPercent: (used / 16.6e9) * 100,
    memoryUsedBytes: used,
    memoryTotalBytes: 16.6e9,
    receivedBytesPerSecond: 1.8e6 * wave(2500),
    sentBytesPerSecond: 2.4e5 * wave(3100),
    processes: names.map((name, place) => ({
      pid: 400 + place * 37,
      name,
      cpuPercent: (24 / (place + 1)) * wave(3000 + place * 500),
      memoryBytes: 1.4e9 / (place + 1),
    })),
  };
}
