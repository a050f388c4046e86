import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KNOWN, parse, parseApiUrl } from '../src/datadog/sites.ts';

describe('sites', () => {
  test.each(KNOWN)('%s is known', (site) => {
    expect(parse(site)?.api).toBe(`https://api.${site}`);
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
  ])('%s has its pages at %s', (given, web) => {
    expect(parse(given)?.web).toBe(web);
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
  ])('%s is refused', (given) => {
    expect(parse(given)).toBeUndefined();
  });

  test('no text makes the keys go anywhere but to Datadog', () => {
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
        (given) => {
          const found = parse(given);
          if (found) expect(found.api).toMatch(hosts);
        },
      ),
    );
  });
});

describe('api_url', () => {
  test.each([
    ['https://gateway.example/datadog/', 'https://gateway.example/datadog'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:9/', 'http://127.0.0.1:9'],
    ['http://[::1]:9', 'http://[::1]:9'],
  ])('%s is taken', (given, address) => {
    expect(parseApiUrl(given)).toBe(address);
  });

  test.each([
    'http://gateway.example',
    'http://127.0.0.1.evil.example',
    'https://u:p@host',
    'https://host/?a=b',
    'host',
    'file:///etc',
  ])('%s is refused', (given) => {
    expect(parseApiUrl(given)).toBeUndefined();
  });
});
