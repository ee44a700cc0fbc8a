import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { campusOf, SeenPlaces, seenPlace } from '../../../../server/gateway/seen-places.ts';
import { filterSettingsDefaults } from '../../../../shared/api/schemas.ts';
import type { CampusNetwork } from '../../../../shared/filter/place.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const maple: CampusNetwork = { name: 'Maple', publicAddresses: ['203.0.113.0/24', '2001:db8::/32'] };
const wifi: CampusNetwork = { name: 'Wi-Fi', ssids: ['School'] };

describe('where the server sees a device', () => {
  it.each([
    ['at an address of a campus network', [maple], '203.0.113.9', 'on-campus'],
    ['at one of its IPv6 addresses', [maple], '2001:db8::7', 'on-campus'],
    ['elsewhere', [maple], '198.51.100.1', 'off-campus'],
    ['elsewhere, where another campus network does not say how it is seen', [maple, wifi], '198.51.100.1', null],
    ['at an address of a campus, whatever the other network is', [maple, wifi], '203.0.113.9', 'on-campus'],
  ] as const)('is known %s', (_, networks, address, place) => {
    const campus = campusOf(networks);
    expect(campus && seenPlace(campus, address)).toBe(place);
  });

  it('is not known where no network says how it is seen', () => {
    expect(campusOf([])).toBeUndefined();
    expect(campusOf([wifi])).toBeUndefined();
  });

  describe('by the settings of the filter', () => {
    let district: PolicyDistrict;
    let places: SeenPlaces;
    beforeEach(async () => {
      district = await openPolicyDistrict();
      places = new SeenPlaces({ documents: district.stores.documents, bus: district.bus });
      await places.start();
    });
    afterEach(async () => {
      await places.stop();
      await district.close();
    });

    it('follows what is saved', async () => {
      expect(places.of('203.0.113.9')).toBeNull();
      await district.stores.documents.save('filter-settings', { ...filterSettingsDefaults, campus: [maple] }, 0, 1);
      district.bus.publish('filter-changed', {});
      await expect.poll(() => places.of('203.0.113.9')).toBe('on-campus');
      expect(places.of('198.51.100.1')).toBe('off-campus');
      expect(places.of(undefined)).toBeNull();
    });
  });
});
