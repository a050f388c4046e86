// What people write by hand once they want one case per problem: look up the project, search, comment or create.
const { BENCH_URL, BENCH_API_KEY, BENCH_APP_KEY, BENCH_PROJECT_KEY, BENCH_TITLE, BENCH_TYPE } = process.env;
const headers = {
  'Content-Type': 'application/json',
  'DD-API-KEY': BENCH_API_KEY,
  'DD-APPLICATION-KEY': BENCH_APP_KEY,
};

async function send(method, path, data) {
  const body = data && JSON.stringify({ data });
  const response = await fetch(`${BENCH_URL}/api/v2/cases${path}`, { method, headers, body });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return (await response.json()).data;
}

const projects = await send('GET', '/projects');
const { id } = projects.find(({ attributes }) => attributes.key === BENCH_PROJECT_KEY);
const filter = `project_id:${id} "${BENCH_TITLE}"`;
const found = await send('GET', `?filter=${encodeURIComponent(filter)}`);
const open = found.find(({ attributes }) => attributes.status !== 'CLOSED');
if (open) {
  await send('POST', `/${open.id}/comment`, { type: 'case', attributes: { comment: 'It failed again.' } });
} else {
  const attributes = { title: BENCH_TITLE, type_id: BENCH_TYPE, priority: 'NOT_DEFINED' };
  const project = { data: { id, type: 'project' } };
  const created = await send('POST', '', { type: 'case', attributes, relationships: { project } });
  console.log(created.id);
}
