import { expect, test } from '@jest/globals';
import { applyAttributeTypes, type CustomAttributeConfig } from '../../src/datadog/custom-attributes.ts';

function config(type: CustomAttributeConfig['type']): CustomAttributeConfig {
  return { key: 'key', name: 'Its name', type, isMulti: false };
}

function multiConfig(type: CustomAttributeConfig['type']): CustomAttributeConfig {
  return { ...config(type), isMulti: true };
}

const CONFIGS: readonly CustomAttributeConfig[] = [
  { key: 'other', name: '', type: 'TEXT', isMulti: false },
  config('TEXT'),
];
const MIXED_NAMES = new Map([
  ['its NAME', 'a'],
  ['kye', 'b'],
]);

test.each([
  ['eu', config('SELECT'), 'eu'],
  [3, config('TEXT'), '3'],
  ['3', config('NUMBER'), 3],
  ['-12', config('NUMBER'), -12],
  ['2.5', config('NUMBER'), 2.5],
  [2.5, config('NUMBER'), 2.5],
  ['a', multiConfig('TEXT'), ['a']],
  [['1', 2], multiConfig('NUMBER'), [1, 2]],
  [['only'], config('TEXT'), 'only'],
  ['https://wiki.example', config('URL'), 'https://wiki.example'],
])('converts %j as %j configures it', (untyped, config, value) => {
  const { value: typed, rejected } = applyAttributeTypes(new Map([['KEY', untyped]]), [config]);
  expect([...typed]).toEqual([['key', { type: config.type, is_multi: config.isMulti, value }]]);
  expect(rejected).toEqual([]);
});

test.each([
  ['three', config('NUMBER')],
  ['2.5.1', config('NUMBER')],
  ['1e3', config('NUMBER')],
  ['99999999999999999999', config('NUMBER')],
  [['a', 'b'], config('TEXT')],
  [['1', 'x'], multiConfig('NUMBER')],
  ['javascript:alert(1)', config('URL')],
])('rejects %j where the configuration is %j', (value, config) => {
  const { value: converted, rejected } = applyAttributeTypes(new Map([['key', value]]), [config]);
  expect(converted.size).toBe(0);
  expect(rejected.join()).toMatch(/^"key" (?:must be|takes one value)/);
});

test('finds a custom attribute by its display name', () => {
  const { value } = applyAttributeTypes(MIXED_NAMES, CONFIGS);
  expect([...value.keys()]).toEqual(['key']);
});

test('suggests similar keys for an unknown custom attribute', () => {
  const { rejected } = applyAttributeTypes(MIXED_NAMES, CONFIGS);
  expect(rejected).toEqual([
    '"kye" is not an attribute of this case type. Did you mean "key"? Available: "key", "other".',
  ]);
});
