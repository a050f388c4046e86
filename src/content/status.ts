import { quoteShort } from '../base/truncate.ts';

/**
 * Says why a case was closed with its type's default status. `isRefused` tells whether Datadog refused the status;
 * otherwise it accepted one that doesn't close. `names` are the statuses of the type, as far as they are known.
 */
export function describeStatusFallback(
  statusName: string,
  { isRefused, names }: { readonly isRefused: boolean; readonly names: readonly string[] },
): string {
  if (!isRefused)
    return `status_name: ${quoteShort(statusName)} is not a closing status. The default was used.`;
  const allowed = names.length ? ` Use one of: ${names.map(quoteShort).join(', ')}.` : '';
  return `status_name: Datadog doesn't accept ${quoteShort(statusName)}. The case was closed with the default status.${allowed}`;
}
