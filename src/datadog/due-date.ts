import { sendJson } from '../http/client.ts';
import type { DatadogClient } from './client.ts';

/**
 * Sets the due date of a case, in the form `2026-12-31`. Idempotent, so it is retried. Throws what `sendJson` throws.
 * Source: https://docs.datadoghq.com/api/latest/case-management/
 */
export async function setDueDate(client: DatadogClient, id: string, date: string): Promise<void> {
  await sendJson(client, {
    method: 'POST',
    path: `/api/v2/cases/${encodeURIComponent(id)}/due_date`,
    body: { data: { type: 'case', attributes: { due_date: date } } },
    idempotent: true,
    about: { case: id },
  });
}
