// What people write by hand: five lines with the `fetch` of Node.
const { BENCH_URL, BENCH_API_KEY, BENCH_APP_KEY, BENCH_PROJECT, BENCH_TITLE, BENCH_TYPE } = process.env;
const headers = {
  'Content-Type': 'application/json',
  'DD-API-KEY': BENCH_API_KEY,
  'DD-APPLICATION-KEY': BENCH_APP_KEY,
};
const attributes = { title: BENCH_TITLE, type_id: BENCH_TYPE, priority: 'NOT_DEFINED' };
const project = { data: { id: BENCH_PROJECT, type: 'project' } };
const body = JSON.stringify({ data: { type: 'case', attributes, relationships: { project } } });
const response = await fetch(`${BENCH_URL}/api/v2/cases`, { method: 'POST', headers, body });
console.log((await response.json()).data.id);
