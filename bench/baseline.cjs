// The floor: opens one case with nothing but Node's own http, and looks at nothing but the answer's id.
const http = require('node:http');

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
const request = http.request(`${BENCH_URL}/api/v2/cases`, { method: 'POST', headers }, (answer) => {
  let text = '';
  answer.on('data', (chunk) => {
    text += chunk;
  });
  answer.on('end', () => process.stdout.write(`${JSON.parse(text).data.id}\n`));
});
request.end(body);
