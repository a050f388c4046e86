// Sets the owner and name of the repository, and the version, in every file that names them:
//
//   npm run release:set -- --repository acme/datadog-case-action --version 1.2.0
//
// Both are optional. Afterwards, run npm run build and commit everything.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  findRepositoryProblems,
  isDocument,
  nameUnreleased,
  readRepository,
  setDocumentedVersion,
  setManifestVersion,
  setRepository,
  setUserAgentVersion,
} from './identity.ts';
import { listNamingFiles } from './naming-files.ts';
import { isVersion } from './versions.ts';

const { values } = parseArgs({ options: { repository: { type: 'string' }, version: { type: 'string' } } });
const { version } = values;
const current = readRepository(readFileSync('package.json', 'utf8'));
const repository = values.repository ?? current;
const problems = [
  ...(values.repository === undefined ? [] : findRepositoryProblems(repository)),
  ...(version === undefined || isVersion(version) ? [] : [`"${version}" is not a version such as 1.2.0.`]),
  ...((values.repository ?? version) ? [] : ['Set --repository, --version or both.']),
];
if (problems.length) {
  console.error(problems.join('\n'));
  process.exit(1);
}

for (const [path, text] of listNamingFiles()) {
  const renamed = setRepository(text, current, repository);
  const changed = version === undefined ? renamed : setVersion(path, renamed, version);
  if (changed === text) continue;
  writeFileSync(path, changed);
  console.log(`Changed ${path}`);
}
console.log('Now run npm run build, and commit everything.');

function setVersion(path: string, text: string, newVersion: string): string {
  switch (path) {
    case 'package.json':
    case 'package-lock.json':
      return setManifestVersion(text, newVersion);
    case 'src/http/client.ts':
      return setUserAgentVersion(text, newVersion);
    case 'CHANGELOG.md':
      return nameUnreleased(text, newVersion);
    default:
      return isDocument(path) ? setDocumentedVersion(text, repository, newVersion) : text;
  }
}
