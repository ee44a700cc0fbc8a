import type { HealthValue } from '../agent/health/collector.ts';

/** A laptop as schools buy it; capacities and sizes as their makers state them, rounded. */
export interface LaptopModel {
  platform: 'linux' | 'darwin' | 'win32';
  maker: string;
  model: string;
  cpu: string;
  cores: number;
  memoryGiB: number;
  diskGB: number;
  drive: string;
  driveKind: 'eMMC' | 'NVMe' | 'SSD';
  designWh: number;
  os: Pick<HealthValue<'os'>, 'name' | 'version' | 'kernel'>;
}

const ubuntu = { name: 'Ubuntu', version: '24.04', kernel: '6.8.0-45-generic' };
const debian = { name: 'Debian GNU/Linux', version: '12', kernel: '6.1.0-26-amd64' };
const fedora = { name: 'Fedora Linux', version: '40', kernel: '6.10.12-200.fc40.x86_64' };
const windows11 = { name: 'Microsoft Windows 11 Education', version: '10.0.22631', kernel: '10.0.22631' };
const windows10 = { name: 'Microsoft Windows 10 Education', version: '10.0.19045', kernel: '10.0.19045' };
const sonoma = { name: 'macOS', version: '14.6.1', kernel: '23.6.0' };
const sequoia = { name: 'macOS', version: '15.0', kernel: '24.0.0' };

type Row = [
  LaptopModel['platform'],
  string,
  string,
  string,
  number,
  number,
  number,
  string,
  LaptopModel['driveKind'],
  number,
  LaptopModel['os'],
];

/** platform, maker, model, processor, cores, memory GiB, disk GB, drive, its kind, battery Wh, system */
const rows: Row[] = [
  ['linux', 'LENOVO', '300e Chromebook Gen 3 (Ubuntu)', 'AMD 3015Ce', 2, 4, 32, 'DA4032', 'eMMC', 47, ubuntu],
  ['win32', 'Dell Inc.', 'Latitude 3140', 'Intel(R) N200', 4, 8, 128, 'KIOXIA BG5', 'NVMe', 42, windows11],
  [
    'linux',
    'Acer',
    'Chromebook Spin 511 R753T (Debian)',
    'Intel(R) Celeron(R) N4500',
    2,
    4,
    64,
    'DF4064',
    'eMMC',
    42,
    debian,
  ],
  ['win32', 'LENOVO', '100w Gen 4', 'Intel(R) N100', 4, 4, 64, 'HB8AP4', 'eMMC', 47, windows11],
  ['linux', 'HP', 'Fortis 11 G9 Q Chromebook (Debian)', 'Qualcomm SC7180', 8, 4, 64, 'DV4064', 'eMMC', 47, debian],
  ['darwin', 'Apple Inc.', 'MacBook Air (M1, 2020)', 'Apple M1', 8, 8, 256, 'APPLE SSD AP0256Q', 'NVMe', 49.9, sonoma],
  [
    'linux',
    'Dell Inc.',
    'Latitude 3120',
    'Intel(R) Pentium(R) Silver N6000',
    4,
    8,
    128,
    'SK hynix BC711',
    'NVMe',
    40,
    ubuntu,
  ],
  ['win32', 'HP', 'ProBook 445 G9', 'AMD Ryzen 5 5625U', 12, 16, 256, 'SAMSUNG MZVL2256', 'NVMe', 45, windows11],
  ['linux', 'LENOVO', 'ThinkPad L13 Gen 3', 'AMD Ryzen 5 PRO 5675U', 12, 16, 512, 'WDC PC SN740', 'NVMe', 46, fedora],
  [
    'win32',
    'Microsoft Corporation',
    'Surface Laptop SE',
    'Intel(R) Celeron(R) N4120',
    4,
    4,
    64,
    'DF4064',
    'eMMC',
    33.7,
    windows11,
  ],
  ['linux', 'ASUSTeK COMPUTER INC.', 'BR1102C', 'Intel(R) N100', 4, 8, 128, 'Micron 2450', 'NVMe', 42, ubuntu],
  [
    'win32',
    'Acer',
    'TravelMate B3 TMB311',
    'Intel(R) Celeron(R) N4020',
    2,
    4,
    128,
    'CT120BX500SSD1',
    'SSD',
    48,
    windows10,
  ],
  ['darwin', 'Apple Inc.', 'MacBook Air (M2, 2022)', 'Apple M2', 8, 8, 256, 'APPLE SSD AP0256Z', 'NVMe', 52.6, sequoia],
];

export const laptopModels: readonly LaptopModel[] = rows.map(
  ([platform, maker, model, cpu, cores, memoryGiB, diskGB, drive, driveKind, designWh, os]) => ({
    platform,
    maker,
    model,
    cpu,
    cores,
    memoryGiB,
    diskGB,
    drive,
    driveKind,
    designWh,
    os,
  }),
);
