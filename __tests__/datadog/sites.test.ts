import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KNOWN_SITES, parseApiUrl, parseSite } from '../../src/datadog/sites.ts';

test.each(KNOWN_SITES)('knows the site %s', (site) => {
  expect(parseSite(site)?.apiUrl).toBe(`https://api.${site}`);
});

test.each([
  ['datadoghq.com', 'https://app.datadoghq.com'],
  ['datadoghq.eu', 'https://app.datadoghq.eu'],
  ['ddog-gov.com', 'https://app.ddog-gov.com'],
  ['us3.datadoghq.com', 'https://us3.datadoghq.com'],
  ['us2.ddog-gov.com', 'https://us2.ddog-gov.com'],
  ['app.datadoghq.eu', 'https://app.datadoghq.eu'],
  ['https://us5.datadoghq.com/', 'https://us5.datadoghq.com'],
  ['https://app.datadoghq.com/cases?query=a', 'https://app.datadoghq.com'],
  ['API.DATADOGHQ.EU', 'https://app.datadoghq.eu'],
  ['zz9.datadoghq.com', 'https://zz9.datadoghq.com'],
])('the app of the site %s is at %s', (text, web) => {
  expect(parseSite(text)?.webUrl).toBe(web);
});

test.each([
  'acme.datadoghq.com',
  'us5.datadoghq.eu',
  'datadoghq.com.evil.example',
  'evildatadoghq.com',
  'https://user@datadoghq.com',
  'https://datadoghq.com:8443',
  'datadoghq.com@evil.example',
  'ftp://datadoghq.com',
  'not a host',
  '',
])('rejects the site "%s"', (text) => {
  expect(parseSite(text)).toBeUndefined();
});

test('no site sends the keys to another host than Datadog’s', () => {
  const hosts = /^https:\/\/api\.([a-z]{2}\d\.)?(datadoghq\.com|ddog-gov\.com|datadoghq\.eu)$/;
  const parts = fc.constantFrom(
    'datadoghq.com',
    'app.',
    '.',
    '@',
    '/',
    ':',
    'https://',
    'evil.example',
    '#',
    '?',
    '\\',
    'us5.',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(parts).map((list) => list.join('')),
      ),
      (text) => {
        const site = parseSite(text);
        if (site) expect(site.apiUrl).toMatch(hosts);
      },
    ),
  );
});

test.each([
  ['https://gateway.example/datadog/', 'https://gateway.example/datadog'],
  // Every request adds this part.
  ['https://api.us5.datadoghq.com/api/v2', 'https://api.us5.datadoghq.com'],
  ['https://gateway.example/datadog/api/v2/', 'https://gateway.example/datadog'],
  ['https://gateway.example/api', 'https://gateway.example/api'],
  ['https://gateway.example/my-api/v2', 'https://gateway.example/my-api/v2'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['http://127.0.0.1:9/', 'http://127.0.0.1:9'],
  ['http://[::1]:9', 'http://[::1]:9'],
])('accepts the api_url %s', (text, address) => {
  expect(parseApiUrl(text)).toBe(address);
});

test.each([
  'http://gateway.example',
  'http://127.0.0.1.evil.example',
  'https://u:p@host',
  'https://host/?a=b',
  'host',
  'file:///etc',
])('rejects the api_url %s', (text) => {
  expect(parseApiUrl(text)).toBeUndefined();
});
