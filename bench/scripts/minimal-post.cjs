// The baseline: opens one case with nothing but Node's own https, and reads nothing but the ID in the response.
const https = require('node:https');

const { BENCH_URL, BENCH_API_KEY, BENCH_APP_KEY, BENCH_PROJECT, BENCH_TITLE, BENCH_TYPE } = process.env;
const body = JSON.stringify({
  data: {
    type: 'case',
    attributes: { title: BENCH_TITLE, type_id: BENCH_TYPE, priority: 'NOT_DEFINED' },
    relationships: { project: { data: { id: BENCH_PROJECT, type: 'project' } } },
  },
});
const headers = {
  'Content-Type': 'application/json',
  'DD-API-KEY': BENCH_API_KEY,
  'DD-APPLICATION-KEY': BENCH_APP_KEY,
};
const request = https.request(`${BENCH_URL}/api/v2/cases`, { method: 'POST', headers }, (response) => {
  let text = '';
  response.on('data', (chunk) => {
    text += chunk;
  });
  response.on('end', () => process.stdout.write(`${JSON.parse(text).data.id}\n`));
});
request.end(body);
